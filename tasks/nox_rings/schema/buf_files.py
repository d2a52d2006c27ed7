"""The files of buf ≥ 1.75: workspaces of modules, templates and their plugins (https://buf.build/docs/configuration)."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, TypedDict

from nox_rings.engine.paths import is_under, joined
from nox_rings.schema.credentials.model import needed_remotes
from nox_rings.workspace.schemas import BufWorkspace, StubPlugin, StubTemplate
from nox_rings.workspace.sources import Sources, folder_of, nearest


class Lint(TypedDict, total=False):
    ignore: list[str]


class Module(TypedDict, total=False):
    path: str
    name: str
    lint: Lint


class BufYaml(TypedDict, total=False):
    """A buf.yaml, or a buf.work.yaml, which has `directories` alone. buf itself reports best what is wrong with the
    entries of `plugins`."""

    name: str
    directories: list[str]
    modules: list[Module]
    deps: list[str]
    plugins: Any


class Plugin(TypedDict, total=False):
    """A plugin of a template; `plugin` is how templates before v2 name one."""

    remote: str
    plugin: str
    protoc_builtin: str
    local: str | list[str]
    out: str


class Template(TypedDict, total=False):
    plugins: list[Plugin]


def find_schemas(sources: Sources, services: Collection[str] = ()) -> tuple[tuple[BufWorkspace, ...], tuple[str, ...]]:
    """The Buf workspaces, and the templates that belong to none of them. `services` are folders that are built into
    images: what runs Buf there is foreign, unless nothing elsewhere does (395, "No per-service proto generation")."""
    schemas = _without_listed(sources)
    inside = {folder for folder in schemas if any(is_under(folder, each) for each in services if each != ".")}
    if inside != schemas.keys():
        schemas = {folder: table for folder, table in schemas.items() if folder not in inside}
    owned: dict[str, list[StubTemplate]] = {folder: [] for folder in schemas}
    foreign: list[str] = []
    for path in sources.files:
        if is_template(path):
            owner = _owner(sources, path, schemas, services)
            owned[owner].append(_template(sources, path)) if owner else foreign.append(path)
    workspaces = (described(folder, schemas[folder], owned[folder]) for folder in sorted(schemas))
    return tuple(workspaces), tuple(foreign)


def is_template(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("buf.gen") and name.endswith(".yaml")


def _module_folders(folder: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    """The modules of a parsed buf.yaml or buf.work.yaml that lies in `folder`."""
    if directories := table.get("directories"):
        return tuple(joined(folder, str(each)) for each in directories)
    return tuple(joined(folder, str(each.get("path", "."))) for each in table.get("modules") or ()) or (folder,)


def _without_listed(sources: Sources) -> dict[str, BufYaml]:
    """Folder → its buf.yaml or buf.work.yaml, without those that a buf.work.yaml lists as its modules."""
    parsed = {folder_of(path): sources.yaml(path, BufYaml) for path in sources.named("buf.yaml")}
    works = {folder_of(path): sources.yaml(path, BufYaml) for path in sources.named("buf.work.yaml")}
    listed = {module for folder, table in works.items() for module in _module_folders(folder, table)}
    return {folder: table for folder, table in parsed.items() if folder not in listed} | works


def described(folder: str, table: Mapping[str, Any], templates: Sequence[StubTemplate] = ()) -> BufWorkspace:
    """The workspace that a parsed buf.yaml or buf.work.yaml in `folder` describes."""
    modules = table.get("modules") or ()
    vendored = (each for each in modules if each.get("path") in ((each.get("lint") or {}).get("ignore") or ()))
    return BufWorkspace(
        folder=folder,
        modules=_module_folders(folder, table),
        templates=tuple(templates),
        vendored=frozenset(joined(folder, str(each["path"])) for each in vendored),
        remotes=needed_remotes(table),
    )


def _owner(sources: Sources, path: str, schemas: Collection[str], services: Collection[str]) -> str | None:
    """The schema a template generates: the nearest at or above it, or the only one below."""
    folder = folder_of(path)
    if found := nearest(folder, set(schemas)):
        strange = any(is_under(folder, each) and not is_under(found, each) for each in services)
        return None if strange else found
    below = [each for each in schemas if is_under(each, folder)]
    if len(below) > 1:
        sources.add_problem(path, f"{path}: found {len(below)} Buf workspaces it could generate, expected one buf.yaml")
    return below[0] if len(below) == 1 else None


def _template(sources: Sources, path: str) -> StubTemplate:
    entries = sources.yaml(path, Template).get("plugins") or ()
    lines = sources.yaml_lines(path, "plugins") if entries else ()
    suffix = PurePosixPath(path).name.removeprefix("buf.gen").removesuffix(".yaml").strip(".")
    plugins = tuple(_plugin(sources, path, entry, line) for entry, line in zip(entries, lines, strict=False))
    return StubTemplate(file=path, suffix=suffix, plugins=plugins)


def _plugin(sources: Sources, path: str, entry: Mapping[str, Any], line: int) -> StubPlugin:
    folder = folder_of(path)
    out = joined(folder, str(entry.get("out", ".")))
    if out == "." or out.startswith(".."):
        sources.add_problem(
            path, f"{path}: found `out: {entry.get('out')}`, expected a folder below the root of its own"
        )
    if remotes := needed_remotes({"plugins": [entry]}):
        return StubPlugin(name=str(entry.get("remote") or entry["plugin"]), out=out, remote=remotes[0], line=line)
    if builtin := entry.get("protoc_builtin"):
        return StubPlugin(name=f"protoc-gen-{builtin}", out=out, program="protoc", line=line)
    local = entry.get("local") or ()
    words = [local] if isinstance(local, str) else [str(word) for word in local]
    scripts = tuple(dict.fromkeys(_script_files(sources, folder, words)))
    own = [script for script in scripts if posixpath.basename(script) not in ("go.mod", "go.sum")]
    name = PurePosixPath(own[-1]).stem if own else (words or [""])[0]
    return StubPlugin(name=name, out=out, program=(words or [""])[0], scripts=scripts, line=line)


def _script_files(sources: Sources, folder: str, words: list[str]) -> Iterator[str]:
    """Files or folders of the workspace that a plugin's command line names (`go -C DIR run ./tool`, `python x.py`)."""
    at = folder
    for previous, word in zip(["", *words], words, strict=False):
        if previous == "-C":
            at = joined(folder, word)
            yield from (path for path in (joined(at, "go.mod"), joined(at, "go.sum")) if path in sources.known)
        elif "/" in word and not joined(at, word).startswith("..") and sources.has_folder(joined(at, word)):
            yield joined(at, word)
