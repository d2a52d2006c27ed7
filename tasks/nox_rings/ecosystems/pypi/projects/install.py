"""The steps that make the environment of an install root."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.ecosystems.pypi import uv, uv_pip
from nox_rings.ecosystems.pypi.environment import damaged, distributions, environment_of, installed_file
from nox_rings.ecosystems.pypi.projects.discovery import compiled_files, dynamic_files
from nox_rings.ecosystems.pypi.projects.lock import LOCKFILE, LockGraph, parse_lock
from nox_rings.ecosystems.pypi.projects.plain_install import plain_arguments, write_constraints
from nox_rings.ecosystems.pypi.projects.pyproject import MANIFEST, parse_table
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.paths import joined
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.workspace.model import InstallRoot

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext


def install_steps(root: InstallRoot, context: RecipeContext) -> Sequence[Step]:
    prepare = Action(
        description=f"prepare {environment_of(root.folder)}", act=lambda step: _prepare(root, context, step)
    )
    if root.lockfile.endswith(LOCKFILE):
        return (prepare, *_sync(root, context))
    note = Action(description="note what is installed", act=lambda _: _note(root, context))
    return (prepare, *_plain(root, context), note)


def _sync(root: InstallRoot, context: RecipeContext) -> Sequence[Step]:
    top = context.layout.root
    environment = top / environment_of(root.folder)
    again = _reinstalled(root, context)
    return (uv.sync_command(top / root.folder, environment, root.groups, root.extras, again),)


def _reinstalled(root: InstallRoot, context: RecipeContext) -> tuple[str, ...]:
    """Distributions that are in the environment as a copy, with compiled modules or computed metadata, or damaged."""
    if not (context.layout.root / root.lockfile).is_file():
        return ()  # uv says so
    graph = _graph(root, context)
    folders = [path for path in graph.folders if joined(path, MANIFEST) in root.files]
    compiled = [graph.name_at(path) for path in folders if any(compiled_files(root.files, path))]
    computed = [graph.name_at(path) for path in folders if _is_computed(context.layout.root / path, path)]
    broken = damaged(context.layout.root / environment_of(root.folder))
    return tuple(sorted({*graph.copied().values(), *compiled, *computed, *broken}))


def _is_computed(folder: Path, path: str) -> bool:
    """Whether its metadata come from files for which uv builds it not again."""
    try:
        return any(dynamic_files(parse_table(folder / MANIFEST), path))
    except (OSError, ValueError):
        return False  # which its target reports


def _graph(root: InstallRoot, context: RecipeContext) -> LockGraph:
    path = context.layout.root / root.lockfile
    try:
        return LockGraph(parse_lock(file_text(path)), root.folder)
    except (OSError, ValueError) as error:
        raise StepFailedError(
            f"{root.lockfile}: found no lockfile that can be read ({error})", hint="uv lock"
        ) from error


def _plain(root: InstallRoot, context: RecipeContext) -> Sequence[Step]:
    top = context.layout.root
    project, environment = top / root.folder, top / environment_of(root.folder)
    constraints = environment.parent / f"{environment.name}.constraints.txt"
    locked = root.lockfile.endswith(".lock")
    arguments = plain_arguments(root, top, constraints if locked else None)
    variables = uv.outside_of_the_tree(environment)
    pin = Action(
        description=f"take the versions of {root.lockfile}",
        act=lambda _: write_constraints(top / root.lockfile, constraints),
    )
    installed = (uv_pip.install_project_command(project, environment, arguments, variables),) if arguments else ()
    return (*((pin,) if locked else ()), uv_pip.project_venv_command(project, environment), *installed)


def _prepare(root: InstallRoot, context: RecipeContext, step: StepContext) -> None:
    _require_version(root, context)
    environment = context.layout.root / environment_of(root.folder)
    settings = uv.setuptools_settings(environment)
    scratch = settings.with_suffix("")
    for name in ("egg-info", "build"):
        (scratch / name).mkdir(parents=True, exist_ok=True)
    text = f"[egg_info]\negg_base = {scratch / 'egg-info'}\n\n[build]\nbuild_base = {scratch / 'build'}\n"
    settings.write_text(text, encoding="utf-8")


def _require_version(root: InstallRoot, context: RecipeContext) -> None:
    """Raises StepFailedError where the project requires another uv than the one that is pinned."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    found = context.tools().versions("uv").get("uv", "")
    for path, required in _required_versions(context.layout.root, root.folder):
        try:
            fits = SpecifierSet(required if required[:1] in "<>=!~" else f"=={required}").contains(
                found, prereleases=True
            )
        except InvalidSpecifier:
            continue  # uv reports it
        if found and not fits:
            raise StepFailedError(
                f"{path}: found uv {found}, expected {required} (required-version)",
                hint="pin a uv that fits in uv.lock of the workspace, or change required-version",
            )


def _required_versions(top: Path, folder: str) -> Iterator[tuple[str, str]]:
    for name in (joined(folder, MANIFEST), joined(folder, "uv.toml")):
        if (top / name).is_file():
            document = tomllib.loads(file_text(top / name))
            table = document if name.endswith("uv.toml") else document.get("tool", {}).get("uv", {})
            if isinstance(required := table.get("required-version"), str) and required:
                yield name, required


def _note(root: InstallRoot, context: RecipeContext) -> None:
    """For a project of its own: nothing else says what it got."""
    top = context.layout.root
    path = top / installed_file(root.folder, root.folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = sorted(distributions(top / environment_of(root.folder)))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
