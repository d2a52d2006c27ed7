"""The commit that the work tree is compared with."""

from __future__ import annotations

from typing import NamedTuple

from nox_rings.workspace.git.branches import default_branches, find_default_branch
from nox_rings.workspace.git.history import History


class Base(NamedTuple):
    """`why` says what the commit is; where there is none (an empty SHA), why, and what helps."""

    commit: str
    why: str


def find_base(history: History, asked: str = "", default_branch: str = "") -> Base:
    """The merge base of HEAD and `asked`, or of HEAD and the default branch. Where what came before HEAD is not known
    there is none: HEAD compared with itself would affect nothing."""
    head = history.head()
    if head is None:
        return Base("", "there is no commit yet")
    branch = asked or find_default_branch(history, default_branch)
    if branch is None:
        tried = ", ".join(dict.fromkeys(default_branches(history, default_branch)))
        return Base("", f"found none of {tried} in this clone{_fetch(history)}")
    commit = history.commit(branch)
    if commit is None:
        return Base("", f"found no commit {branch} in this clone{_fetch(history)}")
    base = history.merge_base(head, commit)
    if base is None:
        return Base("", f"found no common ancestor of HEAD and {branch}{_fetch(history)}")
    if base != head:
        return Base(base, f"the merge base with {branch}")
    if not asked and (gap := _gap(history, head)):
        return Base("", f"HEAD is the merge base with {branch}, and {gap}")
    return Base(head, f"HEAD, the merge base with {branch}: edits that are not committed alone count")


def _gap(history: History, head: str) -> str:
    """Why HEAD may hold what nobody has compared yet."""
    if history.is_shallow():
        return f"this clone is shallow{_fetch(history)}, or --base REF"
    if not history.parents(head):
        return "it is the first commit (--base HEAD compares the work tree with it)"
    if not history.is_on_branch():
        return "it is detached: --base HEAD~1 compares with the commit before, --base HEAD the work tree with it"
    return ""


def _fetch(history: History) -> str:
    return ": git fetch --unshallow origin" if history.is_shallow() else ""
