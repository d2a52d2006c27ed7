"""Where backends find a dynamic version, and the release's in its place."""

from __future__ import annotations

from typing import Any

import pytest

from nox_rings.ecosystems.pypi.packing.version_source import HATCH, VersionSource, stamped_text, version_source


def attribute(name: str) -> str:
    return rf"^{name}(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*([\'\"])(?P<version>[^\'\"\n]*)\1"


DUNDER = attribute("__version__")
SOURCES: dict[str, tuple[str, list[str], dict[str, Any], VersionSource]] = {
    "hatch, a path": (
        "hatchling.build",
        ["hatchling"],
        {"hatch": {"version": {"path": "a/b.py"}}},
        VersionSource(files=("a/b.py",), pattern=HATCH),
    ),
    "hatch, a pattern": (
        "hatchling.build",
        ["hatchling"],
        {"hatch": {"version": {"path": "V", "pattern": "v(?P<version>.*)"}}},
        VersionSource(files=("V",), pattern="v(?P<version>.*)"),
    ),
    "hatch, code": (
        "hatchling.build",
        ["hatchling"],
        {"hatch": {"version": {"source": "code", "path": "a.py", "expression": "V"}}},
        VersionSource(files=("a.py",), pattern=attribute("V")),
    ),
    "hatch-vcs": ("hatchling.build", ["hatch-vcs"], {"hatch": {"version": {"source": "vcs"}}}, VersionSource()),
    "setuptools, an attribute": (
        "setuptools.build_meta",
        ["setuptools"],
        {"setuptools": {"package-dir": {"": "lib"}, "dynamic": {"version": {"attr": "a.b.V"}}}},
        VersionSource(
            files=tuple(f"{root}/a/b{end}" for root in ("lib", "src", ".") for end in (".py", "/__init__.py")),
            pattern=attribute("V"),
        ),
    ),
    "setuptools, a file": (
        "setuptools.build_meta",
        ["setuptools"],
        {"setuptools": {"dynamic": {"version": {"file": "VERSION"}}}},
        VersionSource(files=("VERSION",)),
    ),
    "setuptools, setup.py": ("setuptools.build_meta", ["setuptools"], {}, VersionSource()),
    "setuptools-scm without a table": (
        "setuptools.build_meta",
        ["setuptools", "setuptools-scm[simple]>=9"],
        {},
        VersionSource(computed=True),
    ),
    "flit": (
        "flit_core.buildapi",
        ["flit_core"],
        {},
        VersionSource(
            files=("src/a_b.py", "src/a_b/__init__.py", "./a_b.py", "./a_b/__init__.py"),
            pattern=DUNDER,
        ),
    ),
    "pdm, a file": (
        "pdm.backend",
        ["pdm-backend"],
        {"pdm": {"version": {"source": "file", "path": "a.py"}}},
        VersionSource(files=("a.py",), pattern=DUNDER),
    ),
    "pdm that writes": (
        "pdm.backend",
        ["pdm-backend"],
        {"pdm": {"version": {"source": "scm", "write_to": "a/_v.py"}}},
        VersionSource(computed=True),
    ),
    "another backend": ("maturin", ["maturin"], {}, VersionSource()),
}


@pytest.mark.parametrize(("backend", "requires", "tool", "source"), SOURCES.values(), ids=list(SOURCES))
def test_the_source_of_a_dynamic_version(
    backend: str, requires: list[str], tool: dict[str, Any], source: VersionSource
) -> None:
    system = {"build-backend": backend, "requires": requires}
    assert version_source({"project": {"name": "a-b"}, "build-system": system, "tool": tool}) == source


@pytest.mark.parametrize(
    ("text", "pattern", "stamped"),
    [
        ("7.7.7\n", "", "1.4.2\n"),
        ('"""A."""\n__version__ = "7.7.7"  # now\n', DUNDER, '"""A."""\n__version__ = "1.4.2"  # now\n'),
        ("__version__: Final[str] = '7'\n", DUNDER, "__version__: Final[str] = '1.4.2'\n"),
        ("__version__ = compute()\n", DUNDER, "__version__ = compute()\n"),
        ("if x:\n    __version__ = '7'\n", DUNDER, "if x:\n    __version__ = '7'\n"),
        ("VERSION = 'v7'\n", HATCH, "VERSION = 'v1.4.2'\n"),
        ("v7", "v.*", "v7"),
    ],
)
def test_a_literal_is_replaced_and_code_is_not(text: str, pattern: str, stamped: str) -> None:
    assert stamped_text(text, pattern, "1.4.2") == stamped
