"""What settings of the TypeScript compiler say of where it writes, and of what it reads elsewhere
(https://www.typescriptlang.org/tsconfig/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from nox_rings.ecosystems.npm.workspaces.jsonc import parse_jsonc
from nox_rings.engine.paths import below, files_under, is_under, joined
from nox_rings.workspace.sources import Sources, folder_of

COMMAND = re.compile(r"(?:^|[\s/])(?:tsc|tsgo|vue-tsc)(?=\s|$)")
PROJECT = re.compile(r"\s(?:-p|--project|-b|--build)[\s=]+(?!-)(\S+)")
OUT_DIR = re.compile(r"--outDir[\s=]+(\S+)")
DEEPEST = 8
WILDCARD = re.compile(r"[*?]")


def out_dirs(sources: Sources, folder: str, command: str) -> tuple[str, ...]:
    """Folders that a call of `tsc` in `folder` fills, as far as it and its settings say."""
    if not COMMAND.search(command) or "--noEmit" in command.split():
        return ()
    if named := OUT_DIR.search(command):
        return (joined(folder, named[1].strip("'\"")),)
    projects = PROJECT.findall(command) or ["tsconfig.json"]
    found = (_out_dir(sources, joined(folder, each.strip("'\""))) for each in projects)
    return tuple(each for each in found if each)


def reads_outside(sources: Sources, folder: str) -> Iterator[str]:
    """Paths outside of `folder` that its settings name: what they extend, refer to and include."""
    for path in files_under(sources.files, folder):
        name = below(folder, path)
        if "/" not in name and fnmatchcase(name, "tsconfig*.json"):
            for found in _outside(sources, path, DEEPEST):
                if not is_under(found, folder) and not is_under(folder, found):
                    yield found


def _outside(sources: Sources, path: str, depth: int) -> Iterator[str]:
    document = _document(sources, path)
    for base in _bases(document, path) if depth else ():
        yield base
        yield from _outside(sources, base, depth - 1)
    if depth == DEEPEST:
        references = document.get("references")
        named = [each.get("path") for each in _list(references) if isinstance(each, dict)]
        for each in (*named, *_list(document.get("include")), *_list(document.get("files"))):
            if isinstance(each, str) and each.startswith("../"):
                plain = WILDCARD.split(each, maxsplit=1)[0]
                yield joined(folder_of(path), plain if plain == each else plain.rpartition("/")[0])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _document(sources: Sources, path: str) -> dict[str, Any]:
    if path not in sources.known:
        return {}
    try:
        document = parse_jsonc(sources.text(path))
    except ValueError:
        return {}  # the compiler reports it
    return document if isinstance(document, dict) else {}


def _bases(document: Mapping[str, Any], path: str) -> Iterator[str]:
    """What it extends, without what lies in packages."""
    bases = document.get("extends") or []
    for base in [bases] if isinstance(bases, str) else _list(bases):
        if isinstance(base, str) and base.startswith("."):
            yield joined(folder_of(path), base if base.endswith(".json") else f"{base}.json")


def _out_dir(sources: Sources, project: str) -> str:
    path = project if project.endswith(".json") else joined(project, "tsconfig.json")
    options = _options(sources, path, DEEPEST)
    return "" if options.get("noEmit") is True else str(options.get("outDir", ""))


def _options(sources: Sources, path: str, depth: int) -> dict[str, Any]:
    """With those it extends; `outDir` as a path from the root of the repository."""
    document = _document(sources, path)
    found: dict[str, Any] = {}
    for base in _bases(document, path) if depth else ():
        found |= _options(sources, base, depth - 1)
    own = document.get("compilerOptions")
    options = dict(own) if isinstance(own, dict) else {}
    if isinstance(wanted := options.get("outDir"), str):
        options["outDir"] = joined(folder_of(path), wanted.replace("${configDir}", "."))
    return found | options
