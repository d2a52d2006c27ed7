"""The copy that is packed: what the artifact's target reads, and nothing else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.engine.plan.targets import Inputs
from nox_rings.engine.process.command import readable
from nox_rings.engine.run.facts import FileFacts, resolved_link
from nox_rings.engine.store.digests import Digests


def copy_inputs(context: RecipeContext, inputs: Inputs, destination: Path, *, with_links: bool) -> tuple[str, ...]:
    """Copy all that is there of `inputs` to the same paths below `destination`: a link to a file as that file, one to a
    folder as a link. Returns what is left out: links where they are not wanted, and those that lead out of the
    workspace or nowhere, whose content cannot be watched."""
    root = context.layout.root
    left_out = list[str]()
    for path in FileFacts(root=root, files=context.files, digests=Digests(root, context.state.files)).read(inputs):
        target = resolved_link(root, path) if (root / path).is_symlink() else path
        if not target or (target != path and not with_links):
            left_out.append(readable(path))
            continue
        (destination / path).parent.mkdir(parents=True, exist_ok=True)
        if (root / target).is_dir():
            (destination / path).symlink_to(os.path.relpath(target, Path(path).parent))
        else:
            shutil.copy2(root / target, destination / path)
    return tuple(left_out)
