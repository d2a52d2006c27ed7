"""buf ≥ 1.75: modules and templates (https://buf.build/docs/configuration), and the commands of ring 0."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from nox_rings.adapters.sources import Sources, folder_of, nearest
from nox_rings.command import Command
from nox_rings.domain.places import is_under, joined
from nox_rings.domain.workspace import BufWorkspace, StubTemplate

MODULES = {"modules": [{"path": str}]}
TEMPLATE = {"plugins": [{"out": str}]}


def find_buf_workspaces(sources: Sources) -> Iterator[BufWorkspace]:
    """Folders with a buf.yaml that no other Buf workspace lists as its module."""
    parsed = {folder_of(path): sources.yaml(path, MODULES) for path in sources.named("buf.yaml")}
    works = {
        folder_of(path): sources.yaml(path, {"directories": [str]}).get("directories") or ()
        for path in sources.named("buf.work.yaml")
    }
    listed = {joined(folder, str(each)) for folder, directories in works.items() for each in directories}
    modules = {folder: _modules(folder, table) for folder, table in parsed.items() if folder not in listed}
    modules |= {folder: tuple(joined(folder, str(each)) for each in each_works) for folder, each_works in works.items()}
    templates = list(_templates(sources, modules))
    for folder in sorted(modules):
        own = tuple(template for owner, template in templates if owner == folder)
        yield BufWorkspace(folder=folder, modules=modules[folder], templates=own)


def _modules(folder: str, table: dict[str, Any]) -> tuple[str, ...]:
    return tuple(joined(folder, str(each.get("path", "."))) for each in table.get("modules") or ()) or (folder,)


def _templates(sources: Sources, modules: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, StubTemplate]]:
    """Each `buf.gen*.yaml` with the Buf workspace it generates: at or above it, or the only one below."""
    names = [path for path in sources.files if _is_template(path)]
    for path in names:
        folder = folder_of(path)
        below = [each for each in modules if is_under(each, folder)]
        owner = nearest(folder, set(modules)) or (below[0] if len(below) == 1 else None)
        if owner is None:
            sources.problems.append(
                f"{path}: found {len(below)} Buf workspaces it could generate, expected one buf.yaml"
            )
            continue
        yield owner, _template(sources, path)


def _is_template(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("buf.gen") and name.endswith(".yaml")


def _template(sources: Sources, path: str) -> StubTemplate:
    folder = folder_of(path)
    outs: list[str] = []
    plugins: list[str] = []
    scripts: list[str] = []
    for plugin in sources.yaml(path, TEMPLATE).get("plugins") or ():
        out = joined(folder, str(plugin.get("out", ".")))
        if out == "." or out.startswith(".."):
            sources.problems.append(
                f"{path}: found `out: {plugin.get('out')}`, expected a folder below the root of its own"
            )
        outs.append(out)
        local = plugin.get("local") or ()
        words = [local] if isinstance(local, str) else [str(word) for word in local]
        plugins.extend(words[:1])
        scripts.extend(_script_files(sources, folder, words))
        plugins.extend(["protoc"] if "protoc_builtin" in plugin else [])
    suffix = PurePosixPath(path).name.removeprefix("buf.gen").removesuffix(".yaml").strip(".")
    return StubTemplate(
        file=path,
        suffix=suffix,
        outs=tuple(dict.fromkeys(outs)),
        plugins=tuple(dict.fromkeys(plugins)),
        scripts=tuple(dict.fromkeys(scripts)),
    )


def _script_files(sources: Sources, folder: str, words: list[str]) -> Iterator[str]:
    """Files or folders of the workspace that a plugin's command line names (`go -C DIR run ./tool`, `python x.py`)."""
    at = folder
    for previous, word in zip(["", *words], words, strict=False):
        if previous == "-C":
            at = joined(folder, word)
            yield from (path for path in (joined(at, "go.mod"), joined(at, "go.sum")) if path in sources.known)
        elif "/" in word and not joined(at, word).startswith("..") and sources.has_folder(joined(at, word)):
            yield joined(at, word)


def lint_command(folder: Path) -> Command:
    return Command(argv=("buf", "lint"), cwd=folder, description="buf lint")


def generate_command(folder: Path, template: str, workspace: str, stage: Path) -> Command:
    """Generate everything `template` asks for below `stage` instead of into the tree."""
    argv = ("buf", "generate", *(() if workspace == "." else (workspace,)), "--template", template, "-o", str(stage))
    return Command(argv=argv, cwd=folder, description=f"buf generate --template {template}")
