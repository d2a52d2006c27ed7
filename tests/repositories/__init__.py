"""Repositories in the shape of real ones, and what discovery must make of each: nothing missing, nothing spurious."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """`files` are texts by path. `members` are (folder, ecosystem) → folders it depends on; `images` are Dockerfile and
    stage → contexts of its images, each once; `schemas` folder → modules; `templates` file → generated roots."""

    files: Mapping[str, str]
    members: Mapping[tuple[str, str], tuple[str, ...]]
    images: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    schemas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    templates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def template(*plugins: tuple[str, str]) -> str:
    """A buf.gen.yaml of local plugins, each with its `out`."""
    entries = "".join(f"  - local: {name}\n    out: {out}\n" for name, out in plugins)
    return f"version: v2\nplugins:\n{entries}"


def proto(package: str, name: str) -> str:
    option = f'option go_package = "example.com/{package}/{name}/v1;{name}v1";'
    return f'syntax = "proto3";\n\npackage {name}.v1;\n\n{option}\n\nmessage {name.title()} {{\n  string id = 1;\n}}\n'
