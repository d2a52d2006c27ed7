"""Which tests one worker of pytest-xdist runs, so that what is expensive is made once.

Groups of xdist's own (`--dist loadgroup`) are lost under pytest 9.2: xdist 3.8 writes them into a node id that pytest
does not read any more. They would be written beside each test; here they follow from the fixtures a test takes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

REAL = "tests/real/"
ROOT = Path(__file__).parents[2]
SHARED = {"checkout", "shared_checkout", "sdks"}
# Those that take minutes, the longest first: the last ones to end should be short.
LONG = ("rings", "sdks", "test_pack", "test_embedded_engine", "test_sdk", "test_schema_registry", "test_doors")


class GroupScheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """`rings` takes all of a built checkout, `sdks` are the tests that share one without images; the others of a file
    are a group of their own."""
    path, _, test = nodeid.partition("::")
    if not path.startswith(REAL):
        return path
    taken = fixtures_of(test.partition("[")[0], functions_in(path))
    if "built_checkout" in taken:
        return "rings"
    return "sdks" if taken & SHARED else Path(path).stem


def rank(nodeid: str) -> int:
    """Unit tests last: they fill what is left."""
    if not nodeid.startswith(REAL):
        return len(LONG) + 1
    group = group_of(nodeid)
    return LONG.index(group) if group in LONG else len(LONG)


def fixtures_of(name: str, functions: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What a function takes, and what the fixtures of its file take that it takes; without those of its file."""
    found: frozenset[str] = frozenset()
    for each in functions.get(name, ()):
        found |= fixtures_of(each, functions) if each in functions else {each}
    return found


@cache
def functions_in(path: str) -> Mapping[str, frozenset[str]]:
    """Function of a file of tests → its parameters."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {each.name: frozenset(argument.arg for argument in each.args.args) for each in found}
