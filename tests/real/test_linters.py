"""The pinned linters, run as the contract gate runs them, report bad artifacts and accept good ones."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from checkout import environment
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.npm import linters as npm_linters
from nox_rings.ecosystems.pypi import linters as pypi_linters
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain

ROOT = Path(__file__).parents[2]
TARBALL, WHEEL = "acme-sdk-1.2.3.tgz", "acme_sdk-1.2.3-py3-none-any.whl"
INFO = "acme_sdk-1.2.3.dist-info"


def package(exports: object, *files: str) -> Mapping[str, str]:
    manifest = {"name": "acme-sdk", "version": "1.2.3", "type": "module", "license": "MIT", "exports": exports}
    texts = {
        f"package/{file}": "export const a: number;\n" if ".d." in file else "export const a = 1;\n" for file in files
    }
    return {"package/package.json": json.dumps(manifest), **texts}


def wheel(description: str, *files: str) -> Mapping[str, str]:
    metadata = f"Metadata-Version: 2.4\nName: acme-sdk\nVersion: 1.2.3\n{description}"
    tag = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    members = {**dict.fromkeys(files, "A = 1\n"), f"{INFO}/METADATA": metadata, f"{INFO}/WHEEL": tag}
    return {**members, f"{INFO}/RECORD": "".join(f"{path},,\n" for path in (*members, f"{INFO}/RECORD"))}


GOOD_TEXT = "Summary: x\nDescription-Content-Type: text/markdown\n\n# About\n"
GOOD = {
    "publint": package({"types": "./a.d.ts", "import": "./a.js"}, "a.js", "a.d.ts"),
    "attw": package({"types": "./a.d.ts", "import": "./a.js"}, "a.js", "a.d.ts"),
    "twine": wheel(GOOD_TEXT, "acme_sdk/__init__.py"),
}
BAD = {
    "publint": package({"import": "./a.js", "types": "./a.d.ts"}, "a.js", "a.d.ts"),
    "attw": package({".": {"types": "./a.d.ts", "import": "./a.js"}, "./b": "./b.js"}, "a.js", "a.d.ts", "b.js"),
    "twine": wheel("Description-Content-Type: text/x-rst\n\nTitle\n==\n\n.. nothing::\n", "acme_sdk/__init__.py"),
    "check-wheel-contents": wheel(GOOD_TEXT, "acme_sdk/__init__.py", "tests/test_a.py"),
}


@pytest.fixture(scope="module")
def tools() -> Toolchain:
    found = Toolchain(
        ROOT, Path(environment()["NOX_RINGS_TOOLS_DIR"]), ProcessRunner(), source="pinned", announce=print
    )
    found.require(*BAD)
    return found


def write(members: Mapping[str, str], folder: Path) -> None:
    if "package/package.json" not in members:
        with zipfile.ZipFile(folder / WHEEL, "w") as archive:
            for path, text in members.items():
                archive.writestr(path, text)
        return
    with tarfile.open(folder / TARBALL, "w:gz") as tarball:
        for path, text in members.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            tarball.addfile(member, io.BytesIO(text.encode()))


def ask(name: str, members: Mapping[str, str], folder: Path, tools: Toolchain) -> tuple[int, str]:
    write(members, folder)
    (ecosystem,) = (each for each in ECOSYSTEMS if name in each.linters)
    known = {**npm_linters.commands(folder, "acme-sdk", "1.2.3"), **pypi_linters.commands(folder)}
    command = known[name]
    answer = ProcessRunner().ask(replace(command, env={**tools.environment(name), **command.env}))
    return answer.exit_code, ecosystem.linter_report(command, answer)


@pytest.mark.parametrize("name", GOOD)
def test_a_linter_reports_nothing_for_a_good_artifact(name: str, tools: Toolchain, tmp_path: Path) -> None:
    exit_code, printed = ask(name, GOOD[name], tmp_path, tools)
    assert exit_code == 0, printed


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("publint", "types"),
        ("attw", "UntypedResolution"),
        ("twine", "FAILED"),
        ("check-wheel-contents", "W009"),
    ],
)
def test_a_linter_reports_a_bad_artifact(name: str, message: str, tools: Toolchain, tmp_path: Path) -> None:
    exit_code, printed = ask(name, BAD[name], tmp_path, tools)
    assert exit_code == 1
    assert message in printed
    assert "NoResolution" not in printed  # what node10 cannot do, no modern package can
