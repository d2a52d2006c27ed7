"""The steps that check the schema and generate its stubs, compared as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nox_rings.engine.plan.plan import Purpose
from nox_rings.engine.plan.targets import subject_of
from nox_rings.schema.model import SchemaSubject
from nox_rings.workspace.config import ProtoException
from unit.contexts import a_context, shown_steps
from unit.reference import RELEASED, targets

FILES = ("proto/a/v1/a.proto",)
BASELINE = {"commit": "c" * 40, "tree": "d" * 40, "folder": "proto", "why": "HEAD"}
CHECK = """\
# check where stubs may come from and land
# read the schema at cccccccccccc (HEAD)
# empty .nox-rings/stage/proto/formatted
# format, lint and breaking side by side, allowed: nothing
cd ROOT/proto && buf format -o ROOT/.nox-rings/stage/proto/formatted
cd ROOT/proto && buf lint --error-format json
cd ROOT/proto && buf breaking . --exclude-imports --against \
ROOT/.nox-rings/baselines/dddddddddddd-f164ff2bc141/..binpb --error-format json
"""


@pytest.mark.parametrize("purpose", Purpose)
def test_the_schema_is_checked_by_these_steps_and_formatted_where_it_is_to_be_fixed(
    purpose: Purpose, tmp_path: Path
) -> None:
    context = a_context(tmp_path, files=FILES, purpose=purpose, baselines={"proto": [BASELINE]})
    begin, found, end = CHECK.partition("# empty ")
    fixed = f"{begin}# format the schema\n{found}{end}"
    assert shown_steps(targets(RELEASED)["proto"], context) == (fixed if purpose is Purpose.FIX else CHECK)


def test_a_schema_without_a_past_is_compared_with_nothing(tmp_path: Path) -> None:
    context = a_context(tmp_path, files=FILES, baselines={"proto": []})
    found = shown_steps(targets(RELEASED)["proto"], context)
    kept = [line for line in CHECK.splitlines() if "baselines" not in line and "read the schema" not in line]
    assert found.splitlines() == kept


def test_what_is_allowed_for_a_while_is_reported_before_anything_is_compared(tmp_path: Path) -> None:
    allowed = ProtoException(rule="FIELD_NO_DELETE", path="a.proto", reason="unused", until=date(2027, 1, 31))
    target = targets(RELEASED)["proto"]
    subject = replace(subject_of(target, SchemaSubject), exceptions=(allowed,))
    context = a_context(tmp_path, files=FILES, baselines={"proto": []})
    line = "# format, lint and breaking side by side, allowed: FIELD_NO_DELETE in a.proto until 2027-01-31"
    assert line in shown_steps(replace(target, subject=subject), context).splitlines()


STUBS = {
    "stubs:go": """\
# empty .nox-rings/stage/stubs-go
cd ROOT/proto && GOGC=off GOMEMLIMIT=2GiB buf generate --template buf.gen.go.yaml -o \
ROOT/.nox-rings/stage/stubs-go/proto
# sync the stage into sdk/go/gen
""",
    "stubs:ts": """\
# empty .nox-rings/stage/stubs-ts
cd ROOT/proto && GOGC=off GOMEMLIMIT=2GiB buf generate --template buf.gen.ts.yaml -o \
ROOT/.nox-rings/stage/stubs-ts/proto
# sync the stage into sdk/ts/src/gen
""",
    "stubs:py": """\
# empty .nox-rings/stage/stubs-py
cd ROOT/proto && GOGC=off GOMEMLIMIT=2GiB buf generate --template buf.gen.py.yaml -o \
ROOT/.nox-rings/stage/stubs-py/proto
# sync the stage into sdk/py/gen
""",
}


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("target_id", STUBS)
def test_stubs_are_generated_beside_the_tree_which_a_check_leaves_as_it_is(
    target_id: str, purpose: Purpose, tmp_path: Path
) -> None:
    synced, compared = "sync the stage into", "compare the stage with"
    text = STUBS[target_id].replace(synced, compared) if purpose is Purpose.CHECK else STUBS[target_id]
    assert shown_steps(targets(RELEASED)[target_id], a_context(tmp_path, files=FILES, purpose=purpose)) == text
