"""The graph as last derived, kept in the state, and the key that shows whether it is still valid."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nox_rings.engine.patterns import name_matcher
from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.records import digest_of
from nox_rings.engine.plan.targets import Encoded, Inputs, Kind, Target, TargetId
from nox_rings.engine.store.digests import Digests
from nox_rings.engine.store.wildcards import has_wildcard

CODE = Path(__file__).parents[2]
EMPTY = Inputs()


def snapshot_key(files: tuple[str, ...], digests: Digests, descriptors: Iterable[str], tools_source: str) -> str:
    """Of the set of files, the content of descriptors, this code, and where tools come from. `descriptors` are patterns
    of file names: what discovery reads."""
    is_descriptor = descriptor_matcher(descriptors)
    found = digests.of(tuple(path for path in files if is_descriptor(path.rpartition("/")[2])))
    code = [f"{entry.name}{entry.stat().st_mtime_ns}" for entry in _own_files(str(CODE))]
    parts = (f"{path}={digest}" for path, digest in found.items())
    return digest_of(tools_source, *files, "|", *parts, "|", *code)


def descriptor_matcher(descriptors: Iterable[str]) -> Callable[[str], object]:
    """Of names of files, by patterns; no pattern is no descriptor."""
    listed = tuple(descriptors)
    names = frozenset(each for each in listed if not has_wildcard(each))
    matches = name_matcher(tuple(each for each in listed if each not in names))
    return lambda name: name in names or matches(name)


def rendered_graph(graph: Graph) -> list[dict[str, Any]]:
    """JSON values."""
    return [_rendered_target(target) for target in graph.targets.values()]


def parsed_graph(document: Iterable[Mapping[str, Any]], kinds: Mapping[str, Kind]) -> Graph:
    """The inverse of `rendered_graph`, with subjects that are decoded where they are asked for. Raises KeyError for a
    kind that is not known any more."""
    targets = [_parsed_target(each, kinds) for each in document]
    return Graph({target.id: target for target in targets})


def _rendered_target(target: Target) -> dict[str, Any]:
    import msgspec

    inputs = {
        name: value for name in Inputs.__slots__ if (value := getattr(target.inputs, name)) != getattr(EMPTY, name)
    }
    return {
        "id": [target.id.kind, target.id.name],
        "path": target.path,
        "language": target.language,
        "subject": json.dumps(msgspec.to_builtins(target.subject, order="deterministic"), separators=(",", ":")),
        "inputs": inputs,
        "outputs": target.outputs,
        "listing": target.listing,
        "dependencies": [[each.kind, each.name] for each in target.dependencies],
        "after": [[each.kind, each.name] for each in target.after],
        "tools": dict(target.tools),
        "recipe": target.recipe,
        "possible_outputs": target.possible_outputs,
        "exposed": target.exposed,
        "environment": target.environment,
        "repeat": target.repeat,
        "problems": target.problems,
        "optional": target.optional,
        "parted": target.parted,
        "signs": target.signs,
    }


def _parsed_target(document: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Target:
    kind, name = document["id"]
    inputs: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in document["inputs"].items()
    }
    return Target(
        id=TargetId(kind, name),
        kind=kinds[kind],
        path=document["path"],
        language=document["language"],
        subject=Encoded(document["subject"]),
        inputs=Inputs(**inputs),
        outputs=tuple(document["outputs"]),
        listing=document["listing"],
        dependencies=tuple(TargetId(*each) for each in document["dependencies"]),
        after=tuple(TargetId(*each) for each in document["after"]),
        tools=document["tools"],
        recipe=document["recipe"],
        possible_outputs=tuple(document["possible_outputs"]),
        exposed=document["exposed"],
        environment=tuple(document["environment"]),
        repeat=document["repeat"],
        problems=tuple(document["problems"]),
        optional=document["optional"],
        parted=tuple(document["parted"]),
        signs=tuple(document["signs"]),
    )


def _own_files(folder: str) -> Iterator[os.DirEntry[str]]:
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        if entry.name == "__pycache__":
            continue
        if entry.is_dir():
            yield from _own_files(entry.path)
        else:
            yield entry
