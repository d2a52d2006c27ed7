"""The clients that are compared: a program per language, started with the name of the client it is to be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from contract.observation import Result, load_result
from sdks import GO_SDK, PYTHON_SDK, TS_SDK, Sdks

RUN_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Runner:
    """`system` is what its spans call the protocol."""

    name: str
    language: str
    system: str


RUNNERS = (
    Runner("ts-connect", "ts", "connectrpc"),
    Runner("ts-grpc", "ts", "grpc"),
    Runner("ts-browser", "ts", "connectrpc"),
    Runner("go-connect", "go", "connectrpc"),
    Runner("go-grpc", "go", "grpc"),
    Runner("python", "py", "grpc"),
    Runner("python-async", "py", "grpc"),
)


class RunnerError(Exception):
    """A runner that printed nothing to compare."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of a runner by scenario, or why there is none."""

    answers: Mapping[str, Any]
    error: str = ""

    def result(self, scenario: str) -> Result:
        if self.error:
            raise RunnerError(self.error)
        return load_result(self.answers.get(scenario), f"what was printed of {scenario}")


def build_go(sdks: Sdks, folder: Path) -> Mapping[str, Path]:
    """The server and the runner, by name. With the versions of the SDK's own go.mod, not of a workspace."""
    sdks.run(
        ("go", "build", "-o", f"{folder}/", "./internal/contract/..."), cwd=sdks.checkout.root / GO_SDK, GOWORK="off"
    )
    return {path.name: path for path in folder.iterdir()}


def commands(sdks: Sdks, go_runner: Path) -> Mapping[str, Sequence[str]]:
    """By language, to be followed by the name of a runner and the address of the server."""
    root = sdks.checkout.root
    return {
        "ts": ("node", str(root / TS_SDK / "contract" / "run.mjs")),
        "go": (str(go_runner),),
        "py": (str(sdks.python), str(root / PYTHON_SDK / "contract" / "run.py")),
    }


def run_all(run: Callable[[Runner], str]) -> Mapping[str, Outcome]:
    """By runner. The languages run side by side, the runners of one after another."""

    def run_several(runners: Iterable[Runner]) -> list[tuple[str, Outcome]]:
        return [(runner.name, _outcome(runner, run)) for runner in runners]

    with ThreadPoolExecutor() as pool:
        languages = [list(runners) for _, runners in groupby(RUNNERS, lambda runner: runner.language)]
        return dict(pair for pairs in pool.map(run_several, languages) for pair in pairs)


def _outcome(runner: Runner, run: Callable[[Runner], str]) -> Outcome:
    """One runner that fails must not hide what the others found."""
    try:
        return Outcome(json.loads(run(runner)))
    except Exception as error:
        return Outcome({}, f"found no answers, expected a JSON object of them: {error}".rstrip())
