"""Edits of what files hold."""

from __future__ import annotations

import os
import random

from property.edits.choose import data_files, one, sources, word
from property.model import Tree


def content(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    with tree.path(path).open("ab") as stream:
        stream.write(f"{word(rng)}\n".encode())
    return f"append to {path}"


def verdict(tree: Tree, rng: random.Random) -> str:
    """What makes the checks of a member fail, or pass again."""
    path = one([each for each in data_files(tree) if each.endswith("/a.txt")], rng)
    if not path:
        return ""
    text = tree.read(path)
    tree.write(path, text.replace("FAIL", "pass") if "FAIL" in text else f"{text}FAIL\n")
    return f"turn {path}"


def restored_mtime(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    found = tree.path(path).stat()
    tree.write(path, tree.path(path).read_bytes() + word(rng).encode())
    os.utime(tree.path(path), ns=(found.st_atime_ns, found.st_mtime_ns))
    return f"append to {path} and restore its time"


def same_size_and_time(tree: Tree, rng: random.Random) -> str:
    path = one([each for each in data_files(tree) if tree.path(each).stat().st_size], rng)
    found, data = tree.path(path).stat(), bytearray(tree.path(path).read_bytes())
    at = rng.randrange(len(data))
    data[at] = ord("x") if data[at] != ord("x") else ord("y")
    with tree.path(path).open("r+b") as stream:
        stream.write(data)
    os.utime(tree.path(path), ns=(found.st_atime_ns, found.st_mtime_ns))
    return f"replace a byte of {path} and restore its time"


def line_endings(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    data = tree.path(path).read_bytes()
    tree.write(path, data.replace(b"\r\n", b"\n") if b"\r\n" in data else data.replace(b"\n", b"\r\n"))
    return f"other line endings in {path}"


def empty(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    tree.write(path, b"")
    return f"empty {path}"


def comment(tree: Tree, rng: random.Random) -> str:
    path = one(sources(tree), rng)
    mark = "//" if path.endswith(".go") else "#"
    with tree.path(path).open("ab") as stream:
        stream.write(f"{mark} {word(rng)}\n".encode())
    return f"comment in {path}"


def value(tree: Tree, rng: random.Random) -> str:
    """What dependents import and call."""
    found = [each for each in sources(tree) if each.endswith(("__init__.py", ".go")) and "_test" not in each]
    path = one([each for each in found if "alue = " in tree.read(each) or "VALUE = " in tree.read(each)], rng)
    if not path:
        return ""
    lines = tree.read(path).splitlines(keepends=True)
    shown = [
        f"{each.partition('=')[0]}= {rng.randrange(1000)}\n" if "alue = " in each.lower() else each for each in lines
    ]
    tree.write(path, "".join(shown))
    return f"another value in {path}"


def touch(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    os.utime(tree.path(path))
    return f"touch {path}"


def mode(tree: Tree, rng: random.Random) -> str:
    path = one(data_files(tree), rng)
    tree.path(path).chmod(tree.path(path).stat().st_mode ^ 0o111)
    return f"change the mode of {path}"


def rewritten(tree: Tree, rng: random.Random) -> str:
    """As editors save: another inode with the same content."""
    path = one(data_files(tree), rng)
    data, bits = tree.path(path).read_bytes(), tree.path(path).stat().st_mode
    tree.remove(path)
    tree.write(path, data)
    tree.path(path).chmod(bits)
    return f"write {path} anew as it was"


KINDS = {
    each.__name__: each
    for each in (
        *(content, verdict, restored_mtime, same_size_and_time, line_endings, empty, comment, value),
        *(touch, mode, rewritten),
    )
}
