"""The packed set of a language, as the install check takes it: each SDK with the clean folder of its consumer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nox_rings.ecosystems.archives import kind_of, open_artifact
from nox_rings.ecosystems.artifact import Artifact, ArtifactKind
from nox_rings.ecosystems.consumer import Diagnostic, Location, consumer_finding, install_finding
from nox_rings.ecosystems.findings import FindingKind
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.findings import Finding
from nox_rings.engine.paths import below, is_under
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.retries import UNANSWERED
from nox_rings.engine.process.runner import Completed
from nox_rings.engine.run.steps import FindingsError, StepContext
from nox_rings.engine.store.trees import copy_files, files_in
from nox_rings.workspace.model import Member

SHOWN_CHARACTERS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An SDK of the set: its artifacts are in `folder`, its consumer is made in `clean`."""

    member: Member
    folder: Path
    clean: Path
    version: str

    @property
    def home(self) -> Path:
        """The consumer's own folder."""
        return self.clean / "consumer"

    def path(self, kind: ArtifactKind) -> str:
        """Of its one artifact of this kind, relative to `folder`."""
        found = [each for each in files_in(self.folder) if kind_of(each, (kind,))]
        if len(found) != 1:
            raise StepFailedError(f"{self.folder}: found {len(found)} artifacts of kind {kind}, expected one")
        return found[0]

    def opened(self, kind: ArtifactKind) -> Artifact:
        return open_artifact(self.folder / self.path(kind), kind, self.path(kind))


Install = tuple[Packed, ArtifactKind, Sequence[Command]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedSet:
    """`absent` are names of the workspace's members that are not of the set, `generated_roots` its folders of stubs.
    `files` is the listing of `root`; `fix` is the hint of every finding."""

    sdks: tuple[Packed, ...]
    absent: tuple[str, ...]
    generated_roots: tuple[str, ...]
    root: Path
    files: tuple[str, ...]
    fix: str

    def generated(self, sdk: Packed) -> tuple[str, ...]:
        """Folders of stubs as they lie in the SDK's wheel."""
        roots = (root for root in self.generated_roots if is_under(root, sdk.member.folder))
        return tuple(below(sdk.member.folder, root).removeprefix("src/") for root in roots)

    def copy_own_programs(self, sdk: Packed) -> None:
        """Into `smoke` of the consumer's folder."""
        prefix = f"{sdk.member.folder}/"
        inside = [path.removeprefix(prefix) for path in self.files if path.startswith(f"{prefix}smoke/")]
        copy_files(self.root / sdk.member.folder, inside, sdk.home)

    def install(self, installs: Iterable[Install], cause_of: Callable[[str], str], context: StepContext) -> None:
        """Run the commands that install each. Raises FindingsError with all that cannot be installed, and
        CommandFailedError where the network did not answer, which is no violation of the artifact."""
        findings = []
        for sdk, artifact, commands in installs:
            failed = next((each for command in commands if (each := context.attempt(command))), None)
            if failed and UNANSWERED.search(failed[1]):
                raise failed[0]
            if failed:
                reason = cause_of(failed[1]) or failed[0].message
                findings.append(install_finding(sdk.path(artifact), reason[:SHOWN_CHARACTERS], self.fix))
        self.refuse(findings)

    def refuse(self, findings: Iterable[Finding]) -> None:
        if found := list(findings):
            raise FindingsError(found, blocking=True)

    def finding(self, location: Location, diagnostic: Diagnostic, *checkers: str) -> Finding:
        return consumer_finding(location, diagnostic, checkers, self.fix)

    def nothing_to_import(self, artifact: str, expected: str) -> Finding:
        return Finding(
            kind=FindingKind.NOTHING_INSPECTED,
            path=artifact,
            message=f"found nothing that a consumer could import, expected {expected}",
            fix=self.fix,
        )


def in_consumer(sdk: Packed, artifact: str, diagnostic: Diagnostic) -> Location:
    """The SDK's own programs by their path in the workspace, the generated program by the text of its line."""
    if diagnostic.file.startswith("smoke/"):
        return Location(artifact=artifact, consumer=f"{sdk.member.folder}/{diagnostic.file}:{diagnostic.line}")
    generated = sdk.home / diagnostic.file
    lines = generated.read_text(encoding="utf-8").splitlines() if generated.is_file() else []
    shown = lines[diagnostic.line - 1].strip() if 0 < diagnostic.line <= len(lines) else diagnostic.file
    return Location(artifact=artifact, consumer=shown)


def write(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def unfinished(checker: str, sdk: Packed, answer: Completed) -> StepFailedError:
    """The error for a checker that failed before it checked the artifact."""
    printed = f"{answer.stdout}{answer.stderr}".strip().splitlines()
    last = printed[-1].strip() if printed else "it printed nothing"
    return StepFailedError(
        f"{sdk.member.folder}: {checker} could not check the consumer (exit code {answer.exit_code}): {last}"
    )
