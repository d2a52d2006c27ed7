"""The version of a release in a copy of the manifest, whatever backend would have computed it."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from nox_rings.ecosystems.pypi.packing.sdist import level_times
from nox_rings.ecosystems.pypi.packing.stamping import stamp_poetry, stamp_project

TABLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a version that stands there": (
        {"project": {"name": "a", "version": "0", "dependencies": ["b", "c>=1"]}, "tool": {"uv": {"sources": {}}}},
        {"project": {"name": "a", "version": "1.4.2", "dependencies": ["b==1.4.2", "c>=1"]}, "tool": {"uv": {}}},
    ),
    "a dynamic version": (
        {"project": {"name": "a", "dynamic": ["version", "readme"]}, "tool": {"hatch": {"version": {"path": "a.py"}}}},
        {
            "project": {"name": "a", "version": "1.4.2", "dynamic": ["readme"]},
            "tool": {"hatch": {"version": {"path": "a.py"}}},
        },
    ),
    "setuptools": (
        {
            "project": {"dynamic": ["version"]},
            "tool": {"setuptools": {"dynamic": {"version": {"attr": "a.V"}}}, "setuptools_scm": {}},
        },
        {"project": {"version": "1.4.2", "dynamic": []}, "tool": {"setuptools": {"dynamic": {}}}},
    ),
    "Poetry beside a project": (
        {"project": {"dynamic": ["version"]}, "tool": {"poetry": {"version": "0", "dependencies": {"b": "*"}}}},
        {
            "project": {"version": "1.4.2", "dynamic": []},
            "tool": {"poetry": {"dependencies": {"b": {"version": "==1.4.2"}}}},
        },
    ),
}


@pytest.mark.parametrize(("before", "after"), TABLES.values(), ids=list(TABLES))
def test_a_project_is_stamped(before: dict[str, Any], after: dict[str, Any]) -> None:
    stamp_project(before, "1.4.2", {"b": "1.4.2"})
    assert before == after


def test_poetry_without_a_project_is_stamped() -> None:
    table: dict[str, Any] = {
        "name": "a",
        "version": "0",
        "dependencies": {"B": {"path": "../b", "develop": True, "extras": ["x"]}, "c": "^1"},
    }
    stamp_poetry(table, "1.4.2", {"b": "1.4.2"})
    assert table == {
        "name": "a",
        "version": "1.4.2",
        "dependencies": {"B": {"extras": ["x"], "version": "==1.4.2"}, "c": "^1"},
    }


def an_sdist(path: Path, owner: int, times: dict[str, int]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, time_seconds in times.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.uid, entry.uname = len(name), time_seconds, owner, "somebody"
            archive.addfile(entry, io.BytesIO(name.encode()))
    return path


def test_an_sdist_is_the_same_whenever_and_by_whomever_it_is_built(tmp_path: Path) -> None:
    first = an_sdist(tmp_path / "a.tar.gz", 1000, {"a/b": 2000, "a/PKG-INFO": 5000})
    second = an_sdist(tmp_path / "b.tar.gz", 1001, {"a/PKG-INFO": 9000, "a/b": 2000})
    for each in (first, second):
        level_times(each, 3000)
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        found = {each.name: (int(each.mtime), each.uid, each.uname) for each in archive}
        content = archive.extractfile("a/b")
        assert content is not None and content.read() == b"a/b"
    assert found == {"a/PKG-INFO": (3000, 0, ""), "a/b": (2000, 0, "")}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.tar.gz", "b.tar.gz"]
