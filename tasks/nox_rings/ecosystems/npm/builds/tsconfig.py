"""Where the TypeScript compiler writes (https://www.typescriptlang.org/tsconfig/#outDir)."""

from __future__ import annotations

import re
from typing import Any

from nox_rings.ecosystems.npm.workspaces.jsonc import parse_jsonc
from nox_rings.engine.paths import joined
from nox_rings.workspace.sources import Sources, folder_of

COMMAND = re.compile(r"(?:^|[\s/])(?:tsc|tsgo|vue-tsc)(?=\s|$)")
PROJECT = re.compile(r"\s(?:-p|--project|-b|--build)[\s=]+(?!-)(\S+)")
OUT_DIR = re.compile(r"--outDir[\s=]+(\S+)")
DEEPEST = 8


def out_dirs(sources: Sources, folder: str, command: str) -> tuple[str, ...]:
    """Folders that a call of `tsc` in `folder` fills, as far as it and its settings say."""
    if not COMMAND.search(command) or "--noEmit" in command.split():
        return ()
    if named := OUT_DIR.search(command):
        return (joined(folder, named[1].strip("'\"")),)
    projects = PROJECT.findall(command) or ["tsconfig.json"]
    found = (_out_dir(sources, joined(folder, each.strip("'\""))) for each in projects)
    return tuple(each for each in found if each)


def _out_dir(sources: Sources, project: str) -> str:
    path = project if project.endswith(".json") else joined(project, "tsconfig.json")
    options = _options(sources, path, DEEPEST)
    return "" if options.get("noEmit") is True else str(options.get("outDir", ""))


def _options(sources: Sources, path: str, depth: int) -> dict[str, Any]:
    """With those it extends; `outDir` as a path from the root of the repository."""
    if path not in sources.known or not depth:
        return {}
    try:
        document = parse_jsonc(sources.text(path))
    except ValueError:
        return {}  # the compiler reports it
    if not isinstance(document, dict):
        return {}
    bases = document.get("extends") or []
    found: dict[str, Any] = {}
    for base in [bases] if isinstance(bases, str) else bases:
        if isinstance(base, str) and base.startswith("."):
            name = base if base.endswith(".json") else f"{base}.json"
            found |= _options(sources, joined(folder_of(path), name), depth - 1)
    own = document.get("compilerOptions")
    options = dict(own) if isinstance(own, dict) else {}
    if isinstance(wanted := options.get("outDir"), str):
        options["outDir"] = joined(folder_of(path), wanted.replace("${configDir}", "."))
    return found | options
