"""nox sessions that are the single entry point of every build ring of a polyglot monorepo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nox_rings.engine.capability import MenuEntry


def register() -> None:
    """Make every session of nox-rings known to the noxfile that calls this, in the order of the menu.

    A session's name is its function's with hyphens; the first line of the docstring is its line in `nox -l`. Bare
    `nox` runs the ones marked default: what a pull request must pass."""
    import nox

    for entry in _menu():
        nox.session(name=entry.name, venv_backend="none", default=entry.default)(entry.function)


def _menu() -> tuple[MenuEntry, ...]:
    from nox_rings.capabilities import CAPABILITIES
    from nox_rings.engine.capability import MenuEntry
    from nox_rings.sessions import bench, repository

    return (
        *(entry for capability in CAPABILITIES for entry in capability.sessions),
        MenuEntry(function=repository.lint, default=True),
        MenuEntry(function=repository.tests, default=True),
        MenuEntry(function=bench.bench),
    )
