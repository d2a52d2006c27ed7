"""Measures and prints; `nox -s bench` starts it. Ends with 1 where a ratio exceeds its bound."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nox_rings.engine.errors import NoxRingsError, RunInterruptedError, UsageError
from nox_rings.engine.layout import Layout
from nox_rings.engine.tables import table
from nox_rings.sessions.arguments import nearest
from nox_rings.sessions.frame import open_run
from nox_rings.sessions.run import Run
from nox_rings_dev.benchmarks.catalogue import BENCHMARKS
from nox_rings_dev.benchmarks.pairs import Benchmark, measure
from nox_rings_dev.benchmarks.ratios import Measurement, all_within, render_table

# What the nox around us and the shell around that set would be measured too: without bytecode (PYTHONDONTWRITEBYTECODE)
# the noxfile alone costs more than all of ours.
NOT_MEASURED = ("NOX", "PYTHON")


def main(posargs: Sequence[str]) -> int:
    arguments = _parsed(posargs)
    try:
        chosen = _chosen(arguments.names)
        if arguments.list:
            print(_listed(chosen))
            _write(arguments.json, {"benchmarks": [each.as_json() for each in chosen]})
            return 0
        measurements = _measured(chosen, arguments.rounds)
    except RunInterruptedError as interruption:
        return 128 + interruption.signal_number
    except NoxRingsError as error:
        print(error, file=sys.stderr)
        failure = {"family": error.family, "message": error.message, "hint": error.hint}
        _write(arguments.json, {"ok": False, "error": failure})
        return error.exit_code
    print(render_table(measurements))
    ok = all_within(measurements)
    _write(arguments.json, {"ok": ok, "benchmarks": [each.as_json() for each in measurements]})
    return 0 if ok else 1


def _parsed(posargs: Sequence[str]) -> Namespace:
    """The session has read and checked them before."""
    parser = ArgumentParser(prog="python -m nox_rings_dev.benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--rounds", type=int, metavar="N")
    parser.add_argument("--json", metavar="FILE")
    return parser.parse_args(posargs)


def _chosen(names: Sequence[str]) -> list[Benchmark]:
    known = [each.name for each in BENCHMARKS]
    for name in names:
        if name not in known:
            raise UsageError(f"bench: found no benchmark {name}; {nearest(name, known)}", hint="nox -s bench -- --list")
    return [each for each in BENCHMARKS if each.name in names or not names]


def _listed(chosen: Sequence[Benchmark]) -> str:
    rows = [(each.name, f"{each.bound:.2f}", str(each.rounds), each.about) for each in chosen]
    return table(rows, ("benchmark", "bound", "rounds", "what is compared"))


def _write(path: str | None, document: dict[str, Any]) -> None:
    if path:
        Path(path).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _measured(chosen: Sequence[Benchmark], rounds: int | None) -> list[Measurement]:
    _leave_out_of_the_measurement(Layout(Path.cwd()).tools.absolute())
    # The folder is the outer one: no child is left in it when it goes.
    with tempfile.TemporaryDirectory(prefix="nox-rings-bench-") as folder, open_run(Namespace()) as tree:
        return [_one(each, rounds or each.rounds, tree, Path(folder) / each.name) for each in chosen]


def _leave_out_of_the_measurement(tools: Path) -> None:
    for name in list(os.environ):
        if name.startswith(NOT_MEASURED):
            del os.environ[name]
    os.environ |= {"NOX_RINGS_TOOLS_DIR": str(tools), "NO_COLOR": "1"}


def _one(benchmark: Benchmark, rounds: int, tree: Run, folder: Path) -> Measurement:
    _say(f"{benchmark.name}: preparing a copy of the work tree …")
    folder.mkdir()
    pair = benchmark.prepare(tree, folder)
    _say(f"{benchmark.name}: {rounds} rounds …")
    ours, theirs = measure(pair, rounds, tree.runner, folder)
    return Measurement(name=benchmark.name, bound=benchmark.bound, ours=ours, theirs=theirs, note=pair.note)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
