"""Ring 1: the SDKs, one session a language."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.plan.targets import Kind
from nox_rings.sessions.arguments import Parser, add_run_options
from nox_rings.sessions.call import later_sessions
from nox_rings.sessions.frame import Selection, run_targets
from nox_rings.workspace.language import Language

if TYPE_CHECKING:
    import nox

    from nox_rings.engine.plan.targets import Target
    from nox_rings.sessions.workbench import Workbench

SESSIONS = {"sdk-ts": Language.TS, "sdk-go": Language.GO, "sdk-py": Language.PY}
NAMES = {Language.TS: "TypeScript", Language.GO: "Go", Language.PY: "Python"}


def sdk_ts(session: nox.Session) -> None:
    """Build and test the TypeScript SDK; `-- --pack` makes its package (ring 1)."""
    _sdk(session, Language.TS)


def sdk_go(session: nox.Session) -> None:
    """Build and test the Go SDK; `-- --pack` makes its module (ring 1)."""
    _sdk(session, Language.GO)


def sdk_py(session: nox.Session) -> None:
    """Build and test the Python SDK; `-- --pack` makes its wheel and sdist (ring 1)."""
    _sdk(session, Language.PY)


def _sdk(session: nox.Session, language: Language) -> None:
    """All languages asked for in one call are made side by side: each alone leaves the cores idle for a while."""
    parser = Parser(f"sdk-{language}", f"Build and test the {NAMES[language]} SDKs of the workspace.")
    parser.add_argument(
        "--pack",
        action="store_true",
        help="also pack a stamped copy into dist/, and check that what was packed installs and type-checks elsewhere",
    )
    add_run_options(parser)

    def select(bench: Workbench, arguments: Namespace) -> Selection:
        later = [SESSIONS[name] for name in later_sessions(session) if name in SESSIONS]
        along = (each for other in later for each in _ids(bench, arguments, other))
        return Selection(_require_ids(bench, arguments, language), along=tuple(along))

    run_targets(session, parser, select)


def _require_ids(bench: Workbench, arguments: Namespace, language: Language) -> tuple[str, ...]:
    ids = _ids(bench, arguments, language)
    if not ids:
        raise WorkspaceInvalidError(
            (f"found no {NAMES[language]} SDK, expected a package that a buf.gen*.yaml generates into",),
            hint="nox -s plan",
        )
    return ids


def _ids(bench: Workbench, arguments: Namespace, language: Language) -> tuple[str, ...]:
    kinds = (Kind.SDK, Kind.ARTIFACT, Kind.INSTALL_CHECK) if arguments.pack else (Kind.SDK,)
    return tuple(each for each in bench.graph.of_kind(*kinds) if _speaks(bench.graph.targets[each], language))


def _speaks(target: Target, language: Language) -> bool:
    tool = {Language.TS: "pnpm", Language.GO: "go", Language.PY: "uv"}[language]
    return tool in target.tools
