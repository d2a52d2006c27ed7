"""Before a member is built: is each of its siblings the copy in this workspace, and not one from a registry?

A build against the published package of yesterday passes whatever the workspace holds (facts/ameide.md §2.3)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from nox_rings.ecosystems.go import go
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.findings import Finding, FindingKind
from nox_rings.engine.paths import joined
from nox_rings.engine.run.steps import Action, FindingsError, Step, StepContext
from nox_rings.sessions.derivation import python_environment
from nox_rings.sessions.kitchen import Kitchen
from nox_rings.workspace.language import Language
from nox_rings.workspace.model import Member

MANIFEST = {Language.TS: "package.json", Language.GO: "go.mod", Language.PY: "pyproject.toml"}
FIX = {
    Language.TS: "use workspace:* for it, then pnpm install",
    Language.GO: "list it in go.work, or go mod edit -replace",
    Language.PY: "give it `workspace = true` in [tool.uv.sources], then uv sync",
}


def sibling_steps(member: Member, kitchen: Kitchen) -> Sequence[Step]:
    """One step, where the member has siblings."""
    siblings = kitchen.workspace.siblings(member)
    if not siblings:
        return ()
    names = ", ".join(sibling.name for sibling in siblings)
    return (
        Action(
            description=f"check that {names} {'come' if len(siblings) > 1 else 'comes'} from this workspace",
            act=lambda context: _check(member, siblings, kitchen, context),
        ),
    )


def _check(member: Member, siblings: Sequence[Member], kitchen: Kitchen, context: StepContext) -> None:
    findings = list(_findings(member, siblings, kitchen, context))
    if findings:
        raise FindingsError(findings, blocking=True)


def _findings(member: Member, siblings: Sequence[Member], kitchen: Kitchen, context: StepContext) -> Iterator[Finding]:
    root = context.root.resolve()
    for sibling in siblings:
        place = _resolved(member, sibling, kitchen, context)
        expected = root / sibling.folder
        if place is None or place.resolve() != expected:
            told = "nothing" if place is None else str(place)
            yield Finding(
                kind=FindingKind.FOREIGN_SIBLING,
                path=joined(member.folder, MANIFEST[member.language]),
                message=f"found {sibling.name} at {told}, expected {sibling.folder}",
                fix=FIX[member.language],
            )


def _resolved(member: Member, sibling: Member, kitchen: Kitchen, context: StepContext) -> Path | None:
    """Where the ecosystem's own tool finds the sibling; None where it finds none."""
    if member.language is Language.TS:
        link = context.root / member.folder / "node_modules" / sibling.name
        return link.resolve() if link.exists() else None
    if member.language is Language.GO:
        question = go.place_question(context.root / member.folder, sibling.name, in_workspace=member.in_workspace)
        answer = context.runner.ask(context.command(question))
        if answer.exit_code:
            raise StepFailedError(
                f"{sibling.name}: go could not tell where it is ({' '.join(answer.stderr.split())})",
                hint=question.render(context.root),
            )
        return Path(answer.stdout.strip()) if answer.stdout.strip() else None
    home = next(each for each in kitchen.workspace.homes if (each.folder, each.language) == (member.home, Language.PY))
    return editable_place(context.root / python_environment(home), sibling.name)


def editable_place(environment: Path, distribution: str) -> Path | None:
    """The folder a distribution is installed from, as its direct_url.json says (PEP 610): uv writes one for each
    workspace member. None for one that came from an index, or is not there."""
    from packaging.utils import canonicalize_name  # 15 ms, and only a running member asks

    wanted = canonicalize_name(distribution)
    for record in environment.glob("lib/python*/site-packages/*.dist-info/direct_url.json"):
        name = record.parent.name.removesuffix(".dist-info").rpartition("-")[0]
        if canonicalize_name(name) == wanted:
            document = json.loads(record.read_text(encoding="utf-8"))
            if document.get("dir_info", {}).get("editable"):
                return Path(unquote(urlsplit(document["url"]).path))
    return None
