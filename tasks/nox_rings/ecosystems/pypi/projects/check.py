"""The steps that build a member and run its tests, in the environment that its install root was installed into."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.ecosystems.pypi import uv
from nox_rings.ecosystems.pypi.environment import environment_of
from nox_rings.ecosystems.pypi.projects.lock import LOCKFILE
from nox_rings.ecosystems.pypi.projects.pyproject import MANIFEST, is_built, parse_table
from nox_rings.ecosystems.pypi.projects.pytest_files import nested_to_ignore
from nox_rings.engine.errors import CommandFailedError, NoxRingsError, StepFailedError
from nox_rings.engine.paths import at_or_above, below, files_under, joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import Action, Explained, Step, StepContext
from nox_rings.workspace.model import Member

# A test, as pytest and unittest name one unless they are configured.
TEST = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def[ \t]+test|class[ \t]+\w*Test)", re.MULTILINE)
NOTHING_COLLECTED = 5  # pytest's exit code
# Folders beside a package that are no part of it, and those in it that hold no modules.
BESIDE = frozenset({"tests", "test", "build", "dist", "docs", "examples"})
NO_MODULES = r"/(tests?|testdata|fixtures|templates?|node_modules|\{\{[^/]*)/"


def check_steps(subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
    top, member = context.layout.root, subject.member
    folder, environment = top / member.folder, top / environment_of(member.install_root)
    modules = [path for path in own_files(context.files, subject) if path.endswith(".py")]
    steps: list[Step] = [*compile_commands(folder, environment, [below(member.folder, path) for path in modules])]
    if not subject.lockfile.endswith(LOCKFILE) and is_built(parse_table(folder / MANIFEST)):
        built = environment.parent / f"{environment.name}.built"
        steps.append(uv.wheel_command(folder, built, environment))
    if "test" in member.checks:
        ignored = nested_to_ignore(subject.nested, member.folder)
        command = pytest_command(folder, environment, activated(environment, context), ignored)
        steps.append(_test_step(member, command, [top / path for path in modules]))
    return steps


def own_files(files: tuple[str, ...], subject: MemberSubject) -> Iterator[str]:
    """The member's, without those of members inside of it."""
    inside = frozenset(subject.nested)
    yield from (path for path in files_under(files, subject.member.folder) if inside.isdisjoint(at_or_above(path)))


def compile_commands(folder: Path, environment: Path, modules: Iterable[str]) -> Iterator[Command]:
    """Compile every module of the package, which stands for a build in Python: those in `src`, or beside the manifest.
    `modules` are paths in `folder`."""
    beside = {path.partition("/")[0] for path in modules} - BESIDE
    sources = ["src"] if "src" in beside else sorted(each for each in beside if not each.startswith("."))
    if sources:
        yield Command(
            argv=(str(environment / "bin" / "python"), "-m", "compileall", "-q", "-x", NO_MODULES, *sources),
            cwd=folder,
            env={"PYTHONPYCACHEPREFIX": str(environment / "pycache")},
            description=f"compile {folder.name}",
        )


def activated(environment: Path, context: RecipeContext) -> dict[str, str]:
    """The variables of an environment that is activated: tests call programs of the project by name."""
    path = context.tools().environment("uv").get("PATH") or os.environ.get("PATH", os.defpath)
    return {"VIRTUAL_ENV": str(environment), "PATH": f"{environment / 'bin'}{os.pathsep}{path}"}


def pytest_command(
    folder: Path, environment: Path, variables: Mapping[str, str], ignored: Iterable[str] = ()
) -> Command:
    """`variables` are those of the environment, activated."""
    return Command(
        argv=(str(environment / "bin/python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", *ignored),
        cwd=folder,
        env={"PYTHONDONTWRITEBYTECODE": "1", **variables},
        description=f"pytest in {folder.name}",
    )


def _test_step(member: Member, command: Command, modules: Iterable[Path]) -> Step:
    """A file that has the name of a test may have none in it: only then may pytest collect nothing."""
    if any(not path.is_file() or TEST.search(file_text(path, errors="replace")) for path in modules):
        return Explained(command=command, explain=lambda error, output: explained(member, error, output))
    return Action(description=command.description, act=lambda step: _run_without_tests(command, member, step))


def _run_without_tests(command: Command, member: Member, step: StepContext) -> None:
    failed = step.attempt(command)
    if failed and failed[0].command_exit_code == NOTHING_COLLECTED:
        step.say(f"pytest found no test in {member.folder}")
    elif failed:
        raise explained(member, *failed)


def explained(member: Member, error: CommandFailedError, output: str) -> NoxRingsError:
    """What a failure of pytest means that is none of a test."""
    manifest = joined(member.folder, MANIFEST)
    checks = f'[tool.nox-rings.members."{member.folder}"] checks'
    if re.search(r"^\S+: No module named pytest\s*$", output, re.MULTILINE):
        return StepFailedError(
            f"{manifest}: found tests, but no pytest in their environment; expected it in the dependency group dev or "
            f"test, in an extra of that name, or in requirements-dev.txt",
            hint="list pytest in [dependency-groups] dev and lock it, or name what runs them: "
            f'{checks} = ["python -m unittest"]',
        )
    if error.command_exit_code == NOTHING_COLLECTED:
        message = f"{manifest}: pytest ran none of the tests in {member.folder}, expected at least one"
        return StepFailedError(message, hint=f"name what runs them in {checks}")
    return error
