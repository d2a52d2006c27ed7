"""Broken inputs: one clear sentence, an exit code, nothing half-written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checkout import Checkout, make_checkout


def one_sentence(checkout: Checkout, *arguments: str) -> tuple[int, str]:
    """Exit code and what nox-rings itself said on standard error."""
    answer = checkout.nox(*arguments)
    assert "Traceback" not in answer.err + answer.out
    said = [line for line in answer.err.splitlines() if not line.startswith(("nox > ", "scripts/nox: "))]
    return answer.exit_code, "\n".join(said)


def test_a_missing_lockfile(checkout: Checkout) -> None:
    (checkout.root / "pnpm-lock.yaml").unlink()
    try:
        answer = checkout.nox("-s", "rings", "--", "--json", "service:graph", "sdk:py")
    finally:
        checkout.git("checkout", "--", "pnpm-lock.yaml")
    assert answer.exit_code == 1
    targets = {each["id"]: each for each in answer.json()["targets"]}
    assert {
        each: target["outcome"] for each, target in targets.items() if target["outcome"] not in ("done", "fresh")
    } == {
        "install:pnpm": "failed",
        "sdk:ts": "not-run",
        "service:graph": "not-run",
    }
    assert targets["install:pnpm"]["error"]["message"].startswith(
        "pnpm-workspace.yaml: found no pnpm-lock.yaml beside it"
    )


def test_an_unknown_configuration_key(checkout: Checkout) -> None:
    with checkout.replaced("pyproject.toml", "[tool.nox-rings]\n", '[tool.nox-rings]\nseedversion = "1"\n'):
        code, said = one_sentence(checkout, "-s", "plan")
    assert code == 1
    assert said == "pyproject.toml: tool.nox-rings.seedversion: found an unknown key; did you mean seed-version?"


def test_members_that_need_each_other_are_told(checkout: Checkout) -> None:
    line = '"@bufbuild/protobuf":'
    with checkout.replaced(
        "packages/ameide_sdk_ts/package.json", line, f'"@ameideio/graph-service": "workspace:*",\n    {line}'
    ):
        answer = checkout.nox("-s", "plan", "--", "--unseen", "--json")
    assert answer.exit_code == 0
    assert [
        (each["path"], each["reason"]) for each in answer.json()["unseen"] if "need each other" in each["reason"]
    ] == [
        (
            "packages/ameide_sdk_ts",
            "packages/ameide_sdk_ts, services/graph need each other; they are built in this order, "
            "and an edit of one is one of all",
        )
    ]


def test_a_tool_that_cannot_be_installed(checkout: Checkout, tmp_path: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("NOT RUN: taking the network away needs unshare (util-linux)")
    answer = checkout.command(
        *("unshare", "--net", str(checkout.root / "scripts" / "nox"), "-s", "proto", "--", "--force"),
        NOX_RINGS_TOOLS_DIR=str(tmp_path / "tools"),
        UV_CACHE_DIR=str(tmp_path / "cache"),
    )
    assert answer.exit_code == 1
    assert "could not be installed from pyproject.toml, group tools" in answer.out + answer.err
    assert checkout.is_clean()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("proto", "--dry-rn"), "proto: found the unknown argument --dry-rn; did you mean --dry-run?"),
        (("plan", "sdk:tz"), "plan: found no target sdk:tz; did you mean sdk:ts?"),
        (("rings", "--jobs", "0"), "rings: argument --jobs: found 0, expected 1 or more"),
        (("smoke", "npn"), "smoke: found no registry npn; did you mean npm?"),
    ],
)
def test_arguments_that_are_not_known_exit_with_2(checkout: Checkout, arguments: tuple[str, ...], said: str) -> None:
    session, *rest = arguments
    code, sentence = one_sentence(checkout, "-s", session, "--", *rest)
    assert code == 2
    assert sentence.splitlines()[0] == said


def test_outside_of_git(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path / "loose")
    shutil.rmtree(checkout.root / ".git")
    code, said = one_sentence(checkout, "-s", "plan")
    assert code == 1
    assert "found no git work tree" in said
