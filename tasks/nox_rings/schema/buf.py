"""buf ≥ 1.75 (https://buf.build/docs/reference/cli): the commands of ring 0, and what they answer.

Only JSON and exit codes are read: 100 means that something was found, anything else but 0 that buf could not look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nox_rings.engine.process.command import Command

FOUND = 100
COMPILE = "COMPILE"
# buf and the plugins written in Go live for a second or two: collecting garbage is a third of their work, and is left
# out until they hold so much memory that it matters (https://go.dev/doc/gc-guide, "Memory limit").
SHORT_LIVED = {"GOGC": "off", "GOMEMLIMIT": "2GiB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One line of `--error-format json`: a path as buf was given it (empty where there is no file), a line from 1,
    the rule or COMPILE, and buf's message."""

    path: str
    line: int
    rule: str
    message: str


def parse_annotations(text: str) -> tuple[Annotation, ...]:
    """A JSON object a line; what is no JSON is not for us."""
    documents = (json.loads(line) for line in text.splitlines() if line.startswith("{"))
    return tuple(
        Annotation(
            path=str(document.get("path", "")),
            line=int(document.get("start_line", 0)),
            rule=str(document.get("type", "")),
            message=str(document.get("message", "")),
        )
        for document in documents
    )


def with_config(command: Command, config: str) -> Command:
    """With another text than that of buf.yaml, where there is one."""
    return replace(command, argv=(*command.argv, "--config", config)) if config else command


def lint_command(folder: Path) -> Command:
    return Command(argv=("buf", "lint", "--error-format", "json"), cwd=folder, description="buf lint")


def format_command(folder: Path, stage: Path) -> Command:
    """Write every file as it should be below `stage`, each module's at the top."""
    return Command(argv=("buf", "format", "-o", str(stage)), cwd=folder, description="buf format")


def image_command(folder: Path, module: str, image: Path) -> Command:
    argv = ("buf", "build", module, "-o", str(image), "--error-format", "json")
    return Command(argv=argv, cwd=folder, description=f"buf build {module}")


def describe_command(folder: Path, module: str) -> Command:
    """The image of a module as JSON on standard output."""
    return Command(argv=("buf", "build", module, "-o", "-#format=json"), cwd=folder, description=f"buf build {module}")


def breaking_command(folder: Path, module: str, image: Path) -> Command:
    """Compare one module with its image of earlier: a workspace as a whole can only be compared with one of as many
    modules ("input contained 2 images, whereas against contained 1"). What a module imports is not its own: it may
    stop importing a file, and the module that has the file is compared by itself."""
    argv = ("buf", "breaking", module, "--exclude-imports", "--against", str(image), "--error-format", "json")
    return Command(argv=argv, cwd=folder, description=f"buf breaking {module}")


def generate_command(folder: Path, template: str, workspace: str, stage: Path, paths: Sequence[str] = ()) -> Command:
    """Generate everything `template` asks for below `stage` instead of into the tree. `workspace` is `.` where the
    template names its inputs."""
    limits = (word for path in paths for word in ("--path", path))
    source = () if workspace == "." else (workspace,)
    argv = ("buf", "generate", *source, "--template", template, "-o", str(stage), *limits)
    return Command(argv=argv, cwd=folder, env=SHORT_LIVED, description=f"buf generate --template {template}")
