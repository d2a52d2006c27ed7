"""What settings of the TypeScript compiler say of where it writes, and of what it reads elsewhere
(https://www.typescriptlang.org/tsconfig/)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nox_rings.ecosystems.npm.workspaces.jsonc import parse_jsonc
from nox_rings.engine.paths import files_under, is_under, joined
from nox_rings.workspace.sources import Sources, folder_of

COMMAND = re.compile(r"(?:^|[\s/])(?:tsc|tsgo|vue-tsc)(?=\s|$)")
PROJECT = re.compile(r"\s(?:-p|--project|-b|--build)[\s=]+(?!-)(\S+)")
OUT_DIR = re.compile(r"--outDir[\s=]+(\S+)")
NAME = re.compile(r"(?:^|/)(?:ts|js)config[^/]*\.json$")
SOURCE = re.compile(r"\.[cm]?[jt]sx?$")
WILDCARD = re.compile(r"[*?]")
DEEPEST = 8


class CompilerSettings:
    """Of a repository; each file is read once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._known: dict[str, Mapping[str, Any]] = {}
        self._files = tuple(path for path in sources.all_files if NAME.search(path))

    def out_dirs(self, folder: str, command: str) -> tuple[str, ...]:
        """Folders that a call of `tsc` in `folder` fills, as far as it and its settings say."""
        if not COMMAND.search(command) or "--noEmit" in command.split():
            return ()
        if named := OUT_DIR.search(command):
            return (joined(folder, named[1].strip("'\"")),)
        projects = PROJECT.findall(command) or ["tsconfig.json"]
        found = (self._out_dir(joined(folder, each.strip("'\""))) for each in projects)
        return tuple(each for each in found if each)

    def reads_outside(self, folder: str, commands: Iterable[str] = ()) -> Iterator[str]:
        """Paths outside of `folder` that its settings name, and those that `commands` name: what they extend, refer to
        and include, where they look for modules and types, and what those extend and refer to in turn."""
        for found in dict.fromkeys(self._named(self._projects(folder, commands))):
            if not is_under(found, folder) and not is_under(folder, found):
                yield found

    def packages(self, folder: str) -> frozenset[str]:
        """Names of packages whose settings those in `folder` extend."""
        documents = (self._document(path) for path in files_under(self._files, folder))
        named = (each for document in documents for each in _extended(document) if not each.startswith((".", "/")))
        return frozenset("/".join(each.split("/")[: 2 if each.startswith("@") else 1]) for each in named)

    def _projects(self, folder: str, commands: Iterable[str]) -> list[str]:
        named = (
            each.strip("'\"") for command in commands if COMMAND.search(command) for each in PROJECT.findall(command)
        )
        paths = (joined(folder, each) for each in named)
        projects = (each if each.endswith(".json") else joined(each, "tsconfig.json") for each in paths)
        return [*files_under(self._files, folder), *projects]

    def _named(self, projects: list[str]) -> Iterator[str]:
        bases = list[str]()
        seen: set[str] = set()
        while projects or bases:
            is_project = bool(projects)
            path = (projects or bases).pop()
            if path in seen or path.startswith(("/", "../")):
                continue
            seen.add(path)
            yield path
            document = self._document(path)
            bases += _bases(document, path)
            if is_project:  # to refer to others is not passed on to who extends this one
                referred = tuple(_referred(document, path))
                yield from (each if not each.endswith(".json") else folder_of(each) for each in referred)
                yield from (*self._included(path), *_module_folders(self._options(path, DEEPEST)))
                projects += [each if each.endswith(".json") else joined(each, "tsconfig.json") for each in referred]

    def _included(self, path: str) -> Iterator[str]:
        """Files and folders that it includes. Without lists of its own it has those of what it extends, relative to
        where they stand (https://www.typescriptlang.org/tsconfig/#extends)."""
        for key in ("include", "files"):
            where, listed = self._listed(path, key, DEEPEST)
            for each in listed:
                name = each.removeprefix("${configDir}/")
                plain = WILDCARD.split(name, maxsplit=1)[0]
                base = where if name == each else folder_of(path)
                yield joined(base, plain if plain == name else plain.rpartition("/")[0])

    def _listed(self, path: str, key: str, depth: int) -> tuple[str, list[str]]:
        """The list, and the folder that it is relative to."""
        document = self._document(path)
        if key in document or not depth:
            return folder_of(path), _texts(document.get(key))
        found = (self._listed(base, key, depth - 1) for base in reversed(tuple(_bases(document, path))))
        return next((each for each in found if each[1]), (folder_of(path), []))

    def _out_dir(self, project: str) -> str:
        path = project if project.endswith(".json") else joined(project, "tsconfig.json")
        options = self._options(path, DEEPEST)
        return "" if options.get("noEmit") is True else str(options.get("outDir", ""))

    def _options(self, path: str, depth: int, project: str = "") -> dict[str, Any]:
        """With those it extends; paths from the root of the repository, and `paths` as a list of them. `project` is the
        folder of the settings that the compiler is called with, where those extend these."""
        document = self._document(path)
        found: dict[str, Any] = {}
        project = project or folder_of(path)
        for base in _bases(document, path) if depth else ():
            found |= self._options(base, depth - 1, project)
        own = document.get("compilerOptions")
        options = dict(own) if isinstance(own, dict) else {}
        here = folder_of(path)
        for name in ("outDir", "baseUrl"):
            if isinstance(wanted := options.get(name), str):
                options[name] = _resolved(here, wanted, project)
        for name in ("rootDirs", "typeRoots"):
            if name in options:
                options[name] = [_resolved(here, each, project) for each in _texts(options[name])]
        if "types" in options:
            named = _texts(options["types"])
            options["types"] = [_resolved(here, each, project) if each.startswith(".") else each for each in named]
        if isinstance(mapped := options.get("paths"), dict):
            base = str(options.get("baseUrl") or found.get("baseUrl") or here)
            options["paths"] = [_resolved(base, each, project) for one in mapped.values() for each in _texts(one)]
        return found | options

    def _document(self, path: str) -> Mapping[str, Any]:
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> Mapping[str, Any]:
        if path.startswith(("/", "../")):
            return {}
        try:
            document = parse_jsonc(self._sources.text(path))
        except (OSError, ValueError):
            return {}  # the compiler reports it
        return document if isinstance(document, dict) else {}


