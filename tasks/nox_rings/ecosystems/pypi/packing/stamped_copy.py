"""A Python package, copied and stamped, and what its artifacts are compared with."""

from __future__ import annotations

import tomllib
from dataclasses import replace

from nox_rings.ecosystems.model import GateSettings, MemberSubject, Packing
from nox_rings.ecosystems.pypi import uv
from nox_rings.ecosystems.pypi.packing.sdist import REPRODUCIBLE, level_times
from nox_rings.ecosystems.pypi.packing.stamping import stamp_poetry, stamp_project
from nox_rings.ecosystems.pypi.projects.pyproject import parse_table
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.paths import below, files_under, is_under, joined
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.engine.store.trees import files_in
from nox_rings.workspace.model import Member

MANIFEST = "pyproject.toml"


def stamp(member: Member, packing: Packing) -> None:
    """Raises StepFailedError for a manifest that has no version to stamp."""
    import tomli_w
    from packaging.utils import canonicalize_name

    version, siblings = packing.version, packing.subject.source.siblings
    manifest = packing.copy / member.folder / MANIFEST
    document = tomllib.loads(file_text(manifest))
    bounds = {str(canonicalize_name(sibling.name)): version for sibling in siblings}
    if "project" in document:
        stamp_project(document, version, bounds)
    elif "poetry" in document.get("tool", {}):
        stamp_poetry(document["tool"]["poetry"], version, bounds)
    else:
        raise StepFailedError(
            f"{joined(member.folder, MANIFEST)}: found no [project] table, expected one with the version that --pack "
            f"stamps; setup.py and setup.cfg are not stamped",
            hint="move the metadata into [project] (https://packaging.python.org/en/latest/guides/writing-pyproject-toml)",
        )
    manifest.write_text(tomli_w.dumps(document), encoding="utf-8")


def build_step(packing: Packing) -> Step:
    """The backend's command; where that is known to be irreproducible, with what makes its sdist the same again."""
    command = uv.build_command(packing.copy / packing.member.folder, packing.packed, packing.version)
    table = parse_table(packing.context.layout.root / packing.member.folder / MANIFEST)
    if table.get("build-system", {}).get("build-backend", "") in REPRODUCIBLE:
        return command
    time_seconds = packing.time_seconds
    settings = {"LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": str(time_seconds)}
    reproducible = replace(command, env={**command.env, **settings})

    def act(step: StepContext) -> None:
        step.run(reproducible)
        for sdist in packing.packed.glob("*.tar.gz"):
            level_times(sdist, time_seconds)

    return Action(description=f"{' '.join(command.argv)}, with the time of the commit in the sdist", act=act)


def gate_settings(packing: Packing) -> GateSettings:
    """All packages of a workspace are released together: an installation of one gets the others of the same release."""
    source = packing.subject.source
    return GateSettings(
        siblings={sibling.name: f"=={packing.version}" for sibling in source.siblings},
        packages=_packages(source.member, packing.context.files),
        required_members=_generated(source, packing),
    )


def _packages(member: Member, files: tuple[str, ...]) -> tuple[str, ...]:
    """The import packages in `src`, or beside the manifest. In `src` a folder of modules is one without an
    `__init__.py` too: a namespace (https://packaging.python.org/en/latest/guides/packaging-namespace-packages)."""
    source = joined(member.folder, "src")
    inside = [(path, _installed(member, path)) for path in files_under(files, member.folder)]
    tops = {
        path.split("/")[0]
        for listed, path in inside
        if (path.count("/") == 1 and path.endswith(("/__init__.py", "/py.typed")))
        or ("/" in path and path.endswith(".py") and is_under(listed, source))
    }
    return tuple(sorted(tops - {"tests", "test"}))


def _generated(source: MemberSubject, packing: Packing) -> tuple[str, ...]:
    """Paths of all files generated into the member, as they must be in the artifact."""
    root = packing.context.layout.root
    return tuple(
        _installed(source.member, f"{generated}/{path}")
        for generated in source.generated
        for path in files_in(root / generated)
    )


def _installed(member: Member, path: str) -> str:
    return below(member.folder, path).removeprefix("src/")
