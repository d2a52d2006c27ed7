"""Edits by git, which leave the same files with other times, or other files."""

from __future__ import annotations

import random

from property.edits.choose import data_files, one, word
from property.edits.content import content
from property.model import Tree


def commit_all(tree: Tree, rng: random.Random) -> str:
    tree.git("add", "-A", check=False)
    tree.git("commit", "-q", "--allow-empty", "-m", word(rng))
    return "commit everything"


def there_and_back(tree: Tree, rng: random.Random) -> str:
    """To another commit and back: the same content at other times."""
    commit_all(tree, rng)
    edited = content(tree, rng)
    tree.git("commit", "-q", "-a", "--allow-empty", "-m", "there")
    tree.git("checkout", "-q", "HEAD~1")
    tree.git("checkout", "-q", "-")
    return f"commit, {edited}, commit, and check out there and back"


def previous_commit(tree: Tree, rng: random.Random) -> str:
    """Whatever the files were then."""
    commit_all(tree, rng)
    tree.git("branch", "-f", "last", "HEAD")
    if not tree.git("rev-parse", "-q", "--verify", "HEAD~1", check=False):
        return ""
    tree.git("checkout", "-q", "-B", "main", "HEAD~1", check=False)
    return "commit everything, and check out the commit before it"


def stash(tree: Tree, rng: random.Random) -> str:
    edited = content(tree, rng)
    tree.git("stash", "-q", check=False)
    if rng.random() < 0.5:
        tree.git("stash", "pop", "-q", check=False)
        return f"{edited}, git stash and git stash pop"
    return f"{edited}, git stash"


def rebase(tree: Tree, rng: random.Random) -> str:
    commit_all(tree, rng)
    tree.git("checkout", "-q", "-B", "aside")
    path = f"docs/{word(rng)}.txt"
    tree.write(path, word(rng))
    tree.git("add", path)
    tree.git("commit", "-q", "-m", "aside")
    tree.git("checkout", "-q", "-B", "main", "HEAD~1")
    edited = content(tree, rng)
    tree.git("commit", "-q", "-a", "--allow-empty", "-m", "main")
    tree.git("rebase", "-q", "main", "aside", check=False)
    tree.git("checkout", "-q", "-B", "main")
    return f"{edited} under a commit of {path}, by git rebase"


def worktree(tree: Tree, rng: random.Random) -> str:
    """One more work tree of the same repository inside of this one, or away with it."""
    path = "trees/second"
    if tree.exists(path):
        tree.git("worktree", "remove", "--force", path, check=False)
        return f"git worktree remove {path}"
    tree.git("worktree", "add", "-q", "--detach", path, check=False)
    return f"git worktree add {path}"


def out_of_the_index(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    tree.git("rm", "-q", "--cached", "--", path, check=False)
    return f"git rm --cached {path}"


def staged(tree: Tree, rng: random.Random) -> str:
    """In the index otherwise than on disk."""
    path = one(data_files(tree), rng)
    before = tree.path(path).read_bytes()
    tree.write(path, before + word(rng).encode())
    tree.git("add", "--", path, check=False)
    tree.write(path, before)
    return f"stage another content of {path}"


def assume_unchanged(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    tree.git("update-index", rng.choice(["--assume-unchanged", "--skip-worktree"]), "--", path, check=False)
    with tree.path(path).open("ab") as stream:
        stream.write(word(rng).encode())
    return f"append to {path}, which git takes for unchanged"


def tag(tree: Tree, rng: random.Random) -> str:
    tree.git("tag", "-f", f"v0.{rng.randrange(3)}.{rng.randrange(10)}")
    return "tag HEAD"


KINDS = {
    each.__name__: each
    for each in (
        *(there_and_back, previous_commit, stash, rebase, worktree, out_of_the_index, staged, assume_unchanged, tag),
    )
}
