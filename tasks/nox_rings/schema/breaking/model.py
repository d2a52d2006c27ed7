"""Breaking changes: what they are compared with, and which of them are allowed for a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from nox_rings.engine.findings import Finding
from nox_rings.schema.breaking.descriptors import Renumbering
from nox_rings.schema.findings import FindingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakingException:
    """An entry of `[[tool.nox-rings.proto.exceptions]]`: findings of `rule` in the file `path` are allowed through the
    day `until`. With `message` only those with exactly this message. It is at `location`, on `line` where that is
    known."""

    rule: str
    path: str
    reason: str
    until: date
    message: str = ""
    location: str = ""
    line: int = 0

    def covers(self, finding: Finding) -> bool:
        same = (self.rule, self.path) == (finding.rule, finding.path)
        return same and self.message in ("", finding.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What the schema is compared with: the git tree of its folder as it was in `commit`, where that folder was then,
    and why this commit. `content` is a digest of the files in the tree that buf reads, the same in commits
    that differ in others."""

    tree: str
    folder: str
    commit: str
    why: str
    content: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        return (self.content or self.tree)[:12]

    def __str__(self) -> str:
        return f"{self.commit[:12]} ({self.why})"


def remaining_findings(
    found: Sequence[Finding], exceptions: Sequence[BreakingException], *, today: date, file: str
) -> Iterator[Finding]:
    """The findings that nothing allows, and the entries of `file` that have ended or allow nothing: an exception must
    go when it is no longer needed, or it would allow the next accident."""
    live = [each for each in exceptions if each.until >= today]
    yield from (finding for finding in found if not any(each.covers(finding) for each in live))
    for each in exceptions:
        if each.until < today:
            yield _entry_finding(
                each,
                FindingKind.EXPIRED_EXCEPTION,
                file,
                message=f"found an exception for {each.path} that ended on {each.until}, expected a later day",
                fix=f"delete {each.location} and undo the change, or give it a new `until`",
            )
        elif not any(each.covers(finding) for finding in found):
            yield _entry_finding(
                each,
                FindingKind.UNUSED_EXCEPTION,
                file,
                message=f"found an exception that nothing needs, expected {each.rule} in {each.path}",
                fix=f"delete {each.location}",
            )


def _entry_finding(entry: BreakingException, kind: FindingKind, file: str, *, message: str, fix: str) -> Finding:
    return Finding(kind=kind, path=file, line=entry.line, rule=entry.rule, message=message, fix=fix)


def pair_modules(now: Mapping[str, Iterable[str]], then: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Module now → the same module then: of the same folder, else the one with which it shares most files.

    Both map a module's folder to the paths of its .proto files as imports name them."""
    paired = {folder: folder for folder in now if folder in then}
    for folder in sorted(now.keys() - paired.keys()):
        left = sorted(then.keys() - set(paired.values()))
        found = max(left, key=lambda each: len(set(now[folder]) & set(then[each])), default=None)
        if found is not None and set(now[folder]) & set(then[found]):
            paired[folder] = found
    return paired


def named_finely(finding: Finding, renumbered: Iterable[Renumbering]) -> Finding:
    """Buf reports a deleted field and a renumbered one with the same message; their fixes differ. Messages of
    one name, in several others, are distinguished by the line that buf gives."""
    if not is_deleted_field(finding.rule):
        return finding
    for each in renumbered:
        deleted = deleted_field_message(each.message, each.field, each.before)
        if finding.message.startswith(deleted) and each.message_line in (0, finding.line):
            return replace(
                finding,
                kind=FindingKind.RENUMBERED_FIELD,
                line=each.line or finding.line,
                message=f'Field "{each.field}" on message "{each.message}" has number {each.after}, had {each.before}.',
            )
    return replace(finding, kind=FindingKind.DELETED_FIELD)


def is_deleted_field(rule: str) -> bool:
    """FIELD_NO_DELETE, and the weaker rules of WIRE and WIRE_JSON: …_UNLESS_NUMBER_RESERVED, …_UNLESS_NAME_RESERVED."""
    return rule.startswith("FIELD_NO_DELETE")


def deleted_field_message(message: str, field: str, number: int) -> str:
    """Buf's own message, by which a finding is recognised; the weaker rules append to it."""
    return f'Previously present field "{number}" with name "{field}" on message "{message}" was deleted'
