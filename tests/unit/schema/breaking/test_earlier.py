from __future__ import annotations

import os
from pathlib import Path

from nox_rings.schema.breaking.earlier import IN_USE_SECONDS, MOST_KEPT, remove_unused

NOW = 2_000_000_000.0


def test_baselines_that_nobody_used_for_long_go_and_as_many_as_are_useful_stay(tmp_path: Path) -> None:
    for number in range(MOST_KEPT + 10):
        (tmp_path / f"{number:02}" / "tree").mkdir(parents=True)
        unused = IN_USE_SECONDS / 2 if number == MOST_KEPT + 9 else IN_USE_SECONDS * 2
        os.utime(tmp_path / f"{number:02}", (NOW, NOW - unused - number))
    remove_unused(tmp_path, now_seconds=NOW)
    kept = sorted(int(each.name) for each in tmp_path.iterdir())
    assert kept == [*range(MOST_KEPT - 1), MOST_KEPT + 9]


def test_what_a_run_of_now_may_read_stays_however_many_there_are(tmp_path: Path) -> None:
    for number in range(MOST_KEPT + 10):
        (tmp_path / str(number)).mkdir()
        os.utime(tmp_path / str(number), (NOW, NOW - number))
    remove_unused(tmp_path, now_seconds=NOW)
    assert len([*tmp_path.iterdir()]) == MOST_KEPT + 10
