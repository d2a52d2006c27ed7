"""What goes into the zip file of a Go module, by the rules of golang.org/x/mod/zip (`Create`, v0.40) and
https://go.dev/ref/mod#zip-path-size-constraints. Paths are relative to the module, with slashes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

MEBIBYTE = 1 << 20
MOST_BYTES = {"go.mod": 16 * MEBIBYTE, "LICENSE": 16 * MEBIBYTE}
MOST_BYTES_IN_ALL = 500 * MEBIBYTE
ASCII_PUNCTUATION = frozenset("!#$%&()+,-.=@[]^_{}~ ")
# Windows disallows them in any case and with any extension.
WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
VENDORING_MENDED = (1, 24)  # https://golang.org/issue/37397


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleFiles:
    """`kept` in the order of the archive; `problems` are sentences, and whoever finds one writes no archive."""

    kept: tuple[str, ...]
    problems: tuple[str, ...]


def module_files(sizes: Mapping[str, int | None], go_version: tuple[int, int]) -> ModuleFiles:
    """Which of the files (path → bytes; None for what is no regular file) are content of the module.

    `go_version` is that of its go.mod: how `vendor` is read depends on it."""
    nested = {_parent(path) for path, size in sizes.items() if size is not None and _name(path).lower() == "go.mod"}
    content = [path for path in sorted(sizes) if not _left_out(path, nested - {""}, go_version)]
    kept = [path for path in content if sizes[path] is not None]
    problems = [
        *(problem for path in content if (problem := path_problem(path))),
        *_collisions(content),
        *(problem for path in kept if (problem := _size_problem(path, sizes[path] or 0))),
    ]
    total = sum(sizes[path] or 0 for path in kept)
    if total > MOST_BYTES_IN_ALL:
        problems.append(f"found {total} bytes in all, expected at most {MOST_BYTES_IN_ALL}")
    return ModuleFiles(kept=tuple(kept), problems=tuple(problems))


def version_problem(module: str, version: str) -> str:
    """A sentence where the module path does not fit the major version (https://go.dev/ref/mod#major-version-suffixes);
    empty where it does."""
    major = version.partition(".")[0]
    dotted = module.startswith("gopkg.in/")
    suffix = re.search(r"\.(v\d+)(-unstable)?$" if dotted else r"/(v\d+)$", module)
    wanted = (suffix[1],) if suffix else ("v0", "v1")
    if major in wanted and (dotted or not suffix or major not in ("v0", "v1")):
        return ""
    fitting = re.sub(r"/v\d+$", "", module) + ("" if major in ("v0", "v1") else f"/{major}")
    return f"found the module path {module} at {version}, expected {fitting}"


def _left_out(path: str, nested: set[str], go_version: tuple[int, int]) -> bool:
    inside = any(f"{folder}/" in nested for folder in map(str, PurePosixPath(path).parents))
    return inside or path == ".hg_archival.txt" or is_vendored(path, go_version)


def go_version_of(go_mod: str) -> tuple[int, int]:
    """Its go line; (0, 0) where it has none."""
    line = re.search(r"^go\s+(\d+)\.(\d+)", go_mod, re.M)
    return (int(line[1]), int(line[2])) if line else (0, 0)


def is_vendored(path: str, go_version: tuple[int, int]) -> bool:
    """Packages below a `vendor` folder; a file right in it belongs to the module."""
    mended = go_version >= VENDORING_MENDED
    if mended and path == "vendor/modules.txt":
        return True
    if path.startswith("vendor/"):
        begin = len("vendor/")
    elif (found := path.find("/vendor/")) >= 0:
        begin = (found if mended else 0) + len("/vendor/")
    else:
        return False
    return "/" in path[begin:]


def path_problem(path: str) -> str:
    """A sentence where no go command would take a file of this name; empty where it does."""
    if path.lower() == "go.mod" and path != "go.mod":
        return f"{path}: found a go.mod that is not in small letters, expected go.mod"
    for element in path.split("/"):
        if element.endswith("."):
            return f"{path}: found {element!r}, expected no path element that ends in a dot"
        if bad := next((each for each in element if not _may_name(each)), ""):
            return f"{path}: found {bad!r}, expected characters that every file system takes"
        if element.partition(".")[0].lower() in WINDOWS_DEVICES:
            return f"{path}: found {element!r}, expected no name of a Windows device"
    return ""


def _may_name(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in ASCII_PUNCTUATION
    return unicodedata.category(character).startswith("L")


def _collisions(paths: Iterable[str]) -> list[str]:
    """Files, or folders they lie in, that differ in case alone."""
    seen: dict[str, str] = {}
    found = []
    for path in paths:
        for each in (path, *(str(folder) for folder in PurePosixPath(path).parents if str(folder) != ".")):
            other = seen.setdefault(_folded(each), each)
            if other != each:
                found.append(f"{each}: found {other} too, expected names that differ in more than case")
                break
    return found


def _folded(path: str) -> str:
    """Simple folding: a letter stays one letter."""
    return "".join(small if len(small := each.casefold()) == 1 else each for each in path)


def _size_problem(path: str, size: int) -> str:
    most = MOST_BYTES.get(path, size)
    return f"{path}: found {size} bytes, expected at most {most}" if size > most else ""


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _parent(path: str) -> str:
    """With its slash; empty for the module itself."""
    return path[: path.rfind("/") + 1]
