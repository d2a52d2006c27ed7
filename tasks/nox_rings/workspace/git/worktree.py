"""What git reports about the tree that is checked out. The path to every answer asks for porcelain listings only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.process.command import Command, readable
from nox_rings.engine.process.protocol import Completed, Runner
from nox_rings.workspace.git import commands

if TYPE_CHECKING:
    from nox_rings.workspace.git.head import Head


class Listing(NamedTuple):
    """`files` are the tracked files and the untracked ones that are not ignored, without those that are gone and what
    nox-rings keeps for itself; sorted, relative to the root. `refs` is a text that changes when HEAD, a tag or a branch
    moves, comes or goes."""

    files: tuple[str, ...]
    refs: str


class Worktree:
    """Paths are relative to `root`, which may be a folder below the top of the repository. Names that are not UTF-8
    are as `os.fsdecode` has them."""

    def __init__(self, runner: Runner, root: Path) -> None:
        self.runner, self.root = runner, root

    def list_files(self) -> tuple[str, ...]:
        """`Listing.files` alone."""
        (listing,) = self._ask_all(commands.listing_query(self.root))
        return self._files(listing)

    def begin_listing(self) -> Callable[[], Listing]:
        """Asked side by side, and while something else is done until it is called: this is on the way to every
        answer."""
        answers = self._begin_all(commands.listing_query(self.root), commands.refs_query(self.root))

        def answer() -> Listing:
            listing, refs = answers()
            found = refs.stdout if refs.exit_code in (0, 1) else self._unchecked_refs()
            return Listing(files=self._files(listing), refs=found)

        return answer

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

    def _files(self, listing: Completed) -> tuple[str, ...]:
        entries = self._required(listing).split("\0")[:-1]
        gone = {entry[2:] for entry in entries if entry[0] == commands.GONE}
        listed = {entry[2:] for entry in entries}
        return tuple(sorted(path for path in listed - gone if not path.startswith(f"{OWN_FOLDER}/")))

    def _unchecked_refs(self) -> str:
        return "\n".join(answer.stdout for answer in self._ask_all(*commands.unchecked_refs_queries(self.root)))

    def _required(self, answer: Completed) -> str:
        """Raises WorkspaceInvalidError or ToolUnavailableError where git refused."""
        if answer.exit_code:
            from nox_rings.workspace.git.refusals import refused

            raise refused(self.runner, self.root, answer.stderr)
        return answer.stdout

    def _ask_all(self, *queries: Command) -> list[Completed]:
        return self._begin_all(*queries)()

    def _begin_all(self, *queries: Command) -> Callable[[], list[Completed]]:
        try:
            return self.runner.begin_all(queries)
        except ToolUnavailableError as error:
            from nox_rings.workspace.git.refusals import missing

            raise missing() from error
