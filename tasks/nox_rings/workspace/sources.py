"""The listed files of a workspace and their text, as discovery reads them. Problems are collected, not raised: each
belongs to the descriptor that has it, and makes only what that describes impossible to build."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from nox_rings.engine.paths import files_under, is_under
from nox_rings.engine.reading import file_bytes, sentence
from nox_rings.workspace.model import Reading
from nox_rings.workspace.validation import DocumentInvalidError, convert
from nox_rings.workspace.visible import PassedOver
from nox_rings.workspace.yaml_core import core_loader, parse_yaml

MARK = "\ufeff"  # of the byte order
Document = TypeVar("Document")
Outlined = TypeVar("Outlined")


@dataclass(kw_only=True)
class Sources:
    """`files` are sorted POSIX paths relative to `root`: those that may describe the workspace; `listed` are all that
    git lists; `hidden` may describe a part of it only where another file names them. `problems` (sentences by the path
    of the descriptor that has them), `passed_over` and `reading` grow while discovery reads. What is found here depends
    on `files` and on `reading` alone: nothing below `root` is looked at by another way. `read` gives the bytes of a
    path, as `file_bytes` does, where somebody keeps more of what is read."""

    root: Path
    files: tuple[str, ...]
    listed: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    problems: dict[str, list[str]] = field(default_factory=dict)
    passed_over: list[PassedOver] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    read: Callable[[str], bytes] | None = None

    def add_problem(self, path: str, problem: str) -> None:
        """`problem` is a whole sentence, `path` the descriptor whose target it stops: a manifest, the lockfile of an
        install root, a Dockerfile, a buf.yaml, a template. A path that no target is made from is told as passed over.
        """
        known = self.problems.setdefault(path, [])
        if problem not in known:
            known.append(problem)

    @property
    def all_problems(self) -> tuple[str, ...]:
        return tuple(problem for each in self.problems.values() for problem in each)

    def pass_over(self, path: str, reason: str, remedy: str = "") -> None:
        """Tell that nothing was made of `path`. `remedy` is what would change that."""
        self.passed_over.append(PassedOver(path, reason, remedy))

    @cached_property
    def _start(self) -> str:
        return f"{self.root}/"

    def _read(self, path: str) -> bytes:
        return file_bytes(self._full(path)) if self.read is None or path.startswith("/") else self.read(path)

    def _full(self, path: str) -> str:
        """No Path for each of many files."""
        return path if path.startswith("/") else self._start + path

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.files)

    @cached_property
    def _all_listed(self) -> frozenset[str]:
        return frozenset(self.listed) | self.known

    @property
    def all_files(self) -> tuple[str, ...]:
        """All that git lists, sorted, whatever it describes."""
        return self.listed or self.files

    def is_listed(self, path: str) -> bool:
        """Whether git lists the file, whatever it describes and whatever folder hides it."""
        return path in self._all_listed

    def named(self, *names: str) -> tuple[str, ...]:
        """Listed files with one of these names, wherever they lie."""
        return tuple(path for path in self.files if path.rpartition("/")[2] in names)

    def under(self, folder: str) -> tuple[str, ...]:
        return files_under(self.files, folder)

    def has_folder(self, folder: str) -> bool:
        return folder == "." or bool(self.under(folder))

    def content(self, path: str) -> bytes:
        """Listed or not. Raises OSError."""
        self.reading.files.setdefault(path, None)
        return self._read(path)

    def text(self, path: str) -> str:
        """As tools read it, without a byte order mark. Raises OSError, UnicodeDecodeError."""
        return self.content(path).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")

    def loose_text(self, path: str) -> str:
        """With line ends as they are, and a mark for each byte that is not UTF-8. Raises OSError."""
        return self.content(path).decode("utf-8", "replace")

    def text_or_empty(self, path: str) -> str:
        """`loose_text`; what cannot be read says nothing."""
        try:
            return self.loose_text(path)
        except OSError:
            return ""

    def outline(self, path: str, ecosystem: str, outline: Callable[[str], Outlined]) -> Outlined:
        """What `outline` makes of a source file, of which nothing else counts: `Ecosystem.outline` is the text of it. A
        file that cannot be read is an empty one."""
        try:
            found = outline(self._read(path).decode("utf-8", "replace"))
        except OSError:
            found = outline("")
        self.reading.files[path] = (ecosystem, str(found))
        return found

    def exists(self, path: str) -> bool:
        """Whether anything is there on disk, listed or not: a link that leads nowhere, too."""
        found = os.path.lexists(self._full(path))
        self.reading.there[path] = found
        return found

    def toml(self, path: str, kind: type[Document]) -> Document:
        """The document as `kind`: a TypedDict(total=False) with the keys that are read, or a Struct whose fields all
        have defaults. An empty one, and a problem for each value that is not as expected, where it is not of `kind`.
        `json` and `yaml` likewise."""
        import tomllib

        return self._parsed(path, tomllib.loads, "TOML", kind)

    def json(self, path: str, kind: type[Document]) -> Document:
        """Bytes that are not UTF-8 are replaced, as node and go do it."""
        return self._parsed(path, json.loads, "JSON", kind, read=lambda path: self.loose_text(path).removeprefix(MARK))

    def yaml(self, path: str, kind: type[Document]) -> Document:
        return self._parsed(path, parse_yaml, "YAML", kind)

    def yaml_lines(self, path: str, key: str) -> tuple[int, ...]:
        """The lines, from 1, at which the entries of a top-level list stand in a document that `yaml` accepted."""
        import yaml

        node = yaml.compose(self.text(path), core_loader())
        if not isinstance(node, yaml.MappingNode):
            return ()
        lists = [value for name, value in node.value if name.value == key and isinstance(value, yaml.SequenceNode)]
        return tuple(entry.start_mark.line + 1 for each in lists for entry in each.value)

    def _parsed(
        self,
        path: str,
        parse: Callable[[str], Any],
        form: str,
        kind: type[Document],
        read: Callable[[str], str] | None = None,
    ) -> Document:
        try:
            value = _readable(parse((read or self.text)(path)))
        except OSError as error:
            self.add_problem(path, sentence(path, error))
            return kind()
        except Exception as error:  # each parser has its own family; all become one problem that names the file
            self.add_problem(path, f"{path}: found text that is not {form} ({' '.join(str(error).split())})")
            return kind()
        if value is not None and not isinstance(value, dict):
            self.add_problem(path, f"{path}: found a {type(value).__name__} at the top, expected a {form} mapping")
            return kind()
        try:
            return convert(value or {}, kind, path)
        except DocumentInvalidError as error:
            for problem in error.problems:
                self.add_problem(path, problem)
            return kind()


def _readable(value: Any) -> Any:
    """Without keys that have no value, which are as good as none, and those that no type can name (`on:` is True)."""
    if isinstance(value, dict):
        return {key: _readable(each) for key, each in value.items() if isinstance(key, str) and each is not None}
    return [_readable(each) for each in value] if isinstance(value, list) else value


def folder_of(path: str) -> str:
    return path.rpartition("/")[0] or "."


def nearest(folder: str, candidates: frozenset[str] | set[str]) -> str | None:
    """The closest of `candidates` at or above `folder`."""
    above = [candidate for candidate in candidates if is_under(folder, candidate)]
    return max(above, key=lambda found: -1 if found == "." else len(found), default=None)
