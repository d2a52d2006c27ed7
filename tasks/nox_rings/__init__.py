"""nox sessions that are the single entry point of every build ring of a polyglot monorepo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nox_rings.engine.capability import MenuEntry


def register() -> None:
    """Make the sessions of nox-rings known to the noxfile that calls this, in the order of the menu.

    A session's name is its function's with hyphens; the first line of the docstring is its line in `nox -l`. Bare
    `nox` runs the one marked default. A session that the noxfile defines itself, before or after this call, is the one
    that runs under its name."""
    import warnings

    import nox
    from nox import registry

    offered = [entry for entry in _menu() if entry.name not in registry.get()]
    for entry in offered:
        nox.session(name=entry.name, venv_backend="none", default=entry.default)(entry.function)
    # In nox the last session of a name wins, with a warning; of these names the noxfile may take any.
    again = rf"The session '({'|'.join(entry.name for entry in offered)})' has already been registered"
    warnings.filterwarnings("ignore", again, FutureWarning)


def _menu() -> tuple[MenuEntry, ...]:
    from nox_rings.capabilities import CAPABILITIES

    return tuple(entry for capability in CAPABILITIES for entry in capability.sessions)
