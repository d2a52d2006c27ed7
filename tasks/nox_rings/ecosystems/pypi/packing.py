"""A Python package, copied and stamped, and what its artifacts are compared with."""

from __future__ import annotations

import tomllib

from nox_rings.ecosystems.model import GateSettings, MemberSubject, Packing
from nox_rings.ecosystems.pypi.requirements import bind_siblings
from nox_rings.engine.paths import below, files_under
from nox_rings.engine.store.trees import files_in
from nox_rings.workspace.model import Member

MANIFEST = "pyproject.toml"


def stamp(member: Member, packing: Packing) -> None:
    import tomli_w
    from packaging.utils import canonicalize_name

    version, siblings = packing.version, packing.subject.source.siblings
    manifest = packing.copy / member.folder / MANIFEST
    document = tomllib.loads(manifest.read_text(encoding="utf-8"))
    document["project"]["version"] = version
    bind_siblings(document["project"], {canonicalize_name(sibling.name): version for sibling in siblings})
    # Consumers cannot use the sources of this workspace.
    document.get("tool", {}).get("uv", {}).pop("sources", None)
    manifest.write_text(tomli_w.dumps(document), encoding="utf-8")


def gate_settings(packing: Packing) -> GateSettings:
    """All packages of a workspace are released together: an installation of one gets the others of the same release."""
    source = packing.subject.source
    return GateSettings(
        siblings={sibling.name: f"=={packing.version}" for sibling in source.siblings},
        packages=_packages(source.member, packing.context.files),
        required_members=_generated(source, packing),
    )


def _packages(member: Member, files: tuple[str, ...]) -> tuple[str, ...]:
    """The import packages in `src`, or beside the manifest."""
    inside = [_installed(member, path) for path in files_under(files, member.folder)]
    tops = {
        path.split("/")[0] for path in inside if path.count("/") == 1 and path.endswith(("/__init__.py", "/py.typed"))
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
