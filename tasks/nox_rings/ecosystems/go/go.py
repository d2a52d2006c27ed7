"""Go ≥ 1.27: workspaces and modules (https://go.dev/ref/mod), and the commands that build them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nox_rings.ecosystems.model import MemberSubject
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.paths import below, files_under, is_under, joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import StepContext
from nox_rings.workspace.go_manifest import GoMod, GoWork, Replacement, parse_go_mod, parse_go_work
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources, folder_of

ECOSYSTEM = "go"


def find_members(sources: Sources) -> Iterator[Member]:
    """Modules with Go files of their own; a go.mod that only pins tools is none."""
    modules = {folder_of(path): parse_go_mod(sources.text(path)) for path in sources.named("go.mod")}
    works = {folder_of(path): parse_go_work(sources.text(path)) for path in sources.named("go.work")}
    work_folders = _used_by(sources, modules, works)
    beside: dict[str, dict[str, str]] = {}
    for folder, work_folder in work_folders.items():
        beside.setdefault(work_folder, {})[modules[folder].module] = folder
    coded = _with_go_files(sources, modules)
    for folder, mod in modules.items():
        if folder not in coded:
            continue
        work_folder = work_folders.get(folder, folder)
        found = {**beside.get(work_folder, {}), **_replaced(folder, mod.replaces, modules)}
        if folder in work_folders:
            # It holds for all modules of go.work, before their own (https://go.dev/ref/mod#go-work-file-replace).
            found |= _replaced(work_folder, works[work_folder].replaces, modules)
        required = {each.module for each in mod.requires}
        local = {module: found[module] for module in required & found.keys() if found[module] != folder}
        if required - local.keys() and joined(folder, "go.sum") not in sources.known:
            sources.add_problem(
                joined(folder, "go.mod"),
                f"{joined(folder, 'go.mod')}: found no go.sum beside it, "
                f"expected a committed lockfile (run `go mod tidy` in {folder})",
            )
        yield Member(
            folder=folder,
            ecosystem=ECOSYSTEM,
            name=mod.module,
            install_root=work_folder,
            depends_on=tuple(sorted(set(local.values()))),
            checks=("build", "test"),
            in_workspace=folder in work_folders,
        )


def _used_by(sources: Sources, modules: Mapping[str, GoMod], works: Mapping[str, GoWork]) -> dict[str, str]:
    """Module folder → folder of the go.work that uses it."""
    work_folders: dict[str, str] = {}
    for work_folder, work in works.items():
        for used in work.uses:
            if (folder := joined(work_folder, used)) in modules:
                work_folders[folder] = work_folder
            else:
                sources.add_problem(
                    joined(work_folder, "go.work"),
                    f"{joined(work_folder, 'go.work')}: found `use {used}`, expected a folder with a go.mod",
                )
    return work_folders


def _with_go_files(sources: Sources, modules: Mapping[str, GoMod]) -> frozenset[str]:
    """The modules that a Go file belongs to: the nearest go.mod at or above it."""
    folders = {folder_of(path) for path in sources.files if path.endswith(".go")}
    return frozenset(found for folder in folders if (found := _module_of(folder, modules)))


def _module_of(folder: str, modules: Mapping[str, GoMod]) -> str | None:
    while folder not in modules and folder != ".":
        folder = folder_of(folder)
    return folder if folder in modules else None


def _replaced(base: str, replaces: Sequence[Replacement], modules: Mapping[str, GoMod]) -> dict[str, str]:
    """Module path → folder of the workspace, for replacements by a folder (relative to `base`)."""
    targets = {each.module: joined(base, each.target) for each in replaces if each.is_folder}
    return {module: folder for module, folder in targets.items() if folder in modules}


def check_commands(module: Path, tested: Sequence[str], *, in_workspace: bool) -> tuple[Command, ...]:
    """Build and vet everything, test the packages in the folders `tested`. Inside a go.work the workspace resolves
    siblings; elsewhere a go.work in a parent folder is ignored.

    `go test` runs a subset of the analyzers of `go vet`; for another set of analyzers go analyzes every dependency
    again, the standard library too, hence `-vet=off`."""
    env = _environment(in_workspace)
    tests = (("test", "-vet=off", *(f"./{folder}" if folder != "." else "." for folder in tested)),) if tested else ()
    verbs = (("build", "./..."), ("vet", "./..."), *tests)
    return tuple(
        Command(argv=("go", *words), cwd=module, env=env, description=f"go {words[0]} in {module.name}")
        for words in verbs
    )


def _environment(in_workspace: bool) -> dict[str, str | None]:
    return {} if in_workspace else {"GOWORK": "off"}


def folder_question(module: Path, required: str, *, in_workspace: bool) -> Command:
    """Prints the folder in which Go finds a required module."""
    argv = ("go", "list", "-m", "-f", "{{.Dir}}", required)
    return Command(argv=argv, cwd=module, env=_environment(in_workspace), description=f"go list -m {required}")


def find_sibling(member: Member, sibling: Member, root: Path, step: StepContext) -> Path | None:
    """The folder in which Go finds a sibling of a module. Raises StepFailedError where go reports an error."""
    question = folder_question(root / member.folder, sibling.name, in_workspace=member.in_workspace)
    answer = step.runner.ask(step.command(question))
    if answer.exit_code:
        raise StepFailedError(
            f"{sibling.name}: go could not find it ({' '.join(answer.stderr.split())})", hint=question.render(root)
        )
    return Path(answer.stdout.strip()) if answer.stdout.strip() else None


def tested_folders(files: tuple[str, ...], subject: MemberSubject) -> tuple[str, ...]:
    """Folders of packages in a module, relative to it, except generated ones, which have no tests and are built and
    vetted with the rest. `files` is the listing of the workspace."""
    module = subject.member.folder
    others = (*subject.nested, *subject.generated)
    folders = {folder_of(path) for path in files_under(files, module) if path.endswith(".go")}
    own = (folder for folder in folders if not any(is_under(folder, other) for other in others))
    skipped = {"testdata", "vendor"}
    return tuple(sorted(below(module, each) for each in own if not set(each.split("/")) & skipped))


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
