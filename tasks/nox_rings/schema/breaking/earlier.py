"""The schema as it was at a baseline: checked out of git beside the tree once, and built into an image per module."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from nox_rings.engine.errors import CommandFailedError, StepFailedError
from nox_rings.engine.findings import Finding
from nox_rings.engine.layout import Layout
from nox_rings.engine.paths import below, joined
from nox_rings.engine.plan.records import digest_of
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import StepContext
from nox_rings.engine.store.trees import empty_folder, files_in
from nox_rings.schema import buf
from nox_rings.schema.breaking.descriptors import fields_of, renumberings
from nox_rings.schema.breaking.model import Baseline, is_deleted_field, named_finely, pair_modules
from nox_rings.schema.buf_files import described
from nox_rings.schema.findings import FindingKind
from nox_rings.schema.own_folder import config_without_own_folder
from nox_rings.workspace.git.commands import checkout_commands, tree_files_query
from nox_rings.workspace.git.worktree import Worktree
from nox_rings.workspace.schemas import SETTINGS, BufWorkspace, protos_under
from nox_rings.workspace.yaml_core import parse_yaml

# As many as a command line takes on every system.
PATHS_AT_ONCE = 200
# Every commit of a default branch may be one: as many stay, and all that a run may still be reading.
MOST_KEPT = 32
IN_USE_SECONDS = 24 * 3600.0


def remove_unused(baselines: Path, *, now_seconds: float) -> None:
    """Those that were not used for the longest time."""
    with suppress(FileNotFoundError):  # another run does the same
        used = sorted(((each.stat().st_mtime, each) for each in baselines.iterdir()), reverse=True)
        for seconds, folder in used[MOST_KEPT:]:
            if now_seconds - seconds > IN_USE_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


class EarlierSchema:
    """Kept below `.nox-rings/baselines`, by the git tree and by the modules there are now, so it never changes."""

    def __init__(self, schema: BufWorkspace, baseline: Baseline, layout: Layout, files: tuple[str, ...]) -> None:
        self.baseline = baseline
        self._schema = schema
        self._now = {below(schema.folder, each): _protos(schema, files, each) for each in schema.own_modules}
        listed = digest_of(*(f"{module}/{path}" for module, paths in self._now.items() for path in paths))
        self._folder = layout.baselines / f"{baseline.key}-{listed[:12]}"

    def is_there(self) -> bool:
        """Asked before each use, which counts."""
        with suppress(OSError):
            os.utime(self._folder)
        return self._index.is_file()

    def image(self, module: str) -> Path:
        """Where the image of a module of now lies, as it was then; there is none for a new module."""
        return self._folder / f"{below(self._schema.folder, module).replace('/', '+')}.binpb"

    def is_of(self, command: Command) -> bool:
        return any(word.startswith(f"{self._folder}/") for word in command.argv)

    def read(self, context: StepContext) -> None:
        """Check the schema out and build it. Raises StepFailedError where buf cannot build it."""
        tree = empty_folder(self._folder) / "tree"
        top = Worktree(context.runner, context.root).top()
        listed = context.runner.require(context.command(tree_files_query(top, self.baseline.tree))).split("\0")[:-1]
        files = tuple(sorted(listed))
        self._check_out(top, tree, [path for path in files if path.rpartition("/")[2] in SETTINGS], context)
        then = _described(tree)
        parts = (path for module in then.modules for path in then.protos_of(files, module))
        self._check_out(top, tree, list(dict.fromkeys(parts)), context)
        protos = {module: _protos(then, files, module) for module in then.own_modules}
        pairs = pair_modules(self._now, protos)
        for module, earlier in pairs.items():
            self._build(tree, module, earlier, context)
        gone = {module: list(paths) for module, paths in protos.items() if module not in pairs.values() and paths}
        self._index.write_text(json.dumps({"pairs": pairs, "gone": gone}), encoding="utf-8")
        remove_unused(self._folder.parent, now_seconds=time.time())

    def named(self, findings: Sequence[Finding], context: StepContext) -> Iterator[Finding]:
        """With an exact message where buf's is ambiguous, and the command that restores the earlier file."""
        renumbered = self._renumberings(findings, context)
        for finding in findings:
            fine = named_finely(finding, renumbered.get(finding.path, ()))
            path = self._deleted_file(finding) or fine.path
            fix = f"git restore --source={self.baseline.commit[:12]} -- {path}, or allow it (docs/proto.md)"
            yield replace(fine, path=path, fix=fix)

    def removed_modules(self) -> Iterator[Finding]:
        for module, paths in self._known["gone"].items():
            path = joined(self._schema.folder, "buf.yaml")
            lost = joined(self.baseline.folder, module)
            yield Finding(
                kind=FindingKind.BREAKING,
                path=path,
                rule="MODULE_NO_DELETE",
                message=f'Previously present module "{module}" with {len(paths)} files was deleted.',
                fix=f"git restore --source={self.baseline.commit[:12]} -- {path} {lost}",
            )

    def _check_out(self, top: Path, tree: Path, paths: Sequence[str], context: StepContext) -> None:
        """Of history only the schema: where that is the whole repository, the rest may be large."""
        for start in range(0, len(paths), PATHS_AT_ONCE):
            chosen = paths[start : start + PATHS_AT_ONCE]
            for command in checkout_commands(top, self.baseline.tree, tree, self._folder / "index", chosen):
                context.run(command)

    @property
    def _index(self) -> Path:
        return self._folder / "modules.json"

    @cached_property
    def _files(self) -> tuple[str, ...]:
        return files_in(self._folder / "tree")

    @cached_property
    def _known(self) -> dict[str, Any]:
        known: dict[str, Any] = json.loads(self._index.read_text(encoding="utf-8"))
        return known

    def _build(self, tree: Path, module: str, earlier: str, context: StepContext) -> None:
        image = self.image(joined(self._schema.folder, module))
        unfinished = image.with_name(f"unfinished-{image.name}")
        try:
            context.run(buf.image_command(tree, earlier, unfinished))
        except CommandFailedError as error:
            raise StepFailedError(
                f"{joined(self.baseline.folder, earlier)}: found a schema at {self.baseline} that buf cannot build, "
                "expected one to compare with",
                hint="nox -s proto -- --against REF",
            ) from error
        unfinished.replace(image)

    def _renumberings(self, findings: Sequence[Finding], context: StepContext) -> Mapping[str, Any]:
        """Path of a file → its renumbered fields. Asked only where fields are missed."""
        found: dict[str, list[Any]] = {}
        if not any(is_deleted_field(finding.rule) for finding in findings):
            return found
        folder = context.root / self._schema.folder
        for module, earlier in self._known["pairs"].items():
            asked = [buf.describe_command(self._folder / "tree", earlier), buf.describe_command(folder, module)]
            asked[1] = buf.with_config(asked[1], config_without_own_folder(context.root, self._schema))
            then, now = (
                [*fields_of(json.loads(answer.stdout or "{}"))]
                for answer in context.runner.ask_all([context.command(command) for command in asked])
            )
            for each in renumberings(then, now):
                found.setdefault(joined(joined(self._schema.folder, module), each.file), []).append(each)
        return found

    def _deleted_file(self, finding: Finding) -> str:
        if finding.rule != "FILE_NO_DELETE":
            return ""
        for module, earlier in self._known["pairs"].items():
            for path in (below(earlier, each) for each in protos_under(self._files, earlier)):
                if finding.message == f'Previously present file "{path}" was deleted.':
                    return joined(joined(self._schema.folder, module), path)
        return ""


def _protos(schema: BufWorkspace, files: tuple[str, ...], module: str) -> tuple[str, ...]:
    """The .proto files of a module as imports name them."""
    return tuple(below(module, path) for path in schema.protos_of(files, module))


def _described(tree: Path) -> BufWorkspace:

    name = "buf.work.yaml" if (tree / "buf.work.yaml").is_file() else "buf.yaml"
    tables = {
        path.rpartition("/")[0] or ".": parse_yaml((tree / path).read_text(encoding="utf-8")) or {}
        for path in files_in(tree)
        if path.rpartition("/")[2] == "buf.yaml" or path == name
    }
    table = parse_yaml((tree / name).read_text(encoding="utf-8")) or {}
    return described(".", table, tables=tables)
