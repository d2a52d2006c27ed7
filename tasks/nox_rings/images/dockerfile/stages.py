"""The stages of a Dockerfile, and the rules of BuildKit that decide whether there are any
(moby/buildkit, frontend/dockerfile/instructions/parse.go)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nox_rings.images.dockerfile.instructions import (
    VERBS,
    DockerfileError,
    Instruction,
    parse_heredoc,
)
from nox_rings.images.dockerfile.lines import parse_instructions
from nox_rings.images.dockerfile.variables import WordError

STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`base` is the name after FROM as it stands there, `name` the one after AS in small letters, or nothing."""

    line: int
    base: str
    name: str
    steps: tuple[Instruction, ...] = ()

    @property
    def triggers(self) -> tuple[Instruction, ...]:
        """What its ONBUILD instructions add to a stage that is FROM this one."""
        return tuple(trigger for step in self.steps if step.verb == "ONBUILD" for trigger in _triggers(step))


def _triggers(step: Instruction) -> tuple[Instruction, ...]:
    """Read as a file of its own, with the usual escape."""
    try:
        found, _ = parse_instructions(step.text)
    except DockerfileError as error:
        raise DockerfileError(step.line, error.reason) from error
    return tuple(replace(trigger, line=step.line) for trigger in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """`arguments` are the ARG instructions before the first FROM; `escape` is the escape character."""

    arguments: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    escape: str


def parse_stages(text: str) -> Staged:
    """Raises DockerfileError."""
    instructions, escape = parse_instructions(text)
    arguments: list[Instruction] = []
    stages: list[tuple[Stage, list[Instruction]]] = []
    for step in instructions:
        _check(step)
        if step.verb == "FROM":
            stages.append((_stage(step), []))
        elif stages:
            stages[-1][1].append(step)
        elif step.verb == "ARG":
            arguments.append(step)
        else:
            raise DockerfileError(step.line, "no build stage in current context")
    if not stages:
        raise DockerfileError(instructions[-1].line, "dockerfile contains no stages to build")
    return Staged(
        arguments=tuple(arguments),
        stages=tuple(replace(stage, steps=tuple(steps)) for stage, steps in stages),
        escape=escape,
    )


def _check(step: Instruction) -> None:
    """What has to do with bases and sources; BuildKit says best what else is wrong."""
    verb, words = step.verb, step.words
    if verb not in VERBS:
        raise DockerfileError(step.line, f"unknown instruction: {verb}")
    if verb in ("ARG", "ENV", "ONBUILD") and not words:
        raise DockerfileError(step.line, f"{verb} requires at least one argument")
    if verb in ("ARG", "ENV") and any(word.startswith("=") for word in words):
        raise DockerfileError(step.line, f"{verb} names can not be blank")
    if verb in ("ADD", "COPY"):
        if len(words) < 2:
            raise DockerfileError(
                step.line,
                f"{verb} requires at least two arguments, but only one was provided. "
                "Destination could not be determined",
            )
        if is_heredoc(words[-1]):
            raise DockerfileError(step.line, f"{verb} cannot accept a heredoc as a destination")


def _stage(step: Instruction) -> Stage:
    words = step.words
    if len(words) == 3 and words[1].lower() == "as":
        name = words[2].lower()
        if not STAGE_NAME.fullmatch(name):
            raise DockerfileError(
                step.line,
                f'invalid name for build stage: "{words[2]}", name can\'t start with a number or contain symbols',
            )
        return Stage(line=step.line, base=words[0], name=name)
    if len(words) != 1:
        raise DockerfileError(step.line, "FROM requires either one or three arguments")
    return Stage(line=step.line, base=words[0], name="")


def is_heredoc(word: str) -> bool:
    try:
        return parse_heredoc(word) is not None
    except WordError:
        return False


def flag_values(step: Instruction, name: str) -> Iterable[str]:
    return (flag.removeprefix(f"--{name}=") for flag in step.flags if flag.startswith(f"--{name}="))
