"""Builds of compose files (https://docs.docker.com/reference/compose-file/build/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from nox_rings.engine.paths import joined
from nox_rings.images.builds.interpolation import Interpolation, parse_env_file
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

FILE = re.compile(r"(?:.+[.\-_])?(?:docker-)?compose(?:[.\-_].+)?\.ya?ml")
# In the order of the docker command, which takes the first that is there.
FIRST = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
# What a build needs beside files and arguments, and does not get here.
NOT_GIVEN = ("secrets", "ssh", "entitlements", "privileged")
SUFFIX = re.compile(r"(?!(?:docker|compose|ya?ml)(?:[.\-_]|$))(?<![^.\-_])[^.\-_]+")
OVERRIDE = re.compile(r"(?:docker-)?compose\.override\.ya?ml")

Service = dict[str, Any]


def find_compose_builds(sources: Sources) -> Iterator[Build]:
    """Of the project in each folder, then of each further file laid over it."""
    for folder, paths in files_by_folder(sources, (".yml", ".yaml"), FILE).items():
        yield from _Project(sources, folder, paths).builds()


class _Project:
    def __init__(self, sources: Sources, folder: str, paths: list[str]) -> None:
        self._sources, self._folder = sources, folder
        names = {path.rpartition("/")[2]: path for path in paths}
        first = next((names[name] for name in FIRST if name in names), None)
        self._base = [first] if first else []
        self._base += [path for name, path in names.items() if OVERRIDE.fullmatch(name)]
        self._others = [path for path in paths if path not in self._base]
        environment = joined(folder, ".env")
        listed = environment in sources.known
        self._variables = parse_env_file(sources.loose_text(environment)) if listed else {}
        self._services = cache(self._load)

    def builds(self) -> Iterator[Build]:
        base: dict[str, Service] = {}
        for path in self._base:
            base = _laid_over(base, self._services(path))
        origin = self._base[0] if self._base else ""
        yield from self._of(origin, base)
        for path in self._others:
            services = self._services(path)
            merged = _laid_over({name: base[name] for name in services if name in base}, services)
            yield from self._of(path, merged)

    def _of(self, path: str, services: Mapping[str, Service]) -> Iterator[Build]:
        for name, service in services.items():
            if not isinstance(service.get("build"), dict):
                continue
            asked = (key for key in NOT_GIVEN if service["build"].get(key))
            tell_not_given(self._sources, path, f"services.{name}.build", asked)
            try:
                build = self._build(path, name, service)
            except BuildUnreadableError as error:
                self._sources.pass_over(path, f"{path}: services.{name}.build: {error}", remedy(name, "dockerfile"))
                continue
            yield build

    def _build(self, path: str, name: str, service: Service) -> Build:
        build = service["build"]
        if build.get("dockerfile_inline"):
            raise BuildUnreadableError("its Dockerfile stands in the compose file, expected a file")
        context = str(build.get("context") or self._folder)
        dockerfile = folder_at(context, self._required(build.get("dockerfile") or "Dockerfile"), "Dockerfile")
        args, passed = self._arguments(path, name, build.get("args") or {})
        contexts = []
        for key, value in (build.get("additional_contexts") or {}).items():
            text = self._required(value)
            if text.startswith("service:"):
                text = f"{BUILD_PREFIX}{path}#{text.removeprefix('service:')}"
            contexts.append((str(key), named_context(self._folder, text)))
        tags = [service.get("image"), *_listed(build.get("tags"))]
        return Build(
            origin=f"{path}: services.{name}",
            key=f"{path}#{name}",
            name=name,
            dockerfile=dockerfile,
            context=context,
            stage=self._required(build.get("target") or ""),
            args=tuple(sorted(args.items())),
            passed_args=tuple(sorted(passed)),
            contexts=tuple(sorted(contexts)),
            tags=tuple(tag for each in tags if each and (tag := self._known(each))),
            suffix="" if path in self._base else "-".join(SUFFIX.findall(path.rpartition("/")[2])),
        )

    def _arguments(self, path: str, name: str, given: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
        """The values, and the names whose values the environment has. One that needs a variable without a value is
        not given: the Dockerfile's own default holds."""
        args, passed = {}, []
        for key, value in given.items():
            interpolation = Interpolation(variables=self._variables)
            text = "" if value is None else interpolation.text(_scalar(value))
            if value is None and key not in self._variables:
                passed.append(key)
            elif interpolation.unset:
                self._sources.pass_over(
                    path,
                    f"{path}: services.{name}.build.args.{key}: found no value of {interpolation.unset[0]} in a .env "
                    "that git lists, so the argument is not given",
                    remedy(name, "args"),
                )
            else:
                args[key] = self._variables[key] if value is None else text
        return args, passed

    def _required(self, value: Any) -> str:
        interpolation = Interpolation(variables=self._variables)
        text = interpolation.text(_scalar(value))
        if interpolation.unset:
            unset = interpolation.unset[0]
            raise BuildUnreadableError(f"`{value}` needs the variable {unset}, expected it in a .env that git lists")
        return text

    def _known(self, value: Any) -> str:
        interpolation = Interpolation(variables=self._variables)
        try:
            text = interpolation.text(_scalar(value))
        except BuildUnreadableError:
            return ""
        return "" if interpolation.unset else text

    def _load(self, path: str, including: tuple[str, ...] = ()) -> dict[str, Service]:
        """The services of a file and of what it includes, with `build` as a mapping and its context relative to the
        workspace."""
        document = _document(self._sources, path)
        services: dict[str, Service] = {}
        for each in _listed(document.get("include")):
            for other in _listed(each.get("path") if isinstance(each, dict) else each):
                included = joined(folder_of(path), _scalar(other))
                if self._is_readable(path, included) and included not in (path, *including):
                    services = _laid_over(services, self._load(included, (*including, path)))
        own = document.get("services")
        raw = {str(name): each for name, each in own.items() if isinstance(each, dict)} if isinstance(own, dict) else {}
        for name in raw:
            services = _laid_over(services, {name: self._service(path, name, raw, ())})
        return services

    def _service(self, path: str, name: str, raw: Mapping[str, Service], extending: tuple[str, ...]) -> Service:
        service = dict(raw[name])
        if "build" in service:
            service["build"] = self._mapping(path, name, service["build"])
        extends = service.get("extends")
        if extends:
            wanted = extends if isinstance(extends, dict) else {"service": extends}
            other, file = str(wanted.get("service", "")), path
            if wanted.get("file"):
                file = joined(folder_of(path), _scalar(wanted["file"]))
            key = f"{file}#{other}"
            if key in extending or (file != path and not self._is_readable(path, file)):
                return service
            known = raw if file == path else _document(self._sources, file).get("services")
            if isinstance(known, dict) and isinstance(known.get(other), dict):
                parent = self._service(file, other, known, (*extending, key))
                service = _laid_over({name: parent}, {name: service})[name]
        return service

    def _is_readable(self, path: str, other: str) -> bool:
        """Whether what `path` names is there, and read again after an edit."""
        if other not in self._sources.known:
            self._sources.pass_over(path, f"{path}: it names {other}, which git does not list", f"git add {other}")
            return False
        if not FILE.fullmatch(other.rpartition("/")[2]):
            reason = f"{path}: it names {other}, expected a name such as compose.X.yaml"
            self._sources.pass_over(path, reason, f"git mv {other}")
            return False
        return True

    def _mapping(self, path: str, name: str, build: Any) -> Any:
        """None for a build that cannot be made anything of, which is passed over."""
        found = dict(build) if isinstance(build, dict) else {"context": build}
        for key in ("args", "additional_contexts"):
            if key in found:
                found[key] = _pairs(found[key])
        try:
            if "context" in found or not isinstance(build, dict):
                found["context"] = folder_at(folder_of(path), self._required(found["context"]), "context")
        except BuildUnreadableError as error:
            self._sources.pass_over(path, f"{path}: services.{name}.build: {error}", remedy(name, "dockerfile"))
            return None
        return found


