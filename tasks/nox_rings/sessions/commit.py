"""The commit checked out and its versions, as the store keeps them while no ref moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nox_rings.engine.plan.records import digest_of
from nox_rings.workspace.versions import CommitVersions, VersionTuple


def refs_key(root: Path, refs: str, seed: str) -> str:
    """What stands for everything that the versions depend on, or nothing where that cannot be known without git: a
    linked worktree and a folder of a larger repository keep the list of shallow commits elsewhere."""
    folder = root / ".git"
    if not folder.is_dir():
        return ""
    try:
        shallow = (folder / "shallow").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        shallow = ""
    return digest_of(refs, shallow, seed)


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
