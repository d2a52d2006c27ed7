from __future__ import annotations

from dataclasses import replace

from nox_rings.schema.push.model import SchemaModule, SchemaPush
from nox_rings.schema.push.plan import PushPlan, dry_run_lines, plan_document, plan_lines, pushed_lines

MODULE = SchemaModule(
    path="proto/src", name="buf.build/acme/weather", files=("proto/src/a.proto", "proto/src/b.proto", "proto/LICENSE")
)
PLAN = PushPlan(
    label="main",
    git_commit="0123456789abcdef0123456789abcdef01234567",
    pushes=(SchemaPush(folder="proto", modules=(MODULE,), dependencies=("buf.build/bufbuild/protovalidate:v1.2.0",)),),
    sizes={"proto/src": 12345},
)


def test_a_plan_says_what_goes_where_and_from_which_state() -> None:
    assert plan_lines(PLAN) == (
        "module                  files     size     from",
        "buf.build/acme/weather  2 .proto  12.3 kB  proto/src",
        "to buf.build under the label main, from commit 0123456789ab",
        "with buf.build/bufbuild/protovalidate:v1.2.0 as it is on the registry now",
    )


def test_a_plan_of_other_states_says_so() -> None:
    locked = replace(PLAN.pushes[0], lock="proto/buf.lock")
    plan = replace(PLAN, pushes=(locked,), git_commit="", uncommitted=("proto/src/a.proto", "proto/src/b.proto"))
    assert plan_lines(plan)[2:] == (
        "to buf.build under the label main, from commit none yet, but proto/src/a.proto and 1 more are not committed",
        "with buf.build/bufbuild/protovalidate:v1.2.0 as proto/buf.lock pins it",
    )


def test_a_dry_run_says_what_would_stop_the_push() -> None:
    assert dry_run_lines(PLAN) == ("dry run: nothing was pushed",)
    stopped = replace(PLAN, uncommitted=("proto/src/a.proto",), token_lacking="BUF_TOKEN: found none, expected one")
    assert dry_run_lines(stopped) == (
        "it would be refused: proto/src/a.proto is not committed",
        "it would need a token: BUF_TOKEN: found none, expected one",
        "dry run: nothing was pushed",
    )


def test_what_was_pushed_is_reported_with_the_commit_of_the_registry() -> None:
    assert pushed_lines(PLAN, {MODULE.name: "c0ffee"}) == ("pushed buf.build/acme/weather: main is now commit c0ffee",)


def test_the_command_to_repeat_quotes_a_label_for_the_shell() -> None:
    assert PLAN.repeat == "nox -s proto -- --push main"
    assert replace(PLAN, label="a&b").repeat == "nox -s proto -- --push 'a&b'"


def test_a_machine_reads_the_same() -> None:
    assert plan_document(PLAN, {}) == {
        "label": "main",
        "git_commit": "0123456789abcdef0123456789abcdef01234567",
        "uncommitted": [],
        "token_lacking": None,
        "dependencies": ["buf.build/bufbuild/protovalidate:v1.2.0"],
        "modules": [
            {
                "name": "buf.build/acme/weather",
                "registry": "buf.build",
                "path": "proto/src",
                "protos": 2,
                "files": ["proto/src/a.proto", "proto/src/b.proto", "proto/LICENSE"],
                "bytes": 12345,
                "commit": None,
            }
        ],
    }
