"""Which targets the words after `--` mean."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Collection, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from nox_rings.engine.errors import UsageError
from nox_rings.sessions.arguments import Parser, nearest

if TYPE_CHECKING:
    from nox_rings.engine.plan.graph import Graph

PATTERN = frozenset("*?[")
EXAMPLES = """\
examples:
  nox -s {0}
  nox -s {0} -- service:graph image-dev      an id, and all of a kind
  nox -s {0} -- 'package:*'                  a pattern
  nox -s {0} -- --skip 'image-*'             all but these and what depends on them"""


def add_selection(parser: Parser) -> None:
    """`TARGET…` and `--skip TARGET`."""
    parser.epilog = EXAMPLES.format(parser.session)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="ids, kinds or patterns of ids (default: all)")
    parser.add_argument(
        "--skip",
        action="append",
        default=[],
        metavar="TARGET",
        help="leave these out, and what depends on them; ids, kinds or patterns",
    )


def selected(graph: Graph, arguments: Namespace, everything: Sequence[str], *, session: str) -> tuple[str, ...]:
    """Those of `everything` that are asked for. Raises UsageError for a word that means no target."""
    chosen = _meant(graph, arguments.targets, session) if arguments.targets else everything
    if not arguments.skip:
        return tuple(dict.fromkeys(chosen))
    from nox_rings.engine.plan.plan import affected_by

    left_out = affected_by(graph, _meant(graph, arguments.skip, session, may_be_none=_names_many))
    return tuple(dict.fromkeys(each for each in chosen if each not in left_out))


def one_target(graph: Graph, word: str, *, session: str) -> str:
    """The one that an id or a pattern means. Raises UsageError where that is none, or several."""
    found = [word] if word in graph.targets else list(dict.fromkeys(_meant(graph, [word], session)))
    if len(found) > 1:
        raise UsageError(f"{session}: {word} means {len(found)} targets, expected one; {nearest(word, found)}")
    return found[0]


def _names_many(word: str) -> bool:
    """Whether it is a pattern or a kind, of which a workspace may have none: a script that skips images is for all."""
    from nox_rings.capabilities import CAPABILITIES

    return not PATTERN.isdisjoint(word) or word in {kind.name for each in CAPABILITIES for kind in each.kinds}


def _meant(
    graph: Graph, words: Collection[str], session: str, may_be_none: Callable[[str], bool] = lambda word: False
) -> list[str]:
    """In the order of the words."""
    found: list[str] = []
    for word in words:
        ids = [each for each, target in graph.targets.items() if word == target.kind.name or fnmatchcase(each, word)]
        if not ids and not may_be_none(word):
            known = [*dict.fromkeys((*graph.targets, *(target.kind.name for target in graph.targets.values())))]
            raise UsageError(f"{session}: found no target {word}; {nearest(word, known)}", hint="nox -s plan")
        found.extend(ids)
    return found
