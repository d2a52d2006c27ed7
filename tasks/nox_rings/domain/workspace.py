"""What a workspace consists of, as its own files describe it. Identity is a folder, never a package's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath


class Language(StrEnum):
    TS = "ts"
    GO = "go"
    PY = "py"


class Flavour(StrEnum):
    """Which of a folder's two Dockerfiles: ring 1 or ring 2."""

    DEV = "dev"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class StubTemplate:
    """One `buf.gen*.yaml`. `outs` are the generated roots, `plugins` its local programs, `scripts` files those read."""

    file: str
    suffix: str
    outs: tuple[str, ...]
    plugins: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BufWorkspace:
    """A folder with a `buf.yaml`; `modules` are the folders its .proto files live in."""

    folder: str
    modules: tuple[str, ...]
    templates: tuple[StubTemplate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A folder whose lockfile installs members: a pnpm workspace or package, a uv workspace or project."""

    folder: str
    language: Language
    lockfile: str
    files: tuple[str, ...]
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A package (npm, PyPI) or module (Go). `home` is the folder that installs it, `depends_on` folders of members.

    `checks` are what its manifest offers to build and to prove it: npm scripts, or `test` where tests exist."""

    folder: str
    language: Language
    name: str
    home: str
    depends_on: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFile:
    """A Dockerfile: its build context, the paths its COPY and ADD lines read, its FROM names and their lines, what is
    ignored."""

    dockerfile: str
    name: str
    flavour: Flavour
    context: str
    sources: tuple[str, ...]
    bases: tuple[str, ...]
    base_lines: tuple[int, ...] = ()
    build_args: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    buf: tuple[BufWorkspace, ...] = ()
    homes: tuple[Home, ...] = ()
    members: tuple[Member, ...] = ()
    images: tuple[ImageFile, ...] = ()

    def member_at(self, folder: str) -> Member | None:
        return next((member for member in self.members if member.folder == folder), None)


def is_under(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies in it; both POSIX and relative to the root, `.` being the root."""
    return folder == "." or path == folder or path.startswith(f"{folder}/")


def joined(folder: str, relative: str) -> str:
    """`relative` as seen from `folder`, normalised; it may climb out with `..` (then the result starts with `..`)."""
    parts: list[str] = []
    for part in (*PurePosixPath(folder).parts, *PurePosixPath(relative).parts):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "."


def short_names(folders: Iterable[str]) -> dict[str, str]:
    """The name by which each folder is known in ids: its last part with hyphens, or its whole path where two agree."""
    listed = list(folders)
    shown = {folder: hyphenated(PurePosixPath(folder).name or "root") for folder in listed}
    count = Counter(shown.values())
    return {folder: name if count[name] == 1 else folder for folder, name in shown.items()}


def hyphenated(name: str) -> str:
    """The spelling of image and release names: `inference_gateway` is `inference-gateway` (facts/ameide.md §1.3)."""
    return name.replace("_", "-").lower()
