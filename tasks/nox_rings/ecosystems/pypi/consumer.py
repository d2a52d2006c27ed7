"""A Python program that uses a packed wheel, and the requirements that install it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nox_rings.ecosystems.artifact import Artifact
from nox_rings.ecosystems.pypi.gate.metadata import metadata_of
from nox_rings.engine.paths import is_under

PROGRAM = "every_module.py"
# What leaves a consumer with Any where the wheel promises a type, without a word of the checker: a requirement that is
# not declared, a name that is nowhere. Names in generated modules are their generator's business.
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
    """Those that no part of the name marks as private."""
    return tuple(each for each in modules_in(wheel) if not any(part.startswith("_") for part in each.split(".")))


def render_program(modules: Sequence[str]) -> str:
    """An import a line: the line of an error tells which one it is."""
    return "".join(f"import {module}\n" for module in modules)


def render_own_settings(wheel: Artifact) -> str:
    """mypy's settings to look at the wheel itself, as it is installed."""
    tops = sorted({module.partition(".")[0] for module in modules_in(wheel)})
    packages = [top for top in tops if any(path.startswith(f"{top}/") for path in wheel.paths)]
    modules = [top for top in tops if top not in packages]
    lines = [f"{key} = {','.join(names)}\n" for key, names in (("packages", packages), ("modules", modules)) if names]
    return "".join(["[mypy]\n", *lines])


def render_requirements(name: str, wheel: Artifact, url: str) -> str:
    """The wheel with all its extras: its modules may import what any of them brings."""
    extras = metadata_of(wheel)[1].get_all("Provides-Extra", [])
    told = f"[{','.join(sorted(extras))}]" if extras else ""
    return f"{name}{told} @ {url}\n"


def render_constraints(packed: Mapping[str, str], absent: Sequence[str]) -> str:
    """`packed` is the set, name → URL of the wheel; `absent` are names of the workspace that were not packed. Whatever
    requires a sibling gets the wheel of the set or nothing, and never one of an index."""
    lines = [*(f"{name} @ {url}" for name, url in packed.items()), *(f"{name} < 0" for name in absent)]
    return "".join(f"{line}\n" for line in lines)
