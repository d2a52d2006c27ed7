"""No target of the reference workspace reads what it does not declare, or writes beside its outputs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checkout import make_checkout

MOST_TARGETS_DO = 30


@pytest.mark.grid
@pytest.mark.skipif(shutil.which("strace") is None, reason="NOT RUN: strace is not installed")
def test_every_target_from_nothing_uses_what_it_declares(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path / "work tree")
    answer = checkout.nox("-s", "rings", "--", "--trace", "--keep-going", "--json")
    document = answer.json()
    shown = [f"{each['path']}: {each['kind']}: {each['message']}" for each in document["findings"]]
    assert shown == []
    outcomes = checkout.outcomes(answer)
    assert set(outcomes.values()) == {"done"}, outcomes
    assert len(outcomes) > MOST_TARGETS_DO
    assert (answer.exit_code, checkout.is_clean()) == (0, True)
