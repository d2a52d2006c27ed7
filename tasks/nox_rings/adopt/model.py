"""What adoption found in a repository, and what it would write there."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nox_rings.adopt.settings import Setting, with_settings
from nox_rings.engine.patterns import is_ignored, parse_ignore_file
from nox_rings.workspace.visible import PassedOver

REGISTER = ("from nox_rings import register", "register()")
NOXFILE = '''\
"""`nox -l` lists the sessions of nox-rings; `nox -s rings` makes everything that is stale."""

# What `uvx nox` and a nox of your own install first.
# /// script
# requires-python = ">=3.11"
# dependencies = ["nox", "nox-rings{}"]
# ///

{}

{}
'''
OWN_PATTERN = ".nox-rings/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOrigin:
    """A tool that targets ask for; `origin` is what decides its version, empty where it is missing; `how` is the way to
    get it then."""

    name: str
    version: str
    origin: str
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A sentence, and the target it stops; empty where it stops all."""

    target: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`members` are numbers by ecosystem, `edges` the dependencies between members."""

    members: Mapping[str, int]
    edges: int
    schemas: int
    images: int
    targets: int
    problems: tuple[Problem, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    tools: tuple[ToolOrigin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """`before` is None for a file that is not there."""

    path: str
    before: str | None
    after: str

    @property
    def diff(self) -> str:
        old = (self.before or "").splitlines(keepends=True)
        lines = difflib.unified_diff(
            old, self.after.splitlines(keepends=True), "/dev/null" if self.before is None else self.path, self.path
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Of the files that adoption may write to; None or absent where there is none. `ignore_files` are those that say
    what a build in the root leaves out."""

    noxfile: str | None = None
    pyproject: str | None = None
    ignore_files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """`by_hand` are sentences for what is left to the user."""

    changes: tuple[FileChange, ...]
    by_hand: tuple[str, ...] = ()


def plan_adoption(texts: Texts, settings: Iterable[Setting], *, version: str) -> Adoption:
    """What is missing, so that a second adoption changes nothing. `version` is that of nox-rings, or empty."""
    changes = [*_ignore_files(texts.ignore_files)]
    by_hand = []
    needed = tuple(settings)
    pyproject = with_settings(texts.pyproject or "", needed)
    if pyproject is None:
        lines = "\n".join(f"    {line}" for each in needed for line in (each.header, *each.lines))
        by_hand.append(f"pyproject.toml: found tool.nox-rings in a form that takes no lines; add these:\n{lines}")
    elif pyproject != (texts.pyproject or ""):
        changes.append(FileChange(path="pyproject.toml", before=texts.pyproject, after=pyproject))
    if texts.noxfile is None:
        least = f">={version}" if version else ""
        changes.append(FileChange(path="noxfile.py", before=None, after=NOXFILE.format(least, *REGISTER)))
    elif not registers(texts.noxfile):
        lines = "\n".join(f"    {line}" for line in REGISTER)
        by_hand.append(f"noxfile.py: it is yours, so it stays as it is; add these two lines to it:\n{lines}")
    return Adoption(changes=tuple(changes), by_hand=tuple(by_hand))


def registers(noxfile: str) -> bool:
    """Whether a noxfile calls register() of nox_rings."""
    try:
        nodes = [*ast.walk(ast.parse(noxfile))]
    except (SyntaxError, ValueError):
        return False
    imported = any(
        name.split(".")[0] == "nox_rings"
        for node in nodes
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    )
    called = (ast.unparse(node.func).rpartition(".")[2] for node in nodes if isinstance(node, ast.Call))
    return imported and "register" in called


def _ignore_files(files: Mapping[str, str]) -> Iterator[FileChange]:
    for path, text in sorted(files.items()):
        if not is_ignored(f"{OWN_PATTERN}state", parse_ignore_file(text.replace("\r\n", "\n"))):
            newline = "\r\n" if "\r\n" in text else "\n"
            above = text if not text or text.endswith("\n") else text + newline
            yield FileChange(path=path, before=text, after=f"{above}{OWN_PATTERN}{newline}")
