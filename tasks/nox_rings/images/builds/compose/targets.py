"""Services of a compose project as `docker buildx bake` has them before its own files (buildx, bake/compose.go): all
files with a usual name, laid over each other, without overrides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from nox_rings.images.builds.compose.files import FILE, ComposeFiles, scope_of
from nox_rings.images.builds.compose.names import bake_files
from nox_rings.images.builds.compose.services import listed, text_of
from nox_rings.images.builds.compose.values import Mark
from nox_rings.images.builds.model import BuildUnreadableError
from nox_rings.workspace.sources import Sources, folder_of


class ServiceTarget(NamedTuple):
    """`key` is that of the build which compose makes of it, `values` are attributes of a bake target."""

    key: str
    values: Mapping[str, Any]
    passed_args: tuple[str, ...]
    tags: tuple[str, ...]


def find_services(sources: Sources, folder: str) -> dict[str, ServiceTarget]:
    """By the name of the target. What cannot be known of a service is told where compose is read."""
    names = [
        path for path in sources.under(folder) if folder_of(path) == folder and FILE.fullmatch(path.rpartition("/")[2])
    ]
    paths = bake_files(names)
    if not paths:
        return {}
    told = len(sources.passed_over)
    scope = scope_of(sources, folder)
    services = ComposeFiles(sources).services(paths, scope)
    del sources.passed_over[told:]
    found = {}
    for name, service in services.items():
        if isinstance(service.get("build"), dict):
            try:
                found[name.replace(".", "_")] = _target(f"{paths[0]}#{name}", service, scope.variables)
            except BuildUnreadableError:
                continue
    return found


def _target(key: str, service: Mapping[str, Any], variables: Mapping[str, str]) -> ServiceTarget:
    build = service["build"]
    given = {
        name: variables.get(name, value) if value is Mark.PASSED else value
        for name, value in (build.get("args") or {}).items()
    }
    contexts = {
        name: f"target:{value.removeprefix('service:')}" if str(value).startswith("service:") else value
        for name, value in (build.get("additional_contexts") or {}).items()
    }
    texts = {
        "dockerfile": text_of(build.get("dockerfile")),
        "dockerfile-inline": text_of(build.get("dockerfile_inline")),
        "target": text_of(build.get("target")),
    }
    tags = [*listed(build.get("tags")), *listed(service.get("image"))]
    text_of(build["context"])
    values = {
        "context": build["context"],
        **{name: value for name, value in texts.items() if value},
        "args": {name: text_of(value) for name, value in given.items() if isinstance(value, (str, bool))},
        "contexts": {name: value for name, value in contexts.items() if isinstance(value, str)},
    }
    passed = tuple(sorted(name for name, value in given.items() if value is Mark.PASSED))
    return ServiceTarget(key, values, passed, tuple(each for each in tags if isinstance(each, str)))
