"""What a run of `affected` finds. The tree of the earlier commit is checked out beside the work tree, and described
anew: what each target compared there is what counts, not which files differ."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.capabilities import CAPABILITIES
from nox_rings.engine.errors import HistoryMissingError, NoxRingsError, RunInterruptedError, ToolUnavailableError
from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.paths import at_or_above, is_under
from nox_rings.engine.plan.reasons import Reason
from nox_rings.engine.plan.records import Facts
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.run.facts import FileFacts
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.digests import Digests
from nox_rings.graph.affected import Known, find_affected, gone
from nox_rings.graph.base import Base, find_base
from nox_rings.sessions.discovery import derive_graph, load_view
from nox_rings.toolchain.toolchain import Toolchain
from nox_rings.workspace.config import load_config
from nox_rings.workspace.git.commands import checkout_commands
from nox_rings.workspace.git.history import History
from nox_rings.workspace.git.submodules import committed_links, present_links
from nox_rings.workspace.git.worktree import Worktree

if TYPE_CHECKING:
    from nox_rings.sessions.run import Run


UNKNOWN = "unknown"


def affected_since(run: Run, asked: str, *, strict: bool) -> tuple[Base, dict[str, Reason], tuple[str, ...]]:
    """Everything is affected where nothing can be compared. Raises HistoryMissingError instead where it is `strict`."""
    history = History(run.runner, run.layout.root)
    history.require_supported()
    graph = run.graph
    base = find_base(history, asked, run.config().proto.default_branch)
    if base.commit:
        try:
            then = facts_then(run, base.commit)
            return base, find_affected(graph, facts_now(run), then), gone(graph, then)
        except (RunInterruptedError, ToolUnavailableError):
            raise
        except NoxRingsError as error:
            base = Base("", f"{base.commit[:12]}, {base.why}, cannot be compared: {error.message.splitlines()[0]}")
    if strict:
        raise HistoryMissingError(f"affected: {base.why}; expected a commit to compare with (--strict)")
    return base, {each: Reason(UNKNOWN, (base.why,)) for each in graph.ordered(graph.targets)}, ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Facts as far as git knows them. `files` are listed, `links` are submodules with what is checked out there: a text
    that stands for all of the files inside."""

    facts: FileFacts
    files: Collection[str]
    links: Mapping[str, str]

    def of(self, target: Target) -> Facts:
        inputs: dict[str, str] = {}
        for path, digest in self.facts.read(target.inputs).items():
            if (link := self._link_of(path)) is not None:
                inputs[link] = self.links[link]
            elif path in self.files or any(above in self.files for above in _folders(path)):
                inputs[path] = digest
        for link in self.links:
            if any(is_under(link, each) for each in target.inputs.folders):
                inputs[link] = self.links[link]
        return Facts(
            inputs={**inputs, **target.inputs.parts},
            tools=target.tools,
            recipe=target.recipe,
            extra=dict(target.inputs.own_parts),
        )

    def _link_of(self, path: str) -> str | None:
        if not self.links:
            return None
        return next((each for each in at_or_above(path) if each in self.links), None)


def facts_now(run: Run) -> dict[str, Facts]:
    """Of all targets of the work tree."""
    root, files = run.layout.root, frozenset(run.files)
    facts = FileFacts(root=root, files=run.files, digests=run.digests)
    compared = Compared(facts, files, present_links(run.runner, root) if ".gitmodules" in files else {})
    with run.digests.one_look():
        return {target_id: compared.of(target) for target_id, target in run.graph.targets.items()}


def facts_then(run: Run, commit: str) -> dict[str, Known]:
    """Of all targets as the files of the commit describe them. Raises NoxRingsError where they describe none."""
    history = History(run.runner, run.layout.root)
    entries = history.entries(commit)
    files = tuple(sorted(path for path in entries if not path.startswith(f"{OWN_FOLDER}/")))
    with _checked_out(run, history, commit) as root:
        tools = Toolchain(
            root, run.layout.tools, run.runner, source=run.tools_source, announce=lambda text: None, files=files
        )
        digests = Digests(root, KnownDigests(), window_nanoseconds=None)
        facts = FileFacts(root=root, files=files, digests=digests)
        compared = Compared(facts, frozenset(files), committed_links(entries))
        with digests.one_look():
            ecosystems = run.context.ecosystems
            view = load_view(root, files, load_config(root), ecosystems, tools, read_file=digests.content)
            graph = derive_graph(view, CAPABILITIES)
            return {each: Known(target, compared.of(target)) for each, target in graph.targets.items()}


@contextmanager
def _checked_out(run: Run, history: History, commit: str) -> Iterator[Path]:
    run.layout.make_scratch()
    top, tree = Worktree(run.runner, run.layout.root).top(), history.tree(commit, ".")
    with tempfile.TemporaryDirectory(prefix="affected-", dir=run.layout.scratch) as scratch:
        folder = Path(scratch) / "tree"
        folder.mkdir()
        for command in checkout_commands(top, tree or commit, folder, Path(scratch) / "index"):
            answer = run.runner.ask(command)
            if answer.exit_code:
                raise HistoryMissingError(
                    f"the files of {commit[:12]} cannot be read: {' '.join(answer.stderr.split())}",
                    hint=f"git ls-tree -r {commit[:12]}",
                )
        yield folder


def _folders(path: str) -> Iterator[str]:
    """A repository inside that is no submodule is listed as one folder, with a slash at its end."""
    yield from (form for each in at_or_above(path) for form in (each, f"{each}/"))
