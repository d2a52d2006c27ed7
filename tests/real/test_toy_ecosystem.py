"""A fourth ecosystem, defined in this file alone, from discovery to the smoke test.

A folder with a `toy.toml` is a member; its build copies, its pack is a tar, and its consumer prints a line of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

import pytest

from checkout import REPOSITORY, environment
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.artifact import Archive, Artifact, ArtifactKind, Facts, Rule, Violation
from nox_rings.ecosystems.base import Ecosystem, PublishSteps
from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.model import Discovered, GateSettings, MemberSubject, Packing, SmokeConsumer
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.steps import Step, StepContext
from nox_rings.sessions.run import Run
from nox_rings.toolchain.toolchain import Toolchain
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources, folder_of
from nox_rings.workspace.versions import VersionTuple

TAR = ArtifactKind(name="toy", suffix=".toy.tar.gz", archive=Archive.TAR)


def _has_words(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    if not any(entry.name == "words.txt" and entry.content for entry in artifact.entries):
        yield Violation("", "no words.txt", "a toy that says something")


class Manifest(TypedDict, total=False):
    name: str
    needs: list[str]


class Toy(Ecosystem):
    name = "toys"
    language = "toy"
    title = "Toy"
    manifest = "toy.toml"
    descriptors = ("toy.toml",)
    recipe = Recipe(version=1, source="")

    def discover(self, sources: Sources) -> Discovered:
        manifests = {folder_of(path): sources.toml(path, Manifest) for path in sources.named("toy.toml")}
        names = {manifest["name"]: folder for folder, manifest in manifests.items()}
        return Discovered(
            members=tuple(
                Member(
                    folder=folder,
                    ecosystem=self.name,
                    name=manifest["name"],
                    install_root=folder,
                    depends_on=tuple(names[each] for each in manifest.get("needs", ())),
                    checks=("build",),
                )
                for folder, manifest in manifests.items()
            )
        )

    def outputs(self, member: Member) -> tuple[str, ...]:
        return (joined(member.folder, "dist"),)

    def check_steps(self, subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
        folder = context.layout.root / subject.member.folder
        return (Command(argv=("sh", "-c", "mkdir -p dist && cp words.txt dist/"), cwd=folder, description="copy"),)

    def version(self, versions: VersionTuple) -> str:
        return versions.base

    def purl(self, name: str, version: str) -> str:
        return f"pkg:generic/{name}@{version}"

    def artifact_kinds(self) -> tuple[ArtifactKind, ...]:
        return (TAR,)

    def rules(self, kind: ArtifactKind) -> tuple[Rule, ...]:
        return (Rule(name="has-words", reason="it is silent", source="this test", fix="write it", check=_has_words),)

    def pack_step(self, packing: Packing) -> Step:
        archive = packing.packed / f"{packing.member.name}-{packing.version}{TAR.suffix}"
        files = ("toy.toml", "words.txt", "LICENSE")
        # Reproducible: what the gate for all artifacts asks is a rule for toys too.
        argv = ("tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{packing.time_seconds}")
        return Command(
            argv=(*argv, "-czf", str(archive), *files),
            cwd=packing.copy / packing.member.folder,
            env={"GZIP": "-n"},
            description="tar",
        )

    def gate_settings(self, packing: Packing, artifact: Path, step: StepContext) -> GateSettings:
        return GateSettings()

    def smoke_steps(self, consumer: SmokeConsumer, publish: PublishSteps) -> Sequence[Step]:
        """The registry is a folder."""
        registry, archive = consumer.registry, f"{consumer.member.name}-{consumer.version}{TAR.suffix}"

        def copied(artifact: Path) -> Command:
            return Command(argv=("cp", str(artifact), str(registry)), cwd=consumer.clean, description="publish")

        unpack = ("tar", "-xzf", str(registry / archive), "-C", str(consumer.home))
        return (publish(copied), Command(argv=unpack, cwd=consumer.clean, description="install"))

    def call_command(self, consumer: SmokeConsumer, env: Mapping[str, str | None]) -> Command:
        return Command(argv=("sh", "smoke.sh"), cwd=consumer.home, env=env, description="smoke consumer")


SERVER = """\
import http.server, os
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
# Answers with one file, a.txt: CodeGeneratorResponse{file{name, content}} of google/protobuf/compiler/plugin.proto.
PLUGIN = "cat >/dev/null; printf '\\172\\023\\012\\005a.txt\\172\\012generated\\n'\n"
FILES = {
    "pyproject.toml": f"""\
[tool.nox-rings.smoke]
server = "package:server"
command = ["{sys.executable}", "serve.py"]
health = "/words.txt"
""",
    "proto/buf.yaml": "version: v2\nlint:\n  use:\n    - SYNTAX_SPECIFIED\n",
    "proto/a.proto": 'syntax = "proto3";\n\npackage a;\n',
    "proto/buf.gen.yaml": 'version: v2\nplugins:\n  - local: ["sh", "plugin.sh"]\n    out: ../sdk/gen\n',
    "proto/plugin.sh": PLUGIN,
    "sdk/toy.toml": 'name = "toy-sdk"\nneeds = ["toy-base"]\n',
    "sdk/words.txt": "hello from a toy\n",
    "sdk/LICENSE": "Use it.\n",
    "sdk/smoke/smoke.sh": 'cat words.txt | tr -d "\\n"; echo " $NOX_RINGS_SMOKE_VERSION at $NOX_RINGS_SMOKE_URL"\n',
    "base/toy.toml": 'name = "toy-base"\n',
    "base/words.txt": "below\n",
    "server/toy.toml": 'name = "toy-server"\n',
    "server/words.txt": "served\n",
    "server/serve.py": SERVER,
    ".gitignore": "/.nox-rings/\ndist/\n",
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository without pins: buf comes from PATH, which has the one of this repository."""
    monkeypatch.setenv("PATH", pinned_path("buf"))
    root = tmp_path / "toy workspace"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    who = ("-c", "user.name=toy", "-c", "user.email=toy@nox-rings.invalid")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), (*who, "commit", "-q", "-m", "Toys")):
        subprocess.run(("git", *words), cwd=root, check=True)
    return root


@pytest.fixture
def runner() -> Iterator[ProcessRunner]:
    made = ProcessRunner()
    yield made
    made.close()


def pinned_path(*tools: str) -> str:
    variables = environment()
    runner = ProcessRunner()
    folder = Path(variables["NOX_RINGS_TOOLS_DIR"])
    toolchain = Toolchain(REPOSITORY, folder, runner, source="pinned", announce=lambda _: None)
    toolchain.require(*tools)
    runner.close()
    return toolchain.environment(*tools)["PATH"]


def opened(root: Path, runner: ProcessRunner) -> Run:
    return Run(root, runner, ecosystems=(*ECOSYSTEMS, Toy()))


def test_a_toy_is_discovered_built_packed_and_smoke_tested(workspace: Path, runner: ProcessRunner) -> None:
    run = opened(workspace, runner)
    targets = run.graph.targets
    assert {each: targets[each].dependencies for each in targets if targets[each].language == "toy"} == {
        "package:base": (),
        "package:server": (),
        "sdk:toy": ("stubs:toy", "package:base"),
        "artifact:toy": ("sdk:toy",),
        "install-check:toy": ("artifact:toy",),
        "smoke:toys": ("artifact:toy", "install-check:toy", "package:server"),
    }
    assert targets["sdk:toy"].possible_outputs == ("sdk/dist", "sdk/toy.toml")

    assert outcomes(run, "smoke:toys") == dict.fromkeys(run.graph.closure(["smoke:toys"]), "done")
    assert (workspace / "sdk/gen/a.txt").read_text() == "generated\n"
    assert (workspace / "sdk/dist/words.txt").read_text() == "hello from a toy\n"
    (archive,) = (workspace / "dist/toys/toy").glob("*.tar.gz")
    assert archive.name == "toy-sdk-0.1.0.toy.tar.gz"
    proof = run.state.records["smoke:toys"].detail["proof"]
    assert proof.startswith("hello from a toy 0.1.0 at http://127.0.0.1:")

    again = opened(workspace, runner)
    assert [str(each.reason) for each in again.planner().plan(["smoke:toys"]).stale] == []


def outcomes(run: Run, *wanted: str) -> dict[str, str]:
    report = run.carry_out(run.planner().plan(wanted), jobs=2, as_json=True)
    return {result.target.id: str(result.outcome) for result in report.results}


def test_a_rule_of_the_toys_stops_a_silent_one(workspace: Path, runner: ProcessRunner) -> None:
    (workspace / "sdk/words.txt").write_text("")
    run = opened(workspace, runner)
    report = run.carry_out(run.planner().plan(["artifact:toy"]), jobs=2, as_json=True)
    (failure,) = report.failures
    assert [finding.rule for finding in failure.findings] == ["has-words"]


def test_the_sources_of_a_toy_are_read_and_what_its_build_made_is_not(workspace: Path, runner: ProcessRunner) -> None:
    wanted = ("package:base", "package:server")
    outcomes(opened(workspace, runner), *wanted)
    (workspace / "base/words.txt").write_text("other\n")
    plan = opened(workspace, runner).planner().plan(wanted)
    assert {each.target.id: str(each.reason) for each in plan.targets} == {
        "package:base": "input-changed: base/words.txt",
        "package:server": "fresh",
    }
