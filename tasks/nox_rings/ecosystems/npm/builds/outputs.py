"""What building a package may leave: folders that git ignores, and that its manifest or the settings of its compiler
name, or that are customary. None of them has to be there after a build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nox_rings.ecosystems.npm.builds.gitignore import GitIgnore
from nox_rings.ecosystems.npm.builds.tsconfig import COMMAND, CompilerSettings
from nox_rings.ecosystems.npm.workspaces.manifest import Package
from nox_rings.engine.paths import files_under, is_under, joined
from nox_rings.workspace.sources import Sources

ENTRIES = ("exports", "main", "module", "types", "typings", "bin")
CUSTOMARY = ("dist", "lib", "out", "build", "esm", "cjs", ".next", ".output")
WILDCARDS = re.compile(r"[*?\[{!]")
ALWAYS_PACKED = ("[Rr][Ee][Aa][Dd][Mm][Ee]*", "[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*", "[Cc][Oo][Pp][Yy][Ii][Nn][Gg]*")


@dataclass(frozen=True, slots=True)
class Built:
    """`exposed`: other packages can read more of it than `folders`."""

    folders: tuple[str, ...] = ()
    exposed: bool = True


def built_by(sources: Sources, package: Package, ignore: GitIgnore, compiler: CompilerSettings) -> Built:
    """Of a package that has a script `build`."""
    script = (package.document.get("scripts") or {}).get("build", "")
    commands = [each.strip() for each in re.split(r"&&|;|\|\|?", script)]
    if all(COMMAND.search(each) and "--noEmit" in each.split() for each in commands):
        return Built()
    found = {_own_folder(sources, package, path) for path in _named(package, commands, compiler)}
    ignored = {each for each in found if each and ignore.ignores(each)}
    folders = tuple(sorted(each for each in ignored if not any(is_under(each, other) for other in ignored - {each})))
    return Built(folders, _is_exposed(package, folders))


def _named(package: Package, commands: list[str], compiler: CompilerSettings) -> Iterator[str]:
    """Paths, from the root of the repository, of what lies in such folders."""
    folder, document = package.folder, package.document
    yield from (joined(folder, path) for field in ENTRIES for path in paths_in(document.get(field)))
    yield from (joined(folder, f"{each}/*") for each in published(package))
    yield from (joined(each, "*") for command in commands for each in compiler.out_dirs(folder, command))
    yield from (joined(folder, f"{each}/*") for each in CUSTOMARY)


def published(package: Package) -> Iterator[str]:
    """The paths in `files`, up to where a glob begins."""
    listed = package.document.get("files")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, str) and not each.startswith("!") and (path := _plain_part(each)):
            yield path


def packed_by(package: Package) -> tuple[str, ...]:
    """What of its folder `pnpm pack` may take, as paths and patterns, whether git lists it or not: what `files` and its
    entry points name and what is always packed, or all of the folder
    (https://docs.npmjs.com/cli/configuring-npm/package-json#files). Where `publishConfig.directory` is packed instead,
    that too (https://pnpm.io/package_json#publishconfigdirectory)."""
    folder, document = package.folder, package.document
    configured = document.get("publishConfig")
    publish = configured if isinstance(configured, dict) else {}
    directory = publish.get("directory")
    found = [joined(folder, directory)] if isinstance(directory, str) else []
    if document.get("bundleDependencies") or document.get("bundledDependencies"):
        found.append(joined(folder, "node_modules"))
    if _takes_all(document.get("files")):
        return tuple(dict.fromkeys((folder, *found)))
    named = (path for table in (document, publish) for field in ENTRIES for path in paths_in(table.get(field)))
    found += (joined(folder, each) for each in (*published(package), *named, *ALWAYS_PACKED))
    return tuple(dict.fromkeys(each for each in found if is_under(each, folder)))


def _takes_all(files: Any) -> bool:
    """Without a list of files, and where a pattern in it begins in any folder."""
    if not isinstance(files, list) or not files:
        return True
    return any(isinstance(each, str) and not _plain_part(each) for each in files if not str(each).startswith("!"))


def _plain_part(pattern: str) -> str:
    """Of a pattern in `files`, up to where a glob begins."""
    plain = WILDCARDS.split(pattern, maxsplit=1)[0]
    path = (plain if plain == pattern else plain.rpartition("/")[0]).strip("/").removeprefix("./")
    return "" if path == "." else path


def paths_in(value: Any) -> Iterator[str]:
    """Those in a field of the manifest, however nested."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from paths_in(each)


def _own_folder(sources: Sources, package: Package, path: str) -> str:
    """The topmost folder on the way to `path`, inside of the package, in which git lists nothing."""
    prefix = "" if package.folder == "." else f"{package.folder}/"
    if not path.startswith(prefix) or path.startswith(("/", "../")):
        return ""
    parts = path[len(prefix) :].split("/")[:-1]
    for depth in range(1, len(parts) + 1):
        if WILDCARDS.search(parts[depth - 1]):
            return ""
        candidate = prefix + "/".join(parts[:depth])
        if not files_under(sources.all_files, candidate):
            return candidate
    return ""


def _is_exposed(package: Package, folders: tuple[str, ...]) -> bool:
    """Without `exports` an import may name any file."""
    exports = package.document.get("exports")
    if not exports or not folders:
        return True
    targets = (joined(package.folder, path) for path in paths_in(exports) if path != "./package.json")
    return not all(any(is_under(target, folder) for folder in folders) for target in targets)
