"""What there is to edit: always in the same order, so that a seed stands for one sequence of edits."""

from __future__ import annotations

import os
import random

from property.model import MADE, Tree

PARSED = (
    "build.mjs",
    "go.mod",
    "go.work",
    "conftest.py",
    "buf.yaml",
    "pytest.ini",
    "noxfile.py",
    ".gitmodules",
    ".git",
)
PARSED_ENDS = (".json", ".toml", ".yaml", ".lock", ".py", ".go", ".proto", ".mjs", ".ini", "ignore", ".dev", ".env")


def all_files(tree: Tree, below: str = ".") -> list[str]:
    """Files and links on disk, without what builds make and what other repositories hold."""
    found: list[str] = []
    waiting = [below]
    while waiting:
        here = waiting.pop()
        entries = list(os.scandir(tree.root / here)) if tree.path(here).is_dir() else []
        if here != "." and any(entry.name == ".git" for entry in entries):
            continue
        for entry in entries:
            path = entry.name if here == "." else f"{here}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in MADE:
                    waiting.append(path)
            elif entry.is_symlink() or entry.is_file():
                found.append(path)
    return sorted(found)


def is_data(path: str) -> bool:
    """Whether no tool parses it."""
    name = path.rpartition("/")[2]
    return name not in PARSED and not name.endswith(PARSED_ENDS) and "_ignored." not in name


def data_files(tree: Tree) -> list[str]:
    """Of members, shared folders and documentation; links are none."""
    return [each for each in all_files(tree) if is_data(each) and not tree.path(each).is_symlink()]


def links(tree: Tree) -> list[str]:
    return [each for each in all_files(tree) if tree.path(each).is_symlink()]


def sources(tree: Tree) -> list[str]:
    """Files in Python and Go that a comment may be added to."""
    return [each for each in all_files(tree) if each.endswith((".py", ".go")) and "/" in each]


def folders(tree: Tree) -> list[str]:
    """Folders below members that hold data only."""
    files = [each for each in all_files(tree) if "/" in each]
    parents = {each.rpartition("/")[0] for each in files}
    return sorted(
        each
        for each in parents
        if each.count("/") >= 2 and all(is_data(file) for file in files if file.startswith(f"{each}/"))
    )


def member_folders(tree: Tree) -> list[str]:
    manifests = ("package.json", "pyproject.toml", "go.mod")
    return sorted({each.rpartition("/")[0] for each in all_files(tree) if each.endswith(manifests) and "/" in each})


def one(found: list[str], rng: random.Random) -> str:
    """Empty where there is none."""
    return rng.choice(found) if found else ""


def word(rng: random.Random) -> str:
    return "".join(rng.choice("abcdefghij") for _ in range(6))
