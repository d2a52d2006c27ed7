"""Places in a workspace: POSIX paths relative to its root, `.` being the root. Text only; nothing asks the disk."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator


def is_under(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies in it; both POSIX and relative to the root, `.` being the root."""
    return folder == "." or path == folder or path.startswith(f"{folder}/")


def joined(folder: str, relative: str) -> str:
    """`relative` as seen from `folder`, normalized. It may climb out with `..` (then the result starts with `..`); an
    absolute path stays one."""
    if relative.startswith("/"):
        return relative
    parts: list[str] = []
    for part in f"{folder}/{relative}".split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."


def below(folder: str, path: str) -> str:
    """A path in `folder` as seen from there."""
    return path if folder == "." else path.removeprefix(folder).removeprefix("/") or "."


def short_names(folders: Iterable[str]) -> dict[str, str]:
    """The name by which each folder is known in ids: its last part with hyphens, or its whole path where two agree."""
    listed = list(folders)
    shown = {folder: hyphenated("root" if folder == "." else folder.rpartition("/")[2]) for folder in listed}
    count = Counter(shown.values())
    return {folder: name if count[name] == 1 else folder for folder, name in shown.items()}


def hyphenated(name: str) -> str:
    """The spelling of image and release names: `inference_gateway` is `inference-gateway` (facts/ameide.md §1.3)."""
    return name.replace("_", "-").lower()


def files_under(files: tuple[str, ...], folder: str) -> tuple[str, ...]:
    """The part of a sorted listing that lies in `folder` (or is it)."""
    if folder == ".":
        return files
    if (start := bisect_left(files, folder)) < len(files) and files[start] == folder:
        return (folder,)
    start = bisect_left(files, f"{folder}/")
    return files[start : bisect_left(files, f"{folder}0")]  # "0" is the character after "/"


def at_or_above(path: str) -> Iterator[str]:
    """The path, the folders above it from the nearest on, and the root."""
    while path not in ("", "."):
        yield path
        path = path.rpartition("/")[0]
    yield "."
