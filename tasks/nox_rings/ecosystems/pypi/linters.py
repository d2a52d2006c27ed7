"""Linters of wheels and sdists: twine ≥ 6.1, check-wheel-contents ≥ 0.6. Each ends with 0 where it finds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nox_rings.ecosystems.linters import linter_command
from nox_rings.engine.process.command import Command

# Where linters of sources look for their settings (https://docs.astral.sh/ruff/configuration/,
# https://mypy.readthedocs.io/en/stable/config_file.html).
CHECK_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "ruff": ("ruff.toml", ".ruff.toml", "pyproject.toml"),
    "mypy": ("mypy.ini", ".mypy.ini", "setup.cfg", "pyproject.toml"),
    "pyright": ("pyrightconfig.json", "pyproject.toml"),
    "pylint": ("pylintrc", ".pylintrc", ".pylintrc.toml", "setup.cfg", "tox.ini", "pyproject.toml"),
    "flake8": (".flake8", "setup.cfg", "tox.ini"),
    "tox": ("tox.ini", "tox.toml", "setup.cfg", "pyproject.toml"),
    "black": ("pyproject.toml",),
}


def commands(packed: Path) -> Mapping[str, Command]:
    """By the program's name; the artifacts are the last argument."""
    # It expands the pattern itself, so that no shell is needed.
    twine = ("twine", "check", "--strict", str(packed / "*"))
    # W002, files of equal content: generated `__init__.py` are alike.
    contents = ("check-wheel-contents", "--no-config", "--ignore", "W002", str(packed))
    return {argv[0]: linter_command(argv, packed) for argv in (twine, contents)}
