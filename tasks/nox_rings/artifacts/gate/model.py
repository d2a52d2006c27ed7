"""The contract gate: checks packed artifacts by the rules of their ecosystem. It reads the artifact, never the
sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nox_rings.artifacts.gate import every_kind
from nox_rings.ecosystems.artifact import Artifact, Facts, Rule, Violation
from nox_rings.ecosystems.findings import FindingKind
from nox_rings.engine.findings import Finding


def contract_findings(artifact: Artifact, facts: Facts, rules: Iterable[Rule]) -> Iterator[Finding]:
    """All violations at once, of the rules for all artifacts and those of its ecosystem. For an archive that cannot be
    opened only that is reported."""
    checked = (every_kind.READABLE,) if artifact.problem else (*every_kind.RULES, *rules)
    for rule in checked:
        for violation in rule.check(artifact, facts):
            yield contract_finding(artifact.name, rule.name, violation, rule.fix)


def contract_finding(artifact: str, rule: str, violation: Violation, fix: str) -> Finding:
    return Finding(
        kind=FindingKind.CONTRACT,
        path=f"{artifact}!{violation.member}" if violation.member else artifact,
        message=f"found {violation.found}, expected {violation.expected}",
        rule=rule,
        fix=fix,
    )
