"""Ring 0 on the reference workspace, with the real buf and the real plugins."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

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


def test_a_fresh_answer_validates_no_document_and_parses_no_lockfile(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    answer = checkout.nox("-s", "proto", "--", "--json", PYTHONPROFILEIMPORTTIME="1")
    assert set(checkout.outcomes(answer).values()) == {"fresh"}
    imported = {line.rpartition("|")[2].strip() for line in answer.err.splitlines() if line.startswith("import time:")}
    assert "nox_rings.sessions.planner" in imported
    assert not imported & {"msgspec", "yaml", "nox_rings.workspace.config", "nox_rings.toolchain.pins"}


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


def test_an_unexpected_file_in_a_generated_root_is_removed_and_reported(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    unexpected = "packages/ameide_sdk_go/internal/proto/old/v1/stale.pb.go"
    checkout.write(unexpected, "package stale\n")
    answer = checkout.nox("-s", "proto")
    assert f"output-stray: {unexpected}" in answer.out
    assert f"removed {unexpected}, which nothing generates" in answer.out
    assert not (checkout.root / unexpected).parent.parent.exists()


def test_a_syntax_error_in_the_schema_fails_with_bufs_own_message_and_writes_nothing(checkout: Checkout) -> None:
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


GRAPH_SERVICE = "packages/ameide_core_proto/src/ameide_core_proto/graph/v1/graph_service.proto"
RPC = """\
  // CountElements counts what is there.
  rpc CountElements(CountElementsRequest) returns (CountElementsResponse);
}

message CountElementsRequest {}

