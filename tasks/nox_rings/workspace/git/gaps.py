"""What a clone may lack of the tags before its commit. Asked only where nothing else decides about a version: two
processes, two more in a shallow clone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from nox_rings.engine.process.protocol import Runner
from nox_rings.workspace.git import commands


class Gaps(NamedTuple):
    """`is_cut`: the history of the commit ends before its root. `tags_kept_away` is the setting by which a fetch brings
    no tags, such as `remote.origin.tagopt = --no-tags`."""

    is_cut: bool = False
    tags_kept_away: str = ""


NO_GAPS = Gaps()


def find_gaps(runner: Runner, root: Path) -> Gaps:
    """A clone may be shallow for another branch only: what counts is whether HEAD descends from a commit that is
    cut off."""
    shallow, settings = runner.ask_all(commands.gaps_queries(root))
    is_shallow, _, path = shallow.stdout.removesuffix("\n").partition("\n")
    kept_away = next((line.replace(" --", " = --") for line in settings.stdout.splitlines()), "")
    if is_shallow != "true":
        return Gaps(tags_kept_away=kept_away)
    cut = frozenset(_text(root / path).split())
    roots = runner.ask(commands.roots_query(root))
    listed = [commit for commit in roots.stdout.split() if commit in cut]
    is_cut = roots.exit_code != 0 or not cut or any(_has_parent(runner, root, commit) for commit in listed)
    return Gaps(is_cut=is_cut, tags_kept_away=kept_away)


def _has_parent(runner: Runner, root: Path, commit: str) -> bool:
    """As the commit records it: git lists a real first commit too, where the depth of a clone ends at it."""
    answer = runner.ask(commands.commit_query(root, commit))
    header = answer.stdout.partition("\n\n")[0]
    return answer.exit_code != 0 or "\nparent " in header


def shallow_text(root: Path) -> str | None:
    """The list of commits that are cut off, as git keeps it: empty for a complete clone. None where only git can tell.

    It reads what git reads (gitrepository-layout(5)): `.git` may be a file that leads elsewhere, and a linked work tree
    shares the list of its repository."""
    folder = _git_folder(root)
    if folder is None:
        return None
    common = _text(folder / "commondir").strip()
    try:
        return _required(folder / common / "shallow")
    except FileNotFoundError:
        return ""
    except OSError:
        return None


def _git_folder(root: Path) -> Path | None:
    for above in (root, *root.parents):
        path = above / ".git"
        if path.is_dir():
            return path if os.path.lexists(path / "HEAD") else None
        if path.is_file():
            label, _, target = _text(path).strip().partition(": ")
            folder = above / target
            return folder if label == "gitdir" and os.path.lexists(folder / "HEAD") else None
    return None


def _text(path: Path) -> str:
    """Empty where it is not there or cannot be read."""
    try:
        return _required(path)
    except OSError:
        return ""


def _required(path: Path) -> str:
    return os.fsdecode(path.read_bytes())
