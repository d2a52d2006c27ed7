"""The nox sessions of this repository itself; not part of the distribution.

lint.py        ruff and mypy
tests.py       pytest
bench.py       the benchmarks of benchmarks/"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nox_rings.engine.capability import MenuEntry


def register() -> None:
    import nox

    for entry in menu():
        nox.session(name=entry.name, venv_backend="none", default=entry.default)(entry.function)


def menu() -> tuple[MenuEntry, ...]:
    from nox_rings.engine.capability import MenuEntry
    from nox_rings_dev import bench, lint, tests

    return (
        MenuEntry(function=lint.lint, default=True),
        MenuEntry(function=tests.tests, default=True),
        MenuEntry(function=bench.bench),
    )
