"""The listed files of a workspace and their text, as discovery reads them. Problems are collected, not raised."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from nox_rings.engine.paths import files_under, is_under
from nox_rings.workspace.shapes import shape_problems


@dataclass(kw_only=True)
class Sources:
    """`files` are sorted POSIX paths relative to `root`; `problems` grows while discovery reads."""

    root: Path
    files: tuple[str, ...]
    problems: list[str] = field(default_factory=list)

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.files)

    def named(self, *names: str) -> tuple[str, ...]:
        """Listed files with one of these names, wherever they lie."""
        return tuple(path for path in self.files if path.rpartition("/")[2] in names)

    def under(self, folder: str) -> tuple[str, ...]:
        return files_under(self.files, folder)

    def has_folder(self, folder: str) -> bool:
        return folder == "." or bool(self.under(folder))

    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def toml(self, path: str, shape: dict[str, Any]) -> dict[str, Any]:
        return self._parsed(path, tomllib.loads, "TOML", shape)

    def json(self, path: str, shape: dict[str, Any]) -> dict[str, Any]:
        return self._parsed(path, json.loads, "JSON", shape)

    def yaml(self, path: str, shape: dict[str, Any]) -> dict[str, Any]:
        import yaml  # 15 ms, and only discovery needs it

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return self._parsed(path, lambda text: yaml.load(text, loader), "YAML", shape)

    def yaml_lines(self, path: str, key: str) -> tuple[int, ...]:
        """The lines, from 1, at which the entries of a top-level list stand in a document that `yaml` accepted."""
        import yaml

        node = yaml.compose(self.text(path), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        if not isinstance(node, yaml.MappingNode):
            return ()
        lists = [value for name, value in node.value if name.value == key and isinstance(value, yaml.SequenceNode)]
        return tuple(entry.start_mark.line + 1 for each in lists for entry in each.value)

    def _parsed(self, path: str, parse: Callable[[str], Any], form: str, shape: dict[str, Any]) -> dict[str, Any]:
        """The document, or an empty one and a problem where it is not what `shape` says (see domain/shapes.py)."""
        try:
            value = parse(self.text(path))
        except Exception as error:  # each parser has its own family; all become one problem that names the file
            self.problems.append(f"{path}: found text that is not {form} ({' '.join(str(error).split())})")
            return {}
        if value is not None and not isinstance(value, dict):
            self.problems.append(f"{path}: found a {type(value).__name__} at the top, expected a {form} mapping")
            return {}
        problems = tuple(shape_problems(value or {}, shape, path))
        self.problems.extend(problems)
        return {} if problems else value or {}


def folder_of(path: str) -> str:
    return str(PurePosixPath(path).parent)


def nearest(folder: str, candidates: frozenset[str] | set[str]) -> str | None:
    """The closest of `candidates` at or above `folder`."""
    above = [candidate for candidate in candidates if is_under(folder, candidate)]
    return max(above, key=lambda found: -1 if found == "." else len(found), default=None)
