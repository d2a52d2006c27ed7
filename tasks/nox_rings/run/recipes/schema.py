"""Ring 0: lint the schema, generate the stubs beside the tree, mirror them into it."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from nox_rings.adapters import buf
from nox_rings.domain.derivation import StubsSource
from nox_rings.domain.targets import Target
from nox_rings.domain.workspace import BufWorkspace
from nox_rings.errors import StepFailedError
from nox_rings.run.recipes import Kitchen
from nox_rings.run.steps import Action, Step, StepContext
from nox_rings.run.trees import empty_folder, files_in, mirror


def lint_steps(workspace: BufWorkspace, kitchen: Kitchen) -> Sequence[Step]:
    return (buf.lint_command(kitchen.layout.root / workspace.folder),)


def stub_steps(target: Target, source: StubsSource, kitchen: Kitchen) -> Sequence[Step]:
    """Generate into a stage of the same depth as the template's folder (its `out:` may climb with `..`), then
    mirror: unchanged files keep their times, files that nothing generates any more go."""
    root, stage = kitchen.layout.root, kitchen.layout.stage(target.id)
    folder = str(PurePosixPath(source.template.file).parent)
    workspace = posixpath.relpath(source.buf.folder, folder)
    return (
        Action(description=f"empty {stage.relative_to(root)}", act=lambda _: _emptied(stage)),
        buf.generate_command(root / folder, PurePosixPath(source.template.file).name, workspace, stage / folder),
        Action(
            description=f"mirror the stage into {', '.join(source.template.outs)}",
            act=lambda context: _mirror_all(source.template.outs, stage, context),
        ),
    )


def _emptied(stage: Path) -> None:
    empty_folder(stage)


def _mirror_all(outs: tuple[str, ...], stage: Path, context: StepContext) -> None:
    for out in outs:
        if not files_in(stage / out):
            raise StepFailedError(f"{out}: found nothing generated for it, expected stubs; the tree was left as it is")
    written = removed = 0
    for out in outs:
        result = mirror(stage / out, context.root / out)
        written, removed = written + len(result.written), removed + len(result.removed)
        for path in result.removed:
            context.say(f"removed {out}/{path}, which nothing generates")
    context.detail["written"], context.detail["removed"] = str(written), str(removed)
    empty_folder(stage)
