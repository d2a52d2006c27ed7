"""Pinned tools really installed: once, whole, and with the versions of their pins. Uses the network."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.layout import Layout
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.model import Provider
from nox_rings.toolchain.providers import BUILT_IN, OWN_SOURCES, find_providers
from nox_rings.toolchain.toolchain import Toolchain
from waiting import wait_for

ROOT = Path(__file__).parents[2]
PROVIDERS = find_providers(ROOT)
# What a program of its own asks for its version, and where that is not the version of its package.
QUESTIONS = {"go": "version"}
ATTEMPTS = 5
OTHER_NUMBERS = {"protoc"}
# Programs written in Go that print no version; go reads it from them.
MUTE = {"identify_license"}
# In a process of its own, so that it can be killed.
INSTALL = """
import sys
from pathlib import Path
from nox_rings.toolchain.toolchain import Toolchain
from nox_rings.engine.process.runner import ProcessRunner
runner = ProcessRunner()
say = lambda text: print(text, flush=True)
tools = Toolchain(Path(sys.argv[1]), Path(sys.argv[2]), runner, source="pinned", announce=say)
tools.require(*sys.argv[3:])
runner.close()
"""


def toolchain(tools_dir: Path, output: list[str], *, root: Path = ROOT) -> Toolchain:
    return Toolchain(root, tools_dir, ProcessRunner(), source="pinned", announce=output.append)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.label)
def test_every_pinned_tool_answers_with_its_pinned_version(provider: Provider) -> None:
    """In the folder of this checkout (or NOX_RINGS_TOOLS_DIR): what is there already is not installed again."""
    names = tuple(pin.name for pin in provider.pins if pin.main)
    tools = toolchain(Layout(ROOT).tools, [])
    tools.require(*names)
    for name, version in tools.versions(*names).items():
        answer = ProcessRunner().ask(question(tools, name))
        assert answer.exit_code == 0, answer.stderr
        assert name in OTHER_NUMBERS or version in answer.stdout, f"{name}: {answer.stdout} {version}"


def question(tools: Toolchain, name: str) -> Command:
    if name in MUTE:
        tools.require("go")
        program = str(tools.path(name).resolve())
        return Command(argv=("go", "version", "-m", program), cwd=Path("/"), env=tools.environment("go"))
    argv = (name, QUESTIONS.get(name, "--version"))
    return Command(argv=argv, cwd=Path("/"), env=tools.environment(name))


def start(tools_dir: Path, *names: str) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", INSTALL, str(ROOT), str(tools_dir), *names]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)


def test_two_at_once_install_once(tmp_path: Path) -> None:
    both = [start(tmp_path, "pypi-server") for _ in range(2)]
    output = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], output
    assert "".join(output).count("installing pypi-server (pyproject.toml, group registries) …") == 1
    assert "".join(output).count("waiting for another nox that installs pypi-server") <= 1
    assert answers(tmp_path, "pypi-server")


def answers(tools_dir: Path, name: str, *, root: Path = ROOT) -> bool:
    tools = toolchain(tools_dir, [], root=root)
    command = Command(
        argv=(name, *{"semver": ("1.0.0",)}.get(name, ("--version",))), cwd=Path("/"), env=tools.environment(name)
    )
    return ProcessRunner().ask(command).stdout[:1].isdigit()


def test_an_installation_killed_in_the_middle_is_redone(tmp_path: Path) -> None:
    tools_dir = killed_in_the_middle(tmp_path, "pypi-server")
    (half_made,) = tools_dir.glob(".uv-registries-*")
    output: list[str] = []
    toolchain(tools_dir, output).require("pypi-server")
    assert output[0] == "installing pypi-server (pyproject.toml, group registries) …"
    assert not (half_made / "links").exists()
    assert answers(tools_dir, "pypi-server")
    toolchain(tools_dir, output).require("pypi-server")
    assert len(output) == 2, output  # the second time nothing is installed or reported


def killed_in_the_middle(folder: Path, name: str) -> Path:
    """A folder of tools with half a venv. Made again where a busy machine let it be finished before the signal came."""
    for attempt in range(ATTEMPTS):
        tools_dir = folder / str(attempt)
        first = start(tools_dir, name)
        assert wait_for(functools.partial(has_venv_or_ended, tools_dir, first))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        if not list(tools_dir.glob("uv-*/bin")):
            return tools_dir
    raise AssertionError(f"it was over before it could be killed, {ATTEMPTS} times")


def has_venv_or_ended(tools_dir: Path, process: subprocess.Popen[str]) -> bool:
    return bool(list(tools_dir.glob(".uv-*/bin"))) or process.poll() is not None


def test_a_tool_that_cannot_be_installed_is_one_sentence_with_the_cause(tmp_path: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("NOT PROVED: taking the network away needs root and unshare(1)")
    env = {**os.environ, "UV_CACHE_DIR": str(tmp_path / "cache"), "UV_HTTP_RETRIES": "0"}
    argv = ["unshare", "-n", sys.executable, "-c", INSTALL, str(ROOT), str(tmp_path / "tools"), "pypi-server"]
    answer = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    sentence = answer.stderr[answer.stderr.rindex("ToolUnavailableError: ") :].removeprefix("ToolUnavailableError: ")
    assert sentence.startswith("pypi-server: could not be installed from pyproject.toml, group registries: ")
    assert f"(all of it: {tmp_path}/tools/uv-registries-" in sentence
    assert "lookup" in sentence or "resolution" in sentence or "unreachable" in sentence
    assert not list((tmp_path / "tools").glob("uv-*/bin"))


def test_a_package_that_is_not_what_the_lock_says_is_refused_and_the_next_run_heals(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    folder = root / "tools/npm"
    folder.mkdir(parents=True)
    for name in ("pyproject.toml", "uv.lock"):  # node and npm come from the pins of this checkout
        shutil.copyfile(ROOT / name, root / name)
    wanted = {"semver": "7.7.2"}
    package = {"version": "7.7.2", "bin": {"semver": "bin/semver.js"}}

    def write_lock(**more: str) -> None:
        packages = {"": {"dependencies": wanted}, "node_modules/semver": {**package, **more}}
        (folder / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": packages}))

    (folder / "package.json").write_text(json.dumps({"dependencies": wanted}))
    write_lock(integrity=f"sha512-{'A' * 86}==")
    tools = Layout(ROOT).tools
    with pytest.raises(ToolUnavailableError, match=r"semver: could not be .*: Integrity checksum failed"):
        toolchain(tools, [], root=root).require("semver")
    write_lock()
    toolchain(tools, [], root=root).require("semver")
    assert answers(tools, "semver", root=root)


def test_pnpm_and_npm_reach_their_registry_with_an_empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = toolchain(Layout(ROOT).tools, [])
    tools.require("pnpm", "npm")
    for name in [name for name in os.environ if "CERT" in name or "_CA_" in name or "CAINFO" in name]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    env = tools.environment("pnpm", "npm", "node")
    for name in ("pnpm", "npm"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "package.json").write_text('{"name": "x", "dependencies": {"is-number": "7.0.0"}}')
        answer = ProcessRunner().ask(Command(argv=(name, "install"), cwd=folder, env=env))
        assert answer.exit_code == 0, answer.stdout + answer.stderr
        assert (folder / "node_modules/is-number/package.json").exists()


def test_tools_on_path_are_taken_when_asked_for_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, version in (("buf", "1.76.0"), ("node", "v18.1.0")):
        (programs / name).write_text(f"#!/bin/sh\necho {version}; echo asked >> {tmp_path}/asked\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/bin")
    tools = Toolchain(ROOT, tmp_path / "tools", ProcessRunner(), source="system", announce=print)
    tools.require("buf")
    assert tools.path("buf") == programs / "buf"
    assert tools.versions("buf") == {"buf": "1.76.0"}
    assert (tmp_path / "asked").read_text() == "asked\n"  # once
    with pytest.raises(ToolUnavailableError, match=r"node: found 18\.1\.0 \(.*\), expected node 22\.0 or later"):
        tools.require("node")
    with pytest.raises(ToolUnavailableError, match=r"pnpm: found none on PATH, expected pnpm 10\.0 or later"):
        tools.require("pnpm")


def test_our_go_program_is_built_by_the_go_on_path_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workspace that pins nothing has it too."""
    pinned = toolchain(Layout(ROOT).tools, [])
    pinned.require("go")
    monkeypatch.setenv("PATH", f"{pinned.path('go').resolve().parent}:{os.environ['PATH']}")
    output: list[str] = []
    tools = Toolchain(tmp_path / "ws", tmp_path / "tools", ProcessRunner(), source="system", announce=output.append)
    tools.require("gomodule")
    assert output[0] == "installing gomodule (the sources of gomodule in nox-rings) …"
    answer = ProcessRunner().ask(Command(argv=("gomodule",), cwd=tmp_path, env=tools.environment("gomodule")))
    assert (answer.exit_code, answer.stderr[:15]) == (1, "usage: gomodule")


def test_the_wheel_has_the_sources_of_our_go_programs(tmp_path: Path) -> None:
    uv = toolchain(Layout(ROOT).tools, []).path("uv")
    answer = ProcessRunner().ask(Command(argv=(str(uv), "build", "--wheel", "-o", str(tmp_path)), cwd=ROOT))
    assert answer.exit_code == 0, answer.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if not name.endswith("/")}
    sources = {f"nox_rings/{folder}/{path.name}" for folder in BUILT_IN for path in (OWN_SOURCES / folder).iterdir()}
    assert len(sources) >= 3 * len(BUILT_IN)
    assert sources <= packed
