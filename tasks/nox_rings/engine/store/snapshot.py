"""The graph as it was derived last time, kept in the state, and the key that tells whether it still holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nox_rings.engine.plan.plan import digest_of
from nox_rings.engine.plan.targets import Graph, Inputs, Kind, Target
from nox_rings.engine.store.digests import Digests

DESCRIPTOR_NAMES = frozenset(
    {
        *("buf.yaml", "buf.work.yaml", "package.json", "pnpm-workspace.yaml", "pyproject.toml", "uv.lock"),
        *("go.mod", "go.work", ".dockerignore"),
    }
)
DESCRIPTOR_PREFIXES = ("Dockerfile", "buf.gen")


def snapshot_key(files: tuple[str, ...], digests: Digests, tools_source: str) -> str:
    """The set of files, the content of descriptors, this code, and where tools come from."""
    found = digests.of(tuple(path for path in files if _is_descriptor(path)))
    code = [f"{entry.name}{entry.stat().st_mtime_ns}" for entry in _own_files(str(Path(__file__).parents[2]))]
    parts = (f"{path}={digest}" for path, digest in found.items())
    return digest_of(tools_source, *files, "|", *parts, "|", *code)


def rendered_graph(graph: Graph) -> list[dict[str, Any]]:
    return [asdict(target) for target in graph.targets.values()]


def parsed_graph(document: list[dict[str, Any]]) -> Graph:
    """The inverse of `rendered_graph` after JSON, which knows lists where we have tuples."""
    return Graph({target.id: target for target in map(_parsed_target, document)})


def _parsed_target(document: dict[str, Any]) -> Target:
    listed: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in document.items()
    }
    inputs: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in document["inputs"].items()
    }
    return Target(**{**listed, "kind": Kind(document["kind"]), "inputs": Inputs(**inputs)})


def _is_descriptor(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in DESCRIPTOR_NAMES or name.startswith(DESCRIPTOR_PREFIXES) or name.endswith(".dockerignore")


def _own_files(folder: str) -> Iterator[os.DirEntry[str]]:
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        if entry.is_dir():
            yield from _own_files(entry.path)
        elif entry.name.endswith(".py"):
            yield entry
