"""Edits of what a path is: file, folder, link, repository."""

from __future__ import annotations

import os
import random
import shutil
import socket
from pathlib import Path

from property.edits.choose import all_files, data_files, folders, links, member_folders, one, word
from property.model import Tree

SUBMODULES = ("web/base/src/sub", "py/core/src/sub", "go/lib/sub", "sdk/py/sub", "sdk/js/sub")


def retargeted_link(tree: Tree, rng: random.Random) -> str:
    path = one(links(tree), rng)
    if not path:
        return ""
    to_folder = tree.path(path).is_dir()
    choices = ["shared/folder", "docs"] if to_folder else ["shared/text.txt", "shared/other.txt", "nowhere"]
    there = rng.choice(choices)
    tree.remove(path)
    tree.path(path).symlink_to("../" * path.count("/") + there)
    return f"let {path} lead to {there}"


def behind_a_link(tree: Tree, rng: random.Random) -> str:
    path = one([each for each in all_files(tree, "shared") if not tree.path(each).is_symlink()], rng)
    if not path:
        return ""
    with tree.path(path).open("ab") as stream:
        stream.write(word(rng).encode())
    return f"append to {path}, which links lead to"


def added_behind_a_link(tree: Tree, rng: random.Random) -> str:
    path = f"shared/folder/{word(rng)}/{word(rng)}.txt"
    tree.write(path, word(rng))
    return f"add {path} behind links"


def folder_to_file(tree: Tree, rng: random.Random) -> str:
    path = one(folders(tree), rng)
    if not path:
        return ""
    tree.remove(path)
    tree.write(path, word(rng))
    return f"put a file in the place of {path}/"


def file_to_folder(tree: Tree, rng: random.Random) -> str:
    path = one([each for each in data_files(tree) if "/" in each], rng)
    tree.remove(path)
    tree.write(f"{path}/{word(rng)}.txt", word(rng))
    return f"put a folder in the place of {path}"


def file_to_link(tree: Tree, rng: random.Random) -> str:
    path = one([each for each in data_files(tree) if each.count("/") >= 2], rng)
    if not path or not tree.exists("shared/text.txt"):
        return ""
    tree.remove(path)
    tree.path(path).symlink_to("../" * path.count("/") + "shared/text.txt")
    return f"put a link in the place of {path}"


def link_to_folder(tree: Tree, rng: random.Random) -> str:
    """In the place of a folder, or a new one."""
    path = one([*folders(tree), *(f"{each}/src/{word(rng)}" for each in member_folders(tree))], rng)
    if not path:
        return ""
    tree.remove(path)
    tree.path(path).parent.mkdir(parents=True, exist_ok=True)
    tree.path(path).symlink_to("../" * path.count("/") + "shared/folder")
    return f"let {path} be a link to shared/folder"


def hard_link(tree: Tree, rng: random.Random) -> str:
    path, folder = one(data_files(tree), rng), one(member_folders(tree), rng)
    there = f"{folder}/{word(rng)}.txt"
    if not folder:
        return ""
    os.link(tree.path(path), tree.path(there))
    return f"let {there} be another name of {path}"


def link_around(tree: Tree, rng: random.Random) -> str:
    """One that leads to a folder that it lies in."""
    folder = one(folders(tree), rng)
    path = f"{folder}/{word(rng)}"
    if not folder or not folder.startswith("web"):
        return ""
    tree.path(path).symlink_to(".")
    return f"let {path} lead to its own folder"


def special_file(tree: Tree, rng: random.Random) -> str:
    """A pipe or a socket, which nothing may open."""
    folder = one(member_folders(tree), rng)
    path = f"{folder}/{word(rng)}"
    if not folder:
        return ""
    if rng.random() < 0.5:
        os.mkfifo(tree.path(path))
        return f"make the pipe {path}"
    before = Path.cwd()
    os.chdir(tree.path(folder))  # the path of a socket may have 108 bytes only
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.rpartition("/")[2])
    finally:
        os.chdir(before)
    return f"make the socket {path}"


def submodule(tree: Tree, rng: random.Random) -> str:
    """A new commit in it, an edit without one, or an untracked file."""
    path = one([each for each in SUBMODULES if tree.exists(f"{each}/.git")], rng)
    if not path:
        return ""
    how = rng.choice(["commit", "edit", "add", "update"])
    if how == "update":
        tree.git("submodule", "update", "--force", "--", path, check=False)
        return f"git submodule update {path}"
    tree.write(f"{path}/{word(rng) if how == 'add' else 'text'}.txt", word(rng))
    if how == "commit":
        tree.git("add", "-A", cwd=path)
        tree.git("commit", "-q", "-m", "more", cwd=path)
    return f"{how} in the submodule {path}"


def nested_repository(tree: Tree, rng: random.Random) -> str:
    folder = one(member_folders(tree), rng)
    if not folder:
        return ""
    path = f"{folder}/nested"
    if tree.exists(f"{path}/.git") and rng.random() < 0.4:
        shutil.rmtree(tree.path(f"{path}/.git"))
        return f"let {path} be a folder like others"
    tree.write(f"{path}/{rng.choice(['text.txt', 'more.txt'])}", word(rng))
    if not tree.exists(f"{path}/.git"):
        tree.git("init", "-q", path)
    return f"write in the repository {path}"


KINDS = {
    each.__name__: each
    for each in (
        *(retargeted_link, behind_a_link, added_behind_a_link, folder_to_file, file_to_folder, file_to_link),
        *(link_to_folder, hard_link, link_around, special_file, submodule, nested_repository),
    )
}
