"""Which of the files that were used a target may use."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from nox_rings.tracing.judging import (
    Allowed,
    Seen,
    Wording,
    findings_of,
    stray_writes,
    undeclared_reads,
)

ALLOWED = Allowed(
    reads=frozenset({"sdk/src/a.ts", "tsconfig.json", "dep/dist", ".nox-rings/installs/npm.json"}),
    writes=frozenset({"sdk/dist", "sdk/package.json"}),
    stage=".nox-rings/stage/sdk-ts",
    installed=frozenset({"node_modules", ".venv"}),
    installs=("front",),
    installing=("made",),
    uncompared={"go": frozenset({"other/go.mod"}), "*": frozenset({"sdk/README.md"})},
)


def seen(
    *,
    read: Collection[str] = (),
    written: Collection[str] = (),
    removed: Collection[str] = (),
    listed: Collection[str] = (),
    gone: Collection[str] = (),
    program: str = "node",
) -> Seen:
    return Seen(
        read=dict.fromkeys(read, program),
        written=dict.fromkeys(written, program),
        removed=dict.fromkeys(removed, program),
        listed=frozenset(listed),
        is_there=lambda path: path not in gone,
    )


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("sdk/src/a.ts", ""),
        ("sdk/src/b.ts", "sdk/src/b.ts"),
        ("sdk/README.md", ""),
        ("sdk/src/a.ts.bak", "sdk/src/a.ts.bak"),
        ("sdk/dist/a.js", ""),  # its own output
        ("dep/dist/inner/b.js", ""),  # an output of what it depends on
        ("dep/src/b.ts", "dep/src/b.ts"),
        ("front/node_modules/x/index.js", ""),
        ("front/member/node_modules/x/index.js", ""),
        ("node_modules/x/index.js", "node_modules/x/index.js"),  # of an installation it does not depend on
        (".nox-rings/stage/sdk-ts/x", ""),
        (".nox-rings/stage/sdk-go/x", ".nox-rings/stage/sdk-go/x"),
        (".nox-rings/tools/node/bin/node", ""),
        (".git/HEAD", ".git"),
        (".gitignore", ".gitignore"),
        ("src/__pycache__/a.pyc", ""),
        (".pytest_cache/v/cache/lastfailed", ""),
    ],
)
def test_a_target_may_read_its_inputs_its_outputs_and_what_it_depends_on_made(path: str, found: str) -> None:
    assert list(undeclared_reads(seen(read=[path]), ALLOWED)) == ([found] if found else [])


@pytest.mark.parametrize(("program", "found"), [("go", []), ("a.test", ["other/go.mod"])])
def test_what_is_not_compared_is_read_by_the_program_that_is_known_to(program: str, found: list[str]) -> None:
    assert list(undeclared_reads(seen(read=["other/go.mod"], program=program), ALLOWED)) == found


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("sdk/dist/a.js", ""),
        ("sdk/src/b.ts", "sdk/src/b.ts"),
        ("sdk/src/a.ts", "sdk/src/a.ts"),  # an input
        ("front/node_modules/x/index.js", "front/node_modules/x/index.js"),
        ("front/node_modules/.cache/x", ""),
        ("sdk/.cache/x", "sdk/.cache/x"),
        ("made/member/node_modules/x/index.js", ""),
        (".nox-rings/stage/sdk-ts/x", ""),
        (".nox-rings/stage/sdk-go/x", ".nox-rings/stage/sdk-go/x"),
        (".git/index", ".git/index"),
        ("src/__pycache__/a.pyc", ""),
    ],
)
def test_a_target_may_write_its_outputs(path: str, found: str) -> None:
    assert list(stray_writes(seen(written=[path]), ALLOWED)) == ([found] if found else [])


def test_a_temporary_file_is_neither_read_nor_left() -> None:
    used = seen(read=["tmp.js"], written=["tmp.js"], removed=["tmp.js"], gone=["tmp.js"])
    assert undeclared_reads(used, ALLOWED) == stray_writes(used, ALLOWED) == {}


def test_a_listed_file_that_is_removed_is_a_write() -> None:
    used = seen(removed=["src/a.ts"], listed=["src/a.ts"], gone=["src/a.ts"])
    assert stray_writes(used, ALLOWED) == {"src/a.ts": "node"}


def test_a_cache_that_git_lists_is_no_cache() -> None:
    path = "src/__pycache__/a.pyc"
    used = seen(read=[path], written=[path], listed=[path])
    assert (list(undeclared_reads(used, ALLOWED)), list(stray_writes(used, ALLOWED))) == ([path], [path])


def test_git_may_refresh_its_index_and_write_nothing_else() -> None:
    used = seen(written=[".git/index", ".git/index.lock", ".git/refs/heads/main"], program="git")
    assert list(stray_writes(used, ALLOWED)) == [".git/refs/heads/main"]


def test_a_folder_with_many_files_is_one_finding() -> None:
    wording = Wording("undeclared-read", lambda program: f"{program} read it", lambda path: f"declare {path}")
    found = dict.fromkeys(["a/1", "a/2", "b/1", "b/2", "b/3", "b/4", "top"], "go")
    assert [(each.path, each.message, each.fix) for each in findings_of(found, wording)] == [
        ("a/1", "go read it", "declare a/1"),
        ("a/2", "go read it", "declare a/2"),
        ("b", "go read it: 4 files, among them 1, 2, 3", "declare b"),
        ("top", "go read it", "declare top"),
    ]
