"""What a tool reads beside sources: an edit of its settings, a variable, a file with variables changes what it makes,
and makes exactly the targets stale that read it. The tools are the real ones."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from checkout import REPOSITORY, environment
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain
from python_workspaces import PYTEST, PythonWorkspace, project
from strangers import Stranger, a_stranger


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine sets for its own sake is none of these tests."""
    for name in os.environ:
        if name.startswith(("VITE_", "NEXT_", "PYTEST_ADDOPTS", "GOFLAGS", "CGO_", "PYTHONHASHSEED")):
            monkeypatch.delenv(name)


def stale(stranger: Stranger) -> dict[str, str]:
    """Target → why it would run, those that are fresh left out."""
    found = stranger.targets().items()
    return {
        name: ": ".join((each["reason"], *each["reason_detail"][:1]))
        for name, each in found
        if each["reason"] != "fresh"
    }


def outcomes(stranger: Stranger) -> dict[str, str]:
    return {each["id"]: each["outcome"] for each in stranger.must("check", "--json").json()["targets"]}


def npm_lock(stranger: Stranger) -> None:
    tools = Toolchain(
        REPOSITORY, Path(environment()["NOX_RINGS_TOOLS_DIR"]), ProcessRunner(), source="pinned", announce=print
    )
    tools.require("npm", "node")
    argv = ("npm", "install", "--package-lock-only", "--no-audit", "--no-fund")
    subprocess.run(
        argv, cwd=stranger.root, env={**environment(), **tools.environment("npm", "node")}, check=True, timeout=300
    )


def package(name: str, build: str, **versions: str) -> str:
    return json.dumps(
        {
            "name": name,
            "version": "1.0.0",
            "type": "module",
            "scripts": {"build": build},
            "devDependencies": versions,
        }
    )


def bundle(stranger: Stranger) -> str:
    (made,) = stranger.root.glob("apps/web/dist/assets/*.js")
    return made.read_text(encoding="utf-8")


def test_what_vite_and_the_compiler_read_is_an_input_of_the_packages_that_call_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = a_stranger(tmp_path)
    stranger.pins()
    stranger.write(".gitignore", "/.nox-rings/\ndist/\nnode_modules/\n.env*\n")
    stranger.write("package.json", json.dumps({"private": True, "workspaces": ["apps/*", "libs/*"]}))
    stranger.write("apps/web/package.json", package("web", "vite build", vite="^6.0.0"))
    stranger.write("apps/web/index.html", '<script type="module" src="/main.js"></script>\n')
    stranger.write("apps/web/main.js", "console.log(`title ${import.meta.env.VITE_TITLE}`)\n")
    stranger.write("libs/tidy/package.json", package("tidy", "tsc", typescript="^5.6.0"))
    stranger.write("libs/tidy/tsconfig.json", '{"extends": "../../config/strict", "include": ["src"]}')
    stranger.write("config/strict.json", '{"extends": ["./deep.json"], "compilerOptions": {"strict": true}}')
    outside = '{"compilerOptions": {"target": "ES2022", "outDir": "${configDir}/dist"}}'
    stranger.write("config/deep.json", outside)
    stranger.write("libs/tidy/src/index.ts", "export const found = { a: 1 }?.a\n")
    npm_lock(stranger)
    stranger.commit()
    monkeypatch.setenv("VITE_TITLE", "one")
    stranger.must("check")
    assert "title one" in bundle(stranger) or '"one"' in bundle(stranger)
    assert stale(stranger) == {}

    monkeypatch.setenv("VITE_TITLE", "two")
    monkeypatch.setenv("NEXT_PUBLIC_TITLE", "two")  # of no framework here
    monkeypatch.setenv("NPM_CONFIG_LOGLEVEL", "error")
    assert stale(stranger) == {"package:web": "environment-changed: VITE_TITLE"}
    assert outcomes(stranger)["package:tidy"] == "fresh"
    assert "one" not in bundle(stranger)

    monkeypatch.delenv("VITE_TITLE")
    stranger.must("check")
    stranger.write("apps/web/.env.local", "VITE_TITLE=three\n")
    assert stale(stranger) == {"package:web": "input-changed: apps/web/.env.local"}
    stranger.must("check")
    assert "three" in bundle(stranger)

    stranger.write("vite.config.js", "export default {}\n")
    assert stale(stranger) == {"package:web": "input-changed: vite.config.js"}
    stranger.must("check")

    stranger.write("config/deep.json", outside.replace("ES2022", "ES2019"))
    assert stale(stranger) == {"package:tidy": "input-changed: config/deep.json"}
    assert "?." in stranger.text("libs/tidy/dist/index.js")
    stranger.must("check")
    assert "?." not in stranger.text("libs/tidy/dist/index.js")

    monkeypatch.setenv("NODE_ENV", "test")
    assert stale(stranger)["package:tidy"] == "dependency: install:npm"
    assert stale(stranger)["install:npm"] == "environment-changed: NODE_ENV"


