"""Submodules: a commit of another repository in the place of a folder (gitmodules(5))."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nox_rings.engine.plan.records import digest_of
from nox_rings.engine.process.protocol import Runner
from nox_rings.workspace.git import commands

LINK = "160000"  # the mode of such an entry


def committed_links(entries: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Path → commit, of the entries (mode, SHA) of a tree."""
    return {path: sha for path, (mode, sha) in entries.items() if mode == LINK}


def present_links(runner: Runner, root: Path) -> dict[str, str]:
    """Path → commit that is checked out there, with a digest of the edits beside it; what is not checked out is as the
    index has it."""
    found = {}
    for entry in runner.ask(commands.staged_query(root)).stdout.split("\0")[:-1]:
        described, _, path = entry.partition("\t")
        mode, sha, _ = described.split()
        if mode == LINK:
            found[path] = _present(runner, root / path) or sha
    return found


def _present(runner: Runner, folder: Path) -> str:
    if not (folder / ".git").exists():
        return ""
    head, status, difference = (
        runner.ask(commands.query(folder, *words))
        for words in (
            ("rev-parse", "--quiet", "--verify", "HEAD"),
            ("status", "--porcelain=v1", "-z", "--untracked-files=all"),
            ("diff", "HEAD"),
        )
    )
    commit = head.stdout.strip()
    return commit if not status.stdout else f"{commit} {digest_of(status.stdout, difference.stdout)}"
