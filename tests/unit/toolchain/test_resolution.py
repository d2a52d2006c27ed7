"""Where a tool comes from: the workspace's pins, PATH, the pins of nox-rings, in this order."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.protocol import Completed
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.doctor import Condition
from nox_rings.toolchain.resolution import Source, go_of_our_programs
from nox_rings.toolchain.toolchain import Toolchain
from unit.toolchain.lock_texts import PYPROJECT, UV_LOCK


class Machine(ProcessRunner):
    """Programs on PATH, whose answers are files beside them; each question is counted."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.asked = folder, 0
        folder.mkdir()

    def add(self, name: str, answer: str, content: str = "") -> None:
        (self.folder / name).write_text(content or answer)
        (self.folder / name).chmod(0o755)
        (self.folder / f"{name}.answer").write_text(answer)

    def ask(self, command: Command, *, stdin: str | None = None) -> Completed:
        self.asked += 1
        answer = Path(f"{command.argv[0]}.answer").read_text()
        return Completed(exit_code=0, stdout=answer, stderr="")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(made.folder))
    return made


def toolchain(machine: Machine, source: Source = "pinned") -> Toolchain:
    """In a workspace that pins buf if its files are written, and nothing else."""
    home = machine.folder.parent
    return Toolchain(home / "ws", home / "tools", machine, source=source, announce=lambda _: None)


def pin_buf(machine: Machine) -> None:
    root = machine.folder.parent / "ws"
    root.mkdir()
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "uv.lock").write_text(UV_LOCK.replace("1.75.0", "1.60.0"))


def origin(tools: Toolchain, name: str) -> tuple[str, str]:
    (row,) = tools.status(name)
    return row.origin, tools.versions(name)[name]


GROUP = "the pins of nox-rings: pyproject.toml, group tools"


def test_without_any_pin_and_any_program_the_pins_of_nox_rings_count(machine: Machine) -> None:
    tools = toolchain(machine)
    assert origin(tools, "buf") == (GROUP, "1.75.0")
    assert origin(tools, "node") == (GROUP, "24.19.0")
    assert origin(tools, "pnpm") == ("the pins of nox-rings: tools/npm", "12.21.0")
    assert origin(tools, "protoc-gen-go-grpc")[0] == "the pins of nox-rings: tools/go/proto"
    assert origin(tools, "verdaccio") == ("the pins of nox-rings: tools/npm-registry", "6.10.4")
    assert origin(tools, "pypi-server") == ("the pins of nox-rings: pyproject.toml, group registries", "2.4.2")
    assert tools.missing("buf", "pnpm", "go", "buildkitd", "uv") == ()
    assert machine.asked == 0


def test_a_program_on_path_that_is_new_enough_comes_before_the_pins_of_nox_rings(machine: Machine) -> None:
    machine.add("buf", "1.50.0\n")
    assert origin(toolchain(machine), "buf") == ("PATH", "1.50.0")
    assert toolchain(machine).pin("buf") is None


@pytest.mark.parametrize("answer", ["1.49.9", "no number"])
def test_a_program_on_path_that_is_too_old_or_prints_no_version_does_not(machine: Machine, answer: str) -> None:
    machine.add("buf", answer)
    assert origin(toolchain(machine), "buf") == (GROUP, "1.75.0")


def test_what_the_workspace_pins_comes_before_both(machine: Machine) -> None:
    pin_buf(machine)
    machine.add("buf", "1.99.0\n")
    assert origin(toolchain(machine), "buf") == ("pyproject.toml, group tools", "1.60.0")


def test_the_tools_of_the_system_come_from_path_alone(machine: Machine) -> None:
    pin_buf(machine)
    tools = toolchain(machine, "system")
    assert not tools.is_available("buf")
    assert tools.missing("buf") == (
        "buf: found none on PATH, expected buf 1.50 or later; "
        "get it from the system's package manager, or do without --system-tools",
    )
    machine.add("buf", "1.99.0\n")
    assert origin(toolchain(machine, "system"), "buf") == ("PATH", "1.99.0")


def test_a_registry_comes_from_the_pins_whatever_is_on_path(machine: Machine) -> None:
    machine.add("verdaccio", "4.0.2\n")
    assert origin(toolchain(machine), "verdaccio")[1] == "6.10.4"


def test_what_runs_only_where_the_workspace_wants_it_is_not_wanted_by_nox_rings(machine: Machine) -> None:
    """Linters have opinions of their own: whoever pins one wants them."""
    pin_buf(machine)
    machine.add("twine", "twine version 6.2.0\n")
    tools = toolchain(machine)
    assert [tools.is_own(name) for name in ("buf", "pnpm", "twine", "nothing")] == [True, False, False, False]
    assert tools.pin("twine") is None


def test_whoever_takes_a_tool_apart_gets_the_pinned_one(machine: Machine) -> None:
    machine.add("node", "v99.0.0\n")
    assert origin(toolchain(machine), "node") == ("PATH", "99.0.0")
    assert origin(toolchain(machine).without_path(), "node") == (GROUP, "24.19.0")


def test_a_tool_that_nothing_pins_is_known_by_its_content_where_it_prints_no_version(
    machine: Machine,
) -> None:
    machine.add("protoc-gen-mine", "usage\n", content="one")
    first = toolchain(machine).versions("protoc-gen-mine")["protoc-gen-mine"]
    machine.add("protoc-gen-mine", "usage\n", content="other")
    second = toolchain(machine).versions("protoc-gen-mine")["protoc-gen-mine"]
    assert first.startswith("content ") and second.startswith("content ")
    assert first != second


