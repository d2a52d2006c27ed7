"""Where import packages lie, by the settings of backends."""

from __future__ import annotations

from typing import Any

import pytest

from nox_rings.ecosystems.pypi.packing.source_layout import import_packages, installed_path, source_roots

ROOTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "none": ({}, ("src",)),
    "setuptools": (
        {"setuptools": {"package-dir": {"": "lib"}, "packages": {"find": {"where": ["py/lib", "."]}}}},
        ("py/lib", "lib", "src"),
    ),
    "a list of packages": ({"setuptools": {"packages": ["a"]}}, ("src",)),
    "hatch": (
        {"hatch": {"build": {"targets": {"wheel": {"packages": ["python/a", "b"], "sources": ["x"]}}}}},
        ("python", "src", "x"),
    ),
    "uv": ({"uv": {"build-backend": {"module-root": ""}}}, ("src",)),
    "pdm": ({"pdm": {"build": {"package-dir": "code"}}}, ("code", "src")),
    "poetry": ({"poetry": {"packages": [{"include": "a", "from": "lib"}]}}, ("lib", "src")),
}


@pytest.mark.parametrize(("tool", "roots"), ROOTS.values(), ids=list(ROOTS))
def test_the_source_roots_of_a_backend(tool: dict[str, Any], roots: tuple[str, ...]) -> None:
    assert source_roots({"tool": tool}) == roots


def test_a_file_is_installed_from_its_source_root_on() -> None:
    assert installed_path("py/lib/a/b.py", ("py/lib", "src")) == "a/b.py"
    assert installed_path("a/src/b.py", ("py/lib", "src")) == "a/src/b.py"


def test_packages_are_those_in_source_roots_and_beside_the_manifest() -> None:
    document = {"project": {"name": "One-Module"}, "tool": {"setuptools": {"package-dir": {"": "lib"}}}}
    paths = (
        *("lib/a/__init__.py", "lib/space/b/c.py", "lib/d.py", "src/e/f.pyi", "flat/py.typed", "flat/x.py"),
        *("one_module.py", "setup.py", "tests/__init__.py", "tools/run.py", "docs/a/__init__.py"),
    )
    assert import_packages(document, paths) == ("a", "d", "e", "flat", "one_module", "space")
