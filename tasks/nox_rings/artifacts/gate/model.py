"""The contract gate: what was packed, held to the rules of its ecosystem. It reads the artifact, never the sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nox_rings.artifacts.gate import every_kind as gate_all
from nox_rings.ecosystems.artifact import Artifact, ArtifactKind, Facts, Fault, Rule
from nox_rings.ecosystems.go import gate as gate_go
from nox_rings.ecosystems.go import gate_mod as gate_go_mod
from nox_rings.ecosystems.npm import gate as gate_npm
from nox_rings.ecosystems.npm import gate_entries as gate_npm_entries
from nox_rings.ecosystems.pypi import gate as gate_python
from nox_rings.ecosystems.pypi import gate_sdist, gate_wheel
from nox_rings.engine.findings import Finding, FindingKind

RULES: Mapping[ArtifactKind, tuple[Rule, ...]] = {
    ArtifactKind.NPM: (*gate_all.RULES, *gate_npm.RULES, *gate_npm_entries.RULES),
    ArtifactKind.WHEEL: (*gate_all.RULES, *gate_python.RULES, *gate_wheel.RULES),
    ArtifactKind.SDIST: (*gate_all.RULES, *gate_python.RULES, *gate_sdist.RULES),
    ArtifactKind.GO: (*gate_all.RULES, *gate_go.RULES, *gate_go_mod.RULES),
}


def contract_findings(artifact: Artifact, facts: Facts) -> Iterator[Finding]:
    """Everything wrong with it at once; of an archive that cannot be opened there is only that to say."""
    rules = (gate_all.READABLE,) if artifact.problem else RULES[artifact.kind]
    for rule in rules:
        for fault in rule.check(artifact, facts):
            yield contract_finding(artifact.name, rule.name, fault, rule.fix)


def contract_finding(artifact: str, rule: str, fault: Fault, fix: str) -> Finding:
    return Finding(
        kind=FindingKind.CONTRACT,
        path=f"{artifact}!{fault.member}" if fault.member else artifact,
        message=f"found {fault.found}, expected {fault.expected}",
        rule=rule,
        fix=fix,
    )
