"""Builds of bake files (https://docs.docker.com/build/bake/reference/), JSON and HCL.

The variables of the shell are not read, so a variable has its default: what is planned is the same on every machine."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nox_rings.images.builds.bake.hcl import Block, Expression, evaluated, parse_hcl, template
from nox_rings.images.builds.bake.hcl_values import HclError, as_text
from nox_rings.images.builds.model import (
    BUILD_PREFIX,
    Build,
    BuildUnreadableError,
    files_by_folder,
    folder_at,
    named_context,
    remedy,
    tell_not_given,
)
from nox_rings.workspace.sources import Sources, folder_of

FILE = re.compile(r"(?:.+\.)?(?:docker-)?bake(?:[.\-_].+)?\.(?:hcl|json)")
# What `docker buildx bake` reads without -f, each over the one before.
FIRST = ("docker-bake.json", "docker-bake.hcl", "docker-bake.override.json", "docker-bake.override.hcl")
MERGED = ("args", "contexts")
# What a build needs beside files and arguments, and does not get here.
NOT_GIVEN = ("secret", "ssh", "entitlements")
READ = ("context", "dockerfile", "dockerfile-inline", "target", "tags", "args", "contexts")

Attributes = dict[str, Expression]


def find_bake_builds(sources: Sources) -> Iterator[Build]:
    for paths in files_by_folder(sources, (".hcl", ".json"), FILE).values():
        by_name = {path.rpartition("/")[2]: path for path in paths}
        first = [by_name[name] for name in FIRST if name in by_name]
        for together in ([first] if first else []) + [[path] for path in paths if path not in first]:
            yield from _Bake(sources, together).builds()


class _Bake:
    """Files that are read as one; `variables` are known where their defaults are."""

    def __init__(self, sources: Sources, paths: list[str]) -> None:
        self._sources, self._path, self._folder = sources, paths[0], folder_of(paths[0])
        self._targets: dict[str, Attributes] = {}
        self._grouped: set[str] = set()
        self._variables: dict[str, Any] = {}
        blocks = [block for path in paths for block in _blocks(sources, path)]
        for block in blocks:
            if block.kind == "variable" and block.labels:
                self._learn(block.labels[0], block.attributes.get("default"))
        for block in blocks:
            if block.kind == "target" and block.labels:
                known = self._targets.setdefault(block.labels[0], {})
                known.update(block.attributes)
            elif block.kind == "group" and "targets" in block.attributes:
                self._grouped.update(self._names(block.attributes["targets"]))

    def builds(self) -> Iterator[Build]:
        inherited = {each for one in self._targets.values() for each in self._names(one.get("inherits"))}
        for name, attributes in self._targets.items():
            # What others are made from, and nothing by itself.
            abstract = name.startswith("_") or (name in inherited and name not in self._grouped)
            try:
                for each, variables in self._expanded(name, attributes):
                    if not abstract and (build := self._build(each, attributes, variables)):
                        self._tell_not_given(each, attributes)
                        yield build
            except (HclError, BuildUnreadableError) as error:
                reason = f"{self._path}: target.{name}: {error}"
                self._sources.pass_over(self._path, reason, remedy(name, "dockerfile"))

    def _tell_not_given(self, name: str, attributes: Attributes) -> None:
        tell_not_given(self._sources, self._path, f"target.{name}", (key for key in NOT_GIVEN if key in attributes))

    def _learn(self, name: str, default: Expression | None) -> None:
        try:
            self._variables[name] = evaluated(default, self._variables) if default else ""
        except HclError:
            return  # told with each target that needs it

    def _names(self, expression: Expression | None) -> list[str]:
        try:
            found = evaluated(expression, self._variables) if expression else []
        except HclError:
            return []
        return [str(each) for each in found] if isinstance(found, list) else []

    def _expanded(self, name: str, attributes: Attributes) -> Iterator[tuple[str, dict[str, Any]]]:
        """A target with a matrix is one for each combination."""
        if "matrix" not in attributes:
            yield name, self._variables
            return
        axes = evaluated(attributes["matrix"], self._variables)
        if not isinstance(axes, dict) or not all(isinstance(each, list) for each in axes.values()):
            raise BuildUnreadableError(f"its matrix is {axes!r}, expected a mapping of lists")
        for values in itertools.product(*axes.values()):
            variables = {**self._variables, **dict(zip(axes, values, strict=True))}
            own = attributes.get("name")
            yield str(evaluated(own, variables)) if own else "-".join([name, *map(str, values)]), variables

    def _whole(self, attributes: Attributes, variables: Mapping[str, Any], within: tuple[str, ...]) -> dict[str, Any]:
        """The values, over those of what the target inherits."""
        found: dict[str, Any] = {}
        parents = evaluated(attributes["inherits"], variables) if "inherits" in attributes else []
        for parent in map(str, parents if isinstance(parents, list) else ()):
            if parent in self._targets and parent not in within:
                _lay_over(found, self._whole(self._targets[parent], variables, (*within, parent)))
        own: dict[str, Any] = {}
        for key in READ:
            if key in attributes:
                own[key] = self._tags(attributes, variables) if key == "tags" else evaluated(attributes[key], variables)
        _lay_over(found, own)
        return found

    @staticmethod
    def _tags(attributes: Attributes, variables: Mapping[str, Any]) -> list[str]:
        """Nothing where they need what is not known: they decide about nothing that is built."""
        try:
            found = evaluated(attributes["tags"], variables)
        except HclError:
            return []
        return [str(each) for each in found if each] if isinstance(found, list) else []

    def _build(self, name: str, attributes: Attributes, variables: Mapping[str, Any]) -> Build | None:
        """None for a target that names no Dockerfile and has none where it would be."""
        values = self._whole(attributes, variables, ())
        if values.get("dockerfile-inline"):
            raise BuildUnreadableError("its Dockerfile stands in the bake file, expected a file")
        folder, context, dockerfile = self._place(values)
        if not {"context", "dockerfile"} & values.keys() and dockerfile not in self._sources.known:
            return None
        contexts = {key: self._context(folder, as_text(value)) for key, value in (values.get("contexts") or {}).items()}
        args = {key: as_text(value) for key, value in (values.get("args") or {}).items() if value is not None}
        return Build(
            origin=f"{self._path}: target.{name}",
            key=f"{self._path}#{name}",
            name=name,
            dockerfile=dockerfile,
            context=context,
            stage=as_text(values.get("target")),
            args=tuple(sorted(args.items())),
            contexts=tuple(sorted(contexts.items())),
            tags=tuple(values.get("tags") or ()),
        )

    def _place(self, values: Mapping[str, Any]) -> tuple[str, str, str]:
        """The folder that paths are relative to, the context and the Dockerfile. bake goes by the folder it is called
        in: that of its file, or the root."""
        found = []
        for folder in dict.fromkeys((self._folder, ".")):
            try:
                context = folder_at(folder, as_text(values.get("context")) or ".", "context")
                dockerfile = folder_at(context, as_text(values.get("dockerfile")) or "Dockerfile", "Dockerfile")
            except BuildUnreadableError:
                if folder == ".":
                    raise
                continue
            found.append((folder, context, dockerfile))
        return next((each for each in found if each[2] in self._sources.known), found[0])

    def _context(self, folder: str, value: str) -> str:
        if value.startswith("target:"):
            return f"{BUILD_PREFIX}{self._path}#{value.removeprefix('target:')}"
        return named_context(folder, value)


def _lay_over(values: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if key in MERGED and not isinstance(value or {}, dict):
            raise BuildUnreadableError(f"its {key} are {value!r}, expected a mapping")
        values[key] = {**(values.get(key) or {}), **(value or {})} if key in MERGED else value


def _blocks(sources: Sources, path: str) -> Iterable[Block]:
    """Nothing, which is told, where the text cannot be read."""
    text = sources.loose_text(path).removeprefix("\ufeff")
    try:
        return parse_hcl(text) if path.endswith(".hcl") else _json_blocks(json.loads(text))
    except HclError as error:
        sources.pass_over(path, f"{path}: its targets are not read ({error})", remedy("NAME", "dockerfile"))
    except (ValueError, RecursionError) as error:
        sources.add_problem(path, f"{path}: found text that cannot be read ({error})")
    return ()


def _json_blocks(document: Any) -> list[Block]:
    found = []
    for kind in ("variable", "group", "target"):
        entries = document.get(kind) if isinstance(document, dict) else None
        for name, entry in (entries or {}).items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict):
                attributes = {key: _expression(value) for key, value in entry.items()}
                found.append(Block(kind=kind, labels=(name,), attributes=attributes))
    return found


def _expression(value: Any) -> Expression:
    """Texts in JSON are templates."""
    if isinstance(value, str):
        return template(value)
    if isinstance(value, list):
        items = [_expression(each) for each in value]
        return lambda variables: [each(variables) for each in items]
    if isinstance(value, dict):
        entries = {key: _expression(each) for key, each in value.items()}
        return lambda variables: {key: each(variables) for key, each in entries.items()}
    return lambda _: value
