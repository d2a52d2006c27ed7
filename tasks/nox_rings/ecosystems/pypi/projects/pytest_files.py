"""Which members have tests, as pytest finds them (https://docs.pytest.org/en/stable/reference/customize.html)."""

from __future__ import annotations

import configparser
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from posixpath import basename
from typing import Any

from nox_rings.ecosystems.pypi.projects.pyproject import MANIFEST, Pyproject, Tables
from nox_rings.engine.paths import at_or_above, below, is_under, joined
from nox_rings.engine.patterns import name_matcher
from nox_rings.workspace.sources import Sources, folder_of

DEFAULT_FILES = ("test_*.py", "*_test.py")
NEVER_COLLECTED = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}")
# In pytest's order; the first four count by being there, the others by their table.
ALWAYS = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
SETTINGS = (*ALWAYS, MANIFEST, "tox.ini", "setup.cfg")
SECTIONS: Mapping[str, str] = {"pytest.ini": "pytest", ".pytest.ini": "pytest", "tox.ini": "pytest"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PytestSettings:
    """`folder` is where they stand, which `paths` and `python_path` are relative to; `plugins` are modules that options
    load; `is_written`: a file has them."""

    folder: str
    paths: tuple[str, ...] = ()
    files: tuple[str, ...] = DEFAULT_FILES
    never: tuple[str, ...] = NEVER_COLLECTED
    python_path: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    is_written: bool = False


class PytestFiles:
    """Made once; `folders` are those of all members."""

    def __init__(self, sources: Sources, tables: Tables, folders: Collection[str]) -> None:
        self._sources, self._tables, self._folders = sources, tables, frozenset(folders)
        self._listed = frozenset(sources.all_files)
        self._settings: dict[str, PytestSettings | None] = {}
        self._owned: dict[str, list[str]] = {}
        self._tested: dict[str, bool] = {}
        owners: dict[str, str | None] = {}
        for path in sorted(self._listed):
            if path.endswith(".py"):
                folder = folder_of(path)
                if folder not in owners:
                    owners[folder] = next((each for each in at_or_above(folder) if each in self._folders), None)
                if (owner := owners[folder]) is not None:
                    self._owned.setdefault(owner, []).append(path)

    def has_tests(self, folder: str) -> bool:
        """Whether pytest, called in `folder`, collects a file that is in no member inside of it."""
        if folder not in self._tested:
            self._tested[folder] = self._has_tests(folder)
        return self._tested[folder]

    def _has_tests(self, folder: str) -> bool:
        settings = self.settings(folder)
        starts = [joined(folder, each) for each in settings.paths] if settings.folder == folder else []
        return any(
            fits(path, folder, settings) and (not starts or any(_is_within(path, start) for start in starts))
            for path in self._owned.get(folder, ())
        )

    def settings(self, folder: str) -> PytestSettings:
        """Those of the nearest folder that has some: pytest looks upwards from where it is called."""
        for above in at_or_above(folder):
            if above not in self._settings:
                self._settings[above] = self._read(above)
            if (found := self._settings[above]) is not None:
                return found
        return PytestSettings(folder=folder)

    def _read(self, folder: str) -> PytestSettings | None:
        for name in SETTINGS:
            path = joined(folder, name)
            if path in self._listed and (table := self._table(path, name)) is not None:
                return PytestSettings(
                    folder=folder,
                    paths=_words(table.get("testpaths", ())),
                    files=_words(table.get("python_files", ())) or DEFAULT_FILES,
                    never=_words(table.get("norecursedirs", ())) or NEVER_COLLECTED,
                    python_path=_words(table.get("pythonpath", ())),
                    plugins=tuple(_plugins(_words(table.get("addopts", ())))),
                    is_written=True,
                )
        return None

    def _table(self, path: str, name: str) -> Mapping[str, Any] | None:
        """None where it has no settings of pytest; what cannot be read has none that we know."""
        if name == MANIFEST:
            return _table_of_pyproject(self._tables.get(folder_of(path), {}))
        try:
            text = self._sources.text(path)
            if name.endswith(".toml"):
                return _table_of_toml(text)
            parser = configparser.ConfigParser(interpolation=None, strict=False)
            parser.read_string(text)
        except (OSError, ValueError, configparser.Error):
            return None
        section = SECTIONS.get(name, "tool:pytest")
        if parser.has_section(section):
            return dict(parser[section])
        return {} if name in ALWAYS else None


def _table_of_toml(text: str) -> Mapping[str, Any]:
    """Of a pytest.toml."""
    import tomllib

    table = tomllib.loads(text).get("pytest", {})
    return table if isinstance(table, dict) else {}


def _table_of_pyproject(table: Pyproject) -> Mapping[str, Any] | None:
    """`[tool.pytest]` holds the settings themselves since pytest 9."""
    found = table.get("tool", {}).get("pytest")
    options = found.get("ini_options", found) if found is not None else None
    return options if isinstance(options, dict) else None


def fits(path: str, folder: str, settings: PytestSettings) -> bool:
    """Whether a file below `folder` has the name of a test, in folders that pytest enters."""
    never = name_matcher(settings.never)
    if any(never(part) for part in below(folder, path).split("/")[:-1]):
        return False
    names, paths = _file_patterns(settings.files)
    return bool(name_matcher(names)(basename(path)) or name_matcher(paths)(path))


@cache
def _file_patterns(patterns: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those of names, and those of whole paths."""
    return (
        tuple(each for each in patterns if "/" not in each),
        tuple(f"*{each}" for each in patterns if "/" in each),
    )


def _words(value: Any) -> tuple[str, ...]:
    """A list in TOML, or words of a line."""
    if isinstance(value, str):
        return tuple(shlex.split(value, comments=True))
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, Iterable) else ()


def _plugins(options: Iterable[str]) -> Iterator[str]:
    """The top-level names of the modules in `-p MODULE` and `-pMODULE`; `no:` leaves one out."""
    previous = ""
    for option in options:
        named = option if previous == "-p" else option[2:] if option.startswith("-p") else ""
        if named and not named.startswith(("no:", "-")):
            yield named.partition(".")[0]
        previous = option


def _is_within(path: str, start: str) -> bool:
    """`start` may be a glob, as testpaths may."""
    if any(mark in start for mark in "*?["):
        parts = start.count("/") + 1
        return fnmatchcase("/".join(path.split("/")[:parts]), start)
    return is_under(path, start)


def nested_to_ignore(nested: Iterable[str], folder: str) -> Iterator[str]:
    """Options that keep pytest, called in `folder`, out of members inside of it."""
    inside = frozenset(nested)
    for each in sorted(inside):
        if not any(above in inside for above in at_or_above(each) if above != each):
            yield f"--ignore={below(folder, each)}"
