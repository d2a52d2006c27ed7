"""Two runs at once, and runs that a signal ends at a random moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checkout import _default_signals, environment
from property.model import Tree
from property.trial import SHAPES, Trial
from strangers import AUTHOR, NOXFILE
from waiting import PATIENCE_SECONDS, wait_for

KILLS, KILLS_IN_CI = 25, 1
# The lib takes its dist away and brings it back; who reads it meanwhile finds nothing. Both wait for a file.
LIB = "rm -rf dist && while [ -e ../hold-lib ]; do sleep 0.05; done && mkdir dist && cp src.txt dist/"
APP = "cat ../lib/dist/src.txt && while [ -e ../hold-app ]; do sleep 0.05; done && cat ../lib/dist/src.txt"
CONFIG = """
[tool.nox-rings.members.lib]
checks = ["sh build.sh"]
outputs = ["lib/dist"]

[tool.nox-rings.members.app]
checks = ["sh build.sh"]
needs = ["package:lib"]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """`app` reads the dist of `lib`."""
    made = Tree(tmp_path / "w", tmp_path)
    made.write("noxfile.py", NOXFILE.format(str(Path(__file__).parents[2] / "tasks")))
    made.write(".gitignore", "/.nox-rings/\ndist/\n__pycache__/\nhold-*\n")
    made.write("pyproject.toml", CONFIG)
    for name, text in (("lib", LIB), ("app", APP)):
        made.write(f"{name}/go.mod", f"module example.com/{name}\n\ngo 1.24\n")
        made.write(f"{name}/{name}.go", f"package {name}\n")
        made.write(f"{name}/src.txt", "one\n")
        made.write(f"{name}/build.sh", text)
    made.git("init", "-q", "-b", "main")
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "x")
    report = made.build("rings")
    assert {each.id: each.outcome for each in report.targets} == {"package:lib": "done", "package:app": "done"}, report
    return made


