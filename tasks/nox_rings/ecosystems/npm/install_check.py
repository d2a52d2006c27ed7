"""The packed npm packages in clean folders, and `tsc --strict` over programs that import all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nox_rings.ecosystems.artifact import NPM
from nox_rings.ecosystems.consumer import Diagnostic, Location
from nox_rings.ecosystems.npm import pnpm, tsc
from nox_rings.ecosystems.npm.entry_points import Mode
from nox_rings.ecosystems.npm.gate.manifest import ROOT
from nox_rings.ecosystems.npm.programs import find_compiler, settings_of, write_consumers
from nox_rings.ecosystems.packed_set import Packed, PackedSet, in_consumer, unfinished
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed
from nox_rings.engine.run.steps import Action, Inspection, Step, StepContext

INSTALLED = re.compile(r"^.*(?:^|/)node_modules/(?P<name>(?:@[^/]+/)?[^/]+)/(?P<member>.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    sdk: Packed
    mode: Mode
    command: Command


def install_check_steps(packed: PackedSet) -> Sequence[Step]:
    checks = [each for sdk in packed.sdks for each in _checks(sdk, packed)]
    installs = [(sdk, NPM, (pnpm.install_alone_command(sdk.home),)) for sdk in packed.sdks]
    shown = "\n# ".join(command.render() for *_, commands in installs for command in commands)
    begin = Action(
        description="write programs that import each entry point", act=lambda context: write_consumers(packed, context)
    )
    install = Action(description=shown, act=lambda context: packed.install(installs, pnpm.cause_of, context))
    if not checks:
        return begin, install
    check = Inspection(
        commands=tuple(each.command for each in checks),
        description="check the types that the programs see",
        read=lambda answers, context: _read(packed, checks, [answer for _, answer in answers], context),
    )
    return begin, install, check


def _checks(sdk: Packed, packed: PackedSet) -> Iterator[Check]:
    if compiler := find_compiler(sdk, packed.root):
        for mode in Mode:
            for settings in settings_of(sdk, packed, mode):
                yield Check(sdk=sdk, mode=mode, command=tsc.check_command(compiler, settings, sdk.home))


def _read(packed: PackedSet, checks: Sequence[Check], answers: Sequence[Completed], context: StepContext) -> None:
    """Diagnostics that several modes share are reported once. Errors in declarations of other packages are printed, and
    are no findings."""
    reported, foreign = dict[tuple[Location, Diagnostic], list[str]](), set[str]()
    for check, answer in zip(checks, answers, strict=True):
        for diagnostic in _diagnostics(check, answer):
            if location := _location(packed, check.sdk, diagnostic):
                reported.setdefault((location, replace(diagnostic, file="", line=0)), []).append(check.mode)
            else:
                foreign.add(diagnostic.file.rpartition("node_modules/")[2])
    if foreign:
        context.say(f"skipped errors in declarations of other packages: {', '.join(sorted(foreign))}")
    packed.refuse(
        packed.finding(location, diagnostic, f"tsc --strict ({', '.join(dict.fromkeys(modes))})")
        for (location, diagnostic), modes in reported.items()
    )


def _diagnostics(check: Check, answer: Completed) -> Sequence[Diagnostic]:
    """Raises StepFailedError where the compiler could not do its work."""
    diagnostics = tuple(tsc.parse_diagnostics(answer.stdout))
    if answer.exit_code and not (diagnostics and all(each.file for each in diagnostics)):
        raise unfinished("tsc", check.sdk, answer)
    return diagnostics


def _location(packed: PackedSet, sdk: Packed, diagnostic: Diagnostic) -> Location | None:
    """None for declarations of other packages."""
    installed = INSTALLED.match(diagnostic.file)
    if not installed:
        return in_consumer(sdk, sdk.path(NPM), diagnostic)
    owner = next((each for each in packed.sdks if each.member.name == installed["name"]), None)
    if owner is None:
        return None
    return Location(artifact=owner.path(NPM), member=f"{ROOT}{installed['member']}", line=diagnostic.line)
