"""`lint` and `tests` on a copy of this repository."""

from __future__ import annotations

from checkout import Checkout


def test_lint_runs_every_check_even_where_one_fails(checkout: Checkout) -> None:
    checkout.write("tasks/nox_rings/bad.py", 'import os\n\nwrong: int = "text"\n')
    try:
        answer = checkout.nox("-s", "lint", "--", "--json")
    finally:
        (checkout.root / "tasks/nox_rings/bad.py").unlink()
    assert answer.exit_code == 1
    assert [(check["command"][:2], check["ok"]) for check in answer.json()["checks"]] == [
        (["ruff", "check"], False),
        (["ruff", "format"], True),
        (["mypy"], False),
    ]
    assert "F401" in answer.err and "Incompatible types in assignment" in answer.err


def test_tests_take_a_path_and_arguments_of_pytest(checkout: Checkout) -> None:
    answer = checkout.nox("-s", "tests", "--", "tests/unit/engine/test_patterns.py", "--", "-q", "-k", "nothing_at_all")
    assert answer.exit_code == 1
    assert "deselected" in answer.out
    assert "pytest tests/unit/engine/test_patterns.py -q -k nothing_at_all" in answer.out
    assert checkout.nox("-s", "tests", "--", "tests/unit/engine/test_patterns.py").exit_code == 0


def test_tests_that_are_not_there_are_a_usage_error(checkout: Checkout) -> None:
    answer = checkout.nox("-s", "tests", "--", "unti")
    assert answer.exit_code == 2
    assert "tests: found no tests at unti; expected unit, real or a path" in answer.err
