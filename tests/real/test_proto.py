"""Ring 0 on the reference workspace, with the real buf and the real plugins."""

from __future__ import annotations

import re
from pathlib import Path

from checkout import Answer, Checkout

STUB = "packages/ameide_sdk_ts/src/_proto/ameide_core_proto/graph/v1/graph_pb.ts"
PROTO = "packages/ameide_core_proto/src/ameide_core_proto/graph/v1/graph.proto"
ROOTS = (
    "packages/ameide_sdk_ts/src/_proto",
    "packages/ameide_sdk_go/internal/proto",
    "packages/ameide_sdk_go/proto",
    "packages/ameide_sdk_python/src/ameide_sdk/_proto",
    "packages/ameide_sdk_python/src/ameide_sdk/proto",
)


def modified_times(checkout: Checkout) -> dict[Path, int]:
    files = (path for root in ROOTS for path in (checkout.root / root).rglob("*") if path.is_file())
    return {path: path.stat().st_mtime_ns for path in files if "__pycache__" not in path.parts}


def last_line(answer: Answer) -> str:
    return answer.out.rstrip().splitlines()[-1]


def reasons(checkout: Checkout) -> dict[str, str]:
    plan = checkout.nox("-s", "plan", "--", "proto", "stubs", "--json").json()
    return {each["id"]: each["reason"] for each in plan["targets"]}


def test_the_committed_stubs_are_what_the_schema_generates_and_nothing_is_touched(checkout: Checkout) -> None:
    before = modified_times(checkout)
    assert len(before) > 50
    answer = checkout.nox("-s", "proto", "--", "--force")
    assert answer.exit_code == 0, answer.out + answer.err
    assert modified_times(checkout) == before


def test_a_second_run_is_fresh(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    answer = checkout.nox("-s", "proto", "--", "--json")
    assert checkout.outcomes(answer) == dict.fromkeys(("proto", "stubs:go", "stubs:py", "stubs:ts"), "fresh")


def test_an_edited_stub_is_named_and_restored(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    whole = checkout.text(STUB)
    checkout.write(STUB, whole + "// edited by hand\n")
    answer = checkout.nox("-s", "proto")
    assert f"output-edited: {STUB}" in answer.out
    assert checkout.text(STUB) == whole


def test_a_deleted_stub_is_named_and_restored(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    (checkout.root / STUB).unlink()
    answer = checkout.nox("-s", "proto")
    assert f"output-missing: {STUB}" in answer.out
    assert (checkout.root / STUB).is_file()


def test_a_stray_file_in_a_generated_root_is_removed_and_said(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    stray = "packages/ameide_sdk_go/internal/proto/old/v1/stale.pb.go"
    checkout.write(stray, "package stale\n")
    answer = checkout.nox("-s", "proto")
    assert f"output-stray: {stray}" in answer.out
    assert f"removed {stray}, which nothing generates" in answer.out
    assert not (checkout.root / stray).parent.parent.exists()


def test_a_syntax_error_in_the_schema_fails_with_bufs_own_words_and_writes_nothing(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    before = modified_times(checkout)
    with checkout.replaced(PROTO, "message Element {", "message Element {{"):
        answer = checkout.nox("-s", "proto")
    assert answer.exit_code == 1
    assert re.search(rf"^  {PROTO}:\d+: invalid-schema: .*unmatched `{{`", answer.out, re.MULTILINE)
    assert modified_times(checkout) == before
    assert checkout.nox("-s", "proto").exit_code == 0


def test_a_lint_violation_fails(checkout: Checkout) -> None:
    with checkout.replaced(PROTO, "message Element {", "message bad_name {}\n\nmessage Element {"):
        answer = checkout.nox("-s", "proto")
    assert answer.exit_code == 1
    assert 'Message name "bad_name" should be PascalCase' in answer.out
    assert f"{PROTO}:" in last_line(answer)
    assert checkout.nox("-s", "proto").exit_code == 0


def test_dry_run_prints_the_commands_and_runs_none(checkout: Checkout) -> None:
    answer = checkout.nox("-s", "proto", "--", "--dry-run", "--force")
    assert "buf lint" in answer.out
    assert "buf generate --template buf.gen.go.yaml -o" in answer.out
    assert "✓" not in answer.out


def test_two_at_once_both_succeed(checkout: Checkout) -> None:
    both = [checkout.start("-s", "proto", "--", "--force") for _ in range(2)]
    assert [process.wait(timeout=300) for process in both] == [0, 0]
    assert set(reasons(checkout).values()) == {"fresh"}
