"""Go ≥ 1.27: workspaces and modules (https://go.dev/ref/mod), and the commands that build them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.paths import joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import StepContext
from nox_rings.workspace.go_manifest import parse_go_mod, parse_go_work
from nox_rings.workspace.model import Member

# The compiler collects garbage for up to a quarter of its time otherwise.
COMPILER: Mapping[str, str] = {"GOGC": "400"}


def check_commands(
    module: Path, *, tested: bool, in_workspace: bool, compiler: Mapping[str, str] = COMPILER
) -> tuple[Command, ...]:
    """Build and vet everything, and test it where it is `tested`. Inside a go.work the workspace resolves siblings;
    elsewhere a go.work in a parent folder is ignored. `compiler` are variables for commands that start no program of
    the module.

    `go build` of a single program would leave it in the module, hence `-o`: nothing is written to the null device. It
    would also ask git for the commit and for edits of the whole repository, to write both into that program.
    `go test` runs a subset of the analyzers of `go vet`; for another set of analyzers go analyzes every dependency
    again, the standard library too, hence `-vet=off`."""
    workspace = _environment(in_workspace)
    verbs: list[tuple[str, ...]] = [("build", "-buildvcs=false", "-o", os.devnull), ("vet",)]
    if tested:
        verbs.append(("test", "-vet=off"))
    return tuple(
        Command(
            argv=("go", *words, "./..."),
            cwd=module,
            env=workspace if words[0] == "test" else {**workspace, **compiler},
            description=f"go {words[0]} in {module.name}",
        )
        for words in verbs
    )


def compiler_variables(environment: Mapping[str, str]) -> Mapping[str, str]:
    """What the user has set stands."""
    return {name: value for name, value in COMPILER.items() if name not in environment}


def _environment(in_workspace: bool) -> dict[str, str | None]:
    return {} if in_workspace else {"GOWORK": "off"}


def folder_question(module: Path, required: str, *, in_workspace: bool) -> Command:
    """Prints the folder in which Go finds a required module."""
    argv = ("go", "list", "-m", "-f", "{{.Dir}}", required)
    return Command(argv=argv, cwd=module, env=_environment(in_workspace), description=f"go list -m {required}")


def find_sibling(member: Member, sibling: Member, root: Path, step: StepContext) -> Path | None:
    """The folder in which Go finds a sibling of a module. Raises StepFailedError where go reports an error."""
    required = required_name(member, sibling, root)
    question = folder_question(root / member.folder, required, in_workspace=member.in_workspace)
    answer = step.runner.ask(step.command(question))
    if answer.exit_code:
        raise StepFailedError(
            f"{sibling.name}: go could not find it ({' '.join(answer.stderr.split())})", hint=question.render(root)
        )
    return Path(answer.stdout.strip()) if answer.stdout.strip() else None


def required_name(member: Member, sibling: Member, root: Path) -> str:
    """The path under which a module requires its sibling: where a `replace` line leads to the folder of a fork, another
    than that of the fork itself."""
    mod = file_text(root / member.folder / "go.mod")
    replaces = [(member.folder, each) for each in parse_go_mod(mod).replaces]
    if member.in_workspace:
        work = file_text(root / member.install_root / "go.work")
        replaces += [(member.install_root, each) for each in parse_go_work(work).replaces]
    named = (each.module for base, each in replaces if each.is_folder and joined(base, each.target) == sibling.folder)
    return next(named, sibling.name)


def escaped(module: str) -> str:
    """A module path as module proxies spell it: each capital letter is `!` and the small one."""
    return re.sub(r"[A-Z]", lambda match: f"!{match[0].lower()}", module)


def manifest_question(module: Path) -> Command:
    """Prints go.mod as JSON."""
    return Command(argv=("go", "mod", "edit", "-json"), cwd=module, env={"GOWORK": "off"}, description="go mod edit")


def download_question(modules: Sequence[str], cwd: Path) -> Command:
    """Of each `MODULE@VERSION` a JSON document: where it lies unpacked (`Dir`), and its go.mod (`GoMod`)."""
    argv = ("go", "mod", "download", "-json", *modules)
    return Command(argv=argv, cwd=cwd, env={"GOWORK": "off"}, description="go mod download")
