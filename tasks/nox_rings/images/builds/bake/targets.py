"""Builds of bake files (https://docs.docker.com/build/bake/reference/), JSON and HCL.

The variables of the shell are not read, so a variable has its default: what is planned is the same on every machine."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from nox_rings.images.builds.bake.hcl import Block, parse_hcl, template
from nox_rings.images.builds.bake.hcl_evaluation import evaluated
from nox_rings.images.builds.bake.hcl_templates import Entries, Expression, constant
from nox_rings.images.builds.bake.hcl_values import HclError, as_text
from nox_rings.images.builds.bake.references import CALLED_IN, Attributes, variables_of
from nox_rings.images.builds.compose.targets import ServiceTarget, find_services
from nox_rings.images.builds.compose.values import Place
from nox_rings.images.builds.model import (
    BUILD_PREFIX,
    Build,
    BuildUnreadableError,
    files_by_folder,
    folder_at,
    named_context,
    read_descriptor,
    remedy,
    tell_not_given,
)
from nox_rings.workspace.sources import Sources, folder_of

FILE = re.compile(r"(?:.+\.)?(?:docker-)?bake(?:[.\-_].+)?\.(?:hcl|json)")
# What `docker buildx bake` reads without -f, each over the one before.
# Where a compose project is beside them, its services are targets before theirs (buildx, bake/bake.go).
FIRST = ("docker-bake.json", "docker-bake.hcl", "docker-bake.override.json", "docker-bake.override.hcl")
MERGED = ("args", "contexts")
# What a build needs beside files and arguments, and does not get here.
NOT_GIVEN = ("secret", "ssh", "entitlements")
READ = ("context", "dockerfile", "dockerfile-inline", "target", "tags", "args", "contexts")


def find_bake_builds(sources: Sources) -> Iterator[Build]:
    for folder, paths in files_by_folder(sources, (".hcl", ".json"), FILE).items():
        by_name = {path.rpartition("/")[2]: path for path in paths}
        first = [by_name[name] for name in FIRST if name in by_name]
        for together in ([first] if first else []) + [[path] for path in paths if path not in first]:
            services = find_services(sources, folder) if together is first else {}
            yield from _Bake(sources, together, services).builds()


class _Layer(NamedTuple):
    """A block, with the variables it is read with: those of the files, and of its matrix."""

    attributes: Attributes
    variables: Mapping[str, Any]


class _Bake:
    """Files that are read as one, over the services of a compose project. `targets` are blocks of one name, each laid
    over the ones before; a block with a matrix is one of each name that comes of it, and of its own none."""

    def __init__(self, sources: Sources, paths: list[str], services: Mapping[str, ServiceTarget]) -> None:
        self._sources, self._path, self._folder = sources, paths[0], folder_of(paths[0])
        self._services = services
        written: dict[str, list[Attributes]] = {
            name: [{key: constant(value) for key, value in service.values.items()}]
            for name, service in services.items()
        }
        blocks = [(path, block) for path in paths for block in _blocks(sources, path) if block.labels]
        self._unread = {
            block.labels[0]: f"{path}: target.{block.labels[0]}: {block.problem}"
            for path, block in blocks
            if block.problem
        }
        self._variables = variables_of([block for _, block in blocks], written)
        self._targets = {name: [_Layer(each, self._variables) for each in one] for name, one in written.items()}
        self._named: dict[str, str] = {}  # target → the block that it comes of
        self._grouped: set[str] = set()
        for _, block in blocks:
            if block.kind == "target":
                written.setdefault(block.labels[0], []).append(block.attributes)
                self._add(block.labels[0], block.attributes)
            elif block.kind == "group":
                self._grouped.update(self._names([_Layer(block.attributes, self._variables)], "targets"))

    def _add(self, name: str, attributes: Attributes) -> None:
        try:
            for each, variables in self._expanded(name, attributes):
                self._targets.setdefault(each, []).append(_Layer(attributes, variables))
                self._named[each] = name
        except (HclError, BuildUnreadableError) as error:
            self._unread.setdefault(name, f"{self._path}: target.{name}: {error}")
            self._named[name] = name

    def builds(self) -> Iterator[Build]:
        inherited = {each for one in self._targets.values() for each in self._names(one, "inherits")}
        told = set[str]()
        for name, block in self._named.items():
            if block in self._unread:
                if block not in told:
                    self._sources.pass_over(self._path, self._unread[block], remedy(block, "dockerfile"))
                told.add(block)
                continue
            # What others are made from, and nothing by itself.
            if name.startswith("_") or (name in inherited and not self._is_grouped(name, block)):
                continue
            layers = self._targets[name]
            try:
                if build := self._build(name, layers):
                    self._tell_not_given(name, {key for one in layers for key in one.attributes})
                    yield build
            except (HclError, BuildUnreadableError) as error:
                reason = f"{self._path}: target.{name}: {error}"
                self._sources.pass_over(self._path, reason, remedy(name, "dockerfile"))

    def _is_grouped(self, name: str, block: str) -> bool:
        """Groups name targets, blocks with a matrix, and patterns of names."""
        return block in self._grouped or any(fnmatchcase(name, each) for each in self._grouped)

    def _tell_not_given(self, name: str, keys: Collection[str]) -> None:
        tell_not_given(self._sources, self._path, f"target.{name}", (key for key in NOT_GIVEN if key in keys))

    @staticmethod
    def _names(layers: Sequence[_Layer], key: str) -> list[str]:
        names: list[str] = []
        for attributes, variables in layers:
            try:
                found = evaluated(attributes[key], variables) if key in attributes else []
            except HclError:
                continue  # told with the target
            names += map(str, found if isinstance(found, list) else ())
        return names

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

    def _whole(self, layers: Sequence[_Layer], unknown: dict[str, str], within: tuple[str, ...]) -> dict[str, Any]:
        """The values, over those of what the target inherits. Into `unknown` come arguments that only bake knows."""
        found: dict[str, Any] = {}
        parents: list[Any] = []
        for attributes, variables in layers:
            more = evaluated(attributes["inherits"], variables) if "inherits" in attributes else None
            parents += more if isinstance(more, list) else ()
        for parent in map(str, parents):
            if parent in self._unread:
                raise BuildUnreadableError(f"it inherits {parent}, which is not read")
            if parent in self._targets and parent not in within:
                _lay_over(found, self._whole(self._targets[parent], unknown, (*within, parent)))
        for attributes, variables in layers:
            own: dict[str, Any] = {}
            for key in (each for each in READ if each in attributes):
                own[key] = self._value(key, attributes[key], variables, unknown)
            _lay_over(found, own)
        return found

    @staticmethod
    def _value(key: str, expression: Expression, variables: Mapping[str, Any], unknown: dict[str, str]) -> Any:
        """Tags that are not known are none: they decide about nothing that is built."""
        if key == "args" and isinstance(expression, Entries):
            known: dict[str, Any] = {}
            for name, entry in expression.entries:
                argument = as_text(evaluated(name, variables))
                try:
                    known[argument] = evaluated(entry, variables)
                    unknown.pop(argument, None)
                except HclError as error:
                    unknown[argument] = str(error)
            return known
        try:
            found = evaluated(expression, variables)
        except HclError:
            if key != "tags":
                raise
            return []
        if key != "tags":
            return found
        return [str(each) for each in found if each] if isinstance(found, list) else []

    def _build(self, name: str, layers: Sequence[_Layer]) -> Build | None:
        """None for a target that names no Dockerfile and has none where it would be."""
        unknown: dict[str, str] = {}
        values = self._whole(layers, unknown, ())
        if values.get("dockerfile-inline"):
            raise BuildUnreadableError("its Dockerfile stands in the bake file, expected a file")
        folder, context, dockerfile = self._place(values)
        if not {"context", "dockerfile"} & values.keys() and dockerfile not in self._sources.known:
            return None
        for argument, reason in unknown.items():
            told = f"{self._path}: target.{name}.args.{argument}: {reason}, so the argument is not given"
            self._sources.pass_over(self._path, told, f"{remedy(name, 'args')}.{argument}")
        contexts = {key: self._context(folder, value) for key, value in (values.get("contexts") or {}).items()}
        given = (values.get("args") or {}).items()
        args = {key: as_text(value) for key, value in given if key not in unknown}
        service = self._services.get(name)
        return Build(
            origin=f"{self._path}: target.{name}",
            key=f"{self._path}#{name}",
            name=name,
            dockerfile=dockerfile,
            context=context,
            stage=as_text(values.get("target")),
            args=tuple(sorted(args.items())),
            passed_args=tuple(each for each in service.passed_args if each not in args) if service else (),
            contexts=tuple(sorted(contexts.items())),
            tags=tuple(dict.fromkeys((*(values.get("tags") or ()), *(service.tags if service else ())))),
            replaces=service.key if service else "",
        )

    def _place(self, values: Mapping[str, Any]) -> tuple[str, str, str]:
        """The folder that paths are relative to, the context and the Dockerfile. bake goes by the folder it is called
        in: that of its file, or the root."""
        if isinstance(values.get("context"), Place):
            context = str(values["context"])
            return (
                self._folder,
                context,
                folder_at(context, as_text(values.get("dockerfile")) or "Dockerfile", "Dockerfile"),
            )
        found: list[tuple[str, str, str]] = []
        for folder in dict.fromkeys((self._folder, ".")):
            try:
                context = folder_at(folder, as_text(values.get("context")).removeprefix(CALLED_IN) or ".", "context")
                dockerfile = folder_at(context, as_text(values.get("dockerfile")) or "Dockerfile", "Dockerfile")
            except BuildUnreadableError:
                if folder == "." and not found:
                    raise
                continue
            found.append((folder, context, dockerfile))
        return next((each for each in found if each[2] in self._sources.known), found[0])

    def _context(self, folder: str, value: Any) -> str:
        text = as_text(value)
        if text.startswith("target:"):
            name = text.removeprefix("target:")
            of_compose = name in self._services and name not in self._named
            return BUILD_PREFIX + (self._services[name].key if of_compose else f"{self._path}#{name}")
        return text if isinstance(value, Place) else named_context(folder, text)


def _lay_over(values: dict[str, Any], more: Mapping[str, Any]) -> None:
    """As Target.Merge of buildx: arguments and contexts by their names, the rest in whole; null is nothing."""
    for key, value in more.items():
        if key in MERGED and not isinstance(value or {}, dict):
            raise BuildUnreadableError(f"its {key} are {value!r}, expected a mapping")
        if key in MERGED:
            given = {name: each for name, each in (value or {}).items() if each is not None}
            values[key] = {**values.get(key, {}), **given}
        elif value is not None:
            values[key] = value


def _blocks(sources: Sources, path: str) -> Iterable[Block]:
    """Nothing, which is told, where the text cannot be read."""
    text = (read_descriptor(sources, path) or "{}" * path.endswith(".json")).removeprefix("\ufeff")
    try:
        return parse_hcl(text) if path.endswith(".hcl") else _json_blocks(json.loads(text, parse_float=Decimal))
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
        return Entries(tuple((constant(key), _expression(each)) for key, each in value.items()))
    return lambda _: value
