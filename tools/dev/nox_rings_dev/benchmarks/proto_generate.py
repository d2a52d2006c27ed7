"""All stubs of a large schema, which has been checked, by `nox -s proto`, against the slowest of its plugins alone.

Nobody can be faster than the slowest plugin. How near one comes depends on the cores, which all plugins share: the note
has their number, and the time of each plugin by itself."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import yaml

from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.store.trees import empty_folder
from nox_rings.schema.model import StubsSubject
from nox_rings.sessions.run import Run
from nox_rings_dev.benchmarks.copies import Copy, make_copy_with
from nox_rings_dev.benchmarks.pairs import Pair, Side, timed
from nox_rings_dev.benchmarks.synthetic import synthetic_schema

PACKAGES, FILES_PER_PACKAGE = 30, 10


def large_generation(tree: Run, folder: Path) -> Pair:
    modules = [module for schema in tree.view().index.workspace.schemas for module in schema.own_modules]
    if not modules:
        raise WorkspaceInvalidError(("found no Buf module to put a large schema into, expected one",))
    copy = make_copy_with(tree, folder / "tree", modules[0], synthetic_schema(PACKAGES, FILES_PER_PACKAGE))
    copy.carry_out(copy.nox("-s", "proto"))
    slowest, note = _slowest(copy, folder)
    ours = Side(
        command=copy.nox("-s", "proto"),
        before=lambda: _as_if_never_generated(copy),
        prints=f"{len(copy.stubs)} done, ",
    )
    return Pair(ours=ours, theirs=slowest, note=note)


def _as_if_never_generated(copy: Copy) -> None:
    for source in copy.stubs:
        for out in source.template.outs:
            shutil.rmtree(copy.root / out)
        for provenance in source.provenances:
            (copy.root / provenance).unlink()


def _slowest(copy: Copy, folder: Path) -> tuple[Side, str]:
    """Each plugin alone, twice, because the first time something may be compiled; the better time counts."""
    sides = {
        f"{source.template.suffix} {index + 1} ({plugin.name})": _alone(copy, source, index, folder)
        for source in copy.stubs
        for index, plugin in enumerate(source.template.plugins)
    }
    log = folder / "plugin.log"
    seconds = {name: min(timed(side, copy.run.runner, log) for _ in range(2)) for name, side in sides.items()}
    slowest, *others = sorted(seconds, key=lambda name: -seconds[name])
    rest = ", ".join(f"{name} {seconds[name]:.2f} s" for name in others)
    return sides[slowest], f"slowest plugin {slowest} {seconds[slowest]:.2f} s; {rest}; {os.cpu_count()} cores"


def _alone(copy: Copy, source: StubsSubject, index: int, folder: Path) -> Side:
    """The template with one of its plugins. buf takes the paths in it from where it is started, not from where it
    lies."""
    document = yaml.safe_load((copy.root / source.template.file).read_text(encoding="utf-8"))
    single = folder / f"{source.template.suffix}-{index + 1}.yaml"
    single.write_text(yaml.safe_dump({**document, "plugins": [document["plugins"][index]]}), encoding="utf-8")
    scratch = folder / "scratch"
    command = replace(copy.generation(source, scratch, str(single)), env={})  # as one would type it
    return Side(command=copy.with_tools(command), before=lambda: empty_folder(scratch))