def test_what_pytest_reads_above_a_member_is_its_input_and_what_it_does_not_read_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = PythonWorkspace(tmp_path)
    root = f'{PYTEST}[tool.uv.workspace]\nmembers = ["libs/*"]\n[tool.pytest.ini_options]\naddopts = "-q"\n'
    test = "import os\n\ndef test_it():\n    assert os.environ.get('PYTHONHASHSEED') != '7'\n"
    workspace.fill(
        {
            "pyproject.toml": root,
            "libs/a/pyproject.toml": project("a"),
            "libs/a/src/a/__init__.py": "",
            "libs/a/README.md": "",
            "libs/a/test_a.py": test,
            "libs/b/pyproject.toml": project("b"),
            "libs/b/src/b/__init__.py": "",
            "libs/b/README.md": "",
            "libs/b/pytest.ini": "[pytest]\n",
            "libs/b/test_b.py": test.replace("7", "8"),
        }
    )
    workspace.lock()
    stranger = Stranger(tmp_path)
    stranger.commit()
    stranger.must("check")
    assert stale(stranger) == {}

    stranger.write("pyproject.toml", f"{root}[tool.ruff]\nline-length = 90\n")
    found = outcomes(stranger)
    assert (found["package:a"], found["package:b"]) == ("fresh", "fresh")

    stranger.write("pyproject.toml", root.replace("-q", "-q -p no:randomly"))
    found = outcomes(stranger)
    assert (found["package:a"], found["package:b"]) == ("done", "fresh")  # b has settings of its own

    stranger.write("conftest.py", "import pytest\n\n@pytest.fixture(autouse=True)\ndef broken():\n    assert False\n")
    assert stale(stranger) == {"package:a": "input-changed: conftest.py"}
    assert stranger.nox("check").exit_code == 1  # the fixture really reaches it
    (tmp_path / "conftest.py").unlink()
    stranger.must("check")

    monkeypatch.setenv("UV_CACHE_DIR", os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv")))
    monkeypatch.setenv("HTTP_TIMEOUT", "1")
    assert stale(stranger) == {}
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    seed = "environment-changed: PYTHONHASHSEED"
    assert stale(stranger) == {"package:a": seed, "package:b": seed}
    assert stranger.nox("check", "--keep-going").exit_code == 1
    assert set(stale(stranger)) == {"package:a"}

    monkeypatch.delenv("PYTHONHASHSEED")
    stranger.must("check")
    (tmp_path / "more.env").write_text("A=1\n")
    stranger.commit()
    monkeypatch.setenv("UV_ENV_FILE", "more.env")
    stranger.must("check")
    (tmp_path / "more.env").write_text("A=2\n")
    assert stale(stranger)["install:uv"] == "environment-changed: UV_ENV_FILE"


def test_what_go_is_told_by_variables_counts_and_where_it_fetches_from_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = a_stranger(tmp_path)
    stranger.pins(
        more='[tool.nox-rings.members.b]\nskip = "not now"\n[tool.nox-rings.members.a]\nenv = ["FLAVOUR", "A_*"]\n'
    )
    for name in "ab":
        stranger.write(f"{name}/go.mod", f"module example.com/{name}\n\ngo 1.22\n")
        stranger.write(f"{name}/{name}.go", f"package {name}\n")
    stranger.write("a/fail.go", "//go:build broken\n\npackage a\n\nvar x int = true\n")
    stranger.commit()
    stranger.must("check")
    monkeypatch.setenv("GOPROXY", f"{os.environ.get('GOPROXY', 'https://proxy.golang.org,direct')},off")
    assert stale(stranger) == {}
    for name in ("FLAVOUR", "A_SECRET", "CGO_CFLAGS", "CC"):
        monkeypatch.setenv(name, "hunter2")
        answer = stranger.must("plan", "--json")
        assert "hunter2" not in answer.out + answer.err
        assert stale(stranger) == {"package:a": f"environment-changed: {name}"}
        monkeypatch.delenv(name)
    monkeypatch.setenv("GOFLAGS", "-tags=broken")
    assert stale(stranger) == {"package:a": "environment-changed: GOFLAGS"}
    assert stranger.nox("check").exit_code == 1
    monkeypatch.delenv("GOFLAGS")
    stranger.must("check")
    stranger.write("go.work", "go 1.22\n\nuse ./a\n")
    stranger.commit()
    assert set(stale(stranger)) == {"package:a"}


def test_a_strict_environment_hides_what_nobody_declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = a_stranger(tmp_path)
    check = "sh -c 'echo \\\"${DECLARED-none} ${FORGOTTEN-none}\\\" > seen.txt'"
    stranger.pins(more=f'[tool.nox-rings.members.a]\nenv = ["DECLARED"]\nchecks = ["{check}"]\n')
    stranger.write(".gitignore", "/.nox-rings/\nseen.txt\n")
    stranger.write("a/go.mod", "module example.com/a\n\ngo 1.22\n")
    stranger.write("a/a.go", "package a\n")
    stranger.commit()
    monkeypatch.setenv("DECLARED", "yes")
    monkeypatch.setenv("FORGOTTEN", "yes")
    stranger.must("check")
    assert stranger.text("a/seen.txt") == "yes yes\n"
    stranger.must("check", "--force", "--strict-env")
    assert stranger.text("a/seen.txt") == "yes none\n"


def test_what_cannot_be_read_is_a_problem_of_what_needs_it_and_stops_nothing_else(tmp_path: Path) -> None:
    stranger = a_stranger(tmp_path)
    stranger.pins()
    for name in "abcd":
        stranger.write(f"{name}/go.mod", f"module example.com/{name}\n\ngo 1.22\n")
        stranger.write(f"{name}/{name}.go", f"package {name}\n")
    stranger.write("e/package.json", package("e", "true"))
    nameless = tmp_path / os.fsdecode(b"d/caf\xe9/x.txt")
    nameless.parent.mkdir()
    nameless.write_text("one\n")
    stranger.commit()
    stranger.must("check")
    (tmp_path / "a/go.mod").unlink()
    os.mkfifo(tmp_path / "a/go.mod")  # git goes on to list it
    (tmp_path / "b/go.mod").write_bytes(b"module example.com/caf\xe9\n")
    (tmp_path / "e/package.json").write_text("[" * 200_000)
    (tmp_path / "c/loop.go").symlink_to("loop.go")
    os.mkfifo(tmp_path / "c/pipe.go")
    found = stranger.targets()
    assert found["package:d"]["reason"] == "fresh"
    assert found["package:c"]["reason"] == "input-changed"
    assert found["package:b"]["reason"] == "invalid"
    answer = stranger.nox("plan", "--unseen")
    assert "Traceback" not in answer.out + answer.err
    assert found["package:a"]["reason_detail"] == ["a/go.mod: found a pipe, expected a file"]
    assert "maximum recursion depth" in answer.out
    nameless.write_text("two\n")
    assert stranger.reasons()["package:d"] == "input-changed"
