"""A repository of somebody else: no pins, no noxfile, and a nox that has the wheel of nox-rings installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checkout import REPOSITORY, Answer, Checkout
from nox_rings.toolchain.system_tools import find_uv

PNPM_LOCK = """\
lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}

  web:
    dependencies:
      is-number:
        specifier: 7.0.0
        version: 7.0.0

packages:

  is-number@7.0.0:
    resolution:
      integrity: sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng==
    engines: {node: '>=0.12.0'}

snapshots:

  is-number@7.0.0: {}
"""
UV_LOCK = """\
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "pricing"
version = "0.1.0"
source = { editable = "." }
"""
PROJECT = """\
[project]
name = "pricing"
version = "0.1.0"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
FILES = {
    ".gitignore": "node_modules/\n",
    ".dockerignore": "node_modules",
    "go/shop/go.mod": "module example.com/shop\n\ngo 1.22\n",
    "go/shop/shop.go": "package shop\n\nfunc Price() int { return 7 }\n",
    "go/shop/shop_test.go": 'package shop\n\nimport "testing"\n\nfunc TestPrice(t *testing.T) {\n\tif Price() != 7 {\n'
    "\t\tt.Fatal()\n\t}\n}\n",
    "package.json": '{"name": "all", "private": true}\n',
    "pnpm-workspace.yaml": "packages: [web]\n",
    "pnpm-lock.yaml": PNPM_LOCK,
    "web/package.json": json.dumps(
        {
            "name": "web",
            "private": True,
            "scripts": {"test": "node --eval \"require('is-number')(7) || process.exit(1)\""},
            "dependencies": {"is-number": "7.0.0"},
        }
    ),
    "pricing/pyproject.toml": PROJECT,
    "pricing/uv.lock": UV_LOCK,
    "pricing/src/pricing/__init__.py": "VALUE = 1\n",
    "api/buf.yaml": "version: v2\n",
    "api/shop/v1/order.proto": 'syntax = "proto3";\n\npackage shop.v1;\n\nmessage Order {\n  string id = 1;\n}\n',
}
PACKAGES = ("install:pnpm", "install:uv", "package:pricing", "package:shop", "package:web", "proto")


def build_wheel(folder: Path) -> Path:
    answer = Checkout(REPOSITORY).command(str(find_uv()), "build", "--wheel", "--out-dir", str(folder))
    assert answer.exit_code == 0, answer.err
    (made,) = folder.glob("*.whl")
    return made


def install_wheel(wheel: Path, folder: Path) -> Path:
    """A venv with nothing but the wheel and what it requires; its bin folder."""
    uv, environment = str(find_uv()), folder / "venv"
    for argv in ((uv, "venv", "-q", environment), (uv, "pip", "install", "-q", "--python", environment, wheel)):
        done = subprocess.run([*map(str, argv)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return environment / "bin"


@dataclass(frozen=True, slots=True)
class Foreign:
    """`bin` is that of the venv, `home` is empty; of the machine there is a PATH of system folders only."""

    root: Path
    bin: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        tools = os.environ.get("NOX_RINGS_TOOLS_DIR", str(REPOSITORY / ".nox-rings/tools"))
        kept = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        # What go compiled of its own library for other tests.
        cache = os.environ.get("GOCACHE", str(Path.home() / ".cache/go-build"))
        return {
            **kept,
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "NOX_RINGS_TOOLS_DIR": tools,
            "GOCACHE": cache,
            "NO_COLOR": "1",
        }

    def run(self, *argv: str, **variables: str) -> Answer:
        done = subprocess.run(
            argv, cwd=self.root, env={**self.environment, **variables}, capture_output=True, text=True, timeout=900
        )
        return Answer(exit_code=done.returncode, out=done.stdout, err=done.stderr)

    def nox(self, session: str, *words: str, **variables: str) -> Answer:
        return self.run(str(self.bin / "nox"), "-s", session, "--", *words, **variables)

    def command(self, *words: str) -> Answer:
        """`nox-rings …`, which needs no noxfile."""
        return self.run(str(self.bin / "nox-rings"), *words)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def git(self, *words: str) -> str:
        answer = self.run("git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", *words)
        assert answer.exit_code == 0, answer.err
        return answer.out

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "All of it")

    def content(self) -> dict[str, bytes]:
        """Every file outside of .git, whatever git says of it."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        return {
            name: path.read_bytes()
            for path in files
            if not (name := str(path.relative_to(self.root))).startswith(".git/")
        }

    def reasons(self, **variables: str) -> dict[str, Any]:
        answer = self.nox("plan", "--json", **variables)
        assert answer.exit_code == 0, answer.out + answer.err
        return {each["id"]: [each["reason"], *each["reason_detail"]] for each in answer.json()["targets"]}


def make_foreign(folder: Path, programs: Path, files: dict[str, str]) -> Foreign:
    made = Foreign(folder / "work tree", programs, folder / "home")
    for each in (made.root, made.home):
        shutil.rmtree(each, ignore_errors=True)
        each.mkdir(parents=True)
    for path, text in files.items():
        made.write(path, text)
    made.git("init", "-q", "-b", "main")
    made.commit()
    return made
