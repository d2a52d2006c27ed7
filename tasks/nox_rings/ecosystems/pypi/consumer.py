"""A Python program that uses a packed wheel, and the requirements that install it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nox_rings.ecosystems.artifact import Artifact
from nox_rings.ecosystems.pypi.gate.metadata import metadata_of
from nox_rings.engine.paths import is_under

PROGRAM = "every_module.py"
# Errors in a wheel that give its consumers Any instead of a type, unreported by their checker: a requirement that is
# not declared, a name that is not defined. Undefined names in generated modules are left to their generator.
SILENT_IN_GENERATED = ("import-not-found", "syntax")
SILENT = (*SILENT_IN_GENERATED, "name-defined", "valid-type")


def silent_codes(member: str, generated: Sequence[str]) -> tuple[str, ...]:
    """mypy's codes that count in a file of the wheel; `generated` are folders of it."""
    return SILENT_IN_GENERATED if any(is_under(member, root) for root in generated) else SILENT


def modules_in(wheel: Artifact) -> tuple[str, ...]:
    """Dotted names of all modules of a wheel."""
    found = set[str]()
    for path in wheel.paths:
        folder, _, name = path.rpartition("/")
        stem, dot, suffix = name.partition(".")
        if dot and suffix in ("py", "pyi"):
            parts = [*filter(None, folder.split("/")), *(() if stem == "__init__" else (stem,))]
            if parts and all(part.isidentifier() for part in parts):
                found.add(".".join(parts))
    return tuple(sorted(found))


def public_modules(wheel: Artifact) -> tuple[str, ...]:
    """Modules without a part in their name that marks them as private."""
    return tuple(each for each in modules_in(wheel) if not any(part.startswith("_") for part in each.split(".")))


def render_program(modules: Sequence[str]) -> str:
    """One import a line, so that the line of an error identifies the import."""
    return "".join(f"import {module}\n" for module in modules)


def render_own_settings(wheel: Artifact) -> str:
    """mypy's settings to check the installed wheel itself."""
    tops = sorted({module.partition(".")[0] for module in modules_in(wheel)})
    packages = [top for top in tops if any(path.startswith(f"{top}/") for path in wheel.paths)]
    modules = [top for top in tops if top not in packages]
    lines = [f"{key} = {','.join(names)}\n" for key, names in (("packages", packages), ("modules", modules)) if names]
    return "".join(["[mypy]\n", *lines])


def render_requirements(name: str, wheel: Artifact, url: str) -> str:
    """The wheel with all its extras: its modules may import the requirements of each."""
    extras = metadata_of(wheel)[1].get_all("Provides-Extra", [])
    chosen = f"[{','.join(sorted(extras))}]" if extras else ""
    return f"{name}{chosen} @ {url}\n"


def render_constraints(packed: Mapping[str, str], absent: Sequence[str]) -> str:
    """`packed` is the set, name → URL of the wheel; `absent` are names of the workspace that were not packed. A
    requirement of a sibling resolves to the wheel of the set or fails, and never to a wheel of an index."""
    lines = [*(f"{name} @ {url}" for name, url in packed.items()), *(f"{name} < 0" for name in absent)]
    return "".join(f"{line}\n" for line in lines)
