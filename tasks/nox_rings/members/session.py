"""Ring 1: the SDKs, side by side or one language alone."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nox_rings.artifacts.kinds import ARTIFACT, INSTALL_CHECK
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.members.kinds import SDK
from nox_rings.sessions.arguments import Parser, add_run_options, nearest
from nox_rings.sessions.frame import Selection, run_targets

if TYPE_CHECKING:
    import nox

    from nox_rings.sessions.run import Run

TITLES = {each.language: each.title for each in ECOSYSTEMS}
EXAMPLES = """\
examples:
  nox -s sdk                    all of them, side by side
  nox -s sdk -- ts go           those of two languages
  nox -s sdk -- --pack"""


def sdk(session: nox.Session) -> None:
    """Build and test the SDKs side by side, all or `-- ts go py`; `--pack` packs them (ring 1)."""
    parser = _parser("sdk", "Build and test the SDKs of the workspace side by side.")
    parser.epilog = EXAMPLES
    parser.add_argument("languages", nargs="*", type=_language, metavar="LANGUAGE", help="ts, go or py (default: all)")
    run_targets(session, parser, lambda run, arguments: _select(run, arguments, arguments.languages))


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
    parser = _parser(f"sdk-{language}", f"Build and test the {TITLES[language]} SDKs of the workspace.")
    run_targets(session, parser, lambda run, arguments: _select(run, arguments, [language]))


def _parser(name: str, description: str) -> Parser:
    parser = Parser(name, description)
    parser.add_argument(
        "--pack",
        action="store_true",
        help="also pack a stamped copy into dist/, and check that what was packed installs and type-checks elsewhere",
    )
    add_run_options(parser)
    return parser


def _language(word: str) -> str:
    if word not in TITLES:
        raise ArgumentTypeError(f"found {word}; {nearest(word, list(TITLES))}")
    return word


def _select(run: Run, arguments: Namespace, languages: Sequence[str]) -> Selection:
    """Those of each language named, of which there has to be one; of all languages when none is named."""
    found = {language: _ids(run, arguments, language) for language in languages or TITLES}
    missing = [TITLES[language] for language in languages if not found[language]]
    if missing or not any(found.values()):
        what = " SDK, no ".join(missing) + " SDK" if missing else "SDK"
        raise WorkspaceInvalidError(
            (f"found no {what}, expected a package that a buf.gen*.yaml generates into",), hint="nox -s plan"
        )
    return Selection(tuple(each for ids in found.values() for each in ids))


def _ids(run: Run, arguments: Namespace, language: str) -> tuple[str, ...]:
    kinds = (SDK, ARTIFACT, INSTALL_CHECK) if arguments.pack else (SDK,)
    return tuple(each for each in run.graph.of_kind(*kinds) if run.graph.targets[each].language == language)
