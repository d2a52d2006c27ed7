"""Which tool of a workspace comes from where, and what is printed before anything is installed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import IO

import pytest

from nox_rings.engine.errors import ToolUnavailableError, WorkspaceInvalidError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.model import ProviderKind
from nox_rings.toolchain.providers import (
    BUILT_IN,
    OWN_SOURCES,
    built_in_providers,
    cause_of,
    find_providers,
    install_command,
)
from nox_rings.toolchain.system_tools import tool_variables
from nox_rings.toolchain.toolchain import Source, Toolchain
from unit.toolchain.lock_texts import GO_MOD, PACKAGE, PACKAGE_LOCK, PYPROJECT, UV_LOCK

SOURCES: tuple[Source, ...] = ("pinned", "system")


@pytest.fixture(autouse=True)
def no_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "no programs"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    files = {
        "pyproject.toml": PYPROJECT,
        "uv.lock": UV_LOCK,
        "tools/npm-gen/package.json": PACKAGE,
        "tools/npm-gen/package-lock.json": PACKAGE_LOCK,
        "tools/npm-unlocked/package.json": PACKAGE,
        "tools/go/x/go.mod": GO_MOD,
        "tools/go/none/go.mod": "module example.com/no/tools\n",
    }
    for path, text in files.items():
        (tmp_path / "ws" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ws" / path).write_text(text)
    return tmp_path / "ws"


def test_providers_are_found_by_convention(workspace: Path) -> None:
    found = {provider.label: [pin.name for pin in provider.pins] for provider in find_providers(workspace)}
    assert found == {
        "pyproject.toml, group tools": ["buf", "protoc", "python"],
        "pyproject.toml, group dev": ["ruff"],
        "tools/npm-gen": ["protoc-gen-es", "pn", "pnpm"],
        "tools/go/x": ["one", "two", "c"],
    }


def test_what_was_installed_on_another_platform_is_not_reused(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout on a shared disk, or a restored cache: the folder of every provider is another."""
    folders = []
    for system, machine in (("linux", "x86_64"), ("linux", "arm64"), ("darwin", "arm64")):
        monkeypatch.setattr("platform.machine", lambda machine=machine: machine)
        monkeypatch.setattr("sys.platform", system)
        folders.append([provider.folder for provider in find_providers(workspace)])
    assert len({folder for each in folders for folder in each}) == 3 * len(folders[0]) > 0


@pytest.mark.parametrize("text", [None, '[project]\nname = "x"\n'])
def test_a_workspace_without_pins_has_no_providers(tmp_path: Path, text: str | None) -> None:
    if text:
        (tmp_path / "pyproject.toml").write_text(text)
        (tmp_path / "uv.lock").write_text("version = 1\n")
    assert find_providers(tmp_path) == ()


@pytest.mark.parametrize("name", ["pyproject.toml", "uv.lock"])
def test_a_broken_file_of_pins_is_a_sentence_that_names_it(workspace: Path, name: str) -> None:
    (workspace / name).write_text("<<<<<<< HEAD\n")
    with pytest.raises(WorkspaceInvalidError, match=rf"^{name}: found text that is not TOML \(.*line 1"):
        find_providers(workspace)


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("pyproject.toml", "dependency-groups = 1\n", "found other tables or values than the pins of tools have"),
        ("pyproject.toml", "[dependency-groups]\ntools = [{x = 1}]\n", "found other tables or values than"),
        (
            "pyproject.toml",
            '[dependency-groups]\ntools = [{include-group = "tools"}]\n',
            "found other tables or values than",
        ),
        ("uv.lock", "[[package]]\nversion = '1'\n", "found other tables or values than"),
        ("uv.lock", "package = 1\n", "found other tables or values than"),
        ("tools/npm-gen/package-lock.json", "<<<<<<< HEAD\n", "found text that is not JSON"),
        ("tools/npm-gen/package-lock.json", "[]", "found other tables or values than"),
        ("tools/npm-gen/package-lock.json", "\udcff", "found text that is not JSON"),
        ("tools/go/x/go.mod", "\udcff", "found text that is not UTF-8"),
    ],
)
def test_pins_of_another_shape_are_a_sentence_that_names_the_file(
    workspace: Path, path: str, text: str, problem: str
) -> None:
    (workspace / path).write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(WorkspaceInvalidError) as raised:
        find_providers(workspace)
    assert raised.value.message.startswith(f"{path}: {problem}")


