"""What a large workspace costs: its derivation from files, and a plan of its graph.

    python scale_work.py derive FOLDER MEMBERS TIMES
    python scale_work.py plan FOLDER MEMBERS TIMES

makes a workspace of MEMBERS packages with an image each in FOLDER, where it is not there yet, and TIMES times derives
it, or loads and plans its graph. A package depends on two others, an image copies two."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nox_rings.capabilities import CAPABILITIES
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.plan import plan_targets
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.store.snapshot import parsed_graph, rendered_graph
from nox_rings.sessions.discovery import derive_graph, load_view
from nox_rings.toolchain.toolchain import Toolchain
from nox_rings.workspace.config import Config

FILES_OF_A_TARGET = 5
DOCKERFILE = """\
FROM node:24-slim AS build
ARG VERSION
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml /w/
COPY packages/{own} /w/packages/{own}
COPY packages/{other} /w/packages/{other}
RUN --mount=type=cache,target=/cache node build.js ${{VERSION:-dev}}
"""


def make_workspace(root: Path, members: int) -> None:
    texts = {
        "package.json": "{}",
        "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    }
    for number in range(members):
        needed = {name(each): "workspace:*" for each in {number // 2, number - 1} if 0 <= each < number}
        manifest = {"name": name(number), "scripts": {"build": "tsc", "test": "x"}, "dependencies": needed}
        texts[f"packages/p{number:05}/package.json"] = json.dumps(manifest)
        texts[f"packages/p{number:05}/Dockerfile"] = DOCKERFILE.format(own=f"p{number:05}", other=f"p{number // 2:05}")
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def name(number: int) -> str:
    return f"@large/p{number:05}"


def derived(root: Path) -> Graph:
    """From the files, as a session does that finds them changed."""
    files = tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()))
    tools = Toolchain(root, root / "tools", ProcessRunner(), source="pinned", announce=print)
    return derive_graph(load_view(root, files, Config(), {each.name: each for each in ECOSYSTEMS}, tools), CAPABILITIES)


def stored(root: Path) -> Graph:
    """The graph as a session finds it unchanged, made by the first call."""
    path = root.with_suffix(".json")
    if not path.exists():
        path.write_text(json.dumps(rendered_graph(derived(root))), encoding="utf-8")
    document: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return parsed_graph(document, {kind.name: kind for each in CAPABILITIES for kind in each.kinds})


def planning(graph: Graph) -> Callable[[], object]:
    facts = {each: Facts(inputs={f"{each}/{n}": "0" * 32 for n in range(FILES_OF_A_TARGET)}) for each in graph.targets}
    records = {each: Record(facts=facts[each]) for each in graph.targets}
    return lambda: plan_targets(graph, list(graph.targets), facts=facts, records=records)


def main(what: str, root: Path, members: int, times: int) -> None:
    if not root.exists():
        make_workspace(root, members)
    wall = processor = 0.0
    for _ in range(times):
        work: Callable[[], object] = (lambda: derived(root)) if what == "derive" else planning(stored(root))
        began, processor_began = time.perf_counter(), time.process_time()
        work()
        wall, processor = wall + time.perf_counter() - began, processor + time.process_time() - processor_began
    wall, processor = wall / times, processor / times
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what} {members} members and as many images: {wall:.2f} s ({processor:.2f} s of processor time)", end="")
    print(f", {peak:.0f} MiB at most")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
