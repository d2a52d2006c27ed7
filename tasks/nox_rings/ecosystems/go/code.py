"""What Go files of a module say of other files: imported packages, and files that go into programs (package embed)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nox_rings.engine.paths import joined

# A line that imports a package, and little else: what looks like one makes an edge too many.
IMPORT = re.compile(r'^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\s]+)"\s*(?:;.*|//.*|/\*.*)?$', re.MULTILINE)
# https://pkg.go.dev/embed#hdr-Directives
EMBED = re.compile(r"^//go:embed[ \t]+(.+)$", re.MULTILINE)
WILDCARD = re.compile(r"[*?\[\\]")


@dataclass(frozen=True, slots=True)
class Code:
    imports: frozenset[str] = frozenset()
    embedded: tuple[str, ...] = ()


NO_CODE = Code()


def read_code(root: Path, module: str, paths: Sequence[str]) -> Code:
    """`paths` are the Go files of a module; a file that cannot be read says nothing."""
    imports, embedded = set[str](), set[str]()
    for path in paths:
        text = _text(root / path)
        imports.update(IMPORT.findall(text))
        embedded.update(_embedded(path.rpartition("/")[0] or ".", text))
    return Code(frozenset(imports), tuple(sorted(embedded - {module})))


def _embedded(folder: str, text: str) -> Iterator[str]:
    """The file or the folder that a pattern begins with. One that is all wildcards means files beside the Go file, and
    these git lists."""
    for line in EMBED.findall(text):
        for pattern in _patterns(line):
            fixed = pattern.removeprefix("all:").split("/")
            known = next((index for index, part in enumerate(fixed) if WILDCARD.search(part)), len(fixed))
            found = joined(folder, "/".join(fixed[:known]))
            if found != folder and not found.startswith(("..", "/")):
                yield found


def _patterns(line: str) -> Sequence[str]:
    try:
        return shlex.split(line.replace("`", '"'))
    except ValueError:
        return ()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
