"""Edits of what is there, under which name."""

from __future__ import annotations

import os
import random

from property.edits.choose import all_files, data_files, folders, member_folders, one, word
from property.model import Tree


def delete(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    tree.remove(path)
    return f"delete {path}"


def rename(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    there = f"{path}.{word(rng)}"
    tree.path(path).rename(tree.path(there))
    return f"rename {path} to {there}"


def rename_case(tree: Tree, rng: random.Random) -> str:
    path = one([each for each in data_files(tree) if each.rpartition("/")[2].lower().startswith("case")], rng)
    if not path:
        return ""
    folder, _, name = path.rpartition("/")
    tree.path(path).rename(tree.path(f"{folder}/{name.swapcase()}"))
    return f"swap the case of {path}"


def move(tree: Tree, rng: random.Random) -> str:
    path, folder = one(data_files(tree), rng), one(member_folders(tree), rng)
    there = f"{folder}/{word(rng)}.txt"
    tree.path(path).rename(tree.path(there))
    return f"move {path} to {there}"


def untracked(tree: Tree, rng: random.Random) -> str:
    path = f"{one([*member_folders(tree), *folders(tree), 'shared/folder'], rng)}/{word(rng)}.txt"
    tree.write(path, word(rng))
    return f"add {path}"


def empty_file(tree: Tree, rng: random.Random) -> str:
    path = f"{one(member_folders(tree), rng)}/{word(rng)}.txt"
    tree.write(path, "")
    return f"add {path} without content"


def no_utf8(tree: Tree, rng: random.Random) -> str:
    """A name in Latin-1, or a byte more of what is in such a file."""
    folder = one(member_folders(tree), rng)
    if not folder:
        return ""
    name = os.fsdecode(b"caf\xe9.txt")
    there = tree.path(folder) / name
    there.write_bytes((there.read_bytes() if there.exists() else b"") + word(rng).encode())
    return f"write a file of {folder} whose name is not UTF-8"


def odd_name(tree: Tree, rng: random.Random) -> str:
    path = (
        f"{one(member_folders(tree), rng)}/{rng.choice(['a b', 'new' + chr(10) + 'line', 'quo' + chr(34) + 'te', 'ü'])}"
    )
    tree.write(path, word(rng))
    return f"write {path!r}"


def ignored_source(tree: Tree, rng: random.Random) -> str:
    """Ignored by git, importable all the same."""
    folder = one(member_folders(tree), rng)
    if not folder:
        return ""
    endings = {"package.json": "mjs", "pyproject.toml": "py", "go.mod": "go"}
    ending = next(value for name, value in endings.items() if tree.exists(f"{folder}/{name}"))
    path = f"{folder}/local_ignored.{ending}"
    text = f"package {folder.rpartition('/')[2]}\n\n// " if ending == "go" else "# " if ending == "py" else "// "
    if tree.exists(path) and rng.random() < 0.3:
        tree.remove(path)
        return f"delete {path}"
    tree.write(path, f"{text}{word(rng)}\n")
    return f"write {path}"


def ignored_data(tree: Tree, rng: random.Random) -> str:
    """Which nothing reads."""
    path = f"{one(member_folders(tree), rng)}/notes_ignored.txt"
    tree.write(path, word(rng))
    return f"write {path}"


def swap(tree: Tree, rng: random.Random) -> str:
    found = data_files(tree)
    if len(found) < 2:
        return ""
    first, second = rng.sample(found, 2)
    tree.path(first).rename(tree.path("swapped.tmp"))
    tree.path(second).rename(tree.path(first))
    tree.path("swapped.tmp").rename(tree.path(second))
    return f"swap {first} and {second}"


def gitignore(tree: Tree, rng: random.Random) -> str:
    """A pattern that git ignores from now on: tracked files stay, untracked ones are not listed any more."""
    folder = one(["", *(f"{each}/" for each in member_folders(tree))], rng)
    pattern = rng.choice(["*.tmp", "c.txt", "more/", "*_other.*", "/build/"])
    path = f"{folder}.gitignore"
    text = tree.read(path) if tree.exists(path) else ""
    lines = text.splitlines()
    lines = [each for each in lines if each != pattern] if pattern in lines else [*lines, pattern]
    tree.write(path, "".join(f"{each}\n" for each in lines))
    return f"{'add' if pattern in lines else 'remove'} {pattern} in {path}"


def dockerignore(tree: Tree, rng: random.Random) -> str:
    path = rng.choice([".dockerignore", *(f"{each}/.dockerignore" for each in member_folders(tree))])
    tree.write(path, f"{word(rng)}\n")
    return f"write {path}"


def of_no_member(tree: Tree, rng: random.Random) -> str:
    path = rng.choice(["docs/readme.md", "LICENSE", "docs/more.md"])
    tree.write(path, word(rng))
    return f"write {path}"


def edited_output(tree: Tree, rng: random.Random) -> str:
    """By hand, in what a build made."""
    found = sorted(each for each in tree.root.glob("*/*/dist/*") if each.is_file())
    if not found:
        return ""
    path = rng.choice(found)
    if rng.random() < 0.5:
        path.unlink()
    else:
        path.write_text(word(rng))
    return f"spoil {path.relative_to(tree.root)}"


def conftest(tree: Tree, rng: random.Random) -> str:
    folder = one(["", *(f"{each}/" for each in member_folders(tree) if each.startswith("py"))], rng)
    path = f"{folder}conftest.py"
    if path in all_files(tree) and rng.random() < 0.3:
        tree.remove(path)
        return f"delete {path}"
    tree.write(path, f"# conf-mark {word(rng)}\n")
    return f"write {path}"


KINDS = {
    each.__name__: each
    for each in (
        *(delete, rename, rename_case, move, untracked, empty_file, no_utf8, odd_name, ignored_source, ignored_data),
        *(swap, gitignore, dockerignore, of_no_member, edited_output, conftest),
    )
}
