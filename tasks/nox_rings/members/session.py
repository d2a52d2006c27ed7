"""Ring 1: the SDKs, side by side or one language alone."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nox_rings.artifacts.kinds import ARTIFACT, INSTALL_CHECK
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.engine.errors import UsageError, WorkspaceInvalidError
from nox_rings.members.kinds import PACKAGE, SDK, SERVICE
from nox_rings.sessions.arguments import Parser, add_run_options, nearest
from nox_rings.sessions.frame import Selection, run_targets

if TYPE_CHECKING:
    import nox

    from nox_rings.engine.plan.targets import Target
    from nox_rings.sessions.run import Run

WHAT_IS_ONE = "An SDK is a member that a template of Buf generates into and that has no Dockerfile beside its manifest."
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
    title = TITLES[language]
    description = f"Build and test the {title} SDKs of the workspace, or the named members. {WHAT_IS_ONE}"
    parser = _parser(f"sdk-{language}", description)
    help_text = f"{title} members by id, name of id or folder (default: the SDKs)"
    parser.add_argument("members", nargs="*", metavar="MEMBER", help=help_text)
    run_targets(session, parser, lambda run, arguments: _select_members(run, arguments, language))


def _select_members(run: Run, arguments: Namespace, language: str) -> Selection:
    if not arguments.members:
        return _select(run, arguments, [language])
    own = [run.graph.targets[each] for each in run.graph.of_kind(SDK, PACKAGE, SERVICE)]
    known: dict[str, Target] = {target.id: target for target in own if target.language == language}
    return Selection(tuple(each for word in arguments.members for each in _named(word, known, arguments, language)))


def _named(word: str, known: Mapping[str, Target], arguments: Namespace, language: str) -> Iterator[str]:
    """The members that `word` names, packed too where they are SDKs and it is asked for."""
    found = [each for each in known.values() if word in (each.id, each.id.name, each.path)]
    if not found:
        names = [name for each in known.values() for name in (each.id.name, each.id, each.path)]
        what = nearest(word, names) if names else f"there is no {TITLES[language]} member"
        raise UsageError(f"sdk-{language}: found no member {word}; {what}", hint="nox -s plan")
    for target in found:
        yield target.id
        if arguments.pack and target.kind == SDK:
            yield from (ARTIFACT.id(target.id.name), INSTALL_CHECK.id(language))


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
            (f"found no {what}. {WHAT_IS_ONE} Any member can be named: `-- MEMBER…`",), hint="nox -s plan"
        )
    return Selection(tuple(each for ids in found.values() for each in ids))


def _ids(run: Run, arguments: Namespace, language: str) -> tuple[str, ...]:
    kinds = (SDK, ARTIFACT, INSTALL_CHECK) if arguments.pack else (SDK,)
    return tuple(each for each in run.graph.of_kind(*kinds) if run.graph.targets[each].language == language)
