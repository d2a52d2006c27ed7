"""What the state costs a target that runs: a workspace of many small files, and runs that only look and record.

    python state_work.py FOLDER TARGETS RUNS

makes the workspace, where it is not there yet, and carries out RUNS targets in it, in turn."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.store.digests import Digests
from nox_rings.engine.store.state import State, load_state

FILES_OF_A_TARGET = 100
EDITED_BEFORE_A_RUN = 10
DEPENDENCIES = 3
NANOSECONDS = 10**9


class Clock:
    """Adds up what the blocks in it take."""

    def __init__(self) -> None:
        self.wall_seconds = self.processor_seconds = 0.0

    def __enter__(self) -> None:
        self.wall_seconds -= time.perf_counter()
        self.processor_seconds -= time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall_seconds += time.perf_counter()
        self.processor_seconds += time.process_time()

    def shown(self, times: int) -> str:
        wall, processor = self.wall_seconds / times * 1000, self.processor_seconds / times * 1000
        return f"{wall:.1f} ms ({processor:.1f} ms of processor time)"


def inputs_of(number: int) -> list[str]:
    return [f"packages/member-{number:04}/src/file-{file:03}.ts" for file in range(FILES_OF_A_TARGET)]


def target_id(number: int) -> str:
    return f"package:member-{number:04}"


def make_workspace(root: Path, targets: int) -> None:
    for number in range(targets):
        for path in inputs_of(number):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(f"export const path = {path!r};\n", encoding="utf-8")
            os.utime(root / path, ns=(NANOSECONDS, NANOSECONDS))
    state = load_state(Layout(root))
    digests = Digests(root, state.files)
    for number in range(targets):
        state.save_record(target_id(number), Record(facts=Facts(inputs=digests.of(tuple(inputs_of(number))))))


def edit(root: Path, number: int) -> None:
    """Changed in metadata only: some of its files have another modification time."""
    now = time.time_ns() - NANOSECONDS
    for path in inputs_of(number)[:EDITED_BEFORE_A_RUN]:
        os.utime(root / path, ns=(now, now))


def run(state: State, digests: Digests, number: int, targets: int) -> None:
    """What a scheduler asks of the state for a target that runs, without the steps between."""
    own, dependencies = target_id(number), [target_id((number + each) % targets) for each in range(1, DEPENDENCIES + 1)]
    paths = tuple(inputs_of(number))
    state.refresh((own, *dependencies))
    before = Facts(inputs=digests.of(paths))
    assert state.records[own].finished
    state.save_record(own, Record(facts=before, finished=False))
    after = Facts(inputs=digests.of(paths))
    digest_of = {other: state.records[other].digest for other in dependencies}
    state.save_record(own, Record(facts=after, dependencies=digest_of))


def main(root: Path, targets: int, runs: int) -> None:
    if not root.exists():
        make_workspace(root, targets)
    loading, running = Clock(), Clock()
    with loading:
        state = load_state(Layout(root))
    digests = Digests(root, state.files)
    for number in (each % targets for each in range(runs)):
        edit(root, number)
        with running:
            run(state, digests, number, targets)
    files = f"{targets} targets, {targets * FILES_OF_A_TARGET} files"
    print(f"{files}: loaded in {loading.shown(1)}, {running.shown(runs)} a run")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
