"""Ring 0: generate the stubs beside the tree, report why the tree differs, and replace its stubs with them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.engine.differences import Differences, joined_differences
from nox_rings.engine.errors import CommandFailedError, NoxRingsError, StepFailedError
from nox_rings.engine.findings import Finding
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.plan import Purpose
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.run.steps import Action, Explained, FindingsError, Step, StepContext
from nox_rings.engine.store.trees import compare, empty_folder, files_in, move_tree
from nox_rings.schema import buf
from nox_rings.schema.findings import FindingKind
from nox_rings.schema.model import StubsSubject
from nox_rings.schema.stubs.drift import Provenance, drift_findings, parse_provenance, render_provenance
from nox_rings.schema.stubs.provenance import provenance_of
from nox_rings.workspace.git.worktree import Worktree
from nox_rings.workspace.schemas import StubTemplate

RECIPE = Recipe(version=1, source="97dd3d038a45dadb")
FIX = "nox -s proto"
LINES_TOLD = 3
GLUED = re.compile(r"^(.{8,}?)\1+$")  # the same text more than once on one line


def stub_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    """Generate into a stage of the same depth as the template's folder (its `out:` may climb with `..`), then compare
    with the tree, and take the stage over unless this is a check: a plugin that fails leaves the tree as it was."""
    source = subject_of(target, StubsSubject)
    root, stage = context.layout.root, context.layout.stage(target.id)
    folder = str(PurePosixPath(source.template.file).parent)
    workspace = posixpath.relpath(source.schema.folder, folder)
    name = PurePosixPath(source.template.file).name
    outs = ", ".join(source.template.outs)
    last = f"compare the stage with {outs}" if context.purpose is Purpose.CHECK else f"sync the stage into {outs}"
    return (
        Action(description=f"empty {stage.relative_to(root)}", act=lambda _: _empty(stage)),
        Explained(
            command=buf.generate_command(root / folder, name, workspace, stage / folder),
            explain=lambda error, output: plugin_failure(source.template, error, output),
        ),
        Action(description=last, act=lambda step: _sync_roots(source, context, stage, step)),
    )


def _empty(stage: Path) -> None:
    empty_folder(stage)


def plugin_failure(template: StubTemplate, error: CommandFailedError, output: str) -> NoxRingsError:
    """The plugin that failed, by the name buf prints for it, with its own message where it has one."""
    blamed, own = _blamed_and_own(output)
    for plugin in template.plugins:
        if found := [line for line in blamed if plugin.name in line]:
            message = " / ".join(own[-LINES_TOLD:] or found[:1])
            finding = Finding(
                kind=FindingKind.PLUGIN_FAILED,
                path=template.file,
                line=plugin.line,
                rule=plugin.name,
                message=f"{message}; the stubs are as they were",
                fix=error.repeat,
            )
            return FindingsError((finding,), blocking=True)
    return error


def _blamed_and_own(output: str) -> tuple[Sequence[str], Sequence[str]]:
    """What buf reports of plugins, and what the plugins printed. buf forwards the output of several plugins while
    they run, so that those of one end up glued to those of another or to its own `Failure:`."""
    lines = [line.strip() for line in output.replace("Failure: plugin ", "\nplugin ").splitlines()]
    lines = [GLUED.sub(r"\1", line) for line in lines if line and not line.startswith("$ ")]
    relevant = [line for line in lines if "context canceled" not in line and "signal: killed" not in line]
    blamed = [line for line in relevant if "plugin " in line]
    return blamed, list(dict.fromkeys(line for line in relevant if line not in blamed))


def _sync_roots(source: StubsSubject, run: RecipeContext, stage: Path, context: StepContext) -> None:
    outs = source.template.outs
    generated = {out: files_in(stage / out) for out in outs}
    for out, files in generated.items():
        if not files:
            raise StepFailedError(f"{out}: found nothing generated for it, expected stubs; the tree was left as it is")
    found = {out: compare(stage / out, context.root / out) for out in outs}
    now = {path: provenance_of(source, path, context.root, run.files, run.tools()) for path in source.provenances}
    findings = tuple(_drift(source, now, found, context))
    context.detail["proof"] = f"{sum(map(len, generated.values()))} stubs"
    if run.purpose is Purpose.CHECK:
        empty_folder(stage)
        if findings:
            raise FindingsError(findings)
        return
    _refuse_unowned(source, found, context)
    _say(findings, context)
    for out, difference in found.items():
        for path in difference.unexpected:
            context.say(f"removed {out}/{path}, which nothing generates")
        move_tree(difference, stage / out, context.root / out)
    for path, provenance in now.items():
        _write(context.root / path, render_provenance(provenance))
    empty_folder(stage)


def _say(findings: Sequence[Finding], context: StepContext) -> None:
    """What is put right now; of many of one kind (a first generation, a merge gone wrong) only how many."""
    listed = [finding for finding in findings if finding.kind is not FindingKind.STRAY_FILE]  # reported when removed
    for kind in dict.fromkeys(finding.kind for finding in listed):
        alike = [finding for finding in listed if finding.kind is kind]
        for finding in alike[:LINES_TOLD]:
            context.say(f"{kind}: {finding.path}: {finding.message}")
        if len(alike) > LINES_TOLD:
            context.say(f"{kind}: and {len(alike) - LINES_TOLD} more")


def _drift(
    source: StubsSubject, now: Mapping[str, Provenance], found: Mapping[str, Differences], context: StepContext
) -> Iterator[Finding]:
    tracked = Worktree(context.runner, context.root).list_tracked(source.template.outs)
    for path, roots in source.provenances.items():
        differences = joined_differences((out, found[out]) for out in roots)
        text = _text(context.root / path)
        yield from drift_findings(path, text, now[path], differences, tracked=tracked, fix=FIX)


def _refuse_unowned(source: StubsSubject, found: Mapping[str, Differences], context: StepContext) -> None:
    """A root without provenance may contain hand-written files: they are never removed."""
    for path, roots in source.provenances.items():
        recorded = parse_provenance(_text(context.root / path) or "")
        folder = path.rpartition("/")[0] or "."
        owned = {joined(folder, each) for each in recorded.roots} if recorded else set()
        for out in roots:
            if out not in owned and (files := found[out].unexpected):
                finding = Finding(
                    kind=FindingKind.UNAPPROVED_ROOT,
                    path=f"{out}/{files[0]}",
                    message=f"found {len(files)} files in {out} that were not generated, expected a folder for stubs",
                    fix=f"move them away, or set another `out` in {source.template.file}",
                )
                raise FindingsError((finding,), blocking=True)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None


def _write(path: Path, text: str) -> None:
    """Nothing is touched where the content is right already."""
    if _text(path) != text:
        write_atomically(path, text.encode())
