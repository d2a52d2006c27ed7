"""From go.mod and go.work files to members, and to the edges between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nox_rings.ecosystems.go.build_list import (
    BuildListParts,
    Scope,
    local_folders,
    module_scope,
    selected_versions,
    work_scope,
)
from nox_rings.ecosystems.go.code import NO_CODE, Code, is_skipped, read_code
from nox_rings.ecosystems.go.modules import Modules
from nox_rings.ecosystems.model import Discovered
from nox_rings.engine.paths import at_or_above, files_under, joined
from nox_rings.engine.reach import reached
from nox_rings.workspace.go_manifest import GoMod
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources, folder_of

ECOSYSTEM = "go"


def discover(sources: Sources) -> Discovered:
    discovery = _Discovery(sources)
    members = tuple(discovery.members())
    return Discovered(members=members, parts=dict(discovery.parts(members)))


def find_members(sources: Sources) -> Iterator[Member]:
    """Every module but those without a Go file that require nothing, or only tools."""
    return _Discovery(sources).members()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How go resolves requirements for the modules of a go.work, or for one module alone."""

    scope: Scope
    selected: Mapping[str, str]


@dataclass
class _Discovery:
    """Each Go file of a member is read once: for what it embeds and, in a workspace, for what it imports."""

    sources: Sources
    _works: dict[str, Resolution] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.modules = Modules(self.sources)
        coded = self.modules.coded()
        self._members = {each for each, mod in self.modules.found.items() if self._is_member(each, mod, coded)}
        self._code = self._code_of_modules()

    def members(self) -> Iterator[Member]:
        for folder, mod in self.modules.found.items():
            if folder in self._members:
                yield self._member(folder, mod)

    def parts(self, members: Iterable[Member]) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Those of build lists, of the modules of a go.work. Alone a module has all versions in its own go.mod."""
        leads_to = {each.folder: (*each.depends_on, *each.reads) for each in members}
        known: dict[str, BuildListParts] = {}
        for folder in leads_to:
            work = self.modules.work_of(folder)
            if work is not None:
                if work not in known:
                    found = self._of_work(work)
                    known[work] = BuildListParts(self.sources, self.modules, work, found.scope, found.selected)
                yield folder, known[work].of(folder, reached([folder], lambda each: leads_to.get(each, ())) - {folder})

    def _is_member(self, folder: str, mod: GoMod, coded: frozenset[str]) -> bool:
        if folder in coded or (mod.requires and not mod.tools):
            return True
        reason = "it only pins tools" if mod.tools else "there is no Go file in this module, and it requires nothing"
        self.sources.pass_over(joined(folder, "go.mod"), reason)
        return False

    def _member(self, folder: str, mod: GoMod) -> Member:
        work = self.modules.work_of(folder)
        resolution = self._resolution(folder) if work is None else self._of_work(work)
        local = dict.fromkeys(self._local(folder, mod, work, resolution))
        local.pop(folder, None)
        self._require_sums(folder, mod, work, resolution)
        reads, unlisted = self._reads(folder, work, local)
        return Member(
            folder=folder,
            ecosystem=ECOSYSTEM,
            name=mod.module or folder.rpartition("/")[2],
            install_root=folder if work is None else work,
            depends_on=tuple(sorted(each for each in local if each in self._members)),
            reads=tuple(sorted(reads)),
            checks=("build", "test"),
            in_workspace=work is not None,
            embedded=tuple(sorted({*self._embedded(folder, *local), *unlisted})),
        )

    def _embedded(self, folder: str, *local: str) -> Iterator[str]:
        """By the module, and by those it is built with that are no members."""
        for each in (folder, *(one for one in local if one not in self._members)):
            yield from self._code_of(each).embedded

    def _code_of(self, folder: str) -> Code:
        """Also of a module that is hidden from discovery."""
        if folder not in self._code and folder not in self.modules.found:
            listed = files_under(self.sources.all_files, folder)
            paths = [path for path in listed if path.endswith(".go")]
            self._code[folder] = read_code(self.sources, ECOSYSTEM, folder, paths)
        return self._code.get(folder, NO_CODE)

    def _resolution(self, folder: str) -> Resolution:
        scope = module_scope(self.modules, folder)
        return Resolution(scope=scope, selected=selected_versions(scope, self.modules, [folder]))

    def _of_work(self, work: str) -> Resolution:
        if work not in self._works:
            scope = work_scope(self.modules, work)
            selected = selected_versions(scope, self.modules, self.modules.used_by(work))
            self._works[work] = Resolution(scope=scope, selected=selected)
        return self._works[work]

    def _local(self, folder: str, mod: GoMod, work: str | None, resolution: Resolution) -> Iterator[str]:
        scope = resolution.scope
        vendor = folder if work is None else work
        if self.modules.is_vendored(vendor):
            # Replaced modules are read from `vendor`; the modules of a workspace are not copied there.
            scope = Scope(mains=scope.mains)
        yield from local_folders(scope, self.modules, mod.requires, resolution.selected)
        if len(scope.mains) > 1:
            yield from self._imported(folder, scope.mains)

    def _imported(self, folder: str, mains: Mapping[str, str]) -> Iterator[str]:
        """In a workspace a package of every module may be imported, required or not."""
        for imported in self._code.get(folder, NO_CODE).imports:
            yield from (mains[each] for each in at_or_above(imported) if each in mains)

    def _code_of_modules(self) -> dict[str, Code]:
        """By the module that Go files belong to. go has fewer hidden folders than discovery
        (https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns)."""
        files: dict[str, list[str]] = {}
        nested = {folder_of(path) for path in self.sources.hidden if path.endswith("/go.mod")}
        holders: dict[str, str | None] = {}
        for path in (*self.sources.files, *self.sources.hidden):
            if path.endswith(".go") and not _is_hidden_from_go(path, nested):
                folder = folder_of(path)
                if folder not in holders:
                    holders[folder] = next((each for each in at_or_above(folder) if each in self.modules.found), None)
                if (holder := holders[folder]) is not None:
                    files.setdefault(holder, []).append(path)
        return {module: read_code(self.sources, ECOSYSTEM, module, paths) for module, paths in files.items()}

    def _reads(self, folder: str, work: str | None, local: Mapping[str, None]) -> tuple[set[str], set[str]]:
        """Folders that go reads and that are no members: those in which git lists files, and others."""
        listed, unlisted = set[str](), set[str]()
        for each in (*local, *self._code.get(folder, NO_CODE).outside):
            if each in self._members:
                continue
            if not self.modules.is_inside(each):
                reason = f"it reads {each}, which is outside of the repository: edits there are not seen"
                self.sources.pass_over(joined(folder, "go.mod"), reason)
            else:
                is_listed = files_under(self.sources.all_files, each)
                (listed if is_listed else unlisted).add(each)
        if work not in (None, folder) and self.modules.is_vendored(str(work)):
            vendor = joined(str(work), "vendor")
            is_listed = files_under(self.sources.all_files, vendor)
            (listed if is_listed else unlisted).add(vendor)
        return listed, unlisted

    def _require_sums(self, folder: str, mod: GoMod, work: str | None, resolution: Resolution) -> None:
        """A problem where a module comes from a server and nothing has its checksum."""
        names = ["go.sum"] if work is None else ["go.sum", joined(work, "go.work.sum")]
        paths = (joined(folder, names[0]), *names[1:])
        if any(path in self.sources.known for path in paths) or self.modules.is_vendored(work or folder):
            return
        selected = resolution.selected
        remote = (
            each.module
            for each in mod.requires
            if resolution.scope.folder(each.module, selected.get(each.module, each.version)) is None
        )
        unknown = work is not None and self.modules.has_nameless(work)
        if not unknown and next(remote, None):
            self.sources.add_problem(
                joined(folder, "go.mod"),
                f"{joined(folder, 'go.mod')}: found no go.sum beside it, "
                f"expected a committed lockfile (run `go mod tidy` in {folder})",
            )


def _is_hidden_from_go(path: str, nested: Collection[str]) -> bool:
    """In a folder that go does not look into, or of a module of its own (`nested`: their folders)."""
    return any(map(is_skipped, path.split("/")[:-1])) or any(each in nested for each in at_or_above(folder_of(path)))
