"""`--trace`: a read that no input covers and a write beside the outputs are found, in every ecosystem."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from checkout import Answer
from python_workspaces import PYTEST, PythonWorkspace, project
from strangers import Stranger, a_stranger

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="NOT RUN: strace is not installed")


def findings(answer: Answer) -> list[tuple[str, str, str]]:
    """Kind, path and the program of each; the run fails with them."""
    document: dict[str, Any] = answer.json()
    found = [(each["kind"], each["path"], each["message"].split()[1]) for each in document["findings"]]
    assert (answer.exit_code, document["ok"]) == ((1, False) if found else (0, True)), answer.out + answer.err
    return found


def trace(stranger: Stranger, *targets: str) -> list[tuple[str, str, str]]:
    return findings(stranger.nox("rings", "--trace", "--force", "--json", *targets))


@pytest.fixture
def front(tmp_path: Path) -> Stranger:
    """An npm package whose build script is `build.mjs`."""
    made = a_stranger(tmp_path / "front end")
    made.pins("npm")
    made.write(".gitignore", "/.nox-rings/\ndist/\nnode_modules/\n")
    made.write("package.json", '{"name": "root", "private": true, "workspaces": ["packages/*"]}\n')
    made.write("secret.txt", "1\n")
    manifest = '{"name": "a", "version": "1.0.0", "scripts": {"build": "node build.mjs"}}\n'
    made.write("packages/a/package.json", manifest)
    made.write("packages/a/source.txt", "source\n")
    made.write(
        "package-lock.json",
        """
        {"name": "root", "lockfileVersion": 3, "requires": true, "packages": {
          "": {"name": "root", "workspaces": ["packages/*"]},
          "node_modules/a": {"resolved": "packages/a", "link": true},
          "packages/a": {"version": "1.0.0"}}}
        """,
    )
    return made


BUILD = """
import {{ mkdirSync, readFileSync, writeFileSync }} from 'node:fs'
mkdirSync('dist', {{ recursive: true }})
writeFileSync('dist/made.txt', readFileSync('source.txt'))
const up = '..'
{more}
"""
READ_SECRET = "readFileSync(`${up}/${up}/secret.txt`)"


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("", []),
        ("readFileSync('../../secret.txt')", []),  # what a script names in one piece is an input
        (READ_SECRET, [("undeclared-read", "secret.txt", "node")]),
        ("process.chdir('..'); readFileSync(`${up}/secret.txt`)", [("undeclared-read", "secret.txt", "node")]),
        ("writeFileSync('../../stray.txt', '')", [("stray-write", "stray.txt", "node")]),
        ("writeFileSync('source.txt', 'source\\n')", [("stray-write", "packages/a/source.txt", "node")]),
    ],
)
def test_a_build_script_of_npm(front: Stranger, more: str, found: list[tuple[str, str, str]]) -> None:
    front.write("packages/a/build.mjs", BUILD.format(more=more))
    front.commit()
    assert trace(front) == found


def test_a_declared_read_is_none_and_a_failed_target_runs_again(front: Stranger) -> None:
    front.write("packages/a/build.mjs", BUILD.format(more=READ_SECRET))
    front.commit()
    failed = front.nox("rings", "--trace")
    assert failed.exit_code == 1
    assert "secret.txt: undeclared-read: package:a: node read it" in failed.out
    assert 'fix: pyproject.toml: [tool.nox-rings.members."packages/a"] inputs = ["secret.txt"]' in failed.out
    assert front.reasons()["package:a"] == "unfinished"
    front.write(
        "pyproject.toml",
        front.text("pyproject.toml") + '\n[tool.nox-rings.members."packages/a"]\ninputs = ["secret.txt"]\n',
    )
    assert trace(front) == []
    assert set(front.reasons().values()) == {"fresh"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('assert Path("src/a/__init__.py").read_text() == ""', []),
        ('assert Path("../../secret.txt").read_text()', [("undeclared-read", "secret.txt", "python")]),
        ('Path("../../stray.txt").write_text("")', [("stray-write", "stray.txt", "python")]),
    ],
)
def test_a_test_of_python(tmp_path: Path, body: str, found: list[tuple[str, str, str]]) -> None:
    workspace = PythonWorkspace(tmp_path)
    workspace.fill(
        {
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
            "secret.txt": "1\n",
            "libs/a/pyproject.toml": project("a", more=PYTEST),
            "libs/a/src/a/__init__.py": "",
            "libs/a/tests/test_a.py": f"from pathlib import Path\n\n\ndef test_a():\n    {body}\n",
        }
    )
    workspace.lock()
    workspace.commit()
    seen = findings(workspace.session("rings", "--trace", "--json"))
    assert [(kind, path, program.rstrip("0123456789.")) for kind, path, program in seen] == found


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ('os.ReadFile("a.go")', []),
        ('os.ReadFile("../secret.txt")', [("undeclared-read", "secret.txt", "a.test")]),
        ('os.Create("../stray.txt")', [("stray-write", "stray.txt", "a.test")]),
    ],
)
def test_a_test_of_go(tmp_path: Path, call: str, found: list[tuple[str, str, str]]) -> None:
    stranger = a_stranger(tmp_path)
    stranger.pins()
    stranger.write("secret.txt", "1\n")
    stranger.write("a/go.mod", "module example.com/a\n\ngo 1.22\n")
    stranger.write("a/a.go", "package a\n")
    stranger.write(
        "a/a_test.go",
        f"""
        package a

        import (
            "os"
            "testing"
        )

        func TestA(t *testing.T) {{
            if _, err := {call}; err != nil {{
                t.Fatal(err)
            }}
        }}
        """,
    )
    stranger.commit()
    assert trace(stranger) == found


def test_a_plugin_of_buf_that_reads_beside_its_schema(tmp_path: Path) -> None:
    """The target is none that settings describe: the message says whose fault that is."""
    stranger = a_stranger(tmp_path)
    stranger.pins()
    stranger.write("secret.txt", "1\n")
    stranger.write("proto/buf.yaml", "version: v2\nmodules:\n  - path: .\n")
    stranger.proto("proto/acme/v1/thing.proto")
    stranger.write("proto/buf.gen.yaml", "version: v2\nplugins:\n  - local: ./plugin.sh\n    out: ../sdk/gen\n")
    stranger.write("proto/plugin.sh", "#!/bin/sh\ncat ../secret.txt >/dev/null\n")
    (stranger.root / "proto/plugin.sh").chmod(0o755)
    stranger.write("sdk/README.md", "")
    stranger.commit()
    answer = stranger.nox("rings", "--trace", "--json")
    assert ("undeclared-read", "secret.txt", "cat") in findings(answer)


def test_without_strace_nothing_starts(front: Stranger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("git", "sh", "node"):
        if program := shutil.which(name):
            (folder / name).symlink_to(program)
    monkeypatch.setenv("PATH", str(folder))
    front.write("packages/a/build.mjs", BUILD.format(more=""))
    front.commit()
    answer = front.nox("rings", "--trace")
    assert answer.exit_code == 1
    assert "strace: found no such program on PATH, which --trace needs" in answer.err
    assert "apt-get install strace" in answer.err
    assert not front.has("packages/a/dist/made.txt")
