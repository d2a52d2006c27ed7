"""The commit checked out and its versions, as the store keeps them while no ref moves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nox_rings.engine.plan.records import digest_of
from nox_rings.workspace.versions import CommitVersions, VersionTuple

if TYPE_CHECKING:
    from nox_rings.engine.process.runner import Runner
    from nox_rings.workspace.config import Config
    from nox_rings.workspace.release_tags import TagScheme


class VersionSettings(NamedTuple):
    """What [tool.nox-rings] decides about versions."""

    seed: str
    tag_prefix: str
    pre_release_tags: bool

    @property
    def scheme(self) -> TagScheme:
        from nox_rings.workspace.release_tags import TagScheme

        return TagScheme(self.tag_prefix, self.pre_release_tags)


def settings_of(config: Config) -> VersionSettings:
    return VersionSettings(config.seed_version, config.tag_prefix, config.pre_release_tags)


def parsed_settings(document: Any) -> VersionSettings | None:
    """The inverse of a tuple in JSON; None where it is damaged."""
    if not isinstance(document, list) or list(map(type, document)) != [str, str, bool]:
        return None
    return VersionSettings(*document)


def find_commit(runner: Runner, root: Path, settings: VersionSettings) -> CommitVersions:
    """As git has it. Raises WorkspaceInvalidError where HEAD is broken."""
    from nox_rings.workspace.git.gaps import NO_GAPS, find_gaps, shallow_text
    from nox_rings.workspace.git.worktree import Worktree
    from nox_rings.workspace.release_tags import latest_release
    from nox_rings.workspace.versions import commit_versions

    head = Worktree(runner, root).find_head()
    is_whole = shallow_text(root) == "" and latest_release(head.tags_within, settings.scheme)
    gaps = find_gaps(runner, root) if head.sha and not is_whole else NO_GAPS
    return commit_versions(head, gaps, seed=settings.seed, scheme=settings.scheme)


def refs_key(refs: str, shallow: str | None, settings: VersionSettings) -> str:
    """What stands for everything that the versions depend on, or nothing where that cannot be known without git.
    `shallow` is the list of commits that are cut off."""
    return "" if shallow is None else digest_of(refs, shallow, *map(str, settings))


def rendered_commit(commit: CommitVersions, key: str) -> dict[str, Any]:
    """JSON values."""
    told = commit._replace(note="")  # which was told then
    return {"key": key, **told._asdict(), "versions": commit.versions._asdict()}


def parsed_commit(document: Any, key: str) -> CommitVersions | None:
    """None where it is of another state of the repository, or damaged."""
    if not key or not isinstance(document, dict) or document.get("key") != key:
        return None
    fields = {name: value for name, value in document.items() if name != "key"}
    try:
        return CommitVersions(**{**fields, "versions": VersionTuple(**fields["versions"])})
    except (KeyError, TypeError):
        return None
