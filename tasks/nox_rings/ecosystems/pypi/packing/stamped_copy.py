"""A Python package, copied and stamped, and what its artifacts are compared with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nox_rings.ecosystems.model import GateSettings, MemberSubject, Packing
from nox_rings.ecosystems.pypi import uv
from nox_rings.ecosystems.pypi.packing.sdist import REPRODUCIBLE, level_times
from nox_rings.ecosystems.pypi.packing.source_layout import import_packages, installed_path, source_roots
from nox_rings.ecosystems.pypi.packing.stamping import stamp_poetry, stamp_project
from nox_rings.ecosystems.pypi.packing.version_source import NOWHERE, pretended, stamped_text, version_source
from nox_rings.ecosystems.pypi.projects.pyproject import parse_table
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.paths import below, files_under, joined
from nox_rings.engine.plan.targets import Inputs
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.engine.store.trees import files_in
from nox_rings.engine.store.wildcards import has_wildcard
from nox_rings.workspace.git.commands import snapshot_commands
from nox_rings.workspace.model import Member

MANIFEST = "pyproject.toml"
MADE = ("node_modules", "build", "dist")
NEVER_PACKED = ("**/node_modules", "**/.*", "**/*.egg-info")


def pack_inputs(own: Inputs, member: Member, files: tuple[str, ...]) -> Inputs:
    """`own` with what build backends read of the member that git does not list: all but hidden files, environments and
    what builds leave; of its packages everything. And with the paths outside of it that its manifest names."""
    named = tuple(each for each in member.packed if not files_under(files, each))
    return replace(
        own,
        folders=(*own.folders, *(each for each in member.packed if each not in named)),
        unlisted=("",),
        made=MADE,
        globs=(*_package_folders(member.folder, files), *(each for each in named if has_wildcard(each))),
        context=member.folder,
        ignore=NEVER_PACKED,
        whole=(*own.whole, *(each for each in named if not has_wildcard(each))),
    )


def _package_folders(folder: str, files: tuple[str, ...]) -> tuple[str, ...]:
    """The topmost folders with modules."""
    modules = [path for path in files_under(files, folder) if path.endswith((".py", "/py.typed"))]
    tops = {below(folder, path).split("/")[0] for path in modules if "/" in below(folder, path)}
    return tuple(joined(folder, each) for each in sorted(tops))


def stamp(member: Member, packing: Packing) -> None:
    """Raises StepFailedError for a manifest that has no version to stamp."""
    import tomli_w
    from packaging.utils import canonicalize_name

    version, siblings = packing.version, packing.subject.source.siblings
    folder = packing.copy / member.folder
    document = tomllib.loads(file_text(folder / MANIFEST))
    bounds = {str(canonicalize_name(sibling.name)): version for sibling in siblings}
    if "project" in document:
        is_dynamic = "version" in document["project"].get("dynamic", ())
        source = version_source(document) if is_dynamic else NOWHERE
        _stamp_file(folder, source.files, source.pattern, version)
        stamp_project(document, version, bounds, computed=source.computed)
    elif "poetry" in document.get("tool", {}):
        stamp_poetry(document["tool"]["poetry"], version, bounds)
    else:
        raise StepFailedError(
            f"{joined(member.folder, MANIFEST)}: found no [project] table, expected one with the version that --pack "
            f"stamps; setup.py and setup.cfg are not stamped",
            hint="move the metadata into [project] (https://packaging.python.org/en/latest/guides/writing-pyproject-toml)",
        )
    (folder / MANIFEST).write_text(tomli_w.dumps(document), encoding="utf-8")


def _stamp_file(folder: Path, candidates: tuple[str, ...], pattern: str, version: str) -> None:
    found = next((folder / each for each in candidates if (folder / each).is_file()), None)
    if found:
        found.write_text(stamped_text(found.read_text(encoding="utf-8"), pattern, version), encoding="utf-8")


def complete_copy(packing: Packing) -> None:
    """A repository of what git lists: backends and their plugins leave out what git ignores, and take what it tracks
    (https://setuptools-scm.readthedocs.io/en/latest/usage/#builtin-mechanisms-for-obtaining-version-numbers)."""
    listed = frozenset(packing.context.files)
    names = "\0".join(path for path in files_in(packing.copy) if path in listed)
    for command in snapshot_commands(packing.copy, packing.time_seconds):
        packing.context.runner.require(command, stdin=names if "add" in command.argv else None)


def build_step(packing: Packing) -> Step:
    """The backend's command; where that is known to be irreproducible, with what makes its sdist the same again."""
    variables = pretended(packing.member.name, packing.version)
    command = uv.build_command(packing.copy / packing.member.folder, packing.packed, variables)
    table = parse_table(packing.context.layout.root / packing.member.folder / MANIFEST)
    if table.get("build-system", {}).get("build-backend", "") in REPRODUCIBLE:
        return command
    reproducible = replace(command, env={**command.env, **packing.reproducible})

    def act(step: StepContext) -> None:
        step.run(reproducible)
        for sdist in packing.packed.glob("*.tar.gz"):
            level_times(sdist, packing.time_seconds)

    return Action(description=f"{' '.join(command.argv)}, with the time of the commit in the sdist", act=act)


def gate_settings(packing: Packing) -> GateSettings:
    """All packages of a workspace are released together: an installation of one gets the others of the same release."""
    source, folder = packing.subject.source, packing.copy / packing.member.folder
    document = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return GateSettings(
        siblings={sibling.name: f"=={packing.version}" for sibling in source.siblings},
        packages=import_packages(document, files_in(folder)),
        required_members=_generated(source, packing, document),
    )


def _generated(source: MemberSubject, packing: Packing, document: Mapping[str, Any]) -> tuple[str, ...]:
    """Paths of all files generated into the member, as they must be in the artifact."""
    root, folder, roots = packing.context.layout.root, source.member.folder, source_roots(document)
    made = (joined(generated, path) for generated in source.generated for path in files_in(root / generated))
    return tuple(dict.fromkeys(installed_path(below(folder, path), roots) for path in made))
