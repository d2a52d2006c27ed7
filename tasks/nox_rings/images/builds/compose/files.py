"""What compose files say together (compose-go, loader): each with the files it includes, the services it extends, the
variables of its project, and the tags that drop what files before it say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nox_rings.engine.paths import joined
from nox_rings.images.builds.compose.interpolation import parse_env_file
from nox_rings.images.builds.compose.merging import inside, laid_over, without_marks
from nox_rings.images.builds.compose.services import Service, canonical, listed, placed, text_of, with_values
from nox_rings.images.builds.compose.values import Override, parse_documents
from nox_rings.images.builds.model import BuildUnreadableError, read_descriptor
from nox_rings.workspace.sources import Sources, folder_of

FILE = re.compile(r"(?:.+[.\-_])?(?:docker-)?compose(?:[.\-_].+)?\.ya?ml")
NO_FILE = "/dev/null"  # the env_file of an include that has none


class Scope(NamedTuple):
    """A project, or a part of one that is included: its folder, and the variables of its files."""

    folder: str
    variables: Mapping[str, str]


def scope_of(sources: Sources, folder: str, outer: Mapping[str, str] | None = None) -> Scope:
    """With the `.env` of the folder; `outer` are variables that win over it."""
    return Scope(folder, _variables(sources, [joined(folder, ".env")], outer or {}))


def _variables(sources: Sources, paths: Sequence[str], outer: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in paths:
        if sources.is_listed(path):
            found |= parse_env_file(read_descriptor(sources, path) or "", {**found, **outer})
    return {**found, **outer}


class ComposeFiles:
    """`included` are files that another one includes, as far as layers were asked for."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.included: set[str] = set()

    def services(self, paths: Sequence[str], scope: Scope, including: tuple[str, ...] = ()) -> dict[str, Service]:
        """Of all the files, each laid over the ones before; contexts are relative to the workspace."""
        together: Any = {}
        for path in paths:
            together = laid_over(together, self.layer(path, scope, including))
        return whole(together, scope)

    def layer(self, path: str, scope: Scope, including: tuple[str, ...] = ()) -> Any:
        """The services of one file with what it includes and extends; its marks are for the files before it."""
        together: Any = {}
        for document in self._documents(path):
            services = self._own(document, scope)
            for included in self._included(path, document, scope, (*including, path)):
                services = laid_over(included, services)
            known = inside(services)
            if isinstance(known, dict):
                extended = {name: self._extended(path, name, known, scope, scope.folder, ()) for name in known}
                services = Override(extended) if isinstance(services, Override) else extended
            together = laid_over(together, services)
        return together

    @staticmethod
    def _own(document: Mapping[str, Any], scope: Scope) -> Any:
        services = document.get("services")
        known = inside(services)
        if not isinstance(known, dict):
            return {}
        found = {name: with_values(canonical(each), scope.variables) for name, each in known.items()}
        return Override(found) if isinstance(services, Override) else found

    def _included(
        self, path: str, document: Mapping[str, Any], scope: Scope, including: tuple[str, ...]
    ) -> Iterator[dict[str, Service]]:
        """A project of its own for each entry: https://docs.docker.com/reference/compose-file/include/."""
        for each in listed(inside(with_values(document.get("include"), scope.variables))):
            entry = each if isinstance(each, dict) else {"path": each}
            try:
                paths = [joined(scope.folder, text_of(one)) for one in listed(entry.get("path"))]
                folder = text_of(entry.get("project_directory"))
                named = [text_of(one) for one in listed(entry.get("env_file"))]
            except BuildUnreadableError as error:
                self._sources.pass_over(path, f"{path}: include: {error}")
                continue
            paths = [one for one in paths if one not in including and self._is_readable(path, one)]
            if not paths:
                continue
            self.included.update(paths)
            inner = joined(scope.folder, folder) if folder else folder_of(paths[0])
            yield self.services(paths, self._scope(path, inner, named, scope), including)

    def _scope(self, path: str, folder: str, named: Sequence[str], outer: Scope) -> Scope:
        if not named:
            return scope_of(self._sources, folder, outer.variables)
        files = [joined(outer.folder, each) for each in named if each != NO_FILE]
        for each in files:
            if not self._sources.is_listed(each):
                self._sources.pass_over(path, f"{path}: it names {each}, which git does not list", f"git add {each}")
        return Scope(folder, _variables(self._sources, files, outer.variables))

    def _extended(
        self,
        path: str,
        name: str,
        services: Mapping[str, Any],
        scope: Scope,
        folder: str,
        extending: tuple[tuple[str, str], ...],
    ) -> Any:
        """A service over the one it extends; files are named as seen from `folder`."""
        service = services[name]
        own = inside(service)
        extends = inside(own.get("extends")) if isinstance(own, dict) else None
        if not extends:
            return service
        wanted = extends if isinstance(extends, dict) else {"service": extends}
        try:
            other, file = text_of(wanted.get("service")), text_of(wanted.get("file"))
        except BuildUnreadableError as error:
            self._sources.pass_over(path, f"{path}: services.{name}.extends: {error}")
            return service
        there = joined(folder, file) if file else path
        if (there, other) in extending or (file and not self._is_readable(path, there)):
            return service
        known = self._extensible(there, scope) if file else services
        if not isinstance(inside(known.get(other)), dict):
            self._sources.pass_over(path, f"{path}: services.{name}.extends: found no service {other} in {there}")
            return service
        inner = folder_of(there) if file else folder
        parent = self._extended(there, other, known, scope, inner, (*extending, (there, other)))
        merged = laid_over(placed(parent, inner, whole=False) if file else without_marks(parent), own)
        merged = {key: value for key, value in merged.items() if key != "extends"}
        return Override(merged) if isinstance(service, Override) else merged

    def _extensible(self, path: str, scope: Scope) -> dict[str, Any]:
        """The services of a file that another one extends: what it includes does not count."""
        together: Any = {}
        for document in self._documents(path):
            together = laid_over(together, self._own(document, scope))
        found = inside(together)
        return {name: placed(each, folder_of(path), whole=False) for name, each in found.items()}

    def _documents(self, path: str) -> list[dict[str, Any]]:
        """The mappings at the top; none where the text cannot be read."""
        text = read_descriptor(self._sources, path)
        try:
            found = parse_documents(text.removeprefix("\ufeff")) if text else []
        except Exception as error:  # of several families
            problem = f"{path}: found text that is not YAML ({' '.join(str(error).split())})"
            self._sources.add_problem(path, problem)
            return []
        return [each for each in found if isinstance(each, dict)]

    def _is_readable(self, path: str, other: str) -> bool:
        """Whether what `path` names is there for everyone."""
        if self._sources.is_listed(other):
            return True
        self._sources.pass_over(path, f"{path}: it names {other}, which git does not list", f"git add {other}")
        return False


def whole(services: Any, scope: Scope) -> dict[str, Service]:
    """Without marks, with folders relative to the workspace."""
    found = inside(services)
    known = found if isinstance(found, dict) else {}
    every = {name: placed(each, scope.folder, whole=True) for name, each in known.items()}
    return {name: each for name, each in every.items() if isinstance(each, dict)}
