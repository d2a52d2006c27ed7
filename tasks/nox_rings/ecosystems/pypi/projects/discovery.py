"""The Python projects of a workspace: uv workspaces, uv projects that stand alone, and those with another backend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from nox_rings.ecosystems.model import Discovered
from nox_rings.ecosystems.pypi.projects import plain
from nox_rings.ecosystems.pypi.projects.edges import declared_edges, is_inside, joined_edges
from nox_rings.ecosystems.pypi.projects.lock import LOCKFILE, LocalEdges
from nox_rings.ecosystems.pypi.projects.managers import TOX
from nox_rings.ecosystems.pypi.projects.pyproject import (
    MANIFEST,
    Pyproject,
    groups_and_extras,
    is_private,
    load_tables,
    name_of,
    text_of,
    uv_table,
)
from nox_rings.ecosystems.pypi.projects.pytest_files import PytestFiles
from nox_rings.ecosystems.pypi.projects.requirements import Manifest, canonical, paths_above
from nox_rings.ecosystems.pypi.projects.roots import UvRoot, find_uv_roots
from nox_rings.ecosystems.pypi.projects.shared_settings import UV, ImportedByTests, SharedSettings
from nox_rings.engine.paths import at_or_above, files_under, is_under, joined
from nox_rings.workspace.model import TESTS_ALONE, InstallRoot, Member
from nox_rings.workspace.sources import Sources

ECOSYSTEM = "pypi"
TEST_FOLDERS = ("tests", "test")
# Beside the manifest: what a build reads.
BUILD_FILES = ("setup.py", "setup.cfg", "hatch_build.py", "pdm_build.py")
# Where these name what lies elsewhere, it is read.
NAMING_FILES = (MANIFEST, "setup.py", "setup.cfg", "Cargo.toml")
LOADERS = re.compile(
    r"[\"'](?:python-dotenv|pytest-dotenv|pydantic-settings|python-decouple|environs|django-environ|dynaconf)\b"
)
# Sources that become machine code when a package is installed.
COMPILED = (".c", ".cc", ".cpp", ".cxx", ".pyx", ".pxd", ".rs", ".f90")
# What counts beside them.
COMPILED_WITH = (".h", ".hh", ".hpp", ".pxi", "Cargo.toml", "Cargo.lock", "CMakeLists.txt", ".cmake", "meson.build")


def discover(sources: Sources) -> Discovered:
    return _Discovery(sources).result()


class _Discovery:
    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._listed = sources.all_files
        self._all = frozenset(self._listed)
        self._tables, broken = load_tables(sources)
        self._roots = tuple(sorted(find_uv_roots(sources, self._tables, broken), key=lambda each: each.folder))
        claimed = {folder for root in self._roots for folder in (root.folder, *root.members)}
        self._plain = tuple(sorted(plain.find_plain(sources, self._tables, frozenset(claimed))))
        self._finder = PytestFiles(sources, self._tables, {*claimed, *self._plain})
        self._shared = SharedSettings(sources, self._finder)
        self._imported = ImportedByTests(sources, self._finder)
        self._table_parts: dict[str, str] = {}
        self._plugin_folders: dict[str, frozenset[str]] = {}
        self._loads: dict[str, bool] = {}  # by lockfile or manifest, whether a package loads `.env`
        self._tested_roots = frozenset(self._find_tested_roots())
        listed = {folder for root in self._roots for folder in root.members}
        self._members = frozenset({*listed, *self._plain, *self._tested_roots})
        plain.pass_over_others(sources, self._members)

    def result(self) -> Discovered:
        roots = [*map(self._uv_install, self._roots), *map(self._plain_install, self._plain)]
        members = [*self._uv_members(), *map(self._plain_member, self._plain)]
        return Discovered(
            install_roots=tuple(sorted(roots, key=lambda each: each.folder)),
            members=tuple(sorted(members, key=lambda each: each.folder)),
            parts=dict(self._parts()),
            settings=self._table_parts,
        )

    def _parts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        for root in self._roots:
            lockfile = joined(root.folder, LOCKFILE)
            groups, _ = self._groups_and_extras(root)
            for folder, part, of_tests in root.lock.parts(root.folder, groups):
                name = f"{lockfile}#{folder}"
                if folder in (root.folder, *root.members):
                    yield folder, {name: part, f"{name}{TESTS_ALONE}": of_tests}

    def _groups_and_extras(self, root: UvRoot) -> tuple[tuple[str, ...], tuple[str, ...]]:
        folders = dict.fromkeys((root.folder, *root.members))
        return groups_and_extras((self._tables[each] for each in folders), self._tables[root.folder])

    def _find_tested_roots(self) -> Iterator[str]:
        """Roots of workspaces that are no packages and have tests: of all members together."""
        for root in self._roots:
            settings = self._finder.settings(root.folder)
            if root.folder in root.members or not self._finder.has_tests(root.folder):
                continue
            folders = [joined(root.folder, each) for each in TEST_FOLDERS]
            configured = settings.folder == root.folder and settings.paths
            if configured or any(path.endswith(".py") for each in folders for path in self._sources.under(each)):
                yield root.folder

    def _uv_members(self) -> Iterator[Member]:
        for root in self._roots:
            names = {canonical(name_of(self._tables[each], each)): each for each in root.members}
            for folder in root.members:
                declared = declared_edges(self._manifest(folder, root, names))
                found = (root.lock.edges(folder), declared, LocalEdges(frozenset(), self._plugins(root, folder)))
                yield self._member(folder, root.folder, joined_edges(folder, *found))
            if root.folder in self._tested_roots:
                yield self._member(root.folder, root.folder, LocalEdges(frozenset(root.members)))

    def _plugins(self, root: UvRoot, folder: str) -> frozenset[str]:
        """Members that are plugins of pytest: they take part in all tests of an environment, required or not
        (https://docs.pytest.org/en/stable/how-to/writing_plugins.html#making-your-plugin-installable-by-others)."""
        if not self._finder.has_tests(folder):
            return frozenset()
        if root.folder not in self._plugin_folders:
            points = ((each, self._tables[each].get("project", {}).get("entry-points")) for each in root.members)
            plugins = frozenset(each for each, found in points if isinstance(found, dict) and "pytest11" in found)
            self._plugin_folders[root.folder] = plugins
        return self._plugin_folders[root.folder]

    def _manifest(self, folder: str, root: UvRoot, names: dict[str, str]) -> Manifest:
        table, root_table = self._tables[folder], self._tables[root.folder]
        return Manifest(folder=folder, table=table, root=root.folder, root_table=root_table, names=names)

    def _plain_member(self, folder: str) -> Member:
        return self._member(folder, folder, self._plain_edges(folder))

    def _plain_edges(self, folder: str) -> LocalEdges:
        table = self._tables[folder]
        manifest = Manifest(folder=folder, table=table, root=folder, root_table=table, names={})
        return joined_edges(folder, declared_edges(manifest), plain.file_edges(self._sources, folder))

    def _member(self, folder: str, root: str, edges: LocalEdges) -> Member:
        depends_on = (edges.required | edges.development) & self._members
        others = (edges.required | edges.development) - self._members
        self._tell_unwatched(folder, others)
        above = {*self._paths_above(folder)} - depends_on
        others |= above
        reads = {each for each in others if self._is_listed(each)}
        settings = dict(self._shared.tables(folder))
        self._table_parts |= settings
        checks = ("test",) if self._finder.has_tests(folder) else ()
        imported = filter(self._is_listed, self._imported.outside(folder)) if checks else ()
        return Member(
            folder=folder,
            ecosystem=ECOSYSTEM,
            name=name_of(self._tables[folder], folder),
            install_root=root,
            depends_on=tuple(sorted(depends_on)),
            development=tuple(sorted(edges.development & depends_on)),
            reads=tuple(sorted({*reads, *self._shared.files(folder), *imported})),
            settings=tuple(settings),
            checks=checks,
            embedded=tuple(self._environment_files(folder, root)) if checks else (),
            private=is_private(self._tables[folder]),
            packed=tuple(sorted(filter(is_inside, above))),
        )

    def _paths_above(self, folder: str) -> Iterator[str]:
        for name in NAMING_FILES:
            if name == MANIFEST or joined(folder, name) in self._all:
                yield from paths_above(text_of(self._sources, joined(folder, name)), folder)

    def _environment_files(self, folder: str, root: str) -> Iterator[str]:
        """`.env` and its like, in the member and above it within its workspace, where a package may load them."""
        lockfile = joined(root, LOCKFILE)
        path = lockfile if lockfile in self._all else joined(folder, MANIFEST)
        if path not in self._loads:
            self._loads[path] = LOADERS.search(text_of(self._sources, path)) is not None
        if self._loads[path]:
            between = (each for each in at_or_above(folder) if is_under(each, root))
            yield from (joined(each, name) for each in between for name in (".env", ".env.*"))

    def _is_listed(self, path: str) -> bool:
        return is_inside(path) and bool(files_under(self._listed, path))

    def _tell_unwatched(self, folder: str, paths: Iterable[str]) -> None:
        for path in sorted(each for each in paths if not self._is_listed(each)):
            reason = f"it requires {path}, which git does not list here: edits there are not noticed"
            remedy = f'[tool.nox-rings.members."{folder}"] inputs' if is_inside(path) else "move it into the workspace"
            self._sources.pass_over(joined(folder, MANIFEST), reason, remedy)

    def _uv_install(self, root: UvRoot) -> InstallRoot:
        folders = tuple(dict.fromkeys((root.folder, *root.members)))
        names = [joined(each, name) for each in folders for name in (MANIFEST, *BUILD_FILES)]
        names += [joined(root.folder, LOCKFILE), *self._settings(root.folder)]
        names += self._copied(root.lock.copied())
        names += self._compiled(root.members)
        names += (path for each in root.members for path in self._dynamic(each))
        names += (path for each in root.members for path in self._cache_keys(each))
        groups, extras = self._groups_and_extras(root)
        parted = [joined(root.folder, LOCKFILE), *(joined(each, MANIFEST) for each in folders)]
        return InstallRoot(
            folder=root.folder,
            ecosystem=ECOSYSTEM,
            lockfile=joined(root.folder, LOCKFILE),
            files=self._known(names),
            groups=groups,
            extras=extras,
            parted=self._known(parted),
        )

    def _plain_install(self, folder: str) -> InstallRoot:
        edges = self._plain_edges(folder)
        lockfile = plain.lockfile_of(self._sources, folder)
        names = [lockfile, *(joined(folder, name) for name in (MANIFEST, *BUILD_FILES, TOX)), *self._settings(folder)]
        names += plain.all_requirement_files(self._sources, folder)
        names += self._dynamic(folder)
        names += self._copied(edges.required | edges.development)
        names += self._compiled((folder,))
        return InstallRoot(folder=folder, ecosystem=ECOSYSTEM, lockfile=lockfile, files=self._known(names))

    def _known(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({*paths} & self._all))

    def _settings(self, folder: str) -> Iterator[str]:
        yield from (joined(above, name) for above in at_or_above(folder) for name in UV)

    def _dynamic(self, folder: str) -> Iterator[str]:
        yield from dynamic_files(self._tables[folder], folder)

    def _cache_keys(self, folder: str) -> Iterator[str]:
        """Files for which uv builds a package again (https://docs.astral.sh/uv/reference/settings/#cache-keys)."""
        keys = uv_table(self._tables[folder]).get("cache-keys", ())
        for pattern in (
            joined(folder, str(each["file"])) for each in keys if isinstance(each, dict) and "file" in each
        ):
            flat = pattern.replace("**/", "*")
            yield from (path for path in files_under(self._listed, folder) if fnmatchcase(path, flat))

    def _copied(self, paths: Iterable[str]) -> Iterator[str]:
        """Files of which the environment has a copy."""
        yield from (path for each in paths if is_inside(each) for path in files_under(self._listed, each))

    def _compiled(self, folders: Iterable[str]) -> Iterator[str]:
        for folder in folders:
            if found := [*compiled_files(self._sources.files, folder)]:
                yield from found
                yield from (path for path in files_under(self._listed, folder) if path.endswith(COMPILED_WITH))
                outside = paths_above(text_of(self._sources, joined(folder, "Cargo.toml")), folder)
                yield from (path for each in outside for path in files_under(self._listed, each))


def compiled_files(files: tuple[str, ...], folder: str) -> Iterator[str]:
    """Sources of extension modules in a member."""
    yield from (path for path in files_under(files, folder) if path.endswith(COMPILED) and is_under(path, folder))


def dynamic_files(table: Pyproject, folder: str) -> Iterator[str]:
    """Files that a build backend reads metadata from: setuptools
    (https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata), Hatch
    (https://hatch.pypa.io/latest/version/)."""
    tool = table.get("tool", {})
    dynamic = tool.get("setuptools", {}).get("dynamic")
    for each in dynamic.values() if isinstance(dynamic, dict) else ():
        found: Any = each.get("file", ()) if isinstance(each, dict) else ()
        yield from (joined(folder, str(one)) for one in ([found] if isinstance(found, str) else found))
        if isinstance(each, dict) and isinstance(module := each.get("attr"), str):
            place = module.rpartition(".")[0].replace(".", "/")
            ends = (f"{place}.py", f"{place}/__init__.py")
            yield from (joined(folder, f"{above}{end}") for above in ("", "src/") for end in ends)
    version = tool.get("hatch", {}).get("version")
    if isinstance(version, dict) and isinstance(path := version.get("path"), str):
        yield joined(folder, path)
