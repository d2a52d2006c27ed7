"""What a member reads outside of its folder without requiring it: settings above it, and what pytest or a conftest.py
names. A pyproject.toml counts by what tests may read of it: most of its edits are of others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from nox_rings.ecosystems.pypi.projects.pyproject import MANIFEST, text_of
from nox_rings.ecosystems.pypi.projects.pytest_files import SETTINGS, PytestFiles
from nox_rings.ecosystems.pypi.projects.requirements import paths_above
from nox_rings.engine.paths import at_or_above, files_under, is_under, joined
from nox_rings.engine.plan.records import digest_of
from nox_rings.workspace.sources import Sources, folder_of

UV = ("uv.toml", ".python-version", ".python-versions")
# Of pytest, of coverage and fixtures: pytest looks for them up to the folder of its settings, which is its rootdir
# (https://docs.pytest.org/en/stable/reference/customize.html#finding-the-rootdir).
OF_TESTS = (*(name for name in SETTINGS if name != MANIFEST), "conftest.py", ".coveragerc", "setup.py", *UV)
# Tables of [tool] that no test reads: those of linters, formatters, release tools, installers and build backends. A
# plugin of pytest may read any other.
OF_OTHERS = frozenset(
    {"nox-rings", "uv", "ruff", "black", "isort", "mypy", "pyright", "basedpyright", "ty", "pylint", "flake8", "bandit"}
    | {"codespell", "typos", "interrogate", "pydocstyle", "docformatter", "autopep8", "yapf", "vulture", "deptry"}
    | {"setuptools", "setuptools_scm", "setuptools-scm", "hatch", "pdm", "poetry", "flit", "maturin", "cibuildwheel"}
    | {"towncrier", "commitizen", "bumpversion", "bumpver", "semantic_release", "tbump", "pre-commit", "tox", "poe"}
)

CONFTEST = "conftest.py"
IMPORTED = re.compile(r"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
PLUGINS = re.compile(r"^pytest_plugins\b[^=\n]*=\s*(\[[^\]]*\]|\([^)]*\)|[\"'][^\"'\n]+[\"'])", re.MULTILINE)
QUOTED = re.compile(r"[\"']([A-Za-z_]\w*)[\w.]*[\"']")
# `Path(__file__).parents[2] / "x"` and `Path(__file__).parent.parent / "x"`.
BY_NUMBER = re.compile(r"""\.parents\[(\d)\]\s*/\s*["']([^"'\n]+)["']""")
BY_STEPS = re.compile(r"""__file__\)(?:\.resolve\(\)|\.absolute\(\))?((?:\.parent)+)\s*/\s*["']([^"'\n]+)["']""")


class SharedSettings:
    def __init__(self, sources: Sources, pytest_files: PytestFiles) -> None:
        self._sources, self._pytest = sources, pytest_files
        self._listed = frozenset(sources.all_files)
        self._read: dict[str, str] = {}

    def files(self, folder: str) -> Iterator[str]:
        """Whole files above `folder`."""
        for above, is_read_by_tests in self._above(folder):
            names = OF_TESTS if is_read_by_tests else UV
            yield from (path for name in names if (path := joined(above, name)) in self._listed)

    def tables(self, folder: str) -> Iterator[tuple[str, str]]:
        """What tests in `folder` may read of each pyproject.toml above it, and a digest of that."""
        for above, is_read_by_tests in self._above(folder):
            path = joined(above, MANIFEST)
            if is_read_by_tests and path in self._listed:
                if path not in self._read:
                    self._read[path] = self._digest(path)
                yield f"{path} [tool]", self._read[path]

    def _above(self, folder: str) -> Iterator[tuple[str, bool]]:
        """The folders above, and whether pytest looks into them."""
        settings = self._pytest.settings(folder)
        for above in at_or_above(folder):
            if above != folder:
                yield above, not settings.is_written or is_under(above, settings.folder)

    def _digest(self, path: str) -> str:
        """Of all of it where it cannot be read: its own target has that as a problem."""
        try:
            text = self._sources.text(path)
        except (OSError, ValueError):
            return ""
        try:
            return digest_of(repr(read_by_tests(tomllib.loads(text))))
        except (ValueError, RecursionError):
            return digest_of(text)


def read_by_tests(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of [tool] without what is of others for sure. Options of pytest that name one of those (`--mypy`)
    make its table one that is read."""
    tools = document.get("tool")
    if not isinstance(tools, dict):
        return {}
    options = repr(tools.get("pytest"))
    return {name: tools[name] for name in sorted(tools) if name not in OF_OTHERS or name in options}


class ImportedByTests:
    """Folders on the path for imports, plugins, and modules and folders that a conftest.py imports or points to."""

    def __init__(self, sources: Sources, pytest_files: PytestFiles) -> None:
        self._sources, self._pytest = sources, pytest_files
        self._listed = sources.all_files

    def outside(self, folder: str) -> Iterator[str]:
        """Paths outside of the member in `folder`, and not above it."""
        for path in self._named(folder):
            if not is_under(path, folder) and not is_under(folder, path):
                yield path

    def _named(self, folder: str) -> Iterator[str]:
        settings = self._pytest.settings(folder)
        on_path = [joined(settings.folder, each) for each in settings.python_path]
        yield from on_path
        yield from self._modules(settings.plugins, [*on_path, settings.folder])
        for path in self._conftests(folder):
            text, here = text_of(self._sources, path), folder_of(path)
            names = [*IMPORTED.findall(text), *(name for one in PLUGINS.findall(text) for name in QUOTED.findall(one))]
            yield from self._modules(names, [here, *on_path])
            yield from paths_above(text, here)
            yield from _by_parents(text, here)

    def _conftests(self, folder: str) -> Iterator[str]:
        """Those that pytest loads for the member: in it and above, up to the folder of its settings."""
        settings = self._pytest.settings(folder)
        yield from (each for each in files_under(self._listed, folder) if each.rpartition("/")[2] == CONFTEST)
        for above in at_or_above(folder):
            if above != folder and (not settings.is_written or is_under(above, settings.folder)):
                path = joined(above, CONFTEST)
                if self._sources.is_listed(path):
                    yield path

    def _modules(self, names: list[str] | tuple[str, ...], folders: list[str]) -> Iterator[str]:
        """The packages or modules of these names in one of the folders."""
        for name in dict.fromkeys(names):
            for folder in dict.fromkeys(folders):
                place = joined(folder, name)
                yield from (each for each in (place, f"{place}.py") if files_under(self._listed, each))


def _by_parents(text: str, here: str) -> Iterator[str]:
    yield from (joined(here, f"{'../' * int(number)}{path}") for number, path in BY_NUMBER.findall(text))
    for steps, path in BY_STEPS.findall(text):
        yield joined(here, f"{'../' * (steps.count('.parent') - 1)}{path}")