def test_the_missing_tools_are_reported_at_once_with_the_way_to_get_each(machine: Machine) -> None:
    with pytest.raises(ToolUnavailableError) as raised:
        toolchain(machine).require("buf", "protoc-gen-one", "protoc-gen-two")
    way = "pin it in tools/npm, tools/go/* or the dependency group tools, or put it on PATH"
    assert raised.value.message.splitlines() == [
        f"protoc-gen-one: found none on PATH, expected protoc-gen-one; {way}",
        f"protoc-gen-two: found none on PATH, expected protoc-gen-two; {way}",
    ]


def test_a_program_is_asked_for_its_version_once_until_another_is_found(machine: Machine) -> None:
    machine.add("buf", "1.60.0\n")
    assert [toolchain(machine).versions("buf")["buf"] for _ in range(2)] == ["1.60.0", "1.60.0"]
    assert machine.asked == 1
    machine.add("buf", "1.61.0 longer\n")
    assert toolchain(machine).versions("buf") == {"buf": "1.61.0"}


@pytest.mark.parametrize("folder", [".asdf/shims", ".pyenv/shims", ".local/share/mise/shims", ".volta/bin"])
def test_a_launcher_on_path_is_passed_over_because_what_it_starts_changes_without_a_trace(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    machine.add("node", "v22.1.0\n")
    moved = machine.folder.parent / folder
    moved.parent.mkdir(parents=True, exist_ok=True)
    machine.folder.rename(moved)
    monkeypatch.setenv("PATH", str(moved))
    assert origin(toolchain(machine), "node") == (GROUP, "24.19.0")
    assert origin(toolchain(machine, "system"), "node") == ("PATH", "22.1.0")


def test_pnpm_of_corepack_is_passed_over_too(machine: Machine) -> None:
    machine.add("pnpm", "10.1.0\n")
    program = machine.folder.parent / "lib/node_modules/corepack/dist/pnpm.js"
    program.parent.mkdir(parents=True)
    (machine.folder / "pnpm").rename(program)
    (machine.folder / "pnpm").symlink_to(program)
    assert origin(toolchain(machine), "pnpm")[1] == "12.21.0"


def test_two_names_of_one_launcher_are_two_tools(machine: Machine) -> None:
    """volta and asdf: every name is a link to the same program."""
    machine.add("shim", "")
    for name, answer in (("node", "v22.1.0"), ("pnpm", "10.2.0")):
        (machine.folder / name).symlink_to("shim")
        (machine.folder / f"{name}.answer").write_text(answer)
    assert toolchain(machine).versions("node", "pnpm") == {"node": "22.1.0", "pnpm": "10.2.0"}


def test_npm_comes_from_where_node_does(machine: Machine) -> None:
    machine.add("npm", "11.0.0\n")
    machine.add("node", "v18.0.0\n")
    assert origin(toolchain(machine), "npm") == (GROUP, "24.19.0")
    machine.add("node", "v22.10.0\n")
    assert origin(toolchain(machine), "npm") == ("PATH", "11.0.0")


def test_what_the_workspace_does_not_pin_is_marked_with_the_program_that_was_found(machine: Machine) -> None:
    """A stored graph is good as long as these are."""
    pin_buf(machine)
    machine.add("go", "go version go1.99.0 linux/amd64\n")
    tools = toolchain(machine)
    tools.versions("buf", "go", "pnpm")
    before = tools.unpinned()
    assert before.keys() == {"go", "pnpm"}
    assert before["pnpm"] == ""
    machine.add("go", "go version go1.99.1 linux/amd64 \n")
    again = toolchain(machine)
    again.versions("go")
    assert again.unpinned()["go"] != before["go"]


def test_programs_of_nox_rings_are_built_with_its_own_go_where_the_other_is_too_old(machine: Machine) -> None:
    assert go_of_our_programs() == "1.27.0"
    folders: list[str] = []
    for version in ("1.25.0", "1.26.9", "1.99.0"):
        machine.add("go", f"go version go{version} {'x' * len(folders)}")
        tools = toolchain(machine)
        assert origin(tools, "go") == ("PATH", version)
        folders.append(tools.environment("protoc-gen-go")["PATH"].split(":")[0])
    assert folders[0] == folders[1] != folders[2]


@pytest.mark.parametrize(
    ("asked", "path", "expected"),
    [
        ("1.22", "1.25.0", "1.25.0"),
        ("1.26.0", "1.25.9", "1.27.3"),
        ("1.26.0", "1.26.0", "1.26.0"),
        ("1.99", "1.26.0", "1.26.0"),  # nobody has that one: go says so better
        ("no version", "1.25.0", "1.25.0"),
    ],
)
def test_a_go_on_path_that_is_too_old_for_a_module_gives_way_to_the_pinned_one(
    machine: Machine, asked: str, path: str, expected: str
) -> None:
    machine.add("go", f"go version go{path} linux/amd64\n")
    root = machine.folder.parent / "ws"
    for name, version in (("a/go.mod", "1.20"), ("b/go.mod", asked), ("testdata/x/go.mod", "1.27.2")):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(f"module x\n\ngo {version}\n")
    files = ("a/go.mod", "b/go.mod", "gone/go.mod", "testdata/x/go.mod")
    tools = Toolchain(root, root.parent / "tools", machine, source="pinned", announce=lambda _: None, files=files)
    assert tools.versions("go") == {"go": expected}


def test_a_folder_of_tools_that_may_not_be_written_to_is_no_error(machine: Machine) -> None:
    machine.add("buf", "1.60.0\n")
    (machine.folder.parent / "tools").write_text("a file where the folder should be")
    assert toolchain(machine).versions("buf") == {"buf": "1.60.0"}


def test_a_missing_tool_blocks_in_the_table_of_doctor(machine: Machine) -> None:
    (row,) = toolchain(machine).status("protoc-gen-mine")
    assert (row.condition, row.blocks) == (Condition.MISSING, True)
