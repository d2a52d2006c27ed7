"""The packed wheels in clean environments, and `mypy --strict` over programs that import all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial

from nox_rings.ecosystems.artifact import WHEEL
from nox_rings.ecosystems.consumer import Diagnostic, Location
from nox_rings.ecosystems.packed_set import Packed, PackedSet, in_consumer, unfinished, write
from nox_rings.ecosystems.pypi import consumer as consumer_python
from nox_rings.ecosystems.pypi import mypy, uv_pip
from nox_rings.engine.findings import Finding
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed
from nox_rings.engine.run.steps import Action, Inspection, Step, StepContext

CHECKER = "mypy"
REQUIREMENTS, CONSTRAINTS, OWN_SETTINGS = "requirements.txt", "constraints.txt", "wheel.ini"
INSTALLED = re.compile(r"^.*/site-packages/(?P<member>.*)$")
UNTYPED = "import-untyped"


def install_check_steps(packed: PackedSet, tools: Collection[str]) -> Sequence[Step]:
    """mypy runs twice, side by side: with --strict on the programs, and with its defaults on the wheel itself, to find
    errors that a program sees as Any without a report."""
    is_checked = CHECKER in tools
    installs = [(sdk, WHEEL, _install_commands(sdk)) for sdk in packed.sdks]
    shown = "\n# ".join(command.render() for *_, commands in installs for command in commands)
    begin = Action(
        description="write programs that import each public module",
        act=lambda context: _write(packed, context, is_checked=is_checked),
    )
    install = Action(description=shown, act=lambda context: packed.install(installs, uv_pip.cause_of, context))
    if not is_checked:
        return begin, install
    check = Inspection(
        commands=tuple(command for sdk in packed.sdks for command in _check_commands(sdk)),
        description="check the types that the programs see",
        read=lambda answers, context: _read(packed, [answer for _, answer in answers], context),
    )
    return begin, install, check


def _install_commands(sdk: Packed) -> tuple[Command, ...]:
    environment = sdk.clean / "venv"
    return (
        uv_pip.venv_command(environment),
        uv_pip.install_requirements_command(REQUIREMENTS, CONSTRAINTS, sdk.clean, environment),
    )


def _check_commands(sdk: Packed) -> tuple[Command, Command]:
    check = partial(mypy.check_command, sdk.clean / "venv" / "bin" / "python", sdk.home)
    return check("--strict", "."), check(settings=f"../{OWN_SETTINGS}")


def _write(packed: PackedSet, context: StepContext, *, is_checked: bool) -> None:
    urls = {sdk.member.name: (sdk.folder / sdk.path(WHEEL)).as_uri() for sdk in packed.sdks}
    proofs = []
    for sdk in packed.sdks:
        wheel = sdk.opened(WHEEL)
        modules = consumer_python.public_modules(wheel)
        if not modules:
            packed.refuse([packed.nothing_to_import(wheel.name, "a public module")])
        packed.copy_own_programs(sdk)
        write(sdk.home, {consumer_python.PROGRAM: consumer_python.render_program(modules)})
        write(
            sdk.clean,
            {
                REQUIREMENTS: consumer_python.render_requirements(sdk.member.name, wheel, urls[sdk.member.name]),
                CONSTRAINTS: consumer_python.render_constraints(urls, packed.absent),
                OWN_SETTINGS: consumer_python.render_own_settings(wheel),
            },
        )
        proofs.append(f"{len(modules)} modules, mypy --strict")
    if not is_checked:
        proofs = [f"NOT type-checked: no dependency group of the workspace pins {CHECKER}"]
        context.say(proofs[0])
    context.detail["proof"] = "; ".join(proofs)


def _read(packed: PackedSet, answers: Sequence[Completed], context: StepContext) -> None:
    findings = list[Finding]()
    for index, sdk in enumerate(packed.sdks):
        strict, own = answers[2 * index : 2 * index + 2]
        found = list(_consumer_findings(packed, sdk, strict))
        # For a wheel without py.typed mypy reports each import, and refuses to check the wheel itself.
        findings += found or _own_findings(packed, sdk, own, context)
    packed.refuse(findings)


def _consumer_findings(packed: PackedSet, sdk: Packed, answer: Completed) -> Iterator[Finding]:
    for diagnostic in _diagnostics(sdk, answer):
        # The SDK's own programs may import other packages without types.
        if diagnostic.code != UNTYPED or diagnostic.file == consumer_python.PROGRAM:
            location = in_consumer(sdk, sdk.path(WHEEL), diagnostic)
            yield packed.finding(location, diagnostic, "mypy --strict")


def _own_findings(packed: PackedSet, sdk: Packed, answer: Completed, context: StepContext) -> Sequence[Finding]:
    findings, untyped = list[Finding](), set[str]()
    for diagnostic in _diagnostics(sdk, answer):
        installed = INSTALLED.match(diagnostic.file)
        member = installed["member"] if installed else diagnostic.file
        if diagnostic.code in consumer_python.silent_codes(member, packed.generated(sdk)):
            location = Location(artifact=sdk.path(WHEEL), member=member, line=diagnostic.line)
            findings.append(packed.finding(location, diagnostic, "mypy"))
        elif diagnostic.code == UNTYPED:
            untyped.add(diagnostic.message)
    if untyped:
        context.say(f"{sdk.member.name}: consumers see Any for what it takes from these: {'; '.join(sorted(untyped))}")
    return findings


def _diagnostics(sdk: Packed, answer: Completed) -> Sequence[Diagnostic]:
    """Raises StepFailedError where mypy could not do its work."""
    diagnostics = tuple(mypy.parse_diagnostics(answer.stdout))
    if answer.exit_code and not diagnostics:
        raise unfinished("mypy", sdk, answer)
    return diagnostics
