"""Ring 2: the smoke test of packed artifacts."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from nox_rings.artifacts.kinds import SMOKE
from nox_rings.engine.errors import UsageError, WorkspaceInvalidError
from nox_rings.sessions.arguments import Parser, add_run_options, nearest
from nox_rings.sessions.frame import Selection, run_targets

if TYPE_CHECKING:
    import nox

    from nox_rings.sessions.run import Run


def smoke(session: nox.Session) -> None:
    """Install the packed SDKs from throw-away registries in clean folders and call a server (ring 2)."""
    parser = Parser(
        "smoke", "Publish the packed SDKs to throw-away registries, install them by exact version, call a server."
    )
    parser.add_argument("registries", nargs="*", metavar="REGISTRY", help="npm, pypi, go (default: all)")
    add_run_options(parser)
    run_targets(session, parser, _select)


def _select(run: Run, arguments: Namespace) -> Selection:
    known = {each.name: each for each in run.graph.of_kind(SMOKE)}
    if not known:
        raise WorkspaceInvalidError(
            ("pyproject.toml: tool.nox-rings.smoke.server: found no server to call, expected the id of a member",),
            hint="nox -s plan",
        )
    for name in arguments.registries:
        if name not in known:
            raise UsageError(
                f"smoke: found no registry {name}; {nearest(name, list(known))}", hint="nox -s smoke -- --help"
            )
    return Selection(tuple(known[name] for name in arguments.registries or known))
