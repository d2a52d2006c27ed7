"""What git reports about the tree that is checked out. The path to every answer asks for porcelain listings only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.process.command import Command, readable
from nox_rings.engine.process.protocol import Completed, Runner
from nox_rings.workspace.git import commands

if TYPE_CHECKING:
    from nox_rings.workspace.git.head import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`files` are the tracked files and the untracked ones that are not ignored, without those that are gone and what
    nox-rings keeps for itself; sorted, relative to the root. `refs` is a text that changes when HEAD, a tag or a branch
    moves, comes or goes."""

    files: tuple[str, ...]
    refs: str


@dataclass(frozen=True, slots=True)
class Worktree:
    """Paths are relative to `root`, which may be a folder below the top of the repository. Names that are not UTF-8
    are as `os.fsdecode` has them."""

    runner: Runner
    root: Path

    def list_files(self) -> tuple[str, ...]:
        """`Listing.files` alone."""
        return self._files(*self._ask_all(*commands.listing_queries(self.root)))

    def listing(self) -> Listing:
        """All asked side by side: this is on the way to every answer."""
        queries = commands.listing_queries(self.root)
        listing, deleted, refs = self._ask_all(*queries, commands.refs_query(self.root))
        files = self._files(listing, deleted)
        return Listing(files=files, refs=refs.stdout if refs.exit_code in (0, 1) else self._unchecked_refs())

    def list_tracked(self, folders: Sequence[str]) -> frozenset[str]:
        """The paths below `folders` that are in git's index."""
        (tracked,) = self._ask_all(commands.tracked_query(self.root, folders))
        return frozenset(self._required(tracked).split("\0")) - {""}

    def list_uncommitted(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Files at or below `paths` that are not as the commit has them: edited, new or gone; ignored ones do not
        count. They are only reported, so their names are `readable`."""
        status, prefix = self._ask_all(*commands.uncommitted_queries(self.root, paths))
        above = self._required(prefix).removesuffix("\n")
        entries = self._required(status).split("\0")
        return tuple(sorted(readable(entry[3:].removeprefix(above)) for entry in entries if entry))

    def find_head(self) -> Head:
        """The commit checked out. Only versioned targets ask: three calls more on the way to a fresh answer.

        Raises WorkspaceInvalidError where HEAD is broken."""
        from nox_rings.workspace.git.head import head_of, require_unborn

        log, tags, within = self._ask_all(*commands.head_queries(self.root))
        if log.exit_code:
            require_unborn(self.runner, self.root, log.stderr)
        return head_of(log, tags, within)

    def top(self) -> Path:
        """The top of the repository."""
        (answer,) = self._ask_all(commands.top_query(self.root))
        return Path(self._required(answer).removesuffix("\n"))

    def _files(self, listing: Completed, deleted: Completed) -> tuple[str, ...]:
        listed, gone = (self._required(answer).split("\0") for answer in (listing, deleted))
        return tuple(sorted(path for path in {*listed} - {*gone, ""} if not path.startswith(f"{OWN_FOLDER}/")))

    def _unchecked_refs(self) -> str:
        return "\n".join(answer.stdout for answer in self._ask_all(*commands.unchecked_refs_queries(self.root)))

    def _required(self, answer: Completed) -> str:
        """Raises WorkspaceInvalidError or ToolUnavailableError where git refused."""
        if answer.exit_code:
            from nox_rings.workspace.git.refusals import refused

            raise refused(self.runner, self.root, answer.stderr)
        return answer.stdout

    def _ask_all(self, *queries: Command) -> list[Completed]:
        try:
            return self.runner.ask_all(queries)
        except ToolUnavailableError as error:
            from nox_rings.workspace.git.refusals import missing

            raise missing() from error
