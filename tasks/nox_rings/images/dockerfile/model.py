"""Dockerfiles (https://docs.docker.com/reference/dockerfile/): what they start from and what they read.

Scopes are BuildKit's (frontend/dockerfile/dockerfile2llb/convert.go): an ARG before the first FROM holds for FROM
lines, and for a stage that declares it again without a value. A stage has what it sets by ARG and ENV, after all that
the stage it is FROM has set; of one name the last holds."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from nox_rings.engine.patterns import glob_regex
from nox_rings.images.dockerfile.instructions import DockerfileError, Instruction
from nox_rings.images.dockerfile.shell import expand_word
from nox_rings.images.dockerfile.stages import Stage, Staged, flag_values, is_heredoc, parse_stages
from nox_rings.images.dockerfile.variables import UNKNOWN, Variables, WordError

SCRATCH = "scratch"
VERSION_ARGUMENT = "VERSION"  # given to every build whose Dockerfile declares it
# What a build knows of its platforms: on FROM lines as it is, in a stage that declares it.
PLATFORM_ARGUMENTS = (
    *(f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")),
    "TARGETSTAGE",
)
REMOTE = re.compile(r"\w+://|[\w-]+@[\w.-]+:")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageUse:
    """A stage, and what it starts from or copies from: `bases` that are no stage, and lines of other stages. `triggers`
    are its ONBUILD instructions, for what starts from it."""

    line: int
    name: str
    bases: frozenset[str]
    stages: frozenset[int]
    triggers: tuple[Instruction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dockerfile:
    """`bases` are FROM names that are no stage of the file, `base_lines` where each stands first; `copies` are (line,
    path) of files of the context. `*` stands in them for what only a build knows. `stages` are in the order of the
    file."""

    bases: tuple[str, ...]
    copies: tuple[tuple[int, str], ...]
    build_args: tuple[str, ...]
    base_lines: tuple[int, ...] = field(default=(), compare=False)
    stages: tuple[StageUse, ...] = field(default=(), compare=False)

    def needed_bases(self, target: str = "") -> dict[str, int]:
        """Those of `bases` that a build of the stage `target` needs (empty: the last one), with their lines. All where
        there is no such stage."""
        waiting = self._target(target)
        lines = dict(zip(self.bases, self.base_lines, strict=True))
        if not waiting:
            return lines
        by_line = {stage.line: stage for stage in self.stages}
        needed: dict[int, StageUse] = {}
        while waiting:
            stage = waiting.pop()
            if stage.line not in needed:
                needed[stage.line] = stage
                waiting.extend(by_line[line] for line in stage.stages)
        used = {base for stage in needed.values() for base in stage.bases}
        return {base: line for base, line in lines.items() if base in used}

    def _target(self, target: str) -> list[StageUse]:
        """The stage that is built, empty where there is none of this name or number; the last one without a name."""
        found = [stage for index, stage in enumerate(self.stages) if target.lower() in (stage.name, str(index))]
        return found[-1:] if target else list(self.stages[-1:])

    def has_stage(self, target: str) -> bool:
        return bool(self._target(target))

    def triggers_of(self, target: str) -> tuple[Instruction, ...]:
        """What runs in each build that starts from the image of this stage, with that build's context
        (https://docs.docker.com/reference/dockerfile/#onbuild)."""
        return tuple(trigger for stage in self._target(target) for trigger in stage.triggers)


NO_VALUES: Mapping[str, str] = {}
Triggers = Mapping[str, tuple[Instruction, ...]]
NO_TRIGGERS: Triggers = {}


def parse_dockerfile(
    text: str,
    *,
    given: Collection[str] = (),
    values: Mapping[str, str] = NO_VALUES,
    triggers: Triggers = NO_TRIGGERS,
) -> Dockerfile:
    """`given` are the arguments that every build is given, whatever the file says; `values` are arguments with what
    they are given; `triggers` are the ONBUILD instructions of bases by their names. Raises DockerfileError."""
    reading = _Reading(parse_stages(text), frozenset(given), values, triggers)
    reading.read()
    return Dockerfile(
        bases=tuple(name.replace(UNKNOWN, "*") for name in reading.bases),
        copies=tuple((line, path.replace(UNKNOWN, "*")) for line, path in reading.copies),
        build_args=tuple(dict.fromkeys(reading.arguments)),
        base_lines=tuple(reading.bases.values()),
        stages=tuple(reading.uses),
    )


class _Reading:
    """The stages in their order; `bases` is name → line."""

    def __init__(
        self, staged: Staged, given: frozenset[str], values: Mapping[str, str], base_triggers: Triggers
    ) -> None:
        self._staged, self._base_triggers = staged, base_triggers
        self._given, self._values = given, values
        self._globals = Variables(values=dict.fromkeys(PLATFORM_ARGUMENTS, UNKNOWN))
        self._named: dict[str, tuple[Stage, Variables]] = {}
        self._names = {stage.name for stage in staged.stages if stage.name}
        self.bases: dict[str, int] = {}
        self.copies: list[tuple[int, str]] = []
        self.arguments: list[str] = []
        self.uses: list[StageUse] = []
        self._used_bases: set[str] = set()
        self._used_stages: set[int] = set()

    def read(self) -> None:
        for step in self._staged.arguments:
            self._globals = self._with_arguments(step, self._globals)
        for stage in self._staged.stages:
            self._read_stage(stage)

    def _read_stage(self, stage: Stage) -> None:
        base = self._expanded(stage.line, stage.base, self._globals)
        if not base:
            raise DockerfileError(stage.line, f"base name ({stage.base}) should not be blank")
        parents = self._stages_called(base)
        self._used_bases, self._used_stages = set(), {parent.line for parent, _ in parents}
        if not parents and base != SCRATCH:
            self._need_base(base, stage.line)
        variables = _merged([variables for _, variables in parents]) if parents else Variables(inherits=base != SCRATCH)
        triggers = [trigger for parent, _ in parents for trigger in parent.triggers]
        if not parents:  # they stand in another file: a line of this one is the FROM that brings them
            triggers = [replace(trigger, line=stage.line) for trigger in self._base_triggers.get(base, ())]
        for step in (*triggers, *stage.steps):
            variables = self._after(step, variables)
        if stage.name:
            self._named[stage.name] = (stage, variables)
        bases = frozenset(name.replace(UNKNOWN, "*") for name in self._used_bases)
        used = frozenset(self._used_stages)
        use = StageUse(line=stage.line, name=stage.name, bases=bases, stages=used, triggers=stage.triggers)
        self.uses.append(use)

    def _need_base(self, name: str, line: int) -> None:
        self.bases.setdefault(name, line)
        self._used_bases.add(name)

    def _stages_called(self, base: str) -> list[tuple[Stage, Variables]]:
        """More than one where the name has a part that only a build knows."""
        if UNKNOWN not in base:
            return [self._named[base]] if base in self._named else []
        regex = glob_regex(base.replace(UNKNOWN, "*"))
        return [found for name, found in self._named.items() if regex.fullmatch(name)]

    def _after(self, step: Instruction, variables: Variables) -> Variables:
        """The variables after a step; what it reads is noted."""
        if step.verb == "ARG":
            return self._with_arguments(step, variables)
        if step.verb == "ENV":
            pairs = [word.partition("=")[::2] for word in step.words]
            expand = self._expander(step.line, variables)
            values = {expand(name): expand(value) for name, value in pairs}
            return _with_values(variables, values)
        if step.verb in ("ADD", "COPY"):
            self._read_copy(step, variables)
        elif step.verb == "RUN":
            for mount in flag_values(step, "mount"):
                self._read_mount(step.line, mount, variables)
        return variables

    def _with_arguments(self, step: Instruction, variables: Variables) -> Variables:
        """After an ARG: what the build gives, else its default, else the value from before the first FROM."""
        for word in step.words:
            name, equals, value = word.partition("=")
            self.arguments.append(name)
            if name in self._values:
                variables = _with_values(variables, {name: self._values[name]})
            elif name in self._given:
                variables = _with_values(variables, {name: UNKNOWN})
            elif equals:
                variables = _with_values(variables, {name: self._expanded(step.line, value, variables)})
            elif name in self._globals.values:
                variables = _with_values(variables, {name: self._globals.values[name]})
            else:
                variables = Variables(
                    values=variables.values, awaited=variables.awaited | {name}, inherits=variables.inherits
                )
        return variables

    def _read_copy(self, step: Instruction, variables: Variables) -> None:
        sources = [word for word in step.words[:-1] if not is_heredoc(word)]
        expand = self._expander(step.line, variables)
        paths = [expand(word) for word in sources]
        names = list(flag_values(step, "from")) if step.verb == "COPY" else []
        for name in filter(None, names[:1]):
            if "$" in name:
                raise DockerfileError(
                    step.line,
                    "variable expansion is not supported for --from, define a new stage with FROM using ARG from "
                    "global scope as a workaround",
                )
            if not name.isdigit():
                self._add_base(name, step.line)
            elif int(name) < len(self._staged.stages):
                self._used_stages.add(self._staged.stages[int(name)].line)
            return
        self.copies.extend((step.line, path or ".") for path in paths if not REMOTE.match(path))

    def _read_mount(self, line: int, mount: str, variables: Variables) -> None:
        """What `RUN --mount` binds; without a source that is the whole context."""
        expand = self._expander(line, variables)
        pairs = [each.partition("=")[::2] for each in next(csv.reader([mount]), [])]
        fields = {name.lower(): value for name, value in pairs}
        origin = fields.get("from", "")
        if "$" in origin[:-1]:
            raise DockerfileError(line, "'from' doesn't support variable expansion, define alias stage instead")
        kind = expand(fields.get("type", "bind")).lower()
        if origin and kind != "secret":
            self._add_base(origin, line)
        elif kind == "bind" and not origin:
            source = [value for name, value in pairs if name.lower() in ("source", "src")]
            self.copies.append((line, expand(source[-1]) if source and source[-1] else "."))

    def _add_base(self, name: str, line: int) -> None:
        self._used_stages |= {stage.line for stage in self._staged.stages if stage.name == name.lower()}
        if name.lower() not in self._names and name != SCRATCH:
            self._need_base(name, line)

    def _expander(self, line: int, variables: Variables) -> Callable[[str], str]:
        return lambda word: self._expanded(line, word, variables)

    def _expanded(self, line: int, word: str, variables: Variables) -> str:
        try:
            return expand_word(word, variables, self._staged.escape)
        except WordError as error:
            raise DockerfileError(line, f'failed to process "{word}": {error}') from error


def _with_values(variables: Variables, values: dict[str, str]) -> Variables:
    return Variables(values={**variables.values, **values}, awaited=variables.awaited, inherits=variables.inherits)


def _merged(several: list[Variables]) -> Variables:
    """What holds in each of them; what differs is for the build to know."""
    names = dict.fromkeys(name for each in several for name in each.values)
    return Variables(
        values={name: _agreed([each.find(name) for each in several]) for name in names},
        awaited=frozenset(name for each in several for name in each.awaited),
        inherits=any(each.inherits for each in several),
    )


def _agreed(values: list[str | None]) -> str:
    return values[0] if values[0] is not None and len(set(values)) == 1 else UNKNOWN
