"""Templates of buf ≥ 1.75 (https://buf.build/docs/configuration/v2/buf-gen-yaml), by whatever name: what they generate
from, with which plugins, and where to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, TypedDict

from nox_rings.engine.paths import files_under, is_under, joined
from nox_rings.schema.credentials.model import needed_remotes
from nox_rings.schema.plugin_files import go_workspace_files, own_program, plugin_files, words_of
from nox_rings.workspace.config import TemplateConfig
from nox_rings.workspace.schemas import StubPlugin, StubTemplate
from nox_rings.workspace.sources import Sources, folder_of
from nox_rings.workspace.yaml_core import parse_yaml

NAME = re.compile(r"buf.*gen.*\.(?:ya?ml|json)")
SURE_NAME = re.compile(r"buf\.gen(?:[.-].*)?\.(?:ya?ml|json)")
VERSIONS = ("v1beta1", "v1", "v2")
# Languages of protoc itself (https://buf.build/docs/configuration/v1/buf-gen-yaml, "plugins").
OF_PROTOC = frozenset(
    {"cpp", "csharp", "java", "js", "kotlin", "objc", "php", "python", "pyi", "ruby", "rust", "upb", "upbdefs"}
)
# Kinds of `inputs` that are a folder or a file.
LOCAL = ("directory", "proto_file", "binary_image", "json_image", "text_image", "yaml_image", "tarball", "zip_archive")


class Plugin(TypedDict, total=False):
    """A plugin of a template; `plugin`, `name` and `path` are how templates before v2 name one."""

    remote: str
    plugin: str
    name: str
    path: str | list[str]
    protoc_builtin: str
    protoc_path: str | list[str]
    local: str | list[str]
    out: str
    opt: str | list[str]


class Template(TypedDict, total=False):
    version: str
    plugins: list[Plugin]
    inputs: list[dict[str, Any]]


def is_template(path: str) -> bool:
    """Whether a file may be one, by its name."""
    return NAME.fullmatch(path.rpartition("/")[2]) is not None


def parsed_template(sources: Sources, path: str, configured: Mapping[str, TemplateConfig]) -> StubTemplate | None:
    """None for a file that is no template, and for one that nothing is generated with, which is told."""
    settings = configured.get(path, TemplateConfig())
    if settings.skip:
        sources.pass_over(path, settings.skip)
        return None
    if SURE_NAME.fullmatch(path.rpartition("/")[2]) is None and not _lists_plugins(sources, path):
        return None
    table = _table(sources, path)
    if not table.get("plugins") and path not in sources.problems:
        sources.pass_over(path, "it has no plugins")
        return None
    return _template(sources, path, table, settings)


def _lists_plugins(sources: Sources, path: str) -> bool:
    """A file of another name that cannot be read is somebody else's."""
    import yaml

    try:
        found = parse_yaml(sources.text(path))
    except (OSError, ValueError, yaml.YAMLError):
        return False
    return isinstance(found, dict) and isinstance(found.get("plugins"), list)


def _table(sources: Sources, path: str) -> Template:
    table = sources.json(path, Template) if path.endswith(".json") else sources.yaml(path, Template)
    version = table.get("version", "")
    if version and version not in VERSIONS:
        sources.add_problem(path, f"{path}: version: found {version!r}, expected one of {', '.join(VERSIONS)}")
    return table


def _template(sources: Sources, path: str, table: Template, settings: TemplateConfig) -> StubTemplate:
    entries = table.get("plugins") or ()
    lines = sources.yaml_lines(path, "plugins") if entries and not path.endswith(".json") else (0,) * len(entries)
    plugins = tuple(_plugin(sources, path, entry, line) for entry, line in zip(entries, lines, strict=False))
    inputs = table.get("inputs") or ()
    return StubTemplate(
        file=path,
        suffix=suffix_of(path),
        plugins=plugins,
        inputs=tuple(dict.fromkeys(each for entry in inputs for each in _input(sources, path, entry))),
        names_inputs=bool(inputs),
        modules=needed_remotes({"deps": [entry["module"] for entry in inputs if "module" in entry]}),
        paths=settings.paths,
    )


def suffix_of(path: str) -> str:
    """`go` of buf.gen.go.yaml, `server` of buf.server.gen.yaml, empty for buf.gen.yaml."""
    stem = PurePosixPath(path).stem.removeprefix("buf")
    return re.sub(r"(^|[._-])gen(?=[._-]|$)", r"\1", stem, count=1).strip("._-")


def _input(sources: Sources, path: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """What lies in the workspace is watched; what does not is told."""
    kind = next((each for each in LOCAL if each in entry), None)
    found = str(entry[kind]) if kind else ""
    where = joined(folder_of(path), found.partition("#")[0])
    if kind and "://" not in found and not where.startswith(("..", "/")):
        yield where
    elif "module" not in entry:
        shown = ", ".join(f"{key} {value}" for key, value in entry.items() if isinstance(value, str))
        sources.pass_over(path, f"its input {shown or 'of no kind'} is not watched: edits there are not seen")


def _plugin(sources: Sources, path: str, entry: Mapping[str, Any], line: int) -> StubPlugin:
    folder = folder_of(path)
    out = joined(folder, str(entry.get("out", ".")))
    if out == "." or out.startswith(("..", "/")):
        sources.add_problem(
            path, f"{path}: found `out: {entry.get('out')}`, expected a folder below the root of its own"
        )
    named = tuple(dict.fromkeys(_option_files(sources, folder, words_of(entry.get("opt")))))
    if remotes := needed_remotes({"plugins": [entry]}):
        name = str(entry.get("remote") or entry["plugin"])
        return StubPlugin(name=name, out=out, remote=remotes[0], options=named, line=line)
    name = str(entry.get("plugin") or entry.get("name") or "")
    builtin = entry.get("protoc_builtin") or (name if name in OF_PROTOC and not entry.get("path") else "")
    if builtin:
        words = words_of(entry.get("protoc_path"))
        program = words[0] if words else "protoc"
        return StubPlugin(name=f"protoc-gen-{builtin}", out=out, program=program, options=named, line=line)
    words = words_of(entry.get("local") or entry.get("path")) or ([f"protoc-gen-{name}"] if name else [])
    scripts = tuple(dict.fromkeys(plugin_files(sources, folder, words)))
    own = [script for script in scripts if posixpath.basename(script) not in ("go.mod", "go.sum")]
    program = (words or [""])[0]
    shown = PurePosixPath(own[-1]).stem if own else program
    if "/" in program:  # a file, not a tool: `node_modules/.bin/protoc-gen-es`
        scripts = tuple(dict.fromkeys((*scripts, *own_program(folder, words))))
        program = ""
    around = tuple(go_workspace_files(sources, folder, words))
    return StubPlugin(name=shown, out=out, program=program, scripts=scripts, options=named, around=around, line=line)


def _option_files(sources: Sources, folder: str, options: list[str]) -> Iterator[str]:
    """Files and folders that options name (`grpc_api_configuration=api.yaml`), listed by git or not, from the folder of
    the template or from the root: a plugin reads them from where it runs, or from where it looks."""
    listed = sources.all_files
    for option in (each for one in options for each in one.split(",")):
        value = option.rpartition("=")[2].strip()
        for path in dict.fromkeys((joined(folder, value), joined(".", value))):
            if not value or path.startswith(("..", "/")) or is_under(folder, path):
                continue
            is_unlisted = "." in posixpath.basename(value) and sources.exists(path)
            if is_unlisted or files_under(listed, path):
                yield path
