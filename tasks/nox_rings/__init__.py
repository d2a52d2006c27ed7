"""nox sessions that are the single entry point of every build ring of a polyglot monorepo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import nox

    Session = Callable[[nox.Session], None]


def register() -> None:
    """Make every session of nox-rings known to the noxfile that calls this, in the order of the menu.

    A session's name is its function's with hyphens; the first line of the docstring is its line in `nox -l`. Bare
    `nox` runs the ones marked default: what a pull request must pass."""
    import nox

    for function, default in _menu():
        name = function.__name__.replace("_", "-")
        nox.session(name=name, venv_backend="none", default=default)(function)


def _menu() -> tuple[tuple[Session, bool], ...]:
    from nox_rings.artifacts.smoke import session as smoke
    from nox_rings.graph import session as rings
    from nox_rings.images import session as image
    from nox_rings.members import session as sdk
    from nox_rings.schema import session as proto
    from nox_rings.sessions import bench, repository
    from nox_rings.toolchain import session as doctor

    return (
        (rings.rings, False),
        (rings.plan, False),
        (proto.proto, True),
        (sdk.sdk_ts, True),
        (sdk.sdk_go, True),
        (sdk.sdk_py, True),
        (image.image_dev, False),
        (image.image_release, False),
        (smoke.smoke, False),
        (doctor.doctor, False),
        (repository.lint, True),
        (repository.tests, True),
        (bench.bench, False),
    )
