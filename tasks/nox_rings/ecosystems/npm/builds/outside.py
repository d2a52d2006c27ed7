"""What scripts of a package, the settings of its tools and its sources name outside of it: programs, and files that
those load."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator

from nox_rings.ecosystems.npm.builds.scripts import SEPARATOR
from nox_rings.engine.paths import files_under, is_under, joined
from nox_rings.workspace.sources import Sources, folder_of

ECOSYSTEM = "npm"
ABOVE = re.compile(r"""(?:^|[\s"'=;|&(])((?:\./)?(?:[\w.-]+/)*\.\./[^\s"'`;|&()<>*?]+)""")
IMPORTED = re.compile(r"""\b(?:from|import|require)\s*\(?\s*["'](\.\.?/[^"'\n]+)["']""")
# `/// <reference path="…" />` (https://www.typescriptlang.org/docs/handbook/triple-slash-directives.html).
REFERENCED = re.compile(r"""^///\s*<reference\s+path=["']([^"'\n]+)["']""", re.MULTILINE)
# A path in a text, from the folder of the package or of the file: in quotes, in YAML, after Jest's `<rootDir>`.
MENTIONED = re.compile(r"""(?:["'`\s=(]|<rootDir>/|\$\{configDir\}/)((?:\./)?(?:\.\./)+[^\s"'`,;()\[\]{}<>|]+)""")
STEPS = re.compile(r"""\.\.["']\s*,\s*["']""")
SETTINGS = re.compile(
    r"^(?:[\w.-]+\.(?:config|conf|setup|workspace|preset)(?:\.[\w-]+)*\.(?:[cm]?[jt]s|json)"
    r"|\.[\w-]+rc(?:\.(?:[cm]?[jt]s|json5?|ya?ml|toml))?)$"
)
SCRIPT = re.compile(r"\.(?:[cm]?[jt]sx?|sh|bash|py|json)$")
SOURCE = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte")
ENDINGS = (
    *("", ".ts", ".tsx", ".mts", ".cts", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".json"),
    *("/index.ts", "/index.tsx", "/index.js", "/index.mjs", "/index.cjs"),
)
# In a manifest, what is no setting of a tool that runs in the package.
OTHER_KEYS = frozenset({"scripts", "dependencies", "devDependencies", "optionalDependencies", "peerDependencies"})


def reads_outside(sources: Sources, folder: str, commands: Iterable[str]) -> Iterator[str]:
    """Files and folders outside of `folder`. A program is read with the folder it lies in, where its parts lie too,
    unless that is above the package."""
    commands = tuple(commands)
    yield from programs_outside(sources, folder, commands)
    yield from _mentioned(sources, folder, folder, _settings_in_manifest(sources, folder))
    settings = (path for path in _beside(sources, folder) if SETTINGS.match(path.rpartition("/")[2]))
    for path in dict.fromkeys((*settings, *own_programs(sources, folder, commands))):
        yield from (each for each in loaded_by(sources, folder, path) if not is_under(each, folder))
    yield from _imported(sources, folder)


def own_programs(sources: Sources, folder: str, commands: Iterable[str]) -> tuple[str, ...]:
    """The scripts in `folder` that commands name."""
    words = (word.strip("\"'") for command in commands for word in command.split())
    paths = (joined(folder, word) for word in words if SCRIPT.search(word))
    return tuple(dict.fromkeys(path for path in paths if is_under(path, folder) and sources.is_listed(path)))


def programs_outside(sources: Sources, folder: str, commands: Iterable[str]) -> Iterator[str]:
    """Files and folders outside of `folder` that commands name."""
    for command in commands:
        yield from _programs(sources, folder, command)


def settings_texts(sources: Sources, folder: str) -> tuple[str, ...]:
    """The settings of tools in a package."""
    paths = (path for path in _beside(sources, folder) if SETTINGS.match(path.rpartition("/")[2]))
    return (_settings_in_manifest(sources, folder), *(sources.text_or_empty(path) for path in paths))


def loaded_by_sources(text: str) -> tuple[str, ...]:
    """What a source file names that may lie outside of its package."""
    if "../" not in text:
        return ()
    return tuple(sorted({each for each in (*IMPORTED.findall(text), *REFERENCED.findall(text)) if "../" in each}))


def _beside(sources: Sources, folder: str) -> Iterator[str]:
    """Files in the folder itself."""
    return (each for each in files_under(sources.all_files, folder) if folder_of(each) == folder)


def _programs(sources: Sources, folder: str, command: str) -> Iterator[str]:
    for path in (*(joined(folder, word) for word in ABOVE.findall(command)), *_called_elsewhere(folder, command)):
        if is_under(path, folder) or is_under(folder, path):
            continue
        beside = folder_of(path)
        if path in sources.known and beside != "." and not is_under(folder, beside):
            yield beside
        elif path in sources.known or sources.under(path):
            yield path


def _called_elsewhere(folder: str, command: str) -> Iterator[str]:
    """What is named after `cd ../..`."""
    here = folder
    for words in (each.split() for each in SEPARATOR.split(command)):
        if words[:1] == ["cd"] and len(words) > 1:
            here = joined(here, words[1].strip("\"'"))
        elif here != folder:
            yield from (joined(here, word) for word in words if not word.startswith("-") and re.search(r"[./]", word))


def _settings_in_manifest(sources: Sources, folder: str) -> str:
    """Those of Jest, Babel, Mocha and others."""
    try:
        document = json.loads(sources.loose_text(joined(folder, "package.json")))
    except (OSError, ValueError):
        return ""
    known = document.items() if isinstance(document, dict) else ()
    return json.dumps({key: value for key, value in known if key not in OTHER_KEYS})


def loaded_by(sources: Sources, folder: str, start: str) -> Iterator[str]:
    """What a file of settings or a script in `folder` imports, and what that imports; and what they name outside."""
    seen, waiting = {start}, [start]
    while waiting:
        path = waiting.pop()
        text = sources.text_or_empty(path)
        if is_under(path, folder):
            yield from _mentioned(sources, folder, folder_of(path), text)
        for found in _resolved_all(sources, path, IMPORTED.findall(text)):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
                yield found


def _mentioned(sources: Sources, folder: str, here: str, text: str) -> Iterator[str]:
    """Paths in a text, relative to `here` or to the package."""
    for name in MENTIONED.findall(STEPS.sub("../", text)) if ".." in text else ():
        plain = re.split(r"[*?!{]", name, maxsplit=1)[0]
        path = plain if plain == name else plain.rpartition("/")[0]
        for base in dict.fromkeys((here, folder)):
            place = joined(base, path)
            candidates = (place, *(f"{place}{ending}" for ending in ENDINGS[1:]))
            found = next((each for each in candidates if files_under(sources.all_files, each)), None)
            if found and not is_under(found, folder) and not is_under(folder, found):
                yield found


def _imported(sources: Sources, folder: str) -> Iterator[str]:
    """Files outside that its sources import, and those that these do."""
    seen, waiting = set[str](), list[str]()
    for path in files_under(sources.all_files, folder):
        if path.endswith(SOURCE) and "node_modules" not in path:
            waiting += _resolved_all(sources, path, sources.outline(path, ECOSYSTEM, loaded_by_sources))
    while waiting:
        path = waiting.pop()
        if path not in seen and not is_under(path, folder):
            seen.add(path)
            yield path
            if path.endswith(SOURCE):
                waiting += _resolved_all(sources, path, IMPORTED.findall(sources.text_or_empty(path)))


def _resolved_all(sources: Sources, path: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        place = joined(folder_of(path), name)
        stem = place.removesuffix(posixpath.splitext(place)[1])  # `./a.js` may stand for a.ts
        candidates = (*(f"{place}{ending}" for ending in ENDINGS), *(f"{stem}{ending}" for ending in ENDINGS[1:5]))
        if (found := next((each for each in candidates if sources.is_listed(each)), None)) is not None:
            yield found