def test_a_broken_lockfile_of_a_project_that_pins_no_tools_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[dependency-groups]\ndev = ["ruff"]\n')
    (tmp_path / "uv.lock").write_text("<<<<<<< HEAD\n")
    assert find_providers(tmp_path) == ()


def test_a_lockfile_without_its_manifest_is_a_sentence(workspace: Path) -> None:
    (workspace / "tools/npm-gen/package.json").unlink()
    with pytest.raises(WorkspaceInvalidError, match=r"^tools/npm-gen/package\.json: found no file that can be read"):
        find_providers(workspace)


def toolchain(workspace: Path, tools: Path, output: list[str] | None = None) -> Toolchain:
    announce = (output if output is not None else []).append
    return Toolchain(workspace, tools, ProcessRunner(), source="pinned", announce=announce)


def test_versions_come_from_the_pins_without_an_installation(workspace: Path, tmp_path: Path) -> None:
    tools = toolchain(workspace, tmp_path / "tools")
    assert tools.versions("buf", "pnpm", "two") == {"buf": "1.75.0", "pnpm": "12.21.0", "two": "0.4.0"}
    assert not (tmp_path / "tools").exists()


def test_a_tool_that_is_not_installed_says_who_pins_it(workspace: Path, tmp_path: Path) -> None:
    with pytest.raises(
        ToolUnavailableError, match=r"buf: found nothing at .*, expected what pyproject.toml, group tools"
    ):
        toolchain(workspace, tmp_path / "tools").path("buf")


