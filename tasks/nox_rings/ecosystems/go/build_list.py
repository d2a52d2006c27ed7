"""Which folders go reads required modules from, as `go list -m all` would answer: minimal version selection with
replacements, module graph pruning and workspaces (https://go.dev/ref/mod#minimal-version-selection). Of modules that
lie in no folder only what go.mod files of the repository say of them is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nox_rings.ecosystems.go.modules import Modules
from nox_rings.workspace.go_manifest import GoMod, GoWork, Requirement

# The first with module graph pruning.
PRUNED = (1, 17)
VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What resolves requirements: the `mains` of a workspace by module path, and the folders of replacements by module
    path and version (empty for every version); an empty folder stands for another module."""

    mains: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def folder(self, module: str, version: str) -> str | None:
        if module in self.mains:
            return self.mains[module]
        return next((self.folders[key] for key in ((module, version), (module, "")) if key in self.folders), "") or None


def module_scope(modules: Modules, folder: str) -> Scope:
    """Of a module outside of every go.work: its own `replace` lines alone count."""
    return Scope(folders=_replacements(modules, folder, modules.found[folder]))


def work_scope(modules: Modules, work: str) -> Scope:
    """Of a go.work: its own `replace` lines go before those of the modules it uses."""
    mains: dict[str, str] = {}
    folders: dict[tuple[str, str], str] = {}
    for used in modules.used_by(work):
        if parsed := modules.at(used):
            mains[parsed.module] = used
            folders |= _replacements(modules, used, parsed)
    own = _replacements(modules, work, modules.works[work])
    for module, version in own:
        if not version:
            folders = {key: folder for key, folder in folders.items() if key[0] != module}
    return Scope(mains=mains, folders={**folders, **own})


def selected_versions(scope: Scope, modules: Modules, starts: Iterable[str]) -> dict[str, str]:
    """Module path → the highest version that the modules in `starts`, and what they require, ask for. A module that
    prunes gives its own requirements, and not those of what it requires."""
    selected: dict[str, str] = {}
    loaded = set[tuple[str, str, bool]]()
    roots = [(found.requires, is_pruned(found)) for start in starts if (found := modules.at(start))]
    waiting = [(required, prunes) for requires, prunes in roots for required in requires]
    while waiting:
        required, prunes = waiting.pop()
        _select(selected, required)
        key = (required.module, required.version, prunes)
        folder = None if required.module in scope.mains else scope.folder(required.module, required.version)
        found = modules.at(folder) if folder is not None and key not in loaded else None
        loaded.add(key)
        for each in found.requires if found else ():
            _select(selected, each)
            if not prunes or (found and not is_pruned(found)):
                waiting.append((each, False))
    return selected


def _select(selected: dict[str, str], required: Requirement) -> None:
    if version_key(required.version) >= version_key(selected.get(required.module, "")):
        selected[required.module] = required.version


def local_folders(
    scope: Scope, modules: Modules, requires: Iterable[Requirement], selected: Mapping[str, str]
) -> Iterator[str]:
    """Folders of the modules required, and through those that are no main modules: these have a build of their own in
    the same workspace."""
    seen = set[str]()
    waiting = list(requires)
    while waiting:
        required = waiting.pop()
        if required.module in seen:
            continue
        seen.add(required.module)
        folder = scope.folder(required.module, selected.get(required.module, required.version))
        if folder is None:
            continue
        yield folder
        if required.module not in scope.mains and (found := modules.at(folder)):
            waiting += [each for each in found.requires if each.module in selected]


def is_pruned(found: GoMod) -> bool:
    numbers = [int(each) for each in re.findall(r"\d+", found.go)[:2]]
    return tuple(numbers) >= PRUNED


def version_key(version: str) -> tuple[bool, tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]:
    """Sorts as https://semver.org/#spec-item-11 does; what is no version comes before all that are."""
    match = VERSION.fullmatch(version)
    if match is None:
        return (False, (), False, ())
    parts = (match[4] or "").split(".") if match[4] else []
    before = tuple((not each.isdigit(), int(each) if each.isdigit() else 0, each) for each in parts)
    return (True, tuple(map(int, match.groups()[:3])), not parts, before)


def _replacements(modules: Modules, base: str, parsed: GoMod | GoWork) -> dict[tuple[str, str], str]:
    return {
        (each.module, each.version): modules.target(base, each) if each.is_folder else "" for each in parsed.replaces
    }
