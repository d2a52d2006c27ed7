"""Go ≥ 1.27: workspaces and modules (https://go.dev/ref/mod), and the commands that build them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nox_rings.ecosystems.model import MemberSubject
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.paths import below, files_under, is_under, joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import StepContext
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources, folder_of

ECOSYSTEM = "go"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoMod:
    module: str
    requires: tuple[str, ...]
    replaces: dict[str, str]


def parse_go_mod(text: str) -> GoMod:
    """The module path, the required module paths and the replaced ones with their targets."""
    module, requires, replaces, block = "", [], {}, ""
    for raw in text.splitlines():
        line = raw.split("//")[0].strip()
        if line == ")":
            block = ""
        elif match := re.fullmatch(r"(\w+)\s*\(", line):
            block = match[1]
        elif line:
            words = line.split() if block else line.split()[1:]
            verb = block or line.split()[0]
            if not words:  # go says it better
                continue
            if verb == "module":
                module = words[0].strip('"')
            elif verb == "require":
                requires.append(words[0])
            elif verb == "replace" and "=>" in words:
                replaces[words[0]] = words[words.index("=>") + 1]
    return GoMod(module=module, requires=tuple(requires), replaces=replaces)


def parse_go_work(text: str) -> tuple[str, ...]:
    """The folders that `use` lines name."""
    blocks = re.findall(r"^use\s*\(([^)]*)\)", text, re.M)
    listed = [line.split("//")[0].strip() for block in blocks for line in block.splitlines()]
    single = re.findall(r"^use\s+([^\s(]+)", text, re.M)
    return tuple(word for word in (*listed, *single) if word)


def find_members(sources: Sources) -> Iterator[Member]:
    """Modules with Go files of their own; a go.mod that only pins tools is none."""
    modules = {folder_of(path): parse_go_mod(sources.text(path)) for path in sources.named("go.mod")}
    homes = _used_by(sources, modules)
    for folder, mod in modules.items():
        nested = [other for other in modules if other != folder and is_under(other, folder)]
        own = [path for path in sources.under(folder) if not any(is_under(path, other) for other in nested)]
        if not any(path.endswith(".go") for path in own):
            continue
        local = _local_dependencies(folder, mod, modules, homes)
        if set(mod.requires) - local.keys() and joined(folder, "go.sum") not in sources.known:
            sources.problems.append(
                f"{joined(folder, 'go.mod')}: found no go.sum beside it, "
                f"expected a committed lockfile (run `go mod tidy` in {folder})"
            )
        yield Member(
            folder=folder,
            ecosystem=ECOSYSTEM,
            name=mod.module,
            install_root=homes.get(folder, folder),
            depends_on=tuple(sorted(set(local.values()))),
            checks=("build", "test"),
            in_workspace=folder in homes,
        )


def _used_by(sources: Sources, modules: dict[str, GoMod]) -> dict[str, str]:
    """Module folder → folder of the go.work that uses it."""
    homes: dict[str, str] = {}
    for path in sources.named("go.work"):
        for used in parse_go_work(sources.text(path)):
            if (folder := joined(folder_of(path), used)) in modules:
                homes[folder] = folder_of(path)
            else:
                sources.problems.append(f"{path}: found `use {used}`, expected a folder with a go.mod")
    return homes


def _local_dependencies(folder: str, mod: GoMod, modules: dict[str, GoMod], homes: dict[str, str]) -> dict[str, str]:
    """Required module path → folder, for what `replace` or a shared go.work resolves locally."""
    beside = {
        other.module: at
        for at, other in modules.items()
        if at != folder and folder in homes and homes.get(at) == homes[folder]
    }
    replaced = {path: joined(folder, to) for path, to in mod.replaces.items() if to.startswith(".")}
    known = {**beside, **{path: at for path, at in replaced.items() if at in modules}}
    return {path: known[path] for path in mod.requires if path in known}


def check_commands(module: Path, tested: Sequence[str], *, in_workspace: bool) -> tuple[Command, ...]:
    """Build and vet everything, test the packages in the folders `tested`. Inside a go.work the workspace resolves
    siblings; elsewhere a go.work above is not ours."""
    env = _environment(in_workspace)
    tests = (("test", *(f"./{folder}" if folder != "." else "." for folder in tested)),) if tested else ()
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
    """The folder in which Go finds a sibling of a module. Raises StepFailedError where it cannot say."""
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
