"""Settings above a member that its tests and builds read without naming them. A pyproject.toml counts by what tests may
read of it: most of its edits are of others."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from nox_rings.ecosystems.pypi.projects.pyproject import MANIFEST
from nox_rings.ecosystems.pypi.projects.pytest_files import SETTINGS, PytestFiles
from nox_rings.engine.paths import at_or_above, is_under, joined
from nox_rings.engine.plan.records import digest_of
from nox_rings.workspace.sources import Sources

UV = ("uv.toml", ".python-version")
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


class SharedSettings:
    def __init__(self, sources: Sources, pytest_files: PytestFiles) -> None:
        self._sources, self._pytest = sources, pytest_files
        self._listed = frozenset(sources.listed or sources.files)
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
