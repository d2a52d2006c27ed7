from __future__ import annotations

import pytest

from nox_rings.engine.patterns import glob_regex, is_ignored, matches_any, may_prune


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
    ],
)
def test_a_star_stays_within_a_part_and_two_stars_span_parts(pattern: str, path: str, matches: bool) -> None:
    assert bool(glob_regex(pattern).fullmatch(path)) is matches


@pytest.mark.parametrize(
    ("path", "patterns", "taken"),
    [
        ("services/graph", ["packages/*", "services/*"], True),
        ("tools/npm", ["packages/*", "services/*"], False),
        ("packages/old", ["packages/*", "!packages/old"], False),
        ("packages/old", ["!packages/old", "packages/*"], True),
        ("packages/a", [], False),
    ],
)
def test_a_member_list_takes_what_a_pattern_names_until_a_later_one_takes_it_back(
    path: str, patterns: list[str], taken: bool
) -> None:
    assert matches_any(path, patterns) is taken


@pytest.mark.parametrize(
    ("path", "patterns", "ignored"),
    [
        ("node_modules/x/index.js", ["node_modules"], True),
        ("services/a/node_modules/x.js", ["node_modules"], False),
        ("services/a/node_modules/x.js", ["**/node_modules"], True),
        ("README.md", ["*.md"], True),
        ("docs/README.md", ["*.md"], False),
        ("README.md", ["*.md", "!README.md"], False),
        ("docs/README.md", ["docs", "!docs/README.md"], False),
        ("docs/README.md", ["!docs/README.md", "docs"], True),
        ("src/main.ts", ["*", "!src"], False),
        ("Dockerfile", ["*", "!src"], True),
        ("src/main.test.ts", ["*", "!src", "**/*.test.ts"], True),
        ("anything", [], False),
    ],
)
def test_the_last_pattern_of_a_dockerignore_that_matches_decides(path: str, patterns: list[str], ignored: bool) -> None:
    assert is_ignored(path, tuple(patterns)) is ignored


def test_an_ignored_folder_is_passed_over_whole_unless_a_pattern_brings_files_back() -> None:
    assert may_prune(["**/node_modules", "dist"])
    assert not may_prune(["*", "!src"])
