"""An adoption as a person or a machine reads it."""

from __future__ import annotations

from dataclasses import asdict

from nox_rings.adopt.model import Adoption, Survey
from nox_rings.engine.tables import table


def as_json(survey: Survey, adoption: Adoption, *, written: bool) -> dict[str, object]:
    return {
        "ok": True,
        "found": {
            "members": sum(survey.members.values()),
            "members_by_ecosystem": dict(survey.members),
            "edges": survey.edges,
            "schemas": survey.schemas,
            "images": survey.images,
            "targets": survey.targets,
        },
        "problems": [asdict(each) for each in survey.problems],
        "passed_over": [each._asdict() for each in survey.passed_over],
        "tools": [asdict(each) for each in survey.tools],
        "changes": [
            {"path": each.path, "action": "create" if each.before is None else "change", "diff": each.diff}
            for each in adoption.changes
        ],
        "by_hand": list(adoption.by_hand),
        "written": written,
    }


def rendered(survey: Survey, adoption: Adoption, *, written: bool, again: str) -> str:
    """`again` is the command that writes."""
    parts = [_found(survey)]
    if survey.problems:
        parts.append(table([(each.target or "all", each.sentence) for each in survey.problems], ("stopped", "why")))
    if survey.passed_over:
        over = [(each.path, each.reason.removeprefix(f"{each.path}: "), each.remedy) for each in survey.passed_over]
        parts.append(table(over, ("passed over", "why", "what would change that")))
    if survey.tools:
        tools = [(each.name, each.version or "-", each.origin or f"missing: {each.how}") for each in survey.tools]
        parts.append(table(tools, ("tool", "version", "comes from")))
        parts.append("To pin other versions: a dependency group `tools` with uv.lock, tools/npm, tools/go/*.")
    parts += [each.diff.rstrip("\n") for each in adoption.changes]
    parts += adoption.by_hand
    parts.append(_ending(adoption, written=written, again=again))
    return "\n\n".join(part.rstrip("\n") for part in parts)


def _found(survey: Survey) -> str:
    kinds = ", ".join(f"{number} {name}" for name, number in survey.members.items() if number)
    members = _counted(sum(survey.members.values()), "member") + (f" ({kinds})" if kinds else "")
    edges, schemas = _counted(survey.edges, "edge"), _counted(survey.schemas, "schema")
    images, targets = _counted(survey.images, "image"), _counted(survey.targets, "target")
    return f"found {members}, {edges} between them, {schemas}, {images}: {targets}"


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _ending(adoption: Adoption, *, written: bool, again: str) -> str:
    paths = ", ".join(each.path for each in adoption.changes)
    if not paths:
        return "there is nothing to write"
    return f"written: {paths}; next: nox -s rings" if written else f"nothing is written yet: {again}"