@contextmanager
def running(tree: Tree, log: Path, session: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """nox in a process group of its own, which is ended afterwards."""
    with log.open("wb") as out:
        child = subprocess.Popen(
            (sys.executable, "-m", "nox", "-s", session, "--", *words),
            cwd=tree.root,
            env={**environment(), **AUTHOR, "PROPERTY_OBSERVED": str(tree.observed), "PROPERTY_RUN": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_default_signals,
        )
        try:
            yield child
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGCONT)
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def test_what_a_run_reads_no_other_makes_anew_and_the_other_says_whom_it_waits_for(tree: Tree, tmp_path: Path) -> None:
    tree.write("hold-app", "")
    tree.write("app/src.txt", "two\n")
    reader_log, writer_log = tmp_path / "reader", tmp_path / "writer"
    tree.remove(".nox-rings/logs/package-app.log")
    with running(tree, reader_log, "rings", "package:app") as reader:
        assert wait_for(lambda: "one" in log_of(tree, "package-app"))
        tree.write("lib/src.txt", "two\n")
        with running(tree, writer_log, "rings", "package:lib") as writer:
            assert wait_for(lambda: "waits for package:lib" in writer_log.read_text())
            os.kill(reader.pid, signal.SIGSTOP)
            assert wait_for(lambda: "it is stopped" in writer_log.read_text())
            os.kill(reader.pid, signal.SIGCONT)
            tree.remove("hold-app")
            assert reader.wait(PATIENCE_SECONDS) == 0
            assert writer.wait(PATIENCE_SECONDS) == 0
    said = [line for line in writer_log.read_text().splitlines() if "waits for" in line]
    assert f"waits for package:lib, which process {reader.pid} has since" in said[0]
    assert "for package:app" in said[0]
    assert any(line.endswith(f"it is stopped: kill -CONT {reader.pid}") for line in said)
    assert log_of(tree, "package-app").count("one") == 2
    assert tree.read("lib/dist/src.txt") == "two\n"


def test_a_run_that_needs_what_another_makes_waits_for_it(tree: Tree, tmp_path: Path) -> None:
    tree.write("hold-lib", "")
    tree.write("lib/src.txt", "two\n")
    maker_log, reader_log = tmp_path / "maker", tmp_path / "reader"
    with running(tree, maker_log, "rings", "package:lib") as maker:
        assert wait_for(lambda: not tree.exists("lib/dist"))
        with running(tree, reader_log, "rings", "package:app") as reader:
            assert wait_for(lambda: f"process {maker.pid} has since" in reader_log.read_text())
            tree.remove("hold-lib")
            assert (maker.wait(PATIENCE_SECONDS), reader.wait(PATIENCE_SECONDS)) == (0, 0)
    assert log_of(tree, "package-app").count("two") == 2
    assert {each["reason"] for each in tree.plan()} == {"fresh"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_waits_for_another_ends_by_a_signal_at_once(
    tree: Tree, tmp_path: Path, number: signal.Signals
) -> None:
    tree.write("hold-lib", "")
    tree.write("lib/src.txt", "two\n")
    with running(tree, tmp_path / "maker", "rings", "package:lib") as maker:
        assert wait_for(lambda: not tree.exists("lib/dist"))
        with running(tree, tmp_path / "waiter", "rings", "package:lib") as waiter:
            assert wait_for(lambda: "waits for" in (tmp_path / "waiter").read_text())
            os.kill(waiter.pid, number)
            assert waiter.wait(PATIENCE_SECONDS) == 128 + number
        assert maker.poll() is None
        tree.remove("hold-lib")
        assert maker.wait(PATIENCE_SECONDS) == 0


def log_of(tree: Tree, name: str) -> str:
    path = tree.path(f".nox-rings/logs/{name}.log")
    return path.read_text() if path.exists() else ""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """A schema with two SDKs, everything built."""
    trial = Trial(tmp_path_factory.mktemp("killed"), SHAPES["schema"])
    trial.prepare()
    return trial


NOT_GENERATED = (".", ":!*/gen/*", ":!*/proto-provenance.json")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
CALLS = {"proto": ("proto",), "check": ("check",), "pack": ("sdk", "--pack")}


@pytest.mark.parametrize("number", SIGNALS, ids=lambda each: each.name)
@pytest.mark.parametrize("call", CALLS)
def test_a_run_that_ends_at_any_moment_leaves_no_child_and_a_tree_that_the_next_one_makes_whole(
    built: Trial, tmp_path: Path, call: str, number: signal.Signals, seed: int, everything: bool
) -> None:
    rng = random.Random(f"{call} {number} {seed}")
    session, *words = CALLS[call]
    tree = built.tree
    for round_number in range(KILLS if everything else KILLS_IN_CI):
        edit(tree, rng.random())
        tracked = tree.git("diff", "HEAD", "--", *NOT_GENERATED)
        stubs = generated(tree)
        with running(tree, tmp_path / "log", session, "--force", *words) as child:
            time.sleep(rng.random() * 4)
            os.kill(child.pid, number)
            code = child.wait(PATIENCE_SECONDS)
        where = f"seed {seed}, round {round_number}: {(tmp_path / 'log').read_text()[-3000:]}"
        assert wait_for(lambda: not processes_below(tree.root), 30), where
        assert "Traceback" not in where or "Running session" not in where  # Python and nox before us
        assert code in (0, 128 + number, -number), where
        assert tree.git("diff", "HEAD", "--", *NOT_GENERATED) == tracked, where
        out, err = tree.nox(session, "--json", *words)
        assert '"ok": true' in out, f"{where}\n{out}{err}"
        assert whole(tree, stubs), where
        assert not list(tree.path(".nox-rings/state").rglob("*.tmp")) or number == signal.SIGKILL, where


def edit(tree: Tree, value: float) -> None:
    tree.write("proto/plugins/py/words.txt", f"{value}\n")
    tree.write("proto/plugins/js/words.txt", f"{value}\n")


def generated(tree: Tree) -> dict[str, str]:
    folders = ("sdk/js/gen", "sdk/py/src/shop/gen")
    files = (path for folder in folders for path in sorted(tree.path(folder).rglob("*.*")))
    return {str(path): path.read_text() for path in files if path.suffix in (".mjs", ".py")}


def whole(tree: Tree, before: dict[str, str]) -> bool:
    """Every stub is there, and of the new words."""
    after = generated(tree)
    return after.keys() == before.keys() and all(after[path] != before[path] for path in after)


def processes_below(folder: Path) -> list[str]:
    """Command lines of processes whose working folder lies there; zombies have none."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            at = (each / "cwd").readlink()
            line = (each / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if at.is_relative_to(folder) and line:
            found.append(line)
    return found
