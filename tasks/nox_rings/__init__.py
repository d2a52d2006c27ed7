"""nox sessions that are the single entry point of every build ring of a polyglot monorepo."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import nox


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu. The session `image-dev` is the function `image_dev` of `module`, imported when it runs."""

    name: str
    module: str
    help: str
    default: bool = False
    tags: tuple[str, ...] = ()


MENU: tuple[Entry, ...] = (
    Entry("doctor", "doctor", "What this machine has, what the sessions want, and how to get it.", tags=("workstation",)),
)


def register() -> None:
    """Make every session of nox-rings known to the noxfile that calls this."""
    import nox

    for entry in MENU:
        function = _lazy(entry)
        nox.session(name=entry.name, venv_backend="none", default=entry.default, tags=list(entry.tags))(function)


def _lazy(entry: Entry) -> Callable[[nox.Session], None]:
    def run(session: nox.Session) -> None:
        getattr(import_module(f"nox_rings.sessions.{entry.module}"), entry.name.replace("-", "_"))(session)

    run.__name__ = entry.name.replace("-", "_")
    run.__doc__ = entry.help
    return run
