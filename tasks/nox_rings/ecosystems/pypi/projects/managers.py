"""What other managers than uv install for tests, as requirements of PEP 508: Poetry, Hatch, PDM and tox."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nox_rings.ecosystems.pypi.projects.pyproject import TEST_REQUIREMENTS, Pyproject, poetry_table
from nox_rings.ecosystems.pypi.projects.requirements import EDITABLE, path_of
from nox_rings.engine.reading import file_text

# Environments of Hatch in which tests run; `hatch-test` is its own, which has pytest
# (https://hatch.pypa.io/latest/config/internal/testing/).
HATCH_TESTS = "hatch-test"
TOX = "tox.ini"
REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?\s*(?:[<>=!~][^:{}]*)?")


def managed_requirements(table: Pyproject) -> list[str]:
    tool = table.get("tool", {})
    return [
        *poetry_requirements(poetry_table(table)),
        *hatch_requirements(tool.get("hatch", {})),
        *pdm_requirements(tool.get("pdm", {})),
    ]


def hatch_requirements(hatch: Mapping[str, Any]) -> list[str]:
    environments = hatch.get("envs", {})
    found = []
    for name in ("default", HATCH_TESTS, *sorted(TEST_REQUIREMENTS)):
        environment = environments.get(name, {})
        found += [each for key in ("dependencies", "extra-dependencies") for each in environment.get(key, ())]
    return [*(["pytest"] if HATCH_TESTS in environments else ()), *found]


def pdm_requirements(pdm: Mapping[str, Any]) -> list[str]:
    groups = pdm.get("dev-dependencies", {})
    listed = [each for name in sorted(TEST_REQUIREMENTS) for each in groups.get(name, ())]
    return [word for each in listed for word in _pdm_words(each)]


def _pdm_words(requirement: str) -> tuple[str, ...]:
    """`-e file:///${PROJECT_ROOT}/../lib#egg=lib` is relative to the project."""
    if not EDITABLE.match(requirement):
        return (requirement,)
    path = path_of(requirement, ".")
    return ("--editable", path if path.startswith(".") else f"./{path}") if path else ()


def tox_requirements(path: Path) -> list[str]:
    """`deps` of [testenv] in a tox.ini, as far as they are requirements: no factors, files or references."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(file_text(path))
    except (OSError, ValueError, configparser.Error):
        return []
    listed = parser.get("testenv", "deps", fallback="").splitlines()
    return [line.strip() for line in listed if REQUIREMENT.fullmatch(line.strip())]


def poetry_requirements(poetry: Mapping[str, Any]) -> list[str]:
    """What Poetry's groups for tests require, as requirements of PEP 508."""
    groups = poetry.get("group", {})
    tables = [groups.get(name, {}).get("dependencies", {}) for name in sorted(TEST_REQUIREMENTS)]
    return [line for table in (*tables, poetry.get("dev-dependencies", {})) for line in poetry_lines(table)]


def poetry_lines(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        for one in value if isinstance(value, list) else (value,):
            if name != "python" and (line := poetry_requirement(name, one)):
                yield line


def poetry_requirement(name: str, value: Any) -> str:
    """A dependency of Poetry (https://python-poetry.org/docs/dependency-specification/) as a requirement; empty where
    it has no form of one."""
    if isinstance(value, str):
        return f"{name}{poetry_versions(value)}"
    if not isinstance(value, dict):
        return ""
    extras = f"[{','.join(value['extras'])}]" if value.get("extras") else ""
    marker = f" ; {value['markers']}" if value.get("markers") else ""
    if "path" in value:
        return str(value["path"]) if not marker and str(value["path"]).startswith(".") else f"./{value['path']}"
    if "git" in value:
        revision = next((f"@{value[key]}" for key in ("rev", "tag", "branch") if key in value), "")
        return f"{name}{extras} @ git+{value['git']}{revision}{marker}"
    if "url" in value:
        return f"{name}{extras} @ {value['url']}{marker}"
    return f"{name}{extras}{poetry_versions(str(value.get('version', '*')))}{marker}"


def poetry_versions(constraint: str) -> str:
    """`^1.2` is `>=1.2,<2`, `~1.2` is `>=1.2,<1.3`, `1.2` is `==1.2`, `*` is anything."""
    parts = [each.strip() for each in constraint.split("||")[0].split(",")]
    return ",".join(found for each in parts if (found := _poetry_version(each)))


def _poetry_version(part: str) -> str:
    if part in ("", "*"):
        return ""
    if part[0] in "<>=!" or part.startswith("~="):
        return part.replace(" ", ",") if re.search(r"\d +[<>=!]", part) else part
    if part[0] not in "^~":
        return f"=={part}"
    numbers = [int(each) for each in re.findall(r"\d+", part.lstrip("^~ ").split("+")[0])][:3]
    if part[0] == "~":
        kept = numbers[:2] if len(numbers) > 1 else numbers[:1]
    else:
        first = next((index for index, each in enumerate(numbers) if each), len(numbers) - 1)
        kept = numbers[: first + 1]
    above = ".".join(map(str, [*kept[:-1], kept[-1] + 1]))
    return f">={part.lstrip('^~ ')},<{above}"
