"""What the schema is compared with for breaking changes: which commits, and the path of the schema in them.

A comparison that cannot be made is an error that names what the clone lacks; only where there is no earlier schema at
all is there nothing to compare."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from nox_rings.engine.errors import HistoryMissingError
from nox_rings.engine.paths import below, is_under
from nox_rings.engine.plan.records import digest_of
from nox_rings.schema.breaking.model import Baseline
from nox_rings.workspace.git.branches import default_branches, find_default_branch
from nox_rings.workspace.git.history import History
from nox_rings.workspace.release_tags import DEFAULT_SCHEME, TagScheme, latest_release_tag
from nox_rings.workspace.schemas import SETTINGS

NAME_ONE = "nox -s proto -- --against REF"


@dataclass(frozen=True)
class Baselines:
    """`default_branch` is a ref, or empty to find it; `against` a ref to compare with instead of all others;
    `with_release`: compare with the latest release too, even outside of the release context. `scheme`: which tags
    are releases."""

    history: History
    default_branch: str = ""
    against: str = ""
    with_release: bool = False
    scheme: TagScheme = DEFAULT_SCHEME
    _known_blobs: dict[str, dict[str, str]] = field(default_factory=dict, compare=False)

    def of(self, folder: str, protos: Collection[str], described: Collection[str]) -> tuple[Baseline, ...]:
        """One for each distinct earlier state of the schema in `folder`, whose .proto files are `protos` (relative to
        it). `described` are the `described_folders` of now. Raises HistoryMissingError."""
        found: dict[str, Baseline] = {}
        for commit, why in self.commits:
            then = self._folder_then(commit, folder, protos, described)
            tree = self.history.tree(commit, then) if then is not None else None
            if tree and then is not None:
                moved = "" if then == folder else f", where it lay in {then}"
                content = self._content(commit, then)
                made = Baseline(tree=tree, folder=then, commit=commit, why=f"{why}{moved}", content=content)
                found.setdefault(content, made)
        return tuple(found.values())

    @cached_property
    def commits(self) -> tuple[tuple[str, str], ...]:
        """The commits to compare with and why; none for a repository whose first commit this is."""
        self.history.require_supported()
        if self.against:
            return ((self._require(self.against), self.against),)
        head = self.history.head()
        if head is None:
            return ()
        return (*self._of_branch(head), *self._of_release(head))

    def _require(self, name: str) -> str:
        commit = self.history.commit(name)
        if commit is None:
            raise HistoryMissingError(
                f"--against: found no commit {name} in this clone, expected a ref, a tag or a SHA",
                hint="git fetch --tags origin",
            )
        return commit

    def _of_branch(self, head: str) -> Iterator[tuple[str, str]]:
        branch = self._default_branch()
        base = self.history.merge_base(head, branch)
        if base is None:
            raise self._no_merge_base(branch)
        if base != head:
            yield base, f"merge base with {branch}"
            return
        yield head, f"HEAD, the merge base with {branch}"
        # On the default branch itself HEAD would be compared with HEAD, and every change would pass.
        parents = self.history.parents(head)
        if parents and self.history.commit(parents[0]) is None:
            raise HistoryMissingError(
                f"shallow clone: found no parent of HEAD ({parents[0][:12]}), expected it for the breaking check",
                hint="git fetch --deepen=1",
            )
        yield from ((parent, "the commit before HEAD") for parent in parents[:1])

    def _of_release(self, head: str) -> Iterator[tuple[str, str]]:
        """In release context, that is on a commit with a release tag, the release before that one."""
        tags = self.history.tags_within(head)
        here = self.history.tags_on(head)
        is_release = latest_release_tag(here, self.scheme) is not None
        earlier = latest_release_tag(set(tags) - set(here), self.scheme)
        if not is_release and not self.with_release:
            return
        if earlier:
            yield self._require(earlier), f"release {earlier}"
        elif self.history.is_shallow():
            raise HistoryMissingError(
                "shallow clone: found no release tag before HEAD, expected the latest release for the breaking check",
                hint="git fetch --unshallow --tags origin",
            )

    def _default_branch(self) -> str:
        if found := find_default_branch(self.history, self.default_branch):
            return found
        candidates = default_branches(self.history, self.default_branch)
        wanted = (self.default_branch or candidates[0]).removeprefix("origin/")
        raise HistoryMissingError(
            f"found none of {', '.join(dict.fromkeys(candidates))} in this clone, expected the default branch for the "
            "breaking check (or [tool.nox-rings.proto] default-branch)",
            hint=self._fetch(wanted) if "origin" in self.history.remotes() else NAME_ONE,
        )

    def _fetch(self, branch: str) -> str:
        """With all of its history, and that of HEAD, so that one command is enough."""
        whole = "--unshallow " if self.history.is_shallow() else ""
        return f"git fetch {whole}origin {branch}:refs/remotes/origin/{branch}"

    def _no_merge_base(self, branch: str) -> HistoryMissingError:
        if self.history.is_shallow():
            return HistoryMissingError(
                f"shallow clone: found no common ancestor of HEAD and {branch}, expected it for the breaking check",
                hint="git fetch --unshallow origin",
            )
        return HistoryMissingError(
            f"found no common ancestor of HEAD and {branch}, expected one for the breaking check",
            hint=NAME_ONE,
        )

    def _blobs(self, commit: str) -> dict[str, str]:
        if commit not in self._known_blobs:
            self._known_blobs[commit] = self.history.blobs(commit)
        return self._known_blobs[commit]

    def _content(self, commit: str, folder: str) -> str:
        """Of what buf reads in a folder, so that a commit of other files changes nothing."""
        found = self._blobs(commit).items()
        read = (f"{below(folder, path)} {sha}" for path, sha in found if is_under(path, folder) and _is_read(path))
        return digest_of(*sorted(read))

    def _folder_then(self, commit: str, folder: str, protos: Collection[str], described: Collection[str]) -> str | None:
        """Where the schema lay: in the same folder, or in the one that is gone now and shares most files with it."""
        files = tuple(self._blobs(commit))
        then = described_folders(files)
        if folder in then:
            return folder
        gone = then - set(described)
        if not gone:
            return None
        now = set(protos)

        def shared(candidate: str) -> int:
            prefix = "" if candidate == "." else f"{candidate}/"
            return len(now & {path.removeprefix(prefix) for path in files if is_under(path, candidate)})

        best = max(sorted(gone), key=shared)
        if shared(best):
            return best
        # Without a file in common: where one schema came and one went, it is the same.
        others = [each for each in described if each not in then and not is_under(each, folder)]
        return best if len(gone) == 1 and not others else None


def _is_read(path: str) -> bool:
    return path.endswith(".proto") or path.rpartition("/")[2] in SETTINGS


def described_folders(paths: Iterable[str]) -> frozenset[str]:
    """The folders that have a file of Buf in which their schema is described."""
    parted = (path.rpartition("/") for path in paths)
    return frozenset(folder or "." for folder, _, name in parted if name in ("buf.yaml", "buf.work.yaml"))
