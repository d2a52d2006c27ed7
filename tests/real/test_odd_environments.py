"""Sessions on odd machines: an answer, or one sentence; never a traceback, never half-written state."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from checkout import RUN_SECONDS, Answer, environment
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.layout import Layout
from strangers import AUTHOR, Stranger, a_stranger

GO = "package calc\n\nfunc Add(a, b int) int { return a + b }\n"
BROKEN = "package calc\n\nfunc Add(a, b int) int { return a + }\n"
# Drops every capability: root that may only do what the modes of files allow.
UNPRIVILEGED = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--")


@pytest.fixture
def workspace(tmp_path: Path) -> Stranger:
    """One module of Go, which needs nothing but its compiler."""
    return a_workspace(tmp_path / "workspace")


def a_workspace(root: Path) -> Stranger:
    made = a_stranger(root)
    made.write("calc/go.mod", "module example.com/calc\n\ngo 1.21\n")
    made.write("calc/calc.go", GO)
    made.commit()
    return made


def session(
    workspace: Stranger,
    *words: str,
    env: Mapping[str, str | None] | None = None,
    shell: str = "",
    before: tuple[str, ...] = (),
    limit: Callable[[], None] | None = None,
) -> Answer:
    """`nox -s WORDS`; `shell` is a line around `NOX`. None removes a variable."""
    name, *arguments = words
    argv = (*before, sys.executable, "-m", "nox", "-s", name, "--", *arguments)
    if shell:
        argv = ("bash", "-c", shell.replace("NOX", " ".join(argv)))
    variables = {**environment(), **AUTHOR, **(env or {})}
    done = subprocess.run(
        argv,
        cwd=workspace.root,
        env={name: value for name, value in variables.items() if value is not None},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=RUN_SECONDS,
        preexec_fn=limit,
    )
    answer = Answer(exit_code=done.returncode, out=done.stdout, err=done.stderr)
    assert "Traceback" not in answer.out + answer.err, answer.err
    return answer


def test_the_environments_below_are_odd_and_the_workspace_is_not(workspace: Stranger) -> None:
    assert session(workspace, "check").exit_code == 0
    assert workspace.reasons() == {"package:calc": "fresh"}


# Folders, homes, languages.


@pytest.mark.parametrize("name", ["a b", "it's", 'say "x"', "größe", "a$HOME`id`;x", "100%", "[a]*", "-x"])
def test_the_path_of_a_workspace_may_have_any_letter(name: str, tmp_path: Path) -> None:
    made = a_workspace(tmp_path / name)
    assert session(made, "check").exit_code == 0
    assert made.reasons() == {"package:calc": "fresh"}


@pytest.mark.parametrize(
    "env",
    [
        {"HOME": None, "XDG_CACHE_HOME": None},
        {"HOME": "/nonexistent/home"},
        {"HOME": ""},
        {"TMPDIR": "/nonexistent/folder"},
        {"TMPDIR": "a folder"},
        {"LANG": "C", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "NO_COLOR": None},
    ],
    ids=["no HOME", "HOME is not there", "empty HOME", "TMPDIR is not there", "TMPDIR with a space", "C", "colours"],
)
def test_a_check_passes(env: dict[str, str | None], workspace: Stranger, tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    if env.get("TMPDIR") == "a folder":
        env = {**env, "TMPDIR": str(tmp_path / "a folder")}
    answer = session(workspace, "check", "--force", env=env)
    assert answer.exit_code == 0, answer.out + answer.err


@pytest.mark.parametrize("mask", [0o077, 0o000], ids=["077", "000"])
def test_a_check_passes_under_any_umask(mask: int, workspace: Stranger) -> None:
    def limit() -> None:
        os.umask(mask)

    assert session(workspace, "check", limit=limit).exit_code == 0
    assert workspace.reasons() == {"package:calc": "fresh"}


# Permissions.


@pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv (util-linux) is not there")
def test_a_tree_that_may_only_be_read_answers_a_question_and_refuses_a_build_in_one_sentence(
    workspace: Stranger,
) -> None:
    for folder in (workspace.root, *(path for path in workspace.root.rglob("*") if path.is_dir())):
        folder.chmod(0o555)
    try:
        plan = session(workspace, "plan", "--json", before=UNPRIVILEGED)
        check = session(workspace, "check", before=UNPRIVILEGED)
    finally:
        for folder in (workspace.root, *(path for path in workspace.root.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
    assert [each["reason"] for each in plan.json()["targets"]] == ["never-built"]
    assert check.exit_code == 1
    assert "Permission denied" in check.out + check.err
    assert not (workspace.root / ".nox-rings").exists()


@pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv (util-linux) is not there")
def test_a_run_without_privileges_passes(workspace: Stranger) -> None:
    assert session(workspace, "check", before=UNPRIVILEGED).exit_code == 0


# Disks that are full, and limits.


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(("mount", "-t", "tmpfs", "-o", "size=512k", "none", str(folder)), capture_output=True)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(("umount", "--lazy", str(folder)), check=True)


def test_on_a_full_disk_a_question_is_answered_and_a_build_fails_in_one_sentence(small_disk: Path) -> None:
    made = a_workspace(small_disk / "workspace")
    with (small_disk / "filler").open("wb", buffering=0) as filler:
        for size in (4096, 1):
            try:
                while filler.write(b"x" * size):
                    pass
            except OSError:
                continue
    plan = session(made, "plan", "--json")
    assert [each["reason"] for each in plan.json()["targets"]] == ["never-built"]
    check = session(made, "check", env={"TMPDIR": str(small_disk.parent)})
    assert check.exit_code == 1
    assert "No space left on device" in check.out + check.err
    (small_disk / "filler").unlink()
    assert session(made, "check").exit_code == 0


@pytest.mark.parametrize(
    ("kind", "number"),
    [(resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 24), (resource.RLIMIT_NOFILE, 9)],
    ids=["no file may have content", "24 open files", "9 open files"],
)
def test_under_a_limit_a_run_passes_or_is_one_sentence_and_the_next_one_is_whole(
    kind: int, number: int, workspace: Stranger
) -> None:
    answer = session(workspace, "check", limit=lambda: resource.setrlimit(kind, (number, number)))
    assert answer.exit_code in (0, 1, 2, 3)
    assert session(workspace, "check").exit_code == 0
    assert workspace.reasons() == {"package:calc": "fresh"}


# Standard streams.


@pytest.mark.parametrize(
    ("words", "shell", "exit_code"),
    [
        (("plan",), "NOX | head -1 > /dev/null; exit ${PIPESTATUS[0]}", 0),
        (("check", "--force"), "NOX | head -1 > /dev/null; exit ${PIPESTATUS[0]}", 0),
        (("check", "--force"), "NOX | true; exit ${PIPESTATUS[0]}", 0),
        (("check", "--force", "--json"), "NOX | true; exit ${PIPESTATUS[0]}", 0),
        (("plan",), "NOX >&-", 0),
        (("check", "--force"), "NOX >&- 2>&- <&-", 0),
        (("plan", "--json"), "NOX > /dev/full", 1),
        (("check", "--force"), "NOX > /dev/full", 1),
        (("check", "--force"), "NOX 2> /dev/full", 0),
        (("plan", "--nonsense"), "NOX > /dev/full", 2),
    ],
)
def test_a_run_ends_as_it_would_where_nobody_reads_and_fails_where_its_answer_is_lost(
    words: tuple[str, ...], shell: str, exit_code: int, workspace: Stranger
) -> None:
    answer = session(workspace, *words, shell=shell)
    assert answer.exit_code == exit_code, answer.err
    assert ("standard output: it cannot be written (No space left on device)" in answer.err) is (exit_code == 1)
    if words[0] == "check":
        assert workspace.reasons() == {"package:calc": "fresh"}


# Colours.


def test_what_a_tool_reports_has_no_colours_whatever_asks_for_them(workspace: Stranger) -> None:
    workspace.write("calc/calc.go", BROKEN)
    text = r"\033[31;1mred\033[0m \033]8;;http://x\007link\033]8;;\007\n"
    workspace.write("tool", f"#!/bin/sh\nprintf '{text}'\nexit 1\n")
    (workspace.root / "tool").chmod(0o755)
    workspace.write("pyproject.toml", '[tool.nox-rings.members.calc]\nchecks = ["../tool", "..."]\n')
    wanted = dict.fromkeys(("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS", "npm_config_color"), "1")
    answer = session(workspace, "check", env={**wanted, "NO_COLOR": None})
    assert answer.exit_code == 1
    assert "red link" in answer.out
    assert "\x1b" not in answer.out


# The scratch folder.


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    return Layout(tmp_path / "workspace")


def test_the_scratch_folder_is_closed_to_others_and_may_be_left_from_before(layout: Layout) -> None:
    layout.make_scratch()
    assert layout.scratch.stat().st_mode & 0o777 == 0o700
    layout.scratch.chmod(0o755)
    layout.make_scratch()
    assert layout.scratch.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("prepared", ["link", "file", "folder of another user"])
def test_a_scratch_folder_that_somebody_else_prepared_is_refused(prepared: str, layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir(mode=0o755)
    if prepared == "link":
        layout.scratch.symlink_to(tmp_path / "victim")
    elif prepared == "file":
        layout.scratch.touch()
    else:
        if os.geteuid():
            pytest.skip("only root makes a folder of another user")
        layout.scratch.mkdir()
        os.chown(layout.scratch, 65534, 65534)
    refused = r"nox-rings-[0-9a-f]{12}: found .*, expected none, or a folder of"
    with pytest.raises(StepFailedError, match=refused) as caught:
        layout.make_scratch()
    assert caught.value.hint == f"rm -r {layout.scratch}, or export TMPDIR=FOLDER"
    assert (tmp_path / "victim").stat().st_mode & 0o777 == 0o755


def test_a_scratch_folder_inside_of_the_work_tree_is_refused(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python takes the current folder where there is no other; clean installs would find the workspace from there."""
    monkeypatch.setattr("tempfile.tempdir", str(layout.root))
    with pytest.raises(StepFailedError, match="found no folder for temporary files outside of the work tree"):
        layout.make_scratch()
