"""`why` in a workspace of three Go modules, of which each needs the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from strangers import Stranger, a_stranger

NEEDS = {"app": "lib", "lib": "base", "base": ""}


@pytest.fixture
def workspace(tmp_path: Path) -> Stranger:
    made = a_stranger(tmp_path / "w")
    made.write("go.work", "go 1.24\n\nuse (\n\t./app\n\t./base\n\t./lib\n)\n")
    for name, needed in NEEDS.items():
        required = f"\nrequire example.com/{needed} v0.0.0\n" if needed else ""
        imported = f'\nimport _ "example.com/{needed}"\n' if needed else ""
        made.write(f"{name}/go.mod", f"module example.com/{name}\n\ngo 1.24\n{required}")
        made.write(f"{name}/{name}.go", f"package {name}\n{imported}")
    made.commit()
    made.must("rings")
    return made


def test_the_edit_behind_a_stale_target_is_named_with_the_way_to_it(workspace: Stranger) -> None:
    workspace.write("base/base.go", "package base\n\nconst Edited = true\n")
    document = workspace.must("why", "package:app", "--json").json()
    assert [each["id"] for each in document["chain"]] == ["package:app", "package:lib", "package:base"]
    (cause,) = document["cause"]
    assert (cause["kind"], cause["key"]) == ("input-changed", "base/base.go")
    assert "" not in (cause["then"], cause["now"])
    workspace.must("rings")
    assert workspace.must("why", "package:app").out.splitlines()[0] == "package:app: fresh"


def test_the_path_between_two_targets_and_words_that_mean_none_or_many(workspace: Stranger) -> None:
    assert workspace.must("why", "package:base", "package:app").out == "package:app → package:lib → package:base\n"
    for words, sentence in (
        (("package:nope",), "why: found no target package:nope; did you mean package:"),
        (("package",), "why: package means 3 targets, expected one"),
        ((), "why: found 0 targets, expected TARGET"),
    ):
        answer = workspace.nox("why", *words)
        assert answer.exit_code == 2
        assert sentence in answer.err
