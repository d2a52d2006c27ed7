from __future__ import annotations

import pytest

from nox_rings.engine.patterns import glob_regex, is_ignored, may_prune, parse_ignore_file
from unit.engine.ignore_rows import PATHS, ROWS


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("packages/*", "packages/a", True),
        ("packages/*", "packages/a/b", False),
        ("packages/*", "packages", False),
        ("packages/**", "packages/a/b", True),
        ("**/test", "test", True),
        ("**/test", "a/b/test", True),
        ("**/test", "a/btest", False),
        ("packages/**/src", "packages/src", True),
        ("packages/**/src", "packages/a/b/src", True),
        ("**/*.proto", "ameide/v1/graph.proto", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[ab].ts", "a.ts", True),
        ("[ab].ts", "c.ts", False),
        ("[^a].ts", "a.ts", False),
        ("v1.0", "v1x0", False),
        ("./packages/a/", "packages/a", True),
        ("/packages/a", "packages/a", True),
        ("odd[name", "odd[name", True),
        ("odd\\[name\\*", "odd[name*", True),
        ("odd\\*", "oddity", False),
    ],
)
def test_a_star_stays_within_a_part_and_two_stars_span_parts(pattern: str, path: str, matches: bool) -> None:
    assert bool(glob_regex(pattern).fullmatch(path)) is matches


@pytest.mark.parametrize(("patterns", "ignored"), ROWS, ids=str)
def test_patterns_leave_out_what_a_build_leaves_out(patterns: tuple[str, ...], ignored: tuple[str, ...] | None) -> None:
    """A list that a build refuses excludes nothing: the build reports why."""
    assert {path for path in PATHS if is_ignored(path, patterns)} == {*(ignored or ())}


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("a\nb\n", ("a", "b")),
        ("\ufeffa\r\nb", ("a", "b")),
        ("# comment\n # pattern\n\n  \n", ("# pattern",)),
        ("  a\t\n!  b \n", ("a", "!b")),
        ("/a\n!/b\n//c\n./d/\ne/../f\n", ("a", "!b", "c", "d", "f")),
        ("!\n", ("!",)),
    ],
)
def test_an_ignore_file_gives_its_patterns_tidied(text: str, patterns: tuple[str, ...]) -> None:
    assert parse_ignore_file(text) == patterns


def test_an_ignored_folder_is_skipped_whole_unless_a_pattern_brings_files_back() -> None:
    assert may_prune(["**/node_modules", "dist"])
    assert not may_prune(["*", " !src"])
