"""Our reading of Dockerfiles and of .dockerignore beside that of the pinned BuildKit."""

from __future__ import annotations

import posixpath
import random
import re
from collections.abc import Iterable
from typing import Any

import pytest

from buildkit_oracle import Oracle, build_oracle
from nox_rings.engine.patterns import glob_regex, parse_ignore_file
from nox_rings.images.dockerfile.instructions import DockerfileError
from nox_rings.images.dockerfile.lines import parse_instructions
from unit.engine.ignore_rows import FILES, PATHS, ROWS
from unit.images.dockerfile.shape import Shape
from unit.images.dockerfile.shapes import SHAPES

Node = tuple[int, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
SEED = 20261129
# What texts are put together from: whatever has a meaning of its own to the parser.
FRAGMENTS = (
    *("FROM scratch\n", "FROM a AS b\n", "COPY ", "\nCOPY ", "\nRUN ", "\nADD ", "\nENV ", "\nARG ", "\nCMD "),
    *("\nONBUILD RUN ", "a", "b=1", "$A", "${A:-b}", '"', "'", "\\", "`", " ", "  ", "\t", "\n", "\r\n", "\\\n", "`\n"),
    *("\n# x\n", "\n\n", "<<EOF", "<< EOF", "<<-EOF", "<<'EOF'", "\nEOF\n", "\n\tEOF\n", "# escape=`\n"),
    *("# syntax=x\n", '["a", "b"]', "[", "]", "--from=a ", "--mount=type=bind,source=a ", "-- ", "=", ",", "<"),
    *("{", "}", "#", "é", "\xa0"),
)


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    return build_oracle(tmp_path_factory.mktemp("oracle"))


@pytest.fixture(scope="module")
def answers(oracle: Oracle) -> dict[str, dict[str, Any]]:
    """Name of a shape → what BuildKit says of it."""
    found = oracle.dockerfiles([shape.text for shape in SHAPES])
    return {shape.name: answer for shape, answer in zip(SHAPES, found, strict=True)}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda each: each.name)
def test_instructions_are_those_of_buildkits_parser(shape: Shape, answers: dict[str, dict[str, Any]]) -> None:
    assert instructions(shape.text) == [readable(each) for each in answers[shape.name]["instructions"] or ()]


def test_instructions_of_random_texts_are_those_of_buildkits_parser(oracle: Oracle) -> None:
    choose = random.Random(SEED)
    texts = ["".join(choose.choices(FRAGMENTS, k=choose.randrange(2, 16))) for _ in range(3000)]
    for text, answer in zip(texts, oracle.dockerfiles(texts), strict=True):
        assert instructions(text) == [readable(each) for each in answer["instructions"] or ()], (SEED, text)


def instructions(text: str) -> list[Node]:
    try:
        parsed, _ = parse_instructions(text)
    except DockerfileError:
        return []
    return [(each.line, each.verb, each.flags, each.words, each.heredocs) for each in parsed]


def readable(node: dict[str, Any]) -> Node:
    words = node["words"] if node["words"] != [""] else []
    if node["verb"] in ("ENV", "LABEL"):  # name, value and what stands between them
        words = [f"{name}={value}" for name, value in zip(words[::3], words[1::3], strict=True)]
    if node["verb"] == "ONBUILD" and words:  # an unknown trigger has one word, which is empty
        words = [words[0].upper(), *(word for word in words[1:] if word)]
    return node["line"], node["verb"], tuple(node["flags"]), tuple(words), tuple(node["heredocs"])


@pytest.mark.parametrize("shape", SHAPES, ids=lambda each: each.name)
def test_bases_sources_and_errors_are_those_of_a_build(shape: Shape, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[shape.name]
    if shape.error:
        line, reason = shape.error
        assert reason in answer["error"]
        assert answer["line"] in (0, line) or line == 0
    elif shape.left_to_builds:
        assert answer["error"]
    else:
        assert not answer["error"]
        assert_same(map(normalized, shape.bases), answer["bases"] or ())
        taken = {each for each in answer["copies"] or () if each != "nox-marker" and not is_remote(each)}
        assert_same((posixpath.normpath(path).strip("/") or "." for path in shape.copies), taken)


def assert_same(ours: Iterable[str], theirs: Iterable[str]) -> None:
    """What only a build knows is `*` to us and has a value to BuildKit."""
    patterns, found = [*ours], {*theirs}
    assert all(each in patterns or any(glob_regex(pattern).fullmatch(each) for pattern in patterns) for each in found)
    assert all(pattern in found or any(map(glob_regex(pattern).fullmatch, found)) for pattern in patterns)


def normalized(name: str) -> str:
    """A reference as BuildKit asks a registry for it."""
    first = name.partition("/")[0]
    host = "" if first != name and re.search(r"[.:]", first) else "docker.io/" if "/" in name else "docker.io/library/"
    return f"{host}{name}" if re.search(r"[:@]", name.rpartition("/")[2]) else f"{host}{name}:latest"


def is_remote(path: str) -> bool:
    """BuildKit lists what ADD takes from git among the paths of the context."""
    return bool(re.match(r"\w+:/|[\w-]+@[\w.-]+:", path))


def test_patterns_leave_out_what_the_matcher_of_builds_leaves_out(oracle: Oracle) -> None:
    for (patterns, ignored), answer in zip(ROWS, oracle.ignored([row[0] for row in ROWS], PATHS), strict=True):
        found = None if answer is None else {path for path, each in zip(PATHS, answer, strict=True) if each}
        assert found == (None if ignored is None else {*ignored}), patterns


@pytest.mark.parametrize("text", FILES)
def test_ignore_files_are_read_as_builds_read_them(text: bytes, oracle: Oracle) -> None:
    assert list(parse_ignore_file(text.decode("utf-8", "replace"))) == oracle.ignore_file(text)
