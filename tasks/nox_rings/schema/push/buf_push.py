"""buf ≥ 1.75 against a schema registry (https://buf.build/docs/bsr): which modules a push takes, and its commands.

A push goes from a copy of the schema and not from the tree: buf has no way to leave out a named module, and a module
vendored beside ours must be the registry's own instead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.paths import below, joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.reading import file_bytes
from nox_rings.schema.push.model import (
    SchemaModule,
    SchemaPush,
    dependency_name,
    imported_files,
    module_files,
    needed_dependencies,
    push_problems,
)
from nox_rings.workspace.schemas import BufWorkspace
from nox_rings.workspace.sources import Sources, folder_of

VERSION = "v2"
TOKEN = "BUF_TOKEN"
# buf waits without limit by default; a registry that does not answer must not hold up a release for hours.
TIMEOUT = "10m"


class PushedModule(TypedDict, total=False):
    path: str
    name: str
    includes: list[str]
    excludes: list[str]


class BufYaml(TypedDict, total=False):
    version: str
    name: str
    modules: list[PushedModule]
    deps: list[str]


class LockedModule(TypedDict, total=False):
    name: str


class BufLock(TypedDict, total=False):
    deps: list[LockedModule]


def find_pushes(root: Path, files: tuple[str, ...], workspaces: Iterable[BufWorkspace]) -> tuple[SchemaPush, ...]:
    """A push for each Buf workspace that has modules to push. Raises WorkspaceInvalidError."""
    sources = Sources(root=root, files=files)
    found = [_push(sources, workspace, path) for workspace in workspaces for path in _buf_yamls(sources, workspace)]
    if sources.problems:
        raise WorkspaceInvalidError(sources.all_problems)
    return tuple(push for push in found if push.modules)


def _buf_yamls(sources: Sources, workspace: BufWorkspace) -> Iterator[str]:
    """The one of the workspace, or those that a buf.work.yaml lists."""
    candidates = (joined(folder, "buf.yaml") for folder in (workspace.folder, *workspace.modules))
    return iter(dict.fromkeys(path for path in candidates if path in sources.known))


def _push(sources: Sources, workspace: BufWorkspace, path: str) -> SchemaPush:
    table, folder = sources.yaml(path, BufYaml), folder_of(path)
    if table.get("version") != VERSION:
        if table.get("name"):
            found = table.get("version") or "no version"
            sources.add_problem(path, f"{path}: found {found}, expected {VERSION} (buf config migrate makes it)")
        return SchemaPush(folder=folder, modules=())
    declared = tuple(str(each) for each in table.get("deps") or ())
    modules = tuple(_modules(sources, workspace, folder, table, frozenset(map(dependency_name, declared))))
    pushed = tuple(module for module in modules if module.is_pushed)
    imports = {module.path: _imports(sources, module) for module in pushed}
    for problem in push_problems(path, modules, imports):
        sources.add_problem(path, problem)
    dependencies = needed_dependencies(modules, declared)
    lock = joined(folder, "buf.lock")
    pinned = lock in sources.known and _locked(sources, lock) >= {dependency_name(each) for each in dependencies}
    return SchemaPush(folder=folder, modules=pushed, dependencies=dependencies, lock=lock if pinned else "")


def _modules(
    sources: Sources, workspace: BufWorkspace, folder: str, table: BufYaml, declared: frozenset[str]
) -> Iterator[SchemaModule]:
    """A buf.yaml without a list is one module, whose name stands at the top."""
    alone: PushedModule = {"name": table.get("name", "")}
    for entry in table.get("modules") or [alone]:
        path, name = joined(folder, entry.get("path") or "."), entry.get("name", "")
        listed = (entry.get("includes", ()), entry.get("excludes", ()))
        includes, excludes = ([joined(folder, each) for each in paths] for paths in listed)
        yield SchemaModule(
            path=path,
            name=name,
            files=module_files(path, sources.files, folder, includes=includes, excludes=excludes),
            vendored=path in workspace.vendored or name in declared,
        )


def _imports(sources: Sources, module: SchemaModule) -> set[str]:
    return {each for proto in module.protos for each in imported_files(sources.text(proto))}


def _locked(sources: Sources, path: str) -> set[str]:
    return {str(each.get("name")) for each in sources.yaml(path, BufLock).get("deps") or ()}


def write_stage(root: Path, stage: Path, push: SchemaPush) -> None:
    """Lay out below `stage`, an empty folder, what buf is to push: the files git lists and nothing else."""
    for path in {file for module in push.modules for file in module.files} | {push.lock} - {""}:
        copy = stage / below(push.folder, path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file_bytes(root / path))
    (stage / "buf.yaml").write_text(_staged_buf_yaml(push), encoding="utf-8")


def _staged_buf_yaml(push: SchemaPush) -> str:
    """In JSON, which is YAML too. Lint and breaking rules are left out: a push asks for neither."""
    modules = [{"path": below(push.folder, module.path), "name": module.name} for module in push.modules]
    return json.dumps({"version": VERSION, "modules": modules, "deps": list(push.dependencies)}, indent=2) + "\n"


def pin_command(folder: Path, credentials: Mapping[str, str]) -> Command:
    """Write the buf.lock of `folder`: the commits its dependencies have on their registries now."""
    return _command("buf dep update", (), folder, credentials)


def push_command(folder: Path, label: str, credentials: Mapping[str, str]) -> Command:
    """Upload the modules of `folder`; on standard output a line REGISTRY/OWNER/MODULE:COMMIT for each.

    Left out on purpose: --create (a name with a typo would become a module; its owner and visibility are a decision),
    --git-metadata and --source-control-url (labels that were not requested; and as a commit with another URL is another
    commit, the registry would have a new one for each of ours, though the schema is the same), and --exclude-unnamed
    (the stage has none)."""
    return _command("buf push", ("--label", label), folder, credentials)


def _command(name: str, options: Sequence[str], folder: Path, credentials: Mapping[str, str]) -> Command:
    argv = (*name.split(), *options, "--timeout", TIMEOUT)
    return Command(argv=argv, cwd=folder, env=dict(credentials), secrets=(TOKEN,), description=name)


def parse_pushed(text: str) -> dict[str, str]:
    """REGISTRY/OWNER/MODULE → commit id, from what `buf push` printed."""
    lines = (line.strip().rpartition(":") for line in text.splitlines())
    return {name: commit for name, _, commit in lines if name}
