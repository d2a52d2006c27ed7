"""The nox sessions of this repository itself; not part of the distribution.

lint.py        ruff and mypy
tests.py       pytest
bench.py       benchmarks/, measured"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nox_rings import MenuEntry


def register() -> None:
    import nox

    for function, default in menu():
        nox.session(name=function.__name__, venv_backend="none", default=default)(function)


def menu() -> tuple[MenuEntry, ...]:
    from nox_rings_dev import bench, lint, tests

    return ((lint.lint, True), (tests.tests, True), (bench.bench, False))
