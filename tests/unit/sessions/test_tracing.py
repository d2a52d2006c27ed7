"""What a traced target may read and write: exactly what freshness compares."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.graph import graph_of
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.command import Command
from nox_rings.sessions.tracing import OURS, Known, advice_of, allowed_of, is_own_query, passed_on
from nox_rings.workspace.git.commands import listing_query
from unit.targets import a_target

ROOT = Path("/w")


def record(*outputs: str, inputs: tuple[str, ...] = (), exposed: bool = False) -> Record:
    return Record(facts=Facts(inputs=dict.fromkeys(inputs, "1"), outputs=dict.fromkeys(outputs, "1")), exposed=exposed)


GRAPH, _ = graph_of(
    (
        a_target("service:a", path="a", dependencies=("sdk:b",), tools={"uv": "1", "gone": "1"}),
        a_target("sdk:b", path="b", dependencies=("package:c",)),
        a_target("package:c", path="c", dependencies=("install:pnpm",)),
        a_target("install:pnpm", path="front/pnpm-lock.yaml"),
    )
)
C_MADE = {"package:c": record("c/dist/x", inputs=("c/x.ts",)), "install:pnpm": record(".nox-rings/installs/npm.json")}


@pytest.mark.parametrize(
    ("sdk", "files", "installs"),
    [
        (record("b/dist/x", inputs=("b/x.ts",)), {"b/dist/x"}, []),
        (record(inputs=("b/x.ts",)), {"b/x.ts", "c/dist/x"}, []),
        (record("b/dist/x", inputs=("b/x.ts",), exposed=True), {"b/dist/x", "b/x.ts", "c/dist/x"}, []),
        (None, set(), []),
    ],
)
def test_a_target_sees_of_its_dependencies_what_their_digests_cover(
    sdk: Record | None, files: set[str], installs: list[str]
) -> None:
    records = {**C_MADE, **({"sdk:b": sdk} if sdk else {})}
    found = passed_on(GRAPH.targets["service:a"], GRAPH, records.get)
    assert (set(found.files), [each.id for each in found.installs]) == (files, installs)


def test_an_installation_that_is_passed_on_allows_what_it_installed() -> None:
    found = passed_on(GRAPH.targets["package:c"], GRAPH, C_MADE.get)
    assert [each.id for each in found.installs] == ["install:pnpm"]


def test_a_target_may_read_its_inputs_and_the_programs_of_its_tools() -> None:
    def programs(name: str) -> Path:
        if name == "gone":
            raise ToolUnavailableError("gone: no such program")
        return ROOT / ".venv/bin" / name

    known = Known(
        Layout(ROOT), GRAPH, {"sdk:b": record("b/dist/x")}.get, lambda _: {"uv": ["b/pyproject.toml"]}, programs
    )
    allowed = allowed_of(GRAPH.targets["service:a"], Facts(inputs={"a/x.py": "1"}), known)
    assert allowed.reads == {"a/x.py", "b/dist/x", ".venv/bin/uv"}
    assert allowed.uncompared == {"uv": {"b/pyproject.toml"}}
    assert (allowed.stage, allowed.installs, allowed.installing) == (".nox-rings/stage/service-a", (), ())


def test_an_installation_writes_what_it_installs() -> None:
    known = Known(Layout(ROOT), GRAPH, lambda _: None, lambda _: {}, lambda name: ROOT / name)
    allowed = allowed_of(GRAPH.targets["install:pnpm"], Facts(), known)
    assert (allowed.installs, allowed.installing) == (("front",), ("front",))


@pytest.mark.parametrize(
    ("target", "read", "written"),
    [
        (
            a_target("service:a", path="a"),
            'pyproject.toml: [tool.nox-rings.members."a"] inputs = ["x"]',
            "have it written elsewhere, or list all that is left: "
            'pyproject.toml: [tool.nox-rings.members."a"] outputs = ["x"]',
        ),
        (a_target("stubs:go", path="proto/buf.gen.go.yaml"), OURS, OURS),
    ],
)
def test_members_declare_by_a_setting_and_anything_else_is_our_fault(target: Target, read: str, written: str) -> None:
    advice = advice_of(target)
    assert (advice.declare_read("x"), advice.declare_written("x")) == (read, written)


def test_what_nox_rings_asks_git_is_not_traced() -> None:
    assert is_own_query(listing_query(ROOT))
    assert not is_own_query(Command(argv=("git", "describe"), cwd=ROOT))
