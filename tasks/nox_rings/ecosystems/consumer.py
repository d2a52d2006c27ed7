"""Programs that use packed artifacts as external users do: what a checker reports of them, as findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nox_rings.ecosystems.findings import FindingKind
from nox_rings.engine.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """An error that a checker reports: `file` as it spells it, `line` from 1 (0 where there is none), `code` its name
    for this kind of error."""

    file: str
    message: str
    line: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """What a diagnostic is about: the `artifact`, and a `member` of it or else the line of the `consumer`, as text."""

    artifact: str
    member: str = ""
    line: int = 0
    consumer: str = ""

    @property
    def path(self) -> str:
        return f"{self.artifact}!{self.member}" if self.member else self.artifact


def consumer_finding(location: Location, diagnostic: Diagnostic, checkers: Iterable[str], fix: str) -> Finding:
    """`checkers` are short names of those that reported the diagnostic."""
    prefix = f"{location.consumer}: " if location.consumer else ""
    return Finding(
        kind=FindingKind.CONSUMER_ERROR,
        path=location.path,
        line=location.line,
        message=f"{prefix}found {diagnostic.message!r}, expected no error of {' or '.join(checkers)}",
        rule=diagnostic.code,
        fix=fix,
    )


def install_finding(artifact: str, reason: str, fix: str) -> Finding:
    return Finding(
        kind=FindingKind.UNINSTALLABLE,
        path=artifact,
        message=f"found {reason!r}, expected an installation in an empty folder",
        fix=fix,
    )