def test_a_path_has_the_tools_asked_for_each_in_a_folder_of_its_own(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/none/bin")
    tools = tmp_path / "tools"
    folders = toolchain(workspace, tools).environment("buf", "two")["PATH"].split(":")
    assert [Path(folder).name for folder in folders] == ["buf", "two", "bin"]
    assert all(Path(folder).is_relative_to(tools) for folder in folders[:2])


def test_status_has_a_row_for_each_package_and_says_what_is_there(workspace: Path, tmp_path: Path) -> None:
    tools = toolchain(workspace, tmp_path / "tools")
    # An installation as the toolchain leaves it, of one provider only.
    # go is the one that nox-rings pins, because nothing else is there.
    providers = find_providers(workspace, lambda name: {"go": "1.27.3", "node": "24.19.0"}[name])
    go = next(provider for provider in providers if provider.kind is ProviderKind.GO)
    (tmp_path / "tools" / go.folder / "links").mkdir(parents=True)
    rows = {row.name: (row.wanted, row.found, str(row.condition)) for row in tools.status(*tools.pinned_names())}
    assert rows == {
        "buf": ("1.75.0", "", "installed on first need"),
        "protoc": ("1.85.1", "", "installed on first need"),
        "ruff": ("0.17.5", "", "installed on first need"),
        "protoc-gen-es": ("2.0.0", "", "installed on first need"),
        "pnpm": ("12.21.0", "", "installed on first need"),
        "one": ("1.2.3", "1.2.3", "ok"),
        "two": ("0.4.0", "0.4.0", "ok"),
        "c": ("5.0.0+incompatible", "5.0.0+incompatible", "ok"),
    }


def test_every_go_program_of_the_package_is_built_in() -> None:
    found = {path.parent.relative_to(OWN_SOURCES).as_posix() for path in OWN_SOURCES.rglob("go.mod")}
    assert set(BUILT_IN) == {path for path in found if not path.startswith("toolchain/pins/")}


def test_a_program_of_ours_is_there_without_a_pin_even_with_the_tools_of_the_system(tmp_path: Path) -> None:
    for source in SOURCES:
        tools = Toolchain(tmp_path / "ws", tmp_path / "tools", ProcessRunner(), source=source, announce=print)
        assert tools.is_available("gomodule")
        assert len(tools.versions("gomodule")["gomodule"]) == 10


def test_doctor_says_that_our_go_programs_are_built_from_sources(workspace: Path, tmp_path: Path) -> None:
    (row,) = toolchain(workspace, tmp_path / "tools").status("gomodule")
    assert (row.how, str(row.condition)) == ("the sources of gomodule in nox-rings", "installed on first need")


def test_a_program_of_ours_is_built_where_its_sources_are(tmp_path: Path) -> None:
    provider = next(each for each in built_in_providers("1.27.3") if each.name == "gomodule")
    command = install_command(provider, tmp_path / "ws", tmp_path / "made", {"PATH": "/p"})
    assert command.cwd == OWN_SOURCES / "ecosystems/go/gomodule"
    words = ("-trimpath", "-ldflags=-s -w", "-o", f"{tmp_path}/made/bin/", "-buildvcs=false", ".")
    assert command.argv == ("go", "build", *words)
    assert command.env == {"PATH": "/p", "GOWORK": "off", "GOFLAGS": "", "CGO_ENABLED": "0", "GOGC": "400"}


class Crowd(ProcessRunner):
    """Runs nothing, and counts how many commands would run at once."""

    def __init__(self) -> None:
        super().__init__()
        self.folders: list[str] = []
        self._running = 0
        self.most = 0
        self._another = threading.Event()

    def run(self, command: Command, log: IO[bytes]) -> None:
        self.folders.append(command.cwd.name)
        self._running += 1
        self.most = max(self.most, self._running)
        if self._running > 1:
            self._another.set()
        self._another.wait(0.3)
        self._running -= 1


def test_go_programs_are_built_one_after_the_other(workspace: Path, tmp_path: Path) -> None:
    other = workspace / "tools/go/y/go.mod"
    other.parent.mkdir()
    other.write_text(GO_MOD.replace("one", "three").replace("two", "four").replace("tool example.com/c\n", ""))
    crowd = Crowd()
    tools = Toolchain(workspace, tmp_path / "tools", crowd, source="pinned", announce=lambda _: None)
    tools.require("one", "three")
    assert crowd.folders[0] == "pins"  # go itself
    assert sorted(crowd.folders[1:]) == ["x", "y"]
    assert crowd.most == 1


def test_a_machine_without_a_home_folder_gets_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    assert tool_variables(["go"], tmp_path)["HOME"] == str(tmp_path / "home")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "HOME" not in tool_variables(["go"], tmp_path)


def test_what_the_user_has_set_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTOOLCHAIN", "auto")
    assert "GOTOOLCHAIN" not in tool_variables(["go"], tmp_path)
    monkeypatch.delenv("GOTOOLCHAIN")
    assert tool_variables(["go"], tmp_path)["GOTOOLCHAIN"] == "local"
    assert "GOTOOLCHAIN" not in tool_variables(["buf"], tmp_path)


@pytest.mark.parametrize(
    ("kind", "log", "cause"),
    [
        (
            ProviderKind.UV,
            "error: Failed to download `x`\n  cause: Request failed\n  cause: dns error\n\nhint: `x` was included",
            "dns error",
        ),
        (
            ProviderKind.NPM,
            "npm error code EAI\nnpm error request to registry failed, reason: no address\nnpm error A complete log",
            "request to registry failed, reason: no address",
        ),
        (ProviderKind.GO, "go: downloading x\ngo: x: dial tcp: no route\n", "go: x: dial tcp: no route"),
        (ProviderKind.GO, "", "go printed no reason"),
    ],
)
def test_the_cause_of_a_failed_installation_is_one_line(kind: ProviderKind, log: str, cause: str) -> None:
    assert cause_of(kind, log) == cause
