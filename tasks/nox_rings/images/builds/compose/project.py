"""Builds of compose files (https://docs.docker.com/reference/compose-file/build/)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from nox_rings.images.builds.compose.files import FILE, ComposeFiles, scope_of, whole
from nox_rings.images.builds.compose.merging import inside, laid_over
from nox_rings.images.builds.compose.names import FIRST, SUFFIX, base_files
from nox_rings.images.builds.compose.services import Service, listed, text_of
from nox_rings.images.builds.compose.values import Mark, Unread
from nox_rings.images.builds.model import (
    BUILD_PREFIX,
    Build,
    BuildUnreadableError,
    files_by_folder,
    folder_at,
    remedy,
    tell_not_given,
)
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.visible import PassedOver

# What a build needs beside files and arguments, and does not get here.
NOT_GIVEN = ("secrets", "ssh", "entitlements", "privileged")


def find_compose_builds(sources: Sources) -> Iterator[Build]:
    """Of the project in each folder, then of each further file laid over it. What another file includes is built as it
    says."""
    files = ComposeFiles(sources)
    folders = files_by_folder(sources, (".yml", ".yaml"), FILE)
    projects = [_Project(sources, files, folder, paths) for folder, paths in folders.items()]
    for project in projects:
        project.read()
    for project in projects:
        yield from project.builds()


class _Project:
    def __init__(self, sources: Sources, files: ComposeFiles, folder: str, paths: list[str]) -> None:
        self._sources, self._included = sources, files.included
        self._base, unread = base_files(paths)
        self._others = [path for path in paths if path not in (*self._base, *unread)]
        for path in unread:
            sources.pass_over(path, f"{path}: compose reads {self._base[-1]} instead of it", f"git rm {path}")
        self._scope = scope_of(sources, folder)
        self._told: dict[str, list[PassedOver]] = {}
        self._layer = cache(lambda path: files.layer(path, self._scope))

    def read(self) -> None:
        """What is told of a file is kept until it is known whether another one includes it."""
        told = self._sources.passed_over
        for path in (*self._base, *self._others):
            before = len(told)
            self._layer(path)
            self._told[path] = told[before:]
            del told[before:]

    def builds(self) -> Iterator[Build]:
        for path in (each for each in self._told if each not in self._included):
            self._sources.passed_over.extend(self._told[path])
        layers: Any = {}
        for path in self._base:
            layers = laid_over(layers, self._layer(path))
        base = whole(layers, self._scope)
        origin = self._base[0] if self._base else ""
        if origin not in self._included:
            yield from self._of(origin, base, base, base)
        for path in self._others:
            if path in self._included:
                continue
            layer = self._layer(path)
            alone = path.rpartition("/")[2] in FIRST  # a project of its own, which compose reads where it is named
            together = whole(layer if alone else laid_over(layers, layer), self._scope)
            named = [name for name in inside(layer) or () if name in together]
            yield from self._of(path, together, named, base)

    def _of(
        self, path: str, services: Mapping[str, Service], names: Collection[str], base: Mapping[str, Service]
    ) -> Iterator[Build]:
        for name in names:
            service = services[name]
            if not isinstance(service.get("build"), dict):
                continue
            asked = (key for key in NOT_GIVEN if service["build"].get(key))
            tell_not_given(self._sources, path, f"services.{name}.build", asked)
            owners = {other: path if other in names else self._base[0] for other in (*base, *names)}
            try:
                yield self._build(path, name, service, owners)
            except BuildUnreadableError as error:
                self._sources.pass_over(path, f"{path}: services.{name}.build: {error}", remedy(name, "dockerfile"))

    def _build(self, path: str, name: str, service: Service, owners: Mapping[str, str]) -> Build:
        """`owners` are services with the file whose builds they are among."""
        build = service["build"]
        if build.get("dockerfile_inline"):
            raise BuildUnreadableError("its Dockerfile stands in the compose file, expected a file")
        context = text_of(build["context"])
        dockerfile = folder_at(context, text_of(build.get("dockerfile")) or "Dockerfile", "Dockerfile")
        args, passed = self._arguments(path, name, build.get("args") or {})
        contexts = []
        for key, value in (build.get("additional_contexts") or {}).items():
            text = text_of(value)
            if text.startswith("service:"):
                other = text.removeprefix("service:")
                text = f"{BUILD_PREFIX}{owners.get(other, path)}#{other}"
            contexts.append((key, text))
        tags = [service.get("image"), *listed(build.get("tags"))]
        return Build(
            origin=f"{path}: services.{name}",
            key=f"{path}#{name}",
            name=name,
            dockerfile=dockerfile,
            context=context,
            stage=text_of(build.get("target")),
            args=tuple(sorted(args.items())),
            passed_args=tuple(sorted(passed)),
            contexts=tuple(sorted(contexts)),
            tags=tuple(tag for tag in tags if tag and isinstance(tag, str)),
            suffix="" if path in self._base else "-".join(SUFFIX.findall(path.rpartition("/")[2])),
        )

    def _arguments(self, path: str, name: str, given: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
        """The values, and the names whose values the environment has. One that needs a variable without a value is
        not given: the Dockerfile's own default holds."""
        args, passed, variables = {}, [], self._scope.variables
        for key, value in given.items():
            if value is Mark.PASSED and key not in variables:
                passed.append(key)
            elif isinstance(value, Unread) and value.variable:
                self._sources.pass_over(
                    path,
                    f"{path}: services.{name}.build.args.{key}: found no value of {value.variable} in a .env "
                    "that git lists, so the argument is not given",
                    remedy(name, "args"),
                )
            else:
                args[key] = variables[key] if value is Mark.PASSED else text_of(value)
        return args, passed
