"""What can be wrong in ring 0: each violation has its own kind of report, in words and in JSON, and harms nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from checkout import Checkout, make_checkout
from test_proto import PROTO, STUB, modified_times

SCHEMA = "packages/ameide_core_proto"
GO_STUB = "packages/ameide_sdk_go/proto/ameide_core_proto/graph/v1/graph.pb.go"
PLUGIN = "packages/ameide_sdk_python/tools/protoc_gen_ameide_python.py"
STRAY = "packages/ameide_sdk_python/src/ameide_sdk/_proto/left_over.py"
FOREIGN = "services/graph/buf.gen.yaml"
DESCRIPTION = "  string description = 4;\n"

Violation = Callable[[Checkout], AbstractContextManager[None]]


def edit(path: str, old: str, new: str) -> Violation:
    return lambda checkout: checkout.replaced(path, old, new)


@contextmanager
def deleted_stub(checkout: Checkout) -> Iterator[None]:
    (checkout.root / GO_STUB).unlink()
    yield
    checkout.git("checkout", "--", GO_STUB)


def added(path: str, text: str) -> Violation:
    @contextmanager
    def violation(checkout: Checkout) -> Iterator[None]:
        checkout.write(path, text)
        yield
        (checkout.root / path).unlink()

    return violation


def line_of(checkout: Checkout, path: str, text: str) -> int:
    return checkout.text(path).split(text)[0].count("\n") + 1


# Violation, kind, path, a text that stands on the line (empty: there is none), rule, the fix in part.
FAULTS: dict[str, tuple[Violation, str, str, str, str, str]] = {
    "unformatted file": (
        edit(PROTO, DESCRIPTION, f"     {DESCRIPTION}"),
        *("unformatted", PROTO, "string description = 4", "", "nox -s proto -- --fix"),
    ),
    "lint violation": (
        edit(PROTO, "message Element {", "message bad_name {}\n\nmessage Element {"),
        *("lint", PROTO, "message bad_name", "MESSAGE_PASCAL_CASE", f"edit {PROTO}:"),
    ),
    "deleted field": (
        edit(PROTO, DESCRIPTION, ""),
        *("deleted-field", PROTO, "message Element {", "FIELD_NO_DELETE", "git restore --source="),
    ),
    "renumbered field": (
        edit(PROTO, DESCRIPTION, DESCRIPTION.replace("4", "14")),
        *("renumbered-field", PROTO, "string description = 14", "FIELD_NO_DELETE", "git restore --source="),
    ),
    "hand-edited stub": (
        edit(STUB, "export type Element =", "// by hand\nexport type Element ="),
        *("hand-edit", STUB, "// by hand", "", "nox -s proto"),
    ),
    "deleted stub": (deleted_stub, "missing", GO_STUB, "", "", "nox -s proto"),
    "untracked stray": (added(STRAY, "x = 1\n"), "stray-file", STRAY, "", "", "nox -s proto"),
    "plugin crash": (
        edit(PLUGIN, "def main() -> None:\n", 'def main() -> None:\n    sys.exit("out of ideas")\n'),
        *("plugin-failed", f"{SCHEMA}/buf.gen.python.yaml", '- local: ["python"', "protoc_gen_ameide_python"),
        "buf generate --template buf.gen.python.yaml",
    ),
    "missing plugin": (
        edit(f"{SCHEMA}/buf.gen.ts.yaml", "local: protoc-gen-es", "local: protoc-gen-nowhere"),
        *("missing-plugin", f"{SCHEMA}/buf.gen.ts.yaml", "- local: protoc-gen-nowhere", "", "pin protoc-gen-nowhere"),
    ),
    "template inside a service": (
        added(FOREIGN, "version: v2\nplugins:\n  - local: protoc-gen-es\n    out: src/gen\n"),
        *("foreign-template", FOREIGN, "", "", "list it in [tool.nox-rings] ignore"),
    ),
}


@pytest.mark.parametrize("violation", FAULTS)
def test_each_fault_has_its_own_kind_of_report_and_changes_no_file(checkout: Checkout, violation: str) -> None:
    cause, kind, path, on_line, rule, fix = FAULTS[violation]
    assert checkout.nox("-s", "proto").exit_code == 0
    with cause(checkout):
        before = modified_times(checkout)
        answer = checkout.nox("-s", "proto", "--", "--check", "--json")
        line = line_of(checkout, path, on_line) if on_line else 0
        expected = checkout.nox("-s", "proto", "--", "--check")
        assert modified_times(checkout) == before
    assert (answer.exit_code, expected.exit_code) == (1, 1)
    (finding,) = [each for each in answer.json()["findings"] if each["kind"] == kind]
    assert (finding["path"], finding.get("line", 0), finding.get("rule", "")) == (path, line, rule)
    assert fix in finding["fix"]
    assert f"{path}{f':{line}' if line else ''}: {kind}: {finding['message']}" in expected.out
    assert f"fix: {finding['fix']}" in expected.out
    assert kinds(answer.json()) - {"schema-drift"} == {kind}


def kinds(report: dict[str, Any]) -> set[str]:
    return {finding["kind"] for finding in report["findings"]}


def test_a_plugin_that_crashes_leaves_the_stubs_of_every_language_as_they_were(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    before = modified_times(checkout)
    violation, *_ = FAULTS["plugin crash"]
    with violation(checkout):
        assert "out of ideas" in checkout.nox("-s", "proto").out
    assert {path for path, time in modified_times(checkout).items() if before.get(path) != time} == set()
    assert modified_times(checkout).keys() == before.keys()
    assert checkout.nox("-s", "proto").exit_code == 0


def test_a_template_that_writes_into_a_service_is_refused_before_buf_starts(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    before = checkout.git("status", "--porcelain")
    out = "out: ../../services/graph/src/gen"
    with checkout.replaced(f"{SCHEMA}/buf.gen.ts.yaml", "out: ../ameide_sdk_ts/src/_proto", out):
        answer = checkout.nox("-s", "proto", "--", "--json")
        log = checkout.text(".nox-rings/logs/proto.log")
    assert kinds(answer.json()) == {"unapproved-root"}
    assert "not-run" in checkout.outcomes(answer).values()
    assert "$" not in log  # no command ran
    assert checkout.git("status", "--porcelain") == before
    assert checkout.nox("-s", "proto").exit_code == 0


@pytest.mark.parametrize("folder", ["ameide_sdk_ts/src/proto", "ameide_sdk_ts/src"])
def test_a_folder_that_somebody_wrote_is_never_taken_for_a_generated_root(checkout: Checkout, folder: str) -> None:
    """`src/proto` of the TypeScript SDK is named like one and holds the barrel, written by hand."""
    barrel = checkout.text("packages/ameide_sdk_ts/src/proto/graph_v1.ts")
    with checkout.replaced(f"{SCHEMA}/buf.gen.ts.yaml", "ameide_sdk_ts/src/_proto", folder):
        answer = checkout.nox("-s", "proto", "--", "--json")
    assert kinds(answer.json()) == {"unapproved-root"}
    assert checkout.text("packages/ameide_sdk_ts/src/proto/graph_v1.ts") == barrel
    assert checkout.is_clean()
    assert checkout.nox("-s", "proto").exit_code == 0


def exception(until: str) -> str:
    entry = f'rule = "FIELD_NO_DELETE"\npath = "{PROTO}"\nreason = "nobody read it"\nuntil = {until}\n'
    return f"[[tool.nox-rings.proto.exceptions]]\n{entry}\n[tool.ruff]\n"


def test_a_breaking_change_is_allowed_by_an_entry_that_is_neither_expired_nor_unneeded(checkout: Checkout) -> None:
    deletion = checkout.replaced(PROTO, DESCRIPTION, "")
    with deletion, checkout.replaced("pyproject.toml", "[tool.ruff]\n", exception("2999-12-31")):
        allowed = checkout.nox("-s", "proto", "--", "--check", "--json").json()
        assert kinds(allowed) == {"schema-drift"}
    with checkout.replaced("pyproject.toml", "[tool.ruff]\n", exception("2999-12-31")):
        unneeded = checkout.nox("-s", "proto", "--", "--check", "--json").json()
        line = line_of(checkout, "pyproject.toml", "[[tool.nox-rings.proto")
    (finding,) = unneeded["findings"]
    assert (finding["kind"], finding["path"], finding["line"]) == ("unused-exception", "pyproject.toml", line)
    deletion = checkout.replaced(PROTO, DESCRIPTION, "")
    with deletion, checkout.replaced("pyproject.toml", "[tool.ruff]\n", exception("2026-11-20")):
        expired = checkout.nox("-s", "proto", "--", "--check", "--json").json()
    assert kinds(expired) == {"schema-drift", "deleted-field", "expired-exception"}
    assert checkout.nox("-s", "proto").exit_code == 0


def test_a_file_that_is_imported_no_more_was_not_deleted(checkout: Checkout) -> None:
    """The one import of google/protobuf/empty.proto goes; the module that owns that file still has it."""
    path = "packages/ameide_core_proto/src/ameide_core_proto/agents/v1/agents.proto"
    text = checkout.text(path)
    assert "google/protobuf/empty.proto" not in text
    with_import = text.replace("import ", 'import "google/protobuf/empty.proto";\nimport ', 1)
    with_field = with_import.rstrip() + "\n\nmessage Moment {\n  google.protobuf.Empty at = 1;\n}\n"
    checkout.write(path, with_field)
    checkout.git("commit", "-qam", "Import a file")
    checkout.write(path, text)
    findings = checkout.nox("-s", "proto", "--", "--check", "--against", "HEAD", "--json").json()["findings"]
    checkout.git("reset", "-q", "--hard", "HEAD~1")
    assert [finding["rule"] for finding in findings] == ["MESSAGE_NO_DELETE"]
    assert checkout.nox("-s", "proto").exit_code == 0


def test_fix_formats_and_goes_on(checkout: Checkout) -> None:
    text = checkout.text(PROTO)
    checkout.write(PROTO, text.replace(DESCRIPTION, f"     {DESCRIPTION}"))
    answer = checkout.nox("-s", "proto", "--", "--fix")
    assert answer.exit_code == 0
    assert f"formatted {PROTO}" in answer.out
    assert checkout.text(PROTO) == text
    assert set(checkout.outcomes(checkout.nox("-s", "proto", "--", "--json")).values()) == {"fresh"}


def test_a_clone_that_lacks_history_says_so_and_the_command_it_names_helps(checkout: Checkout, tmp_path: Path) -> None:
    """Never "no changes": what cannot be compared fails."""
    with_history = tmp_path / "with history"
    checkout.git("clone", "-q", f"file://{checkout.root}", str(with_history))
    whole = Checkout(with_history)
    for name in ("user.name", "user.email"):
        whole.git("config", name, checkout.git("config", name).strip())
    with whole.replaced(PROTO, DESCRIPTION, ""):
        whole.git("commit", "-qam", "Delete a field")
    checkout.git("clone", "-q", "--depth", "1", f"file://{with_history}", str(tmp_path / "shallow"))
    shallow = Checkout(tmp_path / "shallow")
    failed = shallow.nox("-s", "proto", "--", "--check", "--json").json()
    (error,) = [each["error"] for each in failed["targets"] if "error" in each]
    assert error["family"] == "history"
    assert error["message"].startswith("shallow clone: found no parent of HEAD")
    shallow.command(*error["repeat"].split())
    assert "deleted-field" in kinds(shallow.nox("-s", "proto", "--", "--check", "--json").json())
    shutil.rmtree(tmp_path / "shallow")


def test_a_schema_of_no_files_is_an_error_and_not_a_check_that_passes(tmp_path: Path) -> None:
    empty = make_checkout(tmp_path / "empty")
    for path in (empty.root / SCHEMA / "src").rglob("*.proto"):
        path.unlink()
    answer = empty.nox("-s", "proto", "--", "--check", "--json")
    assert answer.exit_code == 1
    assert "nothing-inspected" in kinds(answer.json())


TOKEN = "a-token-nobody-may-see"


def test_where_a_token_is_required_a_remote_plugin_says_so_before_anything_asks_for_it(checkout: Checkout) -> None:
    checkout.nox("-s", "proto")
    required = "[tool.nox-rings.proto]\nrequire-token = true\n\n[tool.ruff]\n"
    template = f"{SCHEMA}/buf.gen.ts.yaml"
    home = {"HOME": str(checkout.root / ".nox-rings"), "BUF_TOKEN": "", "NETRC": ""}
    unplugged = ("unshare", "--net", "--map-root-user", str(checkout.root / "scripts/nox"), "-s", "proto")
    remote = ("local: protoc-gen-es", "remote: buf.build/bufbuild/es:v2.17.0")
    with checkout.replaced(template, *remote), checkout.replaced("pyproject.toml", "[tool.ruff]\n", required):
        without = checkout.command(*unplugged, "--", "--only", "ts", "--json", **home)
        with_token = checkout.command(*unplugged, "--", "--only", "ts", **{**home, "BUF_TOKEN": TOKEN})
        logs = "".join(path.read_text() for path in (checkout.root / ".nox-rings/logs").glob("*.log"))
    (error,) = [each["error"] for each in without.json()["targets"] if "error" in each]
    assert error["family"] == "credentials"
    assert error["message"].startswith("BUF_TOKEN: found ")
    assert f"a token of buf.build for {template}" in error["message"]
    assert "plugin-failed" in with_token.out  # buf was started, and there is no network
    assert TOKEN not in with_token.out + with_token.err + logs
    assert checkout.nox("-s", "proto").exit_code == 0
