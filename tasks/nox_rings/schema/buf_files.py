"""The files of buf ≥ 1.75: workspaces of modules (https://buf.build/docs/configuration) and their templates."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypedDict

from nox_rings.engine.paths import at_or_above, files_under, is_under, joined
from nox_rings.schema.buf_templates import is_template, parsed_template
from nox_rings.schema.credentials.model import needed_remotes
from nox_rings.schema.plugin_files import own_program, plugin_files, words_of
from nox_rings.workspace.config import TemplateConfig
from nox_rings.workspace.schemas import BufWorkspace, StubTemplate
from nox_rings.workspace.sources import Sources, folder_of

VERSIONS = ("v1beta1", "v1", "v2")
NO_TEMPLATES: Mapping[str, TemplateConfig] = {}


class Lint(TypedDict, total=False):
    ignore: list[str]


class Module(TypedDict, total=False):
    path: str
    name: str
    lint: Lint
    includes: list[str]
    excludes: list[str]


class Build(TypedDict, total=False):
    """Of a buf.yaml before v2."""

    roots: list[str]
    excludes: list[str]


class BufYaml(TypedDict, total=False):
    """A buf.yaml, or a buf.work.yaml, which has `directories` alone. buf itself reports best what is wrong with the
    entries of `plugins`."""

    version: str
    name: str
    directories: list[str]
    modules: list[Module]
    build: Build
    deps: list[str]
    plugins: Any
    policies: Any


@dataclass(frozen=True, slots=True)
class Part:
    """A module: its folder, and what of it is read."""

    folder: str
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


def find_schemas(
    sources: Sources, services: Collection[str] = (), configured: Mapping[str, TemplateConfig] = NO_TEMPLATES
) -> tuple[tuple[BufWorkspace, ...], tuple[str, ...]]:
    """The Buf workspaces, and the templates that belong to none of them. `services` are folders that are built into
    images: what runs Buf there is foreign, unless nothing elsewhere does (395, "No per-service proto generation")."""
    tables = {folder_of(path): _table(sources, path) for path in sources.named("buf.yaml")}
    schemas = _without_listed(sources, tables)
    folders = {*services} - {"."}
    inside = {folder for folder in schemas if _nearest(folder, folders) is not None}
    if inside != schemas.keys():
        schemas = {folder: table for folder, table in schemas.items() if folder not in inside}
    owned: dict[str, list[StubTemplate]] = {folder: [] for folder in schemas}
    foreign: list[str] = []
    for path in sources.files:
        if is_template(path) and (template := parsed_template(sources, path, configured)):
            owner = _owner(sources, template, schemas, services)
            if owner is None and template.names_inputs and not template.inputs:
                sources.pass_over(path, "its inputs lie in no folder of this repository")
            elif owner is None:
                foreign.append(path)
            else:
                owned[owner].append(template)
    workspaces = [described(folder, schemas[folder], owned[folder], tables) for folder in sorted(schemas)]
    _tell_undescribed(sources, workspaces)
    complete = (_with_checkers(sources, schemas[each.folder], _with_links(sources, each)) for each in workspaces)
    return tuple(complete), tuple(foreign)


def _table(sources: Sources, path: str) -> BufYaml:
    table = sources.yaml(path, BufYaml)
    version = table.get("version", "")
    if version and version not in VERSIONS:
        sources.add_problem(path, f"{path}: version: found {version!r}, expected one of {', '.join(VERSIONS)}")
    return table


def _without_listed(sources: Sources, tables: Mapping[str, BufYaml]) -> dict[str, BufYaml]:
    """Folder → its buf.yaml or buf.work.yaml, without those that a buf.work.yaml lists as its modules."""
    works = {folder_of(path): _table(sources, path) for path in sources.named("buf.work.yaml")}
    listed = {part.folder for folder, table in works.items() for part in _parts(folder, table, tables)}
    for folder, table in works.items():
        path = joined(folder, "buf.work.yaml")
        for each in table.get("directories", ()):
            if not sources.has_folder(joined(folder, each)):
                sources.add_problem(path, f"{path}: found {each!r} in `directories`, expected a folder")
    return {folder: table for folder, table in tables.items() if folder not in listed} | works


def described(
    folder: str,
    table: Mapping[str, Any],
    templates: Sequence[StubTemplate] = (),
    tables: Mapping[str, Mapping[str, Any]] | None = None,
) -> BufWorkspace:
    """The workspace that a parsed buf.yaml or buf.work.yaml in `folder` describes. `tables` are the buf.yaml files of
    the modules of a buf.work.yaml, by folder."""
    parts = tuple(_parts(folder, table, tables or {}))
    modules = table.get("modules") or ()
    vendored = (each for each in modules if each.get("path") in ((each.get("lint") or {}).get("ignore") or ()))
    return BufWorkspace(
        folder=folder,
        modules=tuple(dict.fromkeys(part.folder for part in parts)),
        templates=tuple(templates),
        vendored=frozenset(joined(folder, str(each["path"])) for each in vendored),
        remotes=needed_remotes(table),
        includes=tuple(_includes(parts)),
        excludes=tuple(_excludes(parts)),
    )


def _parts(folder: str, table: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> Iterator[Part]:
    if directories := table.get("directories"):
        for each in directories:
            module = joined(folder, str(each))
            yield from _parts_before_v2(module, tables.get(module, {}))
        return
    modules = table.get("modules") or ()
    for each in modules:
        path = joined(folder, str(each.get("path", ".")))
        yield Part(path, _joined_all(folder, each.get("includes")), _joined_all(folder, each.get("excludes")))
    if not modules:
        yield from _parts_before_v2(folder, table)


def _parts_before_v2(folder: str, table: Mapping[str, Any]) -> Iterator[Part]:
    build = table.get("build") or {}
    excludes = _joined_all(folder, build.get("excludes"))
    for root in build.get("roots") or (".",):
        yield Part(joined(folder, str(root)), (), excludes)


def _joined_all(folder: str, paths: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(joined(folder, str(each)) for each in paths or ())


def _includes(parts: Sequence[Part]) -> Iterator[str]:
    """Those of modules of which another entry does not read all."""
    whole = {part.folder for part in parts if not part.includes}
    for part in parts:
        if part.folder not in whole:
            yield from part.includes


def _excludes(parts: Sequence[Part]) -> Iterator[str]:
    """Those that no other module reads."""
    for part in parts:
        for excluded in part.excludes:
            others = (other for other in parts if other is not part and excluded not in other.excludes)
            reading = (each for other in others for each in (other.includes or (other.folder,)))
            if not any(is_under(each, excluded) or is_under(excluded, each) for each in reading):
                yield excluded


def _owner(sources: Sources, template: StubTemplate, schemas: Collection[str], services: Collection[str]) -> str | None:
    """The schema a template generates: the nearest at or above it, or the only one below, or that of its inputs."""
    path = template.file
    folder = folder_of(path)
    if found := _nearest(folder, schemas):
        strange = any(each in services and not is_under(found, each) for each in at_or_above(folder))
        return None if strange else found
    named = [each for given in template.inputs for each in _touching(given, schemas)]
    below = named or [each for each in schemas if is_under(each, folder)]
    if len(below) > 1 and not named:
        sources.add_problem(path, f"{path}: found {len(below)} Buf workspaces it could generate, expected one buf.yaml")
    return below[0] if len(below) == 1 or named else None


def _nearest(path: str, folders: Collection[str]) -> str | None:
    """`folders` are looked up, not looked through."""
    return next((each for each in at_or_above(path) if each in folders), None)


def _touching(path: str, schemas: Collection[str]) -> list[str]:
    above = _nearest(path, schemas)
    return [above] if above is not None else sorted(each for each in schemas if is_under(each, path))


def _with_links(sources: Sources, schema: BufWorkspace) -> BufWorkspace:
    """buf follows symbolic links, and reads the files of git submodules; git lists neither."""
    links, linked, submodules = list[str](), list[str](), list[str]()
    listed = sources.all_files
    for path in dict.fromkeys(path for folder in schema.sources for path in files_under(listed, folder)):
        full = sources.root / path
        if os.path.islink(full):  # noqa: PTH114 - pathlib raises where a folder is closed
            if path.endswith(".proto") or os.path.isdir(full):  # noqa: PTH112
                links.append(path)
                linked += _target(sources, full, path)
        elif not path.endswith(".proto") and "." not in posixpath.basename(path) and os.path.isdir(full):  # noqa: PTH112
            submodules.append(path)
    return replace(schema, links=tuple(links), linked=tuple(linked), submodules=tuple(submodules))


def _with_checkers(sources: Sources, table: BufYaml, schema: BufWorkspace) -> BufWorkspace:
    """What lies in the repository of its plugins (https://buf.build/docs/cli/buf-plugins/overview) and policies."""
    found = list[str]()
    for entry in _entries(table.get("plugins")):
        words = words_of(entry.get("plugin"))
        found += [*plugin_files(sources, schema.folder, words), *own_program(schema.folder, words)]
    for entry in _entries(table.get("policies")):
        found += own_program(schema.folder, [f"./{entry.get('policy')}"])
    return replace(schema, checkers=tuple(dict.fromkeys(found)))


def _entries(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in (value if isinstance(value, list) else ()) if isinstance(each, dict))


def _target(sources: Sources, link: Path, path: str) -> Iterator[str]:
    target = Path(os.path.realpath(link))  # which a loop does not stop
    if target.is_relative_to(sources.root.resolve()):
        yield target.relative_to(sources.root.resolve()).as_posix()
    else:
        sources.pass_over(path, "it leads out of the repository: edits there are not seen")


def _tell_undescribed(sources: Sources, schemas: Sequence[BufWorkspace]) -> None:
    described_folders = {folder for each in schemas for folder in each.modules}
    alone = [
        path
        for path in sources.files
        if path.endswith(".proto") and _nearest(folder_of(path), described_folders) is None
    ]
    if alone:
        common = posixpath.commonpath([folder_of(path) for path in alone]) or "."
        count = f"{len(alone)} .proto files" if len(alone) > 1 else "a .proto file"
        remedy = "buf config init" if common == "." else f"cd {common} && buf config init"
        sources.pass_over(common, f"{count} without a buf.yaml", remedy)
