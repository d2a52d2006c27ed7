"""What Go files of a module say of other files: imported packages, and files that go into programs (package embed)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nox_rings.engine.paths import joined
from nox_rings.workspace.sources import Sources

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


def read_code(sources: Sources, ecosystem: str, module: str, paths: Sequence[str]) -> Code:
    """`paths` are the Go files of a module; a file that cannot be read says nothing."""
    imports, embedded = set[str](), set[str]()
    for path in paths:
        found, patterns = sources.outline(path, ecosystem, outline)
        imports.update(found)
        embedded.update(_embedded(path.rpartition("/")[0] or ".", patterns))
    return Code(frozenset(imports), tuple(sorted(embedded - {module})))


def outline(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a Go file imports, and its lines of patterns to embed."""
    return tuple(sorted({*IMPORT.findall(text)})), tuple(EMBED.findall(text))


def _embedded(folder: str, lines: Sequence[str]) -> Iterator[str]:
    """The file or the folder that a pattern begins with, or the pattern where it begins with a wildcard."""
    for line in lines:
        for pattern in _patterns(line):
            fixed = pattern.removeprefix("all:").split("/")
            known = next((index for index, part in enumerate(fixed) if WILDCARD.search(part)), len(fixed))
            # A wildcard right at the beginning stands for files beside the Go file, listed by git or not.
            found = joined(folder, "/".join(fixed[:known] or fixed))
            if found != folder and not found.startswith(("..", "/")):
                yield found


def _patterns(line: str) -> Sequence[str]:
    try:
        return shlex.split(line.replace("`", '"'))
    except ValueError:
        return ()
