"""What a plugin printed before it failed, out of what buf printed of several of them at once."""

from __future__ import annotations

import pytest

from nox_rings.engine.errors import CommandFailedError
from nox_rings.engine.run.steps import FindingsError
from nox_rings.schema.stubs.recipe import plugin_failure
from nox_rings.workspace.schemas import StubPlugin, StubTemplate

TEMPLATE = StubTemplate(
    file="proto/buf.gen.python.yaml",
    suffix="python",
    plugins=tuple(StubPlugin(name="plug.py", out=out, line=line) for out, line in (("gen", 3), ("gen2", 5))),
)
ERROR = CommandFailedError("buf ended with exit code 1", repeat="buf generate", exit_code=1)
EXIT = "plugin python3 plug.py: exit status 1"
KILLED = "plugin python3 plug.py: signal: killed"


@pytest.mark.parametrize(
    ("output", "message"),
    [
        # Two entries of one plugin, each of which prints "out of ideas": all shapes that 300 runs of buf 1.75 printed.
        (f"out of ideas\nFailure: {EXIT}\n{KILLED}\n", "out of ideas"),
        (f"out of ideas\nout of ideas\nFailure: {EXIT}\n{EXIT}\n", "out of ideas"),
        (f"out of ideasout of ideas\n\nFailure: {EXIT}\n{KILLED}\n", "out of ideas"),
        (f"out of ideas\nout of ideasFailure: {EXIT}\n{KILLED}\n", "out of ideas"),
        (f"$ buf generate\nout of ideas\ncontext canceled\nFailure: {EXIT}\n", "out of ideas"),
        (f"one\ntwo\nthree\nfour\nFailure: {EXIT}\n", "two / three / four"),
        (f"======\nFailure: {EXIT}\n", "======"),  # too short to be a sentence printed twice
        (f"Failure: {EXIT}\n", EXIT),
    ],
)
def test_a_plugin_that_failed_is_reported_with_its_own_message_printed_once(output: str, message: str) -> None:
    failure = plugin_failure(TEMPLATE, ERROR, output)
    assert isinstance(failure, FindingsError)
    (finding,) = failure.findings
    assert (finding.message, finding.rule, finding.line) == (f"{message}; the stubs are as they were", "plug.py", 3)


@pytest.mark.parametrize(
    "output", ["", "Failure: schema.proto does not exist\n", "Failure: plugin other: exit status 1\n"]
)
def test_a_failure_that_no_plugin_of_the_template_had_is_reported_as_it_was(output: str) -> None:
    assert plugin_failure(TEMPLATE, ERROR, output) is ERROR
