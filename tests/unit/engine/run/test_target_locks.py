"""Locks of targets with real files. Locks of two objects are as those of two processes: each opens its own file."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nox_rings.engine.errors import RunInterruptedError, StepFailedError
from nox_rings.engine.run import target_locks
from nox_rings.engine.run.target_locks import MOST_BYTES, Holder, TargetLocks, parse_holder

PATIENCE_SECONDS = 60.0  # only for what never comes


def locks(folder: Path, interrupted: Callable[[], int | None] = lambda: None) -> TargetLocks:
    return TargetLocks(lambda name: folder / "locks" / f"{name}.lock", interrupted)


def quiet(text: str) -> None:
    raise AssertionError(f"nobody was to be waited for: {text}")


def test_two_runs_read_at_once_what_neither_makes(tmp_path: Path) -> None:
    with locks(tmp_path).held("a", ["c"], say=quiet), locks(tmp_path).held("b", ["c"], say=quiet):
        pass


@pytest.mark.parametrize(
    ("first", "second"),
    [(("c", []), ("a", ["c"])), (("a", ["c"]), ("c", [])), (("a", []), ("a", []))],
    ids=["a reader waits for a writer", "a writer waits for a reader", "a writer waits for a writer"],
)
def test_what_one_run_makes_nobody_else_reads_or_makes(
    tmp_path: Path, first: tuple[str, list[str]], second: tuple[str, list[str]]
) -> None:
    order: list[str] = []
    waits = threading.Event()
    said: list[str] = []

    def hear(text: str) -> None:
        said.append(text)
        waits.set()

    def follow() -> None:
        with locks(tmp_path).held(*second, say=hear):
            order.append("second")

    with locks(tmp_path).held(*first, say=quiet):
        thread = threading.Thread(target=follow)
        thread.start()
        assert waits.wait(PATIENCE_SECONDS)
        order.append("first")
    thread.join(PATIENCE_SECONDS)
    assert order == ["first", "second"]
    (sentence,) = said
    assert f"process {os.getpid()} has since " in sentence


def test_the_sentence_says_who_has_what_since_when_and_for_whom() -> None:
    holder = Holder(os.getpid(), "10:31:07", "smoke:npm")
    assert (
        holder.sentence("sdk:ts") == f"waits for sdk:ts, which process {os.getpid()} has since 10:31:07 for smoke:npm"
    )
    assert holder.sentence("smoke:npm") == f"waits for smoke:npm, which process {os.getpid()} has since 10:31:07"
    assert parse_holder(holder.line.strip()) == holder


@pytest.mark.parametrize("line", ["", "x", "1", "1 2", "x 10:31:07 sdk:ts", "-1 10:31:07 sdk:ts"])
def test_what_is_no_line_of_a_holder_counts_as_none(line: str) -> None:
    assert parse_holder(line) is None


def test_a_holder_that_was_stopped_is_told_with_what_wakes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target_locks, "is_stopped", lambda pid: True)
    assert Holder(7, "10:31:07", "a").sentence("a").endswith("since 10:31:07; it is stopped: kill -CONT 7")


def test_a_signal_ends_the_waiting(tmp_path: Path) -> None:
    said: list[str] = []
    with (
        locks(tmp_path).held("a", [], say=quiet),
        pytest.raises(RunInterruptedError),
        locks(tmp_path, lambda: signal.SIGTERM if said else None).held("a", [], say=said.append),
    ):
        raise AssertionError("both have the lock")
    with locks(tmp_path).held("a", [], say=quiet):
        pass


def test_targets_of_one_run_share_what_they_read(tmp_path: Path) -> None:
    """One open file for each name, until the last of them ends."""
    ours, other = locks(tmp_path), locks(tmp_path, lambda: signal.SIGTERM)
    with ours.held("a", ["c"], say=quiet):
        with ours.held("b", ["c"], say=quiet):
            assert len([each for each in open_files() if each.endswith("c.lock")]) == 1
        with pytest.raises(RunInterruptedError), other.held("c", [], say=lambda _: None):
            raise AssertionError("what is read was made")
    with other.held("c", [], say=quiet):
        pass
    assert [each for each in open_files() if each.endswith(".lock")] == []


def open_files() -> list[str]:
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("this system does not list open files")
    return [str(each.readlink()) for each in folder.iterdir() if os.path.lexists(each)]


def test_names_that_have_one_file_are_one_lock(tmp_path: Path) -> None:
    """`a/b` and `a+b` on every system, `a` and `A` on some."""
    ours = TargetLocks(lambda name: tmp_path / name.lower().replace("/", "+"))
    with ours.held("a/b", ["a+b", "A+B", "c"], say=quiet):
        assert sorted(each.name for each in tmp_path.iterdir()) == ["a+b", "c"]


def test_the_lines_of_past_holders_are_dropped(tmp_path: Path) -> None:
    for number in range(MOST_BYTES // 10):
        with locks(tmp_path).held(f"reader{number % 3}", ["a"], say=quiet):
            pass
    assert (tmp_path / "locks" / "a.lock").stat().st_size < MOST_BYTES + 100


def test_a_lock_that_cannot_be_taken_is_one_sentence_and_leaves_none_behind(tmp_path: Path) -> None:
    ours = locks(tmp_path)
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "b.lock").mkdir()
    with (
        pytest.raises(StepFailedError, match=r"locks/b\.lock: the lock cannot be taken: "),
        ours.held("b", ["a"], say=quiet),
    ):
        pass
    with locks(tmp_path).held("a", [], say=quiet):
        pass


NAMES = tuple("abcdefgh")


def test_runs_that_take_locks_at_random_never_wait_for_each_other_for_ever(tmp_path: Path) -> None:
    """And never have what another makes: six runs."""
    made: dict[str, int] = dict.fromkeys(NAMES, 0)
    guard = threading.Lock()

    def work(run: TargetLocks, seed: int) -> int:
        rng, done = random.Random(seed), 0
        for _ in range(30):
            # As in a graph: what is needed comes before in the order that targets are made in.
            at = rng.randrange(len(NAMES))
            needs = rng.sample(NAMES[:at], rng.randrange(at + 1))
            with run.held(NAMES[at], needs, say=lambda _: None):
                with guard:
                    assert made[NAMES[at]] == 0
                    made[NAMES[at]] = 1
                    assert all(made[each] == 0 for each in needs)
                with guard:
                    made[NAMES[at]] = 0
            done += 1
        return done

    runs = [locks(tmp_path) for _ in range(6)]
    with ThreadPoolExecutor(max_workers=6) as pool:
        futures = [pool.submit(work, run, number) for number, run in enumerate(runs)]
        assert [each.result(PATIENCE_SECONDS) for each in futures] == [30] * 6
