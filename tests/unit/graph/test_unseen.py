"""What discovery passed over, as it is shown."""

from __future__ import annotations

import json

import pytest

from nox_rings.graph.unseen import print_unseen, unseen_line
from nox_rings.workspace.visible import PassedOver

FOUR = tuple(PassedOver(f"{name}/go.mod", f"{name}/go.mod: found nothing", "write it") for name in "abcd")


@pytest.mark.parametrize(
    ("passed_over", "line"),
    [
        ((), ""),
        (FOUR[:1], "1 passed over (a/go.mod): nox -s plan -- --unseen\n"),
        (FOUR, "4 passed over (a/go.mod, b/go.mod, c/go.mod, …): nox -s plan -- --unseen\n"),
        ((FOUR[0], FOUR[0]), "1 passed over (a/go.mod): nox -s plan -- --unseen\n"),
    ],
)
def test_a_plan_counts_what_was_passed_over_in_one_line(passed_over: tuple[PassedOver, ...], line: str) -> None:
    assert unseen_line(passed_over) == line


def test_the_list_has_path_reason_and_way_round(capsys: pytest.CaptureFixture[str]) -> None:
    print_unseen(FOUR[:1], as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "path      why            what would change that",
        "a/go.mod  found nothing  write it",
    ]


def test_a_machine_reads_the_list_whole(capsys: pytest.CaptureFixture[str]) -> None:
    print_unseen(FOUR[:1], as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "unseen": [{"path": "a/go.mod", "reason": "a/go.mod: found nothing", "remedy": "write it"}]
    }
