"""What scripts of a package, and the settings of its tools, name outside of it: programs, and files that those load."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nox_rings.engine.paths import is_under, joined
from nox_rings.workspace.sources import Sources, folder_of

ABOVE = re.compile(r"""(?:^|[\s"'=;|&(])((?:\./)?(?:[\w.-]+/)*\.\./[^\s"'`;|&()<>*?]+)""")
IMPORTED = re.compile(r"""\b(?:from|import|require)\s*\(?\s*["'](\.\.?/[^"'\n]+)["']""")
SETTINGS = re.compile(r"^[\w.-]+\.(?:config|setup|workspace)(?:\.[\w-]+)*\.[cm]?[jt]s$")
ENDINGS = ("", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json", "/index.js", "/index.ts")


def reads_outside(sources: Sources, folder: str, commands: Iterable[str]) -> Iterator[str]:
    """Files and folders outside of `folder`. A program is read with the folder it lies in, where its parts lie too,
    unless that is above the package."""
    for command in commands:
        yield from _programs(sources, folder, command)
    for path in sources.under(folder):
        if "/" not in path[len(folder) + 1 if folder != "." else 0 :] and SETTINGS.match(path.rpartition("/")[2]):
            yield from _imported(sources, folder, path)


def _programs(sources: Sources, folder: str, command: str) -> Iterator[str]:
    for word in ABOVE.findall(command):
        path = joined(folder, word)
        if is_under(path, folder) or is_under(folder, path):
            continue
        beside = folder_of(path)
        if path in sources.known and beside != "." and not is_under(folder, beside):
            yield beside
        elif path in sources.known or sources.under(path):
            yield path


def _imported(sources: Sources, folder: str, settings: str) -> Iterator[str]:
    """What a file of settings imports, and what that imports, as far as it lies outside."""
    seen, waiting = {settings}, [settings]
    while waiting:
        path = waiting.pop()
        try:
            text = sources.loose_text(path)
        except OSError:
            continue
        for name in IMPORTED.findall(text):
            candidates = (joined(folder_of(path), f"{name}{ending}") for ending in ENDINGS)
            found = next((each for each in candidates if each in sources.known), None)
            if found is not None and found not in seen:
                seen.add(found)
                waiting.append(found)
                if not is_under(found, folder):
                    yield found
