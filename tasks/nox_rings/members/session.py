"""Ring 1: the SDKs, one session a language."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from nox_rings.artifacts.kinds import ARTIFACT, INSTALL_CHECK
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.members.kinds import SDK
from nox_rings.sessions.arguments import Parser, add_run_options
from nox_rings.sessions.call import later_sessions
from nox_rings.sessions.frame import Selection, run_targets

if TYPE_CHECKING:
    import nox

    from nox_rings.sessions.run import Run

TITLES = {each.language: each.title for each in ECOSYSTEMS}


def sdk_ts(session: nox.Session) -> None:
    """Build and test the TypeScript SDK; `-- --pack` makes its package (ring 1)."""
    _sdk(session, "ts")


def sdk_go(session: nox.Session) -> None:
    """Build and test the Go SDK; `-- --pack` makes its module (ring 1)."""
    _sdk(session, "go")


def sdk_py(session: nox.Session) -> None:
    """Build and test the Python SDK; `-- --pack` makes its wheel and sdist (ring 1)."""
    _sdk(session, "py")


def _sdk(session: nox.Session, language: str) -> None:
    """All languages asked for in one call are made side by side: each alone leaves the cores idle for a while."""
    parser = Parser(f"sdk-{language}", f"Build and test the {TITLES[language]} SDKs of the workspace.")
    parser.add_argument(
        "--pack",
        action="store_true",
        help="also pack a stamped copy into dist/, and check that what was packed installs and type-checks elsewhere",
    )
    add_run_options(parser)

    def select(run: Run, arguments: Namespace) -> Selection:
        later = [name.removeprefix("sdk-") for name in later_sessions(session) if name.startswith("sdk-")]
        along = (each for other in later for each in _ids(run, arguments, other))
        return Selection(_require_ids(run, arguments, language), along=tuple(along))

    run_targets(session, parser, select)


def _require_ids(run: Run, arguments: Namespace, language: str) -> tuple[str, ...]:
    ids = _ids(run, arguments, language)
    if not ids:
        raise WorkspaceInvalidError(
            (f"found no {TITLES[language]} SDK, expected a package that a buf.gen*.yaml generates into",),
            hint="nox -s plan",
        )
    return ids


def _ids(run: Run, arguments: Namespace, language: str) -> tuple[str, ...]:
    kinds = (SDK, ARTIFACT, INSTALL_CHECK) if arguments.pack else (SDK,)
    return tuple(each for each in run.graph.of_kind(*kinds) if run.graph.targets[each].language == language)
