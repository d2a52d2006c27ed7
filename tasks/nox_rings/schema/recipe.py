"""Ring 0: is the schema sound? Templates, format, lint, and nothing broken that was there before."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from pathlib import Path

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.engine.errors import NoxRingsError
from nox_rings.engine.findings import Finding
from nox_rings.engine.paths import below, joined
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.plan import Purpose
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.process.runner import Completed, failure_of
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import Action, FindingsError, Inspection, Step, StepContext
from nox_rings.engine.store.trees import edited_files, empty_folder, files_in
from nox_rings.schema import buf
from nox_rings.schema.breaking.comparisons import comparisons_of
from nox_rings.schema.breaking.earlier import EarlierSchema
from nox_rings.schema.breaking.exceptions import located_exceptions
from nox_rings.schema.breaking.model import BreakingException, remaining_findings
from nox_rings.schema.credentials.netrc import refusal_of
from nox_rings.schema.findings import FindingKind
from nox_rings.schema.model import SchemaSubject
from nox_rings.schema.own_folder import config_without_own_folder
from nox_rings.schema.templates import template_findings

RECIPE = Recipe(version=2, source="06eeb48ed518f131")
CONFIG = "pyproject.toml"
Answers = Sequence[tuple[Command, Completed]]


def schema_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    """Everything is checked before the first finding is reported."""
    return tuple(SchemaCheck(target, subject_of(target, SchemaSubject), context).steps())


class SchemaCheck:
    def __init__(self, target: Target, subject: SchemaSubject, context: RecipeContext) -> None:
        self._subject, self._schema, self._context = subject, subject.schema, context
        self._folder = context.layout.root / self._schema.folder
        self._stage = context.layout.stage(target.id) / "formatted"
        self._earlier = tuple(
            EarlierSchema(self._schema, baseline, context.layout, context.files)
            for baseline in comparisons_of(context).of(subject)
        )
        self._proto_count = sum(
            len(self._schema.protos_of(context.files, module)) for module in self._schema.own_modules
        )
        self._config = config_without_own_folder(context.layout.root, self._schema)

    def steps(self) -> Iterator[Step]:
        yield Action(description="check where stubs may come from and land", act=lambda _: self._check_templates())
        for earlier in self._earlier:
            if not earlier.is_there():
                yield Action(description=f"read the schema at {earlier.baseline}", act=earlier.read)
        if self._context.purpose is Purpose.FIX:
            yield Action(description="format the schema", act=self._format)
        yield Action(description=f"empty {self._stage.relative_to(self._context.layout.root)}", act=self._empty)
        yield Inspection(commands=self._commands(), description=self._description(), read=self._read, wanted=_has_image)

    def _description(self) -> str:
        allowed = (f"{each.rule} in {each.path} until {each.until}" for each in self._subject.exceptions)
        return f"format, lint and breaking side by side, allowed: {'; '.join(allowed) or 'nothing'}"

    def _commands(self) -> tuple[Command, ...]:
        breaking = (
            buf.breaking_command(self._folder, below(self._schema.folder, module), earlier.image(module))
            for earlier, module in product(self._earlier, self._schema.own_modules)
        )
        commands = (buf.format_command(self._folder, self._stage), buf.lint_command(self._folder), *breaking)
        return tuple(buf.with_config(each, self._config) for each in commands)

    def _check_templates(self) -> None:
        findings = list(template_findings(self._subject.rules))
        if not self._proto_count:
            message = "found no .proto file in its modules, expected a schema"
            path = joined(self._schema.folder, "buf.yaml")
            fix = f"set `modules` in {path}"
            findings.append(Finding(kind=FindingKind.NOTHING_INSPECTED, path=path, message=message, fix=fix))
        if findings:
            raise FindingsError(findings, blocking=True)

    def _empty(self, _: StepContext) -> None:
        empty_folder(self._stage)

    def _format(self, context: StepContext) -> None:
        """What cannot be parsed is left alone; the inspection reports it."""
        self._empty(context)
        (answer,) = context.ask_all([buf.with_config(buf.format_command(self._folder, self._stage), self._config)])
        if answer.exit_code == 0:
            for path, (_, wanted) in self._unformatted().items():
                write_atomically(context.root / path, wanted.read_bytes())
                context.say(f"formatted {path}")

    def _unformatted(self) -> dict[str, tuple[int, Path]]:
        """Path → the first line that is not formatted, and the file as it should be. Vendored modules stay as they
        came."""
        found: dict[str, tuple[int, Path]] = {}
        for module in self._schema.own_modules:
            folder = self._context.layout.root / module
            there = (path for path in files_in(self._stage) if (folder / path).is_file())
            edited = edited_files(self._stage, folder, there)
            found |= {joined(module, path): (line, self._stage / path) for path, line in edited.items()}
        return found

    def _read(self, answers: Answers, context: StepContext) -> None:
        (formatting, formatted), (linting, linted), *compared = answers
        annotations = self._annotations(linting, linted, context)
        if invalid := [each for each in annotations if each.rule == buf.COMPILE]:
            raise FindingsError((self._finding(FindingKind.INVALID_SCHEMA, each) for each in invalid), blocking=True)
        if formatted.exit_code:
            raise self._failure(formatting, formatted, context)
        findings = [self._finding(FindingKind.LINT, each) for each in annotations]
        findings += [self._unformatted_finding(path, line) for path, (line, _) in self._unformatted().items()]
        findings += self._breaking(compared, context)
        if findings:
            raise FindingsError(findings)
        context.detail["proof"] = self._proof()
        empty_folder(self._stage)

    def _annotations(self, command: Command, answer: Completed, context: StepContext) -> tuple[buf.Annotation, ...]:
        if answer.exit_code not in (0, buf.FOUND):
            raise self._failure(command, answer, context)
        return buf.parse_annotations(answer.stdout)

    def _failure(self, command: Command, answer: Completed, context: StepContext) -> NoxRingsError:
        output = answer.stderr or answer.stdout
        refusal = refusal_of(context.root, os.environ, self._subject.remotes, output)
        return refusal or failure_of(command, answer.exit_code, output)

    def _finding(self, kind: FindingKind, found: buf.Annotation) -> Finding:
        path = joined(self._schema.folder, found.path or "buf.yaml")
        fix = f"edit {path}:{found.line}, then nox -s proto"
        return Finding(kind=kind, path=path, line=found.line, rule=found.rule, message=found.message, fix=fix)

    def _unformatted_finding(self, path: str, line: int) -> Finding:
        message = "found a line that buf would format otherwise"
        return Finding(kind=FindingKind.UNFORMATTED, path=path, line=line, message=message, fix="nox -s proto -- --fix")

    def _breaking(self, compared: Answers, context: StepContext) -> Iterator[Finding]:
        found: dict[tuple[str, int, str, str], Finding] = {}
        for earlier in self._earlier:
            for finding in self._broken_since(earlier, compared, context):
                # What several baselines have is reported once, with the nearest of them.
                found.setdefault((finding.path, finding.line, finding.rule, finding.message), finding)
        yield from remaining_findings(tuple(found.values()), self._exceptions(), today=date.today(), file=CONFIG)

    def _exceptions(self) -> tuple[BreakingException, ...]:
        configured = self._subject.exceptions
        if not configured:
            return ()
        pyproject = self._context.layout.root / CONFIG
        return located_exceptions(configured, file_text(pyproject))

    def _broken_since(self, earlier: EarlierSchema, compared: Answers, context: StepContext) -> Iterator[Finding]:
        for command, answer in compared:
            if earlier.is_of(command):
                raw = [
                    self._finding(FindingKind.BREAKING, each) for each in self._annotations(command, answer, context)
                ]
                yield from earlier.named(raw, context)
        yield from earlier.removed_modules()

    def _proof(self) -> str:
        """What was checked, so that a check of nothing is visible."""
        compared = ", ".join(str(earlier.baseline) for earlier in self._earlier)
        return f"{self._proto_count} .proto files, compared with {compared or 'nothing: there is no earlier schema'}"


def _has_image(command: Command) -> bool:
    """A module that is new has nothing to be compared with."""
    return "--against" not in command.argv or Path(command.argv[command.argv.index("--against") + 1]).is_file()