message CountElementsResponse {
  int64 count = 1;
}
"""
# What each SDK shows of a new method to its users.
NEW_METHOD = {
    "packages/ameide_sdk_ts/src/_proto/ameide_core_proto/graph/v1/graph_service_pb.ts": "countElements: {",
    "packages/ameide_sdk_go/proto/ameide_core_proto/graph/v1/graph_service.pb.go": "type CountElementsRequest = ",
    "packages/ameide_sdk_python/src/ameide_sdk/proto/ameide_core_proto/graph/v1/graph_service_pb2.py": (
        "CountElementsRequest as CountElementsRequest"
    ),
}
PROVENANCES = tuple(f"packages/ameide_sdk_{name}/proto-provenance.json" for name in ("go", "python", "ts"))


def test_a_new_method_reaches_every_sdk_and_changes_the_provenance_in_the_schema_digest_alone(
    checkout: Checkout,
) -> None:
    head, service = checkout.text(GRAPH_SERVICE).split("service GraphService {", 1)
    body, rest = service.split("\n}\n", 1)
    checkout.write(GRAPH_SERVICE, f"{head}service GraphService {{{body}\n\n{RPC}{rest}")
    try:
        drift = checkout.nox("-s", "proto", "--", "--check", "--json").json()["findings"]
        assert {finding["kind"] for finding in drift} == {"schema-drift"}
        assert tuple(finding["path"] for finding in drift) == PROVENANCES
        assert checkout.nox("-s", "proto").exit_code == 0
        assert checkout.nox("-s", "proto", "--", "--check", "--force").exit_code == 0
        for path, text in NEW_METHOD.items():
            assert text in checkout.text(path)
        for path in PROVENANCES:
            changed = [line for line in checkout.git("diff", "-U0", path).splitlines() if line[:2] in ("+ ", "- ")]
            assert [line.split(":")[0][1:].strip() for line in changed] == ['"schema_digest"'] * 2
    finally:
        checkout.git("checkout", "--", "packages")
    assert checkout.nox("-s", "proto").exit_code == 0


def test_another_version_of_a_plugin_is_reported_as_such_and_not_as_files_that_changed(checkout: Checkout) -> None:
    """A real bump, by the pinned npm: its lockfile, its package, its gencode."""
    other, folder = "2.13.0", "tasks/nox_rings/toolchain/pins/tools/npm"  # where tools/npm leads
    now = json.loads(checkout.text(f"{folder}/package.json"))["dependencies"]["@bufbuild/protoc-gen-es"]
    assert other != now
    tools = checkout.nox("-s", "doctor", "--", "--json").json()["tools"]
    node = Path(next(tool["where"] for tool in tools if tool["name"] == "node"))
    npm = node.parents[1] / "npm" / "npm"
    arguments = ("install", "--package-lock-only", "--no-audit", "--no-fund", f"@bufbuild/protoc-gen-es@{other}")
    bump = checkout.command(
        *(str(node), str(npm.resolve()), "--prefix", folder, *arguments),
        PATH=f"{node.parent}:{os.environ['PATH']}",
    )
    try:
        assert bump.exit_code == 0, bump.err
        findings = checkout.nox("-s", "proto", "--", "--check", "--json").json()["findings"]
        assert [(finding["kind"], finding["path"]) for finding in findings] == [("plugin-drift", PROVENANCES[2])]
        assert findings[0]["message"] == f"protoc-gen-es {now}→{other} (9 stubs differ)"
        named = checkout.text(PROVENANCES[2]).splitlines()[findings[0]["line"] - 1]
        assert '"name": "protoc-gen-es"' in named
    finally:
        checkout.git("checkout", "--", folder)
    assert checkout.nox("-s", "proto").exit_code == 0


def all_times(checkout: Checkout) -> dict[Path, int]:
    """Of every file and folder that git would list or Tilt would watch."""
    ours = {".git", ".nox-rings", ".venv", ".nox"}
    found = [checkout.root]
    for entry in checkout.root.iterdir():
        if entry.name not in ours:
            found += [entry, *entry.rglob("*")]
    return {path: path.lstat().st_mtime_ns for path in found}


@pytest.mark.parametrize("arguments", [(), ("--force",), ("--check", "--force"), ("--fix", "--force")])
def test_a_second_run_touches_no_file_and_no_folder(checkout: Checkout, arguments: tuple[str, ...]) -> None:
    """Otherwise a watcher such as Tilt would start it again and again."""
    checkout.nox("-s", "proto")
    before = all_times(checkout)
    assert checkout.nox("-s", "proto", "--", *arguments).exit_code == 0
    assert all_times(checkout) == before


def test_only_generates_the_languages_named(checkout: Checkout) -> None:
    answer = checkout.nox("-s", "proto", "--", "--only", "go", "--force", "--json")
    assert set(checkout.outcomes(answer)) == {"proto", "stubs:go"}
    unknown = checkout.nox("-s", "proto", "--", "--only", "rust")
    assert (unknown.exit_code, "expected one of go, py, ts" in unknown.err) == (2, True)


def test_another_commit_can_be_compared_with(checkout: Checkout) -> None:
    answer = checkout.nox("-s", "proto", "--", "--against", "nowhere", "--json")
    assert answer.exit_code == 1
    (error,) = [each["error"] for each in answer.json()["targets"] if "error" in each]
    assert error["message"] == ("--against: found no commit nowhere in this clone, expected a ref, a tag or a SHA")
    assert checkout.nox("-s", "proto", "--", "--against", "HEAD").exit_code == 0


def test_ring_0_needs_neither_network_nor_token(checkout: Checkout, tmp_path: Path) -> None:
    """Once its tools are there, Go's module cache among them."""
    checkout.nox("-s", "proto", "--", "--force")
    caches = {"GOPATH": Path.home() / "go", "GOCACHE": Path.home() / ".cache/go-build"}
    kept = {name: os.environ.get(name, str(path)) for name, path in caches.items()}
    unplugged = ("unshare", "--net", "--map-root-user", "env", "-u", "BUF_TOKEN", "-u", "NETRC", f"HOME={tmp_path}")
    door = str(checkout.root / "scripts/nox")
    answer = checkout.command(*unplugged, door, "-s", "proto", "--", "--force", **kept)
    assert answer.exit_code == 0, answer.out + answer.err
    assert not (tmp_path / ".netrc_buf").exists()
