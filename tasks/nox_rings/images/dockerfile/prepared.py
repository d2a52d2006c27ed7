"""A Dockerfile as an engine is given it: the one of the workspace, or a copy where it would fetch a frontend, where it
is a link, or where our own folder would be part of the build context."""

from __future__ import annotations

from pathlib import Path

from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.patterns import is_ignored, parse_ignore_file
from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.reading import file_bytes

IGNORE_FILE = ".dockerignore"


def prepare_dockerfile(dockerfile: Path, context: Path, folder: Path, *, keeps_syntax: bool) -> Path:
    """The Dockerfile to build. A copy has the same name, lies in `folder`, and has its ignore file beside it."""
    text = file_bytes(dockerfile).decode("utf-8", "surrogateescape")  # comments may be in any encoding
    plain = text if keeps_syntax else without_syntax_line(text)
    ignored = _ignore_text(dockerfile, context)
    ours = (context / OWN_FOLDER).is_dir() and not is_ignored(OWN_FOLDER, parse_ignore_file(ignored))
    if plain == text and not ours and not dockerfile.is_symlink():  # BuildKit follows none
        return dockerfile
    copy = folder / dockerfile.name
    write_atomically(copy, plain.encode("utf-8", "surrogateescape"))
    if ignored or ours:
        more = f"\n{OWN_FOLDER}\n" if ours else ""
        ignore_copy = copy.with_name(f"{copy.name}{IGNORE_FILE}")
        write_atomically(ignore_copy, f"{ignored}{more}".encode("utf-8", "surrogateescape"))
    return copy


def _ignore_text(dockerfile: Path, context: Path) -> str:
    for path in (dockerfile.with_name(f"{dockerfile.name}{IGNORE_FILE}"), context / IGNORE_FILE):
        if path.is_file():
            return file_bytes(path).decode("utf-8", "surrogateescape")
    return ""


def without_syntax_line(text: str) -> str:
    """A Dockerfile whose `# syntax=` directive, which would fetch another frontend from a hub, is an ordinary comment.

    Line numbers stay. BuildKit's own frontend is as new as itself."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        bare = line.removeprefix("\ufeff") if index == 0 else line
        name, equals, _ = bare.lstrip().removeprefix("#").partition("=")
        if not (bare.lstrip().startswith("#") and equals):
            break  # directives stand above everything else
        if name.strip().lower() == "syntax":
            lines[index] = "# (syntax line left out)"
    return "\n".join(lines)
