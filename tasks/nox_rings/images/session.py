"""Images: ring 1 from Dockerfile.dev, ring 2 from the release Dockerfile."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from nox_rings.engine.errors import UsageError, WorkspaceInvalidError
from nox_rings.engine.paths import hyphenated
from nox_rings.images.kinds import IMAGE_DEV, IMAGE_RELEASE
from nox_rings.sessions.arguments import Parser, add_run_options
from nox_rings.sessions.frame import Selection, run_targets

if TYPE_CHECKING:
    import nox

    from nox_rings.engine.plan.targets import Kind
    from nox_rings.sessions.run import Run


def image_dev(session: nox.Session) -> None:
    """Build the development images, `-- SERVICE…` or all (ring 1)."""
    _image(session, IMAGE_DEV, "Build Dockerfile.dev of the named services: workspace SDKs, relaxed installs.")


def image_release(session: nox.Session) -> None:
    """Build the release images, `-- SERVICE…` or all, and run each once (ring 2)."""
    _image(session, IMAGE_RELEASE, "Build the release Dockerfile of the named services and run each with --version.")


def _image(session: nox.Session, kind: Kind, description: str) -> None:
    parser = Parser(kind.name, description)
    parser.add_argument(
        "services",
        nargs="*",
        metavar="SERVICE",
        help="names, with hyphens or underscores (default: all but Dockerfile.X)",
    )
    add_run_options(parser)
    run_targets(session, parser, lambda run, arguments: _select(run, arguments, kind))


def _select(run: Run, arguments: Namespace, kind: Kind) -> Selection:
    known = {each.name: each for each in run.graph.of_kind(kind)}
    usual = [name for name, each in known.items() if not run.graph.targets[each].optional]
    if not known:
        raise WorkspaceInvalidError((f"found no Dockerfile for {kind.name}, expected one in a service's folder",))
    wanted = [hyphenated(name) for name in arguments.services] or usual
    if not wanted:
        raise UsageError(
            f"{kind.name}: found only images that are built where they are named: {', '.join(sorted(known))}",
            hint=f"nox -s {kind.name} -- {min(known)}",
        )
    for name in wanted:
        if name not in known:
            raise UsageError(
                f"{kind.name}: found no service {name}; the services are {', '.join(sorted(known))}",
                hint=f"nox -s {kind.name} -- {min(known)}",
            )
    return Selection(tuple(known[name] for name in wanted))
