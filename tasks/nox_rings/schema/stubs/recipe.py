"""Ring 0: generate the stubs beside the tree, report why the tree differs, and replace its stubs with them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.engine.differences import joined_differences
from nox_rings.engine.errors import CommandFailedError, NoxRingsError, StepFailedError
from nox_rings.engine.findings import Finding
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.plan import Purpose
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import Action, Explained, FindingsError, Step, StepContext
from nox_rings.engine.store.exchange import exchange
from nox_rings.engine.store.trees import empty_folder
from nox_rings.schema import buf
from nox_rings.schema.credentials.netrc import refusal_of
from nox_rings.schema.findings import FindingKind
from nox_rings.schema.model import StubsSubject
from nox_rings.schema.own_folder import config_without_own_folder
from nox_rings.schema.stubs.drift import Provenance, drift_findings, parse_provenance, render_provenance
from nox_rings.schema.stubs.provenance import provenance_of
from nox_rings.schema.stubs.roots import Root, listing_of, mixed_files, read_roots, refused_files, shown
from nox_rings.workspace.git.worktree import Worktree
from nox_rings.workspace.schemas import StubTemplate

RECIPE = Recipe(version=2, source="28f98e9791b50947")
FIX = "nox -s proto"
LINES_TOLD = 3
GLUED = re.compile(r"^(.{8,}?)\1+$")  # the same text more than once on one line


def stub_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    """Generate into a stage of the same depth as the template's folder (its `out:` may climb with `..`), then compare
    with the tree, and take the stage over unless this is a check: a plugin that fails leaves the tree as it was."""
    source = subject_of(target, StubsSubject)
    root, stage = context.layout.root, context.layout.stage(target.id)
    folder = str(PurePosixPath(source.template.file).parent)
    template = source.template
    workspace = "." if template.names_inputs else posixpath.relpath(source.schema.folder, folder)
    paths = [posixpath.relpath(path, folder) for path in template.paths]
    config = "" if len(template.inputs) > 1 else config_without_own_folder(root, source.schema)
    name = PurePosixPath(source.template.file).name
    outs = ", ".join(source.template.outs)
    last = f"compare the stage with {outs}" if context.purpose is Purpose.CHECK else f"sync the stage into {outs}"
    return (
        Action(description=f"empty {stage.relative_to(root)}", act=lambda _: _empty(stage)),
        Explained(
            command=buf.with_config(
                buf.generate_command(root / folder, name, workspace, stage / folder, paths), config
            ),
            explain=lambda error, output: (
                refusal_of(root, os.environ, source.remotes, output) or plugin_failure(template, error, output)
            ),
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
    recorded = {path: found for path in source.provenances if (found := _recorded(context.root / path))}
    roots = read_roots(source, stage, context.root, recorded)
    _require_stubs(source, roots, context)
    now = _provenances(source, run, roots, context)
    findings = tuple(_drift(source, now, roots, context))
    context.detail["proof"] = f"{sum(len(each.generated) for each in roots)} stubs"
    if run.purpose is Purpose.CHECK:
        empty_folder(stage)
        if findings:
            raise FindingsError(findings)
        _write(context.root / source.listing, listing_of(roots, [*source.provenances]))
        return
    if strange := tuple(refused_files(source, roots, context.root, recorded)):
        raise FindingsError(strange, blocking=True)
    _say(findings, context)
    texts = {path: render_provenance(provenance) for path, provenance in now.items()}
    texts[source.listing] = listing_of(roots, [*source.provenances])
    with exchange(stage.with_name(f"{stage.name}.before")) as tree:
        for each in roots:
            tree.replace_tree(each.difference, stage / each.folder, context.root / each.folder)
        for path, text in texts.items():
            if _text(context.root / path) != text:  # what is right already keeps its time
                tree.write(context.root / path, text.encode())
    for each in roots:
        for line in shown(each):
            context.say(line)
    empty_folder(stage)


def _recorded(path: Path) -> Provenance | None:
    return parse_provenance(_text(path) or "")


def _require_stubs(source: StubsSubject, roots: Sequence[Root], context: StepContext) -> None:
    """Nothing at all is no reason to remove what is there. A plugin that finds nothing to do (no service, for one of
    services) leaves its own root empty."""
    empty = [each for each in roots if not each.generated]
    if empty and len(empty) == len(roots):
        outs = ", ".join(source.template.outs)
        if any(each.difference.unexpected for each in roots) or not source.template.outs:
            raise StepFailedError(f"{outs}: found nothing generated for it, expected stubs; the tree was left as it is")
    for each in empty:
        context.say(f"{each.folder}: nothing was generated for it")


def _provenances(
    source: StubsSubject, run: RecipeContext, roots: Sequence[Root], context: StepContext
) -> dict[str, Provenance]:
    mixed = mixed_files(source, roots)
    return {
        path: provenance_of(source, path, context.root, run.files, run.tools(), mixed) for path in source.provenances
    }


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
    source: StubsSubject, now: Mapping[str, Provenance], roots: Sequence[Root], context: StepContext
) -> Iterator[Finding]:
    tracked = Worktree(context.runner, context.root).list_tracked(source.template.outs)
    found = {each.folder: each.difference for each in roots}
    for path, outs in source.provenances.items():
        differences = joined_differences((out, found[out]) for out in outs if out in found)
        text = _text(context.root / path)
        yield from drift_findings(path, text, now[path], differences, tracked=tracked, fix=FIX)


def _text(path: Path) -> str | None:
    return file_text(path, errors="replace") if path.is_file() else None


def _write(path: Path, text: str) -> None:
    """Nothing is touched where the content is right already."""
    if _text(path) != text:
        write_atomically(path, text.encode())