def _bases(document: Mapping[str, Any], path: str) -> Iterator[str]:
    """What it extends, without what lies in packages."""
    for base in _extended(document):
        if base.startswith("."):
            yield joined(folder_of(path), base if base.endswith(".json") else f"{base}.json")


def _extended(document: Mapping[str, Any]) -> list[str]:
    bases = document.get("extends")
    return [bases] if isinstance(bases, str) else _texts(bases)


def _referred(document: Mapping[str, Any], path: str) -> Iterator[str]:
    """Projects it refers to: their folders, or their settings."""
    named = (each.get("path") for each in _list(document.get("references")) if isinstance(each, dict))
    yield from (joined(folder_of(path), each) for each in named if isinstance(each, str))


def _module_folders(options: Mapping[str, Any]) -> Iterator[str]:
    """Where the compiler looks for modules beside packages. `paths` names the files that an import begins with; what
    those import lies beside them."""
    yield from (*_texts(options.get("rootDirs")), *_texts(options.get("typeRoots")))
    if isinstance(base := options.get("baseUrl"), str) and not options.get("paths"):
        yield base
    for path in _texts(options.get("types")):
        if "/" in path and not path.startswith("@"):  # a file, and no package
            yield from (path, f"{path}.d.ts")
    for path in _texts(options.get("paths")):
        plain = WILDCARD.split(path, maxsplit=1)[0]
        is_whole = plain == path and not SOURCE.search(path)
        place = path if is_whole else plain.rpartition("/")[0] or (path if plain == path else "")
        if place and "node_modules" not in place.split("/"):
            yield place


def _resolved(folder: str, path: str, project: str) -> str:
    """`${configDir}` is the project's (https://www.typescriptlang.org/docs/handbook/release-notes/typescript-5-5.html)."""
    at_project = path.startswith("${configDir}")
    return joined(project, f".{path.removeprefix('${configDir}')}") if at_project else joined(folder, path)


def _texts(value: Any) -> list[str]:
    return [each for each in _list(value) if isinstance(each, str)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
