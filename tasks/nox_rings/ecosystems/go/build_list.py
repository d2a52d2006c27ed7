"""Which folders go reads required modules from, as `go list -m all` would answer: minimal version selection with
replacements, module graph pruning and workspaces (https://go.dev/ref/mod#minimal-version-selection). Of modules that
lie in no folder only what go.mod files of the repository say of them is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nox_rings.ecosystems.go.modules import Modules
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.records import digest_of
from nox_rings.workspace.go_manifest import GoMod, GoWork, Requirement
from nox_rings.workspace.sources import Sources

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
    return _numbers(found.go)[:2] >= PRUNED


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


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


class BuildListParts:
    """Of the go.work in the folder `work` the part that reaches a module: every line but `use`, why go refuses the
    workspace, and the versions of what the module requires, itself and through modules of the repository. Which modules
    are used says nothing by itself: what they decide for this one is in its versions and in its edges. `selected` is
    module path → version, as far as the repository says.

    Any module of the workspace may raise a version for all, or replace it. What modules from a server ask for is not
    known, but go reads none without a checksum: a version in go.sum or go.work.sum that is above the known one may be
    the one that is selected, and counts."""

    def __init__(
        self, sources: Sources, modules: Modules, work: str, scope: Scope, selected: Mapping[str, str]
    ) -> None:
        self._modules, self._scope, self._selected, self._work = modules, scope, selected, work
        self._sums = _sums(_texts(sources, modules, work))
        self._replaced = _replaced_lines(modules, work)
        self._of_all = (*modules.works[work].settings, *_refusals(modules, work))

    def of(self, folder: str, others: Iterable[str]) -> Mapping[str, str]:
        """`others` are the folders of modules that the one in `folder` depends on, through others too."""
        found = (self._modules.at(each) for each in (folder, *others))
        names = {required.module for mod in found if mod for required in mod.requires}
        lines = (line for name in sorted(names - self._scope.mains.keys()) for line in self._lines(name))
        return {f"{joined(self._work, 'go.work')}#{folder}": digest_of(*self._of_all, *lines)}

    def _lines(self, module: str) -> Iterator[str]:
        version = self._selected.get(module, "")
        yield f"{module} {version}"
        yield from self._replaced.get(module, ())
        least = version_key(version)
        for summed, line in self._sums.get(module, ()):
            if version_key(summed) >= least:
                yield line


def _replaced_lines(modules: Modules, work: str) -> dict[str, list[str]]:
    """Module path → the `replace` lines for it of the modules of a workspace."""
    found: dict[str, list[str]] = {}
    for used in modules.used_by(work):
        mod = modules.at(used)
        for each in mod.replaces if mod else ():
            target = modules.target(used, each) if each.is_folder else f"{each.target} {each.target_version}"
            found.setdefault(each.module, []).append(f"{each.version} => {target}")
    return {module: sorted(lines) for module, lines in found.items()}


def _refusals(modules: Modules, work: str) -> Iterator[str]:
    """Of the modules used what stops go in all of them: a go.mod that it cannot read, or one for a later go than the
    go.work's. A vendor folder has to list exactly the modules used (https://go.dev/ref/mod#go-work-vendor)."""
    go = modules.works[work].go
    for used in modules.used_by(work):
        mod = modules.at(used)
        if mod is None or not mod.module or mod.refused:
            yield f"{used} unread"
        elif modules.is_vendored(work) or (mod.go != go and _numbers(mod.go) >= _numbers(go)):
            yield f"{used} {mod.go}"


def _texts(sources: Sources, modules: Modules, work: str) -> Iterator[str]:
    paths = [joined(work, "go.work.sum"), *(joined(used, "go.sum") for used in modules.used_by(work))]
    for path in paths:
        if path in sources.known:
            yield sources.loose_text(path)


def _sums(texts: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Module path → (version, line), sorted; each line once, whichever file has it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in sorted({line.strip() for text in texts for line in text.splitlines()}):
        words = line.split()
        if len(words) == 3:
            found.setdefault(words[0], []).append((words[1].removesuffix("/go.mod"), line))
    return found
