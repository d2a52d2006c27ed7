"""What a plugin that lies in the workspace reads: the script or the package that its command line names, and what that
loads from beside itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

from nox_rings.engine.paths import at_or_above, files_under, is_under, joined
from nox_rings.workspace.go_manifest import parse_go_mod, parse_go_work
from nox_rings.workspace.sources import Sources, folder_of, nearest

# Named on a command line, these are settings and no programs: nothing is loaded from beside them.
SETTINGS = (".json", ".yaml", ".yml", ".toml", ".txt", ".binpb", ".proto")
GO_MODULE = ("go.mod", "go.sum")
MODFILE = re.compile(r"--?modfile=(.+)")
QUOTED = re.compile(r'"([^"\n]+)"')


def words_of(value: str | list[str] | None) -> list[str]:
    """Of a command line, in either of its forms."""
    return [value] if isinstance(value, str) else [str(word) for word in value or ()]


def own_program(folder: str, words: list[str]) -> Iterator[str]:
    """The program itself where it is a file of the workspace, there or not."""
    if words and "/" in words[0] and not (path := joined(folder, words[0])).startswith(("..", "/")):
        yield path


def plugin_files(sources: Sources, folder: str, words: list[str]) -> Iterator[str]:
    """Files and folders of the workspace (`go -C DIR run ./tool`, `python x.py`), those that the command line names
    last. `folder` is that of the template."""
    at, named = folder, []
    for previous, word in zip(["", *words], words, strict=False):
        if previous == "-C":
            at = joined(folder, word)
        elif "/" in word and not joined(at, word).startswith("..") and sources.has_folder(joined(at, word)):
            named.append(joined(at, word))
    if words[:1] == ["go"]:
        yield from _go_module(sources, at, words)
    for previous, word in pairwise(words):
        if previous == "-m":  # of Python (https://docs.python.org/3/using/cmdline.html#cmdoption-m)
            module = joined(at, word.replace(".", "/"))
            yield from (each for each in (module, f"{module}.py") if files_under(_listed(sources), each))
    for path in named:
        if "run" in words and words[0] == "go":
            yield from (each for each in _go_packages(sources, path) if each not in named)
        elif path in _listed(sources):
            yield from (each for each in _beside(sources, path, folder) if each not in named)
    yield from named


def _go_module(sources: Sources, folder: str, words: list[str]) -> Iterator[str]:
    """go.mod and go.sum of the module in which go runs a tool, at or above `folder`, or what `-modfile` names instead
    (https://go.dev/ref/mod#build-commands)."""
    named = (match[1] for word in words if (match := MODFILE.match(word)))
    modules = [joined(folder, each) for each in named] or [joined(each, "go.mod") for each in at_or_above(folder)]
    module = next((each for each in modules if each in sources.known), None)
    if module is not None:
        sums = f"{module.removesuffix('.mod')}.sum"
        yield from (each for each in (module, sums) if each in sources.known)


def go_workspace_files(sources: Sources, folder: str, words: list[str]) -> Iterator[str]:
    """For a plugin that go builds: the go.work above it and the modules it uses, among whose requirements the highest
    version of each module counts (https://go.dev/ref/mod#workspaces)."""
    if words[:1] != ["go"]:
        return
    at = joined(folder, next((word for before, word in pairwise(words) if before == "-C"), "."))
    work = next((each for each in at_or_above(at) if joined(each, "go.work") in sources.known), None)
    if work is None:
        return
    yield from (joined(work, name) for name in ("go.work", "go.work.sum"))
    with suppress(OSError):  # the modules report it
        for each in parse_go_work(sources.loose_text(joined(work, "go.work"))).uses:
            yield from (joined(joined(work, each), name) for name in GO_MODULE)


def _listed(sources: Sources) -> tuple[str, ...]:
    return sources.all_files


def _beside(sources: Sources, script: str, template_folder: str) -> Iterator[str]:
    """What a script may load: all below its folder. Where the template lies there too, only files like the script."""
    if script.endswith(SETTINGS):
        return
    above, suffix = folder_of(script), posixpath.splitext(script)[1]
    if not is_under(template_folder, above):
        yield above
    elif suffix:
        for path in files_under(_listed(sources), above):
            if folder_of(path) == above and path.endswith(suffix):
                yield path


def _go_packages(sources: Sources, package: str) -> Iterator[str]:
    """go.mod and go.sum of the module, and the folders of its packages that the one at `package` imports."""
    module = nearest(package, {folder_of(path) for path in sources.named("go.mod")})
    if module is None:
        return
    yield from (path for path in (joined(module, name) for name in GO_MODULE) if path in sources.known)
    name = parse_go_mod(sources.loose_text(joined(module, "go.mod"))).module
    found, waiting = {package}, [package]
    while waiting:
        here = waiting.pop()
        for imported in _imports(sources, here):
            inside = imported == name or imported.startswith(f"{name}/")
            folder = joined(module, imported[len(name) + 1 :] or ".") if inside else ""
            if folder and folder not in found and sources.has_folder(folder):
                found.add(folder)
                waiting.append(folder)
                yield from _own_files(sources, folder)


def _own_files(sources: Sources, folder: str) -> Iterator[str]:
    """Of a package: its sources, and below a folder without other packages all that it may embed."""
    below = files_under(_listed(sources), folder)
    inner = any(path.endswith(".go") and folder_of(path) != folder for path in below)
    yield from (path for path in below if folder_of(path) == folder and path.endswith(".go")) if inner else (folder,)


def _imports(sources: Sources, folder: str) -> Iterator[str]:
    for path in files_under(_listed(sources), folder):
        if path.endswith(".go") and not path.endswith("_test.go") and folder_of(path) == folder:
            yield from QUOTED.findall(sources.loose_text(path).partition("\nfunc ")[0])
