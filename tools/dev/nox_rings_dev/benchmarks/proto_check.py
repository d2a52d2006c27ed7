"""`nox -s proto -- --check` that has to check everything, against buf's commands typed one after the other."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from nox_rings.engine.paths import below
from nox_rings.engine.process.command import Command
from nox_rings.engine.store.trees import empty_folder
from nox_rings.sessions.run import Run
from nox_rings_dev.benchmarks.copies import Copy, make_copy
from nox_rings_dev.benchmarks.pairs import Pair, Side


def stale_check(tree: Run, folder: Path) -> Pair:
    copy = make_copy(tree, folder / "tree")
    copy.carry_out(copy.nox("-s", "proto"))
    scratch = folder / "scratch"
    script = "\n".join(f"({line})" for line in by_hand(copy, scratch))
    typed = Command(argv=("sh", "-e", "-c", script), cwd=copy.root, description="buf's commands by hand")
    check = copy.nox("-s", "proto", "--", "--check")
    return Pair(
        ours=Side(command=check, before=copy.forget, prints=f"{len(copy.ring_0)} done in"),
        theirs=Side(command=copy.with_tools(typed), before=lambda: empty_folder(scratch)),
    )


def by_hand(copy: Copy, scratch: Path) -> Iterator[str]:
    """Lines for a shell in the root of the copy. Nobody who types builds an image of the earlier schema first."""
    for schema in copy.run.view().index.workspace.schemas:
        enter = f"cd {shlex.quote(schema.folder)} &&"
        yield f"{enter} buf build"
        yield f"{enter} buf lint"
        for module in schema.own_modules:
            yield f"{enter} buf format {shlex.quote(below(schema.folder, module))} -d --exit-code"
        against = f"{copy.root}/.git#ref=HEAD,subdir={schema.folder}"
        yield f"{enter} buf breaking --against {shlex.quote(against)}"
    for source in copy.stubs:
        yield copy.generation(source, scratch / source.template.suffix).render(copy.root)
