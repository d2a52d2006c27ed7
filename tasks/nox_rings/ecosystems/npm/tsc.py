"""The TypeScript compiler ≥ 5.7 as a checker: its command, and its output without colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from nox_rings.ecosystems.consumer import Diagnostic
from nox_rings.engine.process.command import Command

# `FILE(LINE,COLUMN): error TSNNNN: MESSAGE`, or without a position (microsoft/TypeScript, formatDiagnostic): the form
# that editors' problem matchers read. Indented lines continue the line before.
DIAGNOSTIC = re.compile(r"^(?:(?P<file>\S.*?)\((?P<line>\d+),\d+\): )?error (?P<code>TS\d+): (?P<message>.*)$")


def check_command(compiler: Path, settings: str, cwd: Path) -> Command:
    argv = (str(compiler), "--noEmit", "--pretty", "false", "--project", settings)
    return Command(argv=argv, cwd=cwd, env={"NO_COLOR": "1"}, description=f"tsc --project {settings}")


def parse_diagnostics(stdout: str) -> Iterator[Diagnostic]:
    for line in stdout.splitlines():
        if found := DIAGNOSTIC.match(line):
            number = int(found["line"] or 0)
            yield Diagnostic(file=found["file"] or "", line=number, code=found["code"], message=found["message"])
