"""Which targets the words after `--` mean."""

from __future__ import annotations

import pytest

from nox_rings.engine.errors import UsageError
from nox_rings.engine.plan.graph import graph_of
from nox_rings.sessions.arguments import Parser
from nox_rings.sessions.selection import add_selection, selected
from unit.targets import a_target

GRAPH = graph_of(
    (
        a_target("package:units"),
        a_target("package:meter", dependencies=("package:units",)),
        a_target("service:graph", dependencies=("package:meter",)),
        a_target("image-dev:graph"),
        a_target("image-release:graph"),
    )
)[0]
ALL = tuple(GRAPH.targets)


def chosen(*words: str) -> tuple[str, ...]:
    parser = Parser("rings", "")
    add_selection(parser)
    return selected(GRAPH, parser.parse(words), ALL, session="rings")


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ((), ALL),
        (("package:meter",), ("package:meter",)),
        (("package",), ("package:units", "package:meter")),
        (("image-*:graph",), ("image-dev:graph", "image-release:graph")),
        (("package:*", "package:units"), ("package:units", "package:meter")),
        (("--skip", "image-*"), ("package:units", "package:meter", "service:graph")),
        (("--skip", "package:meter"), ("package:units", "image-dev:graph", "image-release:graph")),
        (("service:graph", "package:units", "--skip", "package:meter"), ("package:units",)),
        (("--skip", "*"), ()),
        (("--skip", "artifact"), ALL),
        (("--skip", "proto:*", "--skip", "image-dev:x*"), ALL),
    ],
)
def test_ids_kinds_and_patterns_choose_and_what_depends_on_the_skipped_goes_too(
    words: tuple[str, ...], ids: tuple[str, ...]
) -> None:
    assert chosen(*words) == ids


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("package:metre",), "rings: found no target package:metre; did you mean package:meter?"),
        (("--skip", "serv"), "rings: found no target serv; did you mean service?"),
        (("x:*",), "rings: found no target x:*; expected one of image-dev, image-dev:graph"),
    ],
)
def test_a_word_that_means_nothing_is_an_error_that_names_the_nearest(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(*words)
    assert caught.value.message.startswith(message)
