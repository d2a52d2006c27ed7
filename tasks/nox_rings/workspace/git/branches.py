"""The branch that others start from."""

from __future__ import annotations

from nox_rings.workspace.git.history import History

USUAL_BRANCHES = ("origin/main", "origin/master", "main", "master")


def default_branches(history: History, configured: str = "") -> tuple[str, ...]:
    """Refs to try, the likeliest first; `configured` is the only branch where it is given."""
    if configured:
        return (f"origin/{configured}", configured)
    of_origin = history.default_of_origin()
    return (*((of_origin,) if of_origin else ()), *USUAL_BRANCHES)


def find_default_branch(history: History, configured: str = "") -> str | None:
    """The first of them that this clone has; without a remote its only branch, whatever that is called."""
    for name in default_branches(history, configured):
        if history.commit(name):
            return name
    branches = history.local_branches()
    return branches[0] if not configured and len(branches) == 1 and not history.remotes() else None