def _laid_over(base: Mapping[str, Service], more: Mapping[str, Service]) -> dict[str, Service]:
    merged = dict(base)
    for name, service in more.items():
        before = merged.get(name, {})
        merged[name] = {**before, **service}
        if isinstance(before.get("build"), dict) and isinstance(service.get("build"), dict):
            builds = (before["build"], service["build"])
            whole = {**builds[0], **builds[1]}
            for key in ("args", "additional_contexts"):
                if any(each.get(key) for each in builds):
                    whole[key] = {**(builds[0].get(key) or {}), **(builds[1].get(key) or {})}
            merged[name]["build"] = whole
    return merged


def _pairs(value: Any) -> dict[str, Any]:
    """A mapping, or a list of `NAME=value` and `NAME`."""
    if isinstance(value, dict):
        return {str(key): each for key, each in value.items()}
    pairs = [str(each).partition("=") for each in _listed(value)]
    return {name: text if equals else None for name, equals, text in pairs}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _scalar(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _document(sources: Sources, path: str) -> dict[str, Any]:
    """The mapping at the top; empty where there is none. Tags such as `!reset` are as good as none."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader: Any = type("ComposeLoader", (base,), {})  # of its own, because constructors are kept by class

    def untagged(own: Any, _suffix: str, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return own.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return own.construct_sequence(node, deep=True)
        return own.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None

    loader.add_multi_constructor("!", untagged)
    try:
        found = yaml.load(sources.loose_text(path), loader)
    except Exception as error:  # of several families
        sources.add_problem(path, f"{path}: found text that is not YAML ({' '.join(str(error).split())})")
        return {}
    return found if isinstance(found, dict) else {}
