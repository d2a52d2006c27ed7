"""nox sessions that are the single entry point of every build ring of a polyglot monorepo."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    import nox

    MenuEntry: TypeAlias = tuple[Callable[[nox.Session], None], bool]


def register() -> None:
    """Make the sessions of nox-rings known to the noxfile that calls this, in the order of the menu.

    A session's name is its function's with hyphens; the first line of the docstring is its line in `nox -l`. Bare
    `nox` runs the one marked default. A session that the noxfile defines itself, before or after this call, is the one
    that runs under its name."""
    import warnings

    import nox
    from nox import registry

    menu = {function.__name__.replace("_", "-"): (function, default) for function, default in _menu()}
    offered = {name: entry for name, entry in menu.items() if name not in registry.get()}
    for name, (function, default) in offered.items():
        nox.session(name=name, venv_backend="none", default=default)(function)
    # In nox the last session of a name wins, with a warning; of these names the noxfile may take any.
    again = rf"The session '({'|'.join(offered)})' has already been registered"
    warnings.filterwarnings("ignore", again, FutureWarning)


def _menu() -> tuple[MenuEntry, ...]:
    from nox_rings.artifacts.smoke import session as smoke
    from nox_rings.graph import session as rings
    from nox_rings.images import session as image
    from nox_rings.members import session as sdk
    from nox_rings.schema import session as proto
    from nox_rings.toolchain import session as doctor

    return (
        (rings.rings, False),
        (rings.check, True),
        (rings.plan, False),
        (proto.proto, False),
        (sdk.sdk, False),
        (sdk.sdk_ts, False),
        (sdk.sdk_go, False),
        (sdk.sdk_py, False),
        (image.image_dev, False),
        (image.image_release, False),
        (smoke.smoke, False),
        (doctor.doctor, False),
    )
