"""A member is built with the siblings of this workspace; a foreign sibling is reported before anything is built."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

import pytest

from checkout import Checkout, environment
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.steps import Action, FindingsError, StepContext
from nox_rings.sessions.run import Run
from sdks import Sdks


@pytest.fixture(autouse=True)
def tools_of_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run in this process finds the tools where nox in the checkout does."""
    monkeypatch.setenv("NOX_RINGS_TOOLS_DIR", environment()["NOX_RINGS_TOOLS_DIR"])


def check(
    checkout: Checkout,
    target_id: str,
    log: Path,
    violation: AbstractContextManager[None] = nullcontext(),  # noqa: B008
) -> list[tuple[str, str]]:
    """Carry out the first step of a target alone, after a violation: its findings as (kind, message)."""
    runner = ProcessRunner()
    run = Run(checkout.root, runner)
    target = run.graph.targets[target_id]
    step = run.steps(target)[0]
    assert isinstance(step, Action) and "from this workspace" in step.description
    try:
        tools = run.tool_environment(target)
        with log.open("w+b") as opened, ExitStack() as closing, violation:
            step.act(
                StepContext(
                    root=checkout.root, runner=runner, log=opened, say=print, closing=closing, environment=tools
                )
            )
    except FindingsError as error:
        return [(str(finding.kind), finding.message) for finding in error.findings]
    finally:
        runner.close()
    return []


@contextmanager
def moved_away(link: Path, copy: Path) -> Iterator[None]:
    """A link to the workspace replaced by a folder, as an installation from a registry leaves it."""
    to = link.readlink()
    shutil.copytree(link, copy, ignore=shutil.ignore_patterns("node_modules"))
    link.unlink()
    link.symlink_to(copy)
    try:
        yield
    finally:
        link.unlink()
        link.symlink_to(to)


@pytest.mark.parametrize("target_id", ["service:graph", "service:agents", "service:inference"])
def test_every_sibling_comes_from_this_workspace(
    sdks: Sdks, shared_checkout: Checkout, target_id: str, tmp_path: Path
) -> None:
    assert check(shared_checkout, target_id, tmp_path / "log") == []


def test_a_foreign_package_of_pnpm_is_reported(sdks: Sdks, shared_checkout: Checkout, tmp_path: Path) -> None:
    link = shared_checkout.root / "services/graph/node_modules/@ameideio/ameide-sdk-ts"
    violation = moved_away(link, tmp_path / "published")
    found = check(shared_checkout, "service:graph", tmp_path / "log", violation)
    place = tmp_path / "published"
    words = f"found @ameideio/ameide-sdk-ts at {place}, expected packages/ameide_sdk_ts"
    assert found == [("foreign-sibling", words)]


def test_a_foreign_module_of_go_is_reported(sdks: Sdks, shared_checkout: Checkout, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(shared_checkout.root / "packages/ameide_sdk_go", other)
    violation = shared_checkout.replaced("go.work", "./packages/ameide_sdk_go", str(other))
    words = f"found github.com/ameideio/ameide-sdk-go at {other}, expected packages/ameide_sdk_go"
    assert check(shared_checkout, "service:agents", tmp_path / "log", violation) == [("foreign-sibling", words)]


def test_a_distribution_of_uv_from_an_index_is_reported(sdks: Sdks, shared_checkout: Checkout, tmp_path: Path) -> None:
    environment = shared_checkout.root / ".nox-rings/python/+root"
    (record,) = environment.glob("lib/python*/site-packages/ameide_sdk_python-*.dist-info/direct_url.json")
    record.rename(tmp_path / record.name)
    try:
        found = check(shared_checkout, "service:inference", tmp_path / "log")
    finally:
        shutil.move(tmp_path / record.name, record)
    words = "found ameide-sdk-python at nothing, expected packages/ameide_sdk_python"
    assert found == [("foreign-sibling", words)]
