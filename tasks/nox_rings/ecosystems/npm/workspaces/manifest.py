"""A package.json, as far as it says what a package is, what it needs and who manages it
(https://docs.npmjs.com/cli/configuring-npm/package-json)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from nox_rings.ecosystems.npm.builds.gitignore import GitIgnore
from nox_rings.ecosystems.npm.builds.settings import SettingsFiles
from nox_rings.ecosystems.npm.builds.tsconfig import CompilerSettings
from nox_rings.engine.paths import joined
from nox_rings.workspace.sources import Sources

MANIFEST = "package.json"
Table = Literal["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"]
TABLES: tuple[Table, ...] = ("dependencies", "peerDependencies", "devDependencies", "optionalDependencies")
CHECKS = ("build", "test")
# What `npm init` writes: a script that fails, and tests nothing.
NO_TEST = re.compile(r"^echo .*no test specified.* && exit 1$")
# `pnpm@9.1.0+sha512.…` (https://github.com/nodejs/corepack#when-authoring-packages).
PACKAGE_MANAGER = re.compile(r"^(?P<name>[a-z]+)(?:@\^?(?P<version>[^+]*))?")


class PackageJson(TypedDict, total=False):
    name: str
    version: Any
    private: Any
    packageManager: str
    devEngines: Any
    engines: Any
    workspaces: Any
    overrides: Any
    resolutions: Any
    pnpm: Any
    catalog: Any
    catalogs: Any
    patchedDependencies: Any
    files: Any
    publishConfig: Any
    bundleDependencies: Any
    bundledDependencies: Any
    exports: Any
    main: Any
    module: Any
    browser: Any
    types: Any
    typings: Any
    bin: Any
    scripts: dict[str, str]
    dependencies: dict[str, str]
    devDependencies: dict[str, str]
    optionalDependencies: dict[str, str]
    peerDependencies: dict[str, str]
    peerDependenciesMeta: Any
    trustedDependencies: Any
    dependenciesMeta: Any
    installConfig: Any


@dataclass(frozen=True, slots=True)
class Need:
    """`name` is what the package imports, `spec` what its manifest says of it. `development`: it is used by tests only,
    or may be missing."""

    table: Table
    name: str
    spec: str
    development: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The package in `folder`."""

    folder: str
    document: PackageJson

    @property
    def path(self) -> str:
        return joined(self.folder, MANIFEST)

    @property
    def name(self) -> str:
        """Without one in the manifest, that of the folder, as npm names it."""
        return self.document.get("name") or self.folder.rpartition("/")[2]

    @property
    def version(self) -> str:
        return str(self.document.get("version", ""))

    @property
    def checks(self) -> tuple[str, ...]:
        scripts = self.document.get("scripts") or {}
        return tuple(each for each in CHECKS if each in scripts and not NO_TEST.match(scripts[each]))

    @property
    def needs(self) -> Iterator[Need]:
        optional = self.document.get("peerDependenciesMeta") or {}
        for table in TABLES:
            for name, spec in (self.document.get(table) or {}).items():
                aside = table in ("devDependencies", "optionalDependencies")
                aside = aside or (table == "peerDependencies" and _is_optional(optional, name))
                yield Need(table, name, spec, aside)

    @property
    def globs(self) -> tuple[str, ...] | None:
        """Those of `workspaces`, a list or {packages: []}; None where there are none."""
        found = self.document.get("workspaces")
        listed = found.get("packages") if isinstance(found, dict) else found
        return tuple(each for each in listed if isinstance(each, str)) if isinstance(listed, list) else None

    @property
    def manager(self) -> tuple[str, str]:
        """Name and version of the package manager that it asks for; both may be empty."""
        found = PACKAGE_MANAGER.match(self.document.get("packageManager") or "")
        if found:
            return found["name"], found["version"] or ""
        engines = self.document.get("devEngines")
        wanted = engines.get("packageManager") if isinstance(engines, dict) else None
        if isinstance(wanted, dict):
            return str(wanted.get("name", "")), str(wanted.get("version", ""))
        return "", ""

    @property
    def engines(self) -> frozenset[str]:
        found = self.document.get("engines")
        return frozenset(found) if isinstance(found, dict) else frozenset()


def _is_optional(meta: Any, name: str) -> bool:
    return isinstance(meta, dict) and isinstance(meta.get(name), dict) and meta[name].get("optional") is True


@dataclass(frozen=True, slots=True)
class Packages:
    """The packages of `sources`, each read once, with what git ignores, what compilers are told, and the settings of
    other programs."""

    sources: Sources
    ignore: GitIgnore
    compiler: CompilerSettings
    settings: SettingsFiles
    _known: dict[str, Package] = field(default_factory=dict)

    def at(self, folder: str) -> Package:
        if folder not in self._known:
            path = joined(folder, MANIFEST)
            document: PackageJson = self.sources.json(path, PackageJson) if self.has(folder) else {}
            self._known[folder] = Package(folder, document)
        return self._known[folder]

    def has(self, folder: str) -> bool:
        path = joined(folder, MANIFEST)
        return path in self.sources.known or path in self.sources.hidden

    def location(self, package: Package, key: str) -> str:
        """`PATH:LINE` of the first line with this key, for messages."""
        quoted = f'"{key}"'
        lines = self.sources.text(package.path).splitlines()
        line = next((number for number, text in enumerate(lines, 1) if quoted in text), 0)
        return f"{package.path}:{line}" if line else package.path
