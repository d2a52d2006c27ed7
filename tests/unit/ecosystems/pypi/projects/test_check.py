"""How a member is compiled and tested, and what a failure of pytest means."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.model import MemberSubject
from nox_rings.ecosystems.pypi.projects import check
from nox_rings.engine.errors import CommandFailedError, StepFailedError
from nox_rings.engine.process.command import Command
from nox_rings.workspace.model import Member
from unit.contexts import a_context

ENVIRONMENT = Path("/w/.nox-rings/python/+root")
SDK = Member(folder="py/sdk", ecosystem="pypi", name="sdk", install_root=".")


def test_an_environment_is_activated_before_the_tools(tmp_path: Path) -> None:
    found = check.activated(ENVIRONMENT, a_context(tmp_path))
    assert found["VIRTUAL_ENV"] == "/w/.nox-rings/python/+root"
    assert found["PATH"].startswith("/w/.nox-rings/python/+root/bin:")


def test_tests_find_the_programs_of_the_project_and_leave_nothing_in_the_tree() -> None:
    activated = {"VIRTUAL_ENV": "/w/.nox-rings/python/+root", "PATH": "/w/.nox-rings/python/+root/bin:/tools:/usr/bin"}
    assert check.pytest_command(Path("/w/py/sdk"), ENVIRONMENT, activated, ["--ignore=x"]) == Command(
        argv=("/w/.nox-rings/python/+root/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--ignore=x"),
        cwd=Path("/w/py/sdk"),
        env={
            "PYTHONDONTWRITEBYTECODE": "1",
            "VIRTUAL_ENV": "/w/.nox-rings/python/+root",
            "PATH": "/w/.nox-rings/python/+root/bin:/tools:/usr/bin",
        },
        description="pytest in sdk",
    )


@pytest.mark.parametrize(
    ("modules", "compiled"),
    [
        (["src/sdk/__init__.py", "tests/test_a.py", "noxfile.py"], ["src"]),
        (["sdk/__init__.py", "sdk/deep/x.py", "run.py", "tests/test_a.py", ".venv/x.py"], ["run.py", "sdk"]),
        (["tests/test_a.py"], []),
        ([], []),
    ],
)
def test_every_module_is_compiled_with_its_bytecode_elsewhere(modules: list[str], compiled: list[str]) -> None:
    commands = [*check.compile_commands(Path("/w/py/sdk"), ENVIRONMENT, modules)]
    assert [each.argv[6:] for each in commands] == ([tuple(compiled)] if compiled else [])
    for each in commands:
        assert each.argv[1:5] == ("-m", "compileall", "-q", "-x")
        assert each.env == {"PYTHONPYCACHEPREFIX": "/w/.nox-rings/python/+root/pycache"}


def test_files_of_members_inside_are_theirs() -> None:
    root = Member(folder=".", ecosystem="pypi", name="whole", install_root=".")
    subject = MemberSubject(member=root, nested=("libs/a",))
    files = ("libs/a/a.py", "libs/ab.py", "libs/b/b.py", "whole.py")
    assert [*check.own_files(files, subject)] == ["libs/ab.py", "libs/b/b.py", "whole.py"]


def failure(exit_code: int) -> CommandFailedError:
    return CommandFailedError("pytest failed", repeat="pytest", exit_code=exit_code)


def test_a_missing_pytest_is_said_with_the_way_round() -> None:
    error = check.explained(SDK, failure(1), "$ pytest\n/w/bin/python: No module named pytest\n")
    assert isinstance(error, StepFailedError)
    assert error.message == (
        "py/sdk/pyproject.toml: found tests, but no pytest in their environment; expected it in the dependency group "
        "dev or test, in an extra of that name, or in requirements-dev.txt"
    )
    assert error.hint == (
        'list pytest in [dependency-groups] dev and lock it, or name what runs them: [tool.nox-rings.members."py/sdk"] '
        'checks = ["python -m unittest"]'
    )


def test_tests_that_were_found_have_to_run() -> None:
    error = check.explained(SDK, failure(5), "no tests ran in 0.01s\n")
    assert error.message == "py/sdk/pyproject.toml: pytest ran none of the tests in py/sdk, expected at least one"


@pytest.mark.parametrize("output", ["E   assert 1 == 2\n", "E   ModuleNotFoundError: No module named 'pytest'\n"])
def test_a_red_test_is_its_own_failure(output: str) -> None:
    error = failure(1)
    assert check.explained(SDK, error, output) is error


@pytest.mark.parametrize(
    ("text", "is_test"),
    [
        ("def test_a():\n    pass\n", True),
        ("class A(TestCase):\n    async def test_a(self): ...\n", True),
        ("class TestA:\n    pass\n", True),
        ("# no test here\nVALUE = 1\n", False),
        ("def check_test(): ...\n", False),
    ],
)
def test_a_module_with_tests_is_told_by_its_text(text: str, is_test: bool) -> None:
    assert bool(check.TEST.search(text)) is is_test
