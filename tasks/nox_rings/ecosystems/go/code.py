"""What Go files of a module say of other files: imported packages, files that go into programs (package embed), and
what cgo compiles and links with them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nox_rings.engine.paths import is_under, joined
from nox_rings.workspace.sources import Sources

# Of a file up to its first declaration that is no import: comments, strings, what ends a statement, words
# (https://go.dev/ref/spec#Import_declarations).
TOKEN = re.compile(r"""(//[^\n]*|/\*.*?\*/)|("(?:\\.|[^"\\\n])*"|`[^`]*`)|[()\n;]|[^\s"`();/]+|/""", re.DOTALL)
# Programs that are only run by name, and no part of a package.
IGNORED = re.compile(r"^//go:build[ \t]+ignore[ \t]*$", re.MULTILINE)
# https://pkg.go.dev/embed#hdr-Directives
EMBED = re.compile(r"^[ \t]*//go:embed[ \t]+(.+)$", re.MULTILINE)
# https://pkg.go.dev/cmd/cgo#hdr-Using_cgo_with_the_go_command
CGO_LINE = re.compile(r"#cgo\b[^\n:]*:([^\n]*)")
CGO_PATH = re.compile(r"(-[ILF])?(?:\$\{SRCDIR\}/)?((?<=/)[^\s\"']+|\.\./[^\s\"']+)")
INCLUDED = re.compile(r'#[ \t]*include[ \t]+"(\.\./[^"\n]+)"')
WILDCARD = re.compile(r"[*?\[\\]")


@dataclass(frozen=True, slots=True)
class Code:
    imports: frozenset[str] = frozenset()
    embedded: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


NO_CODE = Code()


def read_code(sources: Sources, ecosystem: str, module: str, paths: Sequence[str]) -> Code:
    """`paths` are the Go files of a module; a file that cannot be read says nothing."""
    imports, embedded, outside = set[str](), set[str](), set[str]()
    for path in paths:
        found, patterns, native = sources.outline(path, ecosystem, outline)
        folder = path.rpartition("/")[0] or "."
        imports.update(found)
        embedded.update(_embedded(folder, patterns))
        outside.update(place for each in native if _is_outside(place := joined(folder, each), module))
    return Code(frozenset(imports), tuple(sorted(embedded - {module})), tuple(sorted(outside)))


def outline(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What a Go file imports, its lines of patterns to embed, and the folders in which cgo looks for more."""
    native = tuple(sorted({*_native(text)})) if '"C"' in text else ()
    return tuple(sorted({*_imports(text)})), tuple(EMBED.findall(text)), native


def _native(text: str) -> Iterator[str]:
    """From the folder of the file."""
    for line in CGO_LINE.findall(text):
        for option, path in CGO_PATH.findall(line):
            yield path if option else path.rpartition("/")[0] or "."
    yield from (path.rpartition("/")[0] for path in INCLUDED.findall(text))


def is_skipped(folder: str) -> bool:
    """Whether go looks for no packages in a folder of this name
    (https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns)."""
    return folder.startswith(("_", ".")) or folder in ("testdata", "vendor")


def _is_outside(path: str, module: str) -> bool:
    """Of the module, and not above it."""
    return not (path.startswith(("..", "/")) or is_under(path, module) or is_under(module, path))


def _imports(text: str) -> Iterator[str]:
    if IGNORED.search(text.partition("\npackage ")[0]):
        return
    statement, is_block = "", False
    for match in TOKEN.finditer(text):
        token, comment, literal = match[0], match[1], match[2]
        if comment:
            continue
        if literal:
            if statement == "import" and len(literal) > len('""'):
                yield literal[1:-1]
        elif token in ("\n", ";"):
            statement = statement if is_block else ""
        elif token in ("(", ")"):
            is_block = statement == "import" and token == "("
        elif not statement:
            statement = token
            if token not in ("package", "import"):
                return


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
