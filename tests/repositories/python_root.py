"""A uv workspace whose root is a package with tests, and a member whose dependencies its backend finds."""

from __future__ import annotations

from pathlib import Path

from repositories import Repository

HATCHLING = '\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
SETUPTOOLS = '\n[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n'


def project(name: str, *lines: str) -> str:
    more = "".join(f"{line}\n" for line in lines)
    return f'[project]\nname = "{name}"\nversion = "1.0.0"\nrequires-python = ">=3.11"\n{more}'


REPOSITORY = Repository(
    files={
        ".gitignore": "__pycache__/\n*.egg-info/\n",
        "pyproject.toml": project("shop", 'dependencies = ["meter"]')
        + HATCHLING
        + '\n[dependency-groups]\ndev = ["pytest"]\n'
        + '\n[tool.uv.workspace]\nmembers = ["libs/*"]\n'
        + "\n[tool.uv.sources]\n"
        + "meter = { workspace = true }\nunits = { workspace = true }\nlabels = { workspace = true }\n",
        "uv.lock": (Path(__file__).parent / "python_root.uv.lock").read_text(encoding="utf-8"),
        "src/shop/__init__.py": "import meter\n\nVALUE = meter.VALUE\n",
        "tests/test_shop.py": "import shop\n\n\ndef test_value() -> None:\n    assert shop.VALUE == 1\n",
        "tests/data/pyproject.toml": "[project\n",
        "libs/units/pyproject.toml": project("units") + HATCHLING,
        "libs/units/src/units/__init__.py": "VALUE = 1\n",
        "libs/meter/pyproject.toml": project("meter", 'dynamic = ["dependencies"]')
        + SETUPTOOLS
        + '\n[tool.setuptools.dynamic]\ndependencies = { file = ["needs.txt"] }\n'
        + '\n[dependency-groups]\ntest = ["labels"]\n',
        "libs/meter/needs.txt": "units\n",
        "libs/meter/src/meter/__init__.py": "import units\n\nVALUE = units.VALUE\n",
        "libs/meter/src/meter/tests/test_meter.py": "import meter\n\n\n"
        "def test_value() -> None:\n    assert meter.VALUE == 1\n",
        "libs/labels/pyproject.toml": project("labels") + SETUPTOOLS,
        "libs/labels/src/labels/__init__.py": "",
        # Settings of tools, and no package.
        "scripts/pyproject.toml": "[tool.ruff]\nline-length = 100\n",
    },
    members={
        (".", "pypi"): ("libs/meter",),
        ("libs/labels", "pypi"): (),
        ("libs/meter", "pypi"): ("libs/labels", "libs/units"),
        ("libs/units", "pypi"): (),
    },
)
