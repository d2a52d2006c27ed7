"""The steps that build, vet and test a module."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.go.code import is_skipped
from nox_rings.ecosystems.go.go import check_commands, compiler_variables
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.paths import below, files_under, is_under, joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.workspace.model import Member

CONSTRAINT = re.compile(r"^//\s*(?:go:build|\+build)\b", re.MULTILINE)
# A file name that may be one of `*_GOOS.go`, `*_GOARCH.go` (https://pkg.go.dev/cmd/go#hdr-Build_constraints).
NAMED_FOR_SOME = re.compile(r"_[a-z0-9]+(?:_test)?\.go$")
GO_LINE = re.compile(r"^\s*go\s+(\d\S*)", re.MULTILINE)
NOTHING = "matched no packages"


def check_steps(subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
    root, member = context.layout.root, subject.member
    problem = too_old(root, member, context.tools().versions("go")["go"], os.environ.get("GOTOOLCHAIN", ""))
    if problem:
        return (Action(description="check the version of go", act=lambda _: _refuse(problem)),)
    own = own_go_files(context.files, subject)
    commands = check_commands(
        root / member.folder,
        tested=any(path.endswith("_test.go") for path in own),
        in_workspace=member.in_workspace,
        compiler=compiler_variables(os.environ),
    )
    if subject.generated or any(is_for_all(root / path) for path in own):
        return commands
    return tuple(map(_unless_empty, commands))


def own_go_files(files: tuple[str, ...], subject: MemberSubject) -> tuple[str, ...]:
    """Those that `./...` means in a module. `files` is the listing of the workspace."""
    module = subject.member.folder
    others = (*subject.nested, *subject.generated)
    found = (path for path in files_under(files, module) if path.endswith(".go"))
    return tuple(
        path
        for path in found
        if not any(is_under(path, other) for other in others) and not _is_skipped(below(module, path))
    )


def _is_skipped(path: str) -> bool:
    *folders, name = path.split("/")
    return name.startswith(("_", ".")) or any(map(is_skipped, folders))


def is_for_all(path: Path) -> bool:
    """Whether a Go file surely belongs to its package on every platform."""
    if NAMED_FOR_SOME.search(path.name.removesuffix("_test.go")) and not path.name.endswith("_test.go"):
        return False
    return not CONSTRAINT.search(_text(path))


def too_old(root: Path, member: Member, version: str, chosen: str) -> str:
    """Why this go cannot build a module, empty where it can. `chosen` is GOTOOLCHAIN where the user has set it: go may
    then fetch another."""
    if chosen not in ("", "local") or not numbers(version):
        return ""
    files = [joined(member.folder, "go.mod")]
    files += [joined(member.install_root, "go.work")] if member.in_workspace else []
    for path in files:
        text = _text(root / path)
        found = GO_LINE.search(text)
        if found and numbers(found[1]) > numbers(version):
            line = text.count("\n", 0, found.start(1)) + 1
            return f"{path}:{line}: found go {found[1]}, expected at most go {version}, which runs here"
    return ""


def numbers(version: str) -> tuple[int, ...]:
    """`1.27.3` → (1, 27, 3); the first words of what is more than a version do not count."""
    found = re.search(r"\d+(?:\.\d+)+", version)
    return tuple(map(int, found[0].split("."))) if found else ()


def _text(path: Path) -> str:
    """Empty where there is no such file: the tree may change while targets run."""
    try:
        return file_text(path, errors="replace")
    except OSError:
        return ""


def _refuse(problem: str) -> None:
    raise StepFailedError(problem, hint="pin a newer go (nox -s doctor), or set GOTOOLCHAIN=auto to let go fetch one")


def _unless_empty(command: Command) -> Step:
    """`go vet` and `go test` fail where no file is for this platform."""

    def act(step: StepContext) -> None:
        failed = step.attempt(command)
        if failed and NOTHING not in failed[1]:
            raise failed[0]
        if failed:
            step.say(f"{command.description}: no package for this platform")

    return Action(description=command.render(), act=act)
