"""What a Buf Schema Registry keeps, and what it refuses: modules, their commits and labels."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schema_registry_api import DIGEST_TYPE_B5, FILE_TYPE_PROTO
from schema_registry_content import b5_digest, is_relative, missing_imports

DEFAULT_LABEL = "main"
LONGEST_LABEL = 250


class RegistryError(Exception):
    """What the API answers instead: a code of Connect and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """`files` are path → content; `dependencies` the ids of all commits it needs, directly or not."""

    id: str
    module_id: str
    owner_id: str
    files: Mapping[str, bytes]
    dependencies: tuple[str, ...]
    digest: bytes
    source_control_url: str
    created_seconds: int


@dataclass(kw_only=True)
class Module:
    id: str
    owner: str
    owner_id: str
    name: str
    created_seconds: int
    commits: list[Commit] = field(default_factory=list)
    labels: dict[str, Commit] = field(default_factory=dict)


class Store:
    """Every module is public: a request without a token may read it."""

    def __init__(self) -> None:
        self.modules: dict[str, Module] = {}
        self.commits: dict[str, Commit] = {}

    def create(self, owner: str, name: str) -> Module:
        owners = {module.owner: module.owner_id for module in self.modules.values()}
        owner_id = owners.get(owner) or _new_id()
        module = Module(id=_new_id(), owner=owner, owner_id=owner_id, name=name, created_seconds=int(time.time()))
        self.modules[f"{owner}/{name}"] = module
        return module

    def call(self, method: str, message: dict[str, Any], owners: set[str] | None) -> dict[str, Any]:
        """One method of the API. `owners` are those the caller may push for, None without a token."""
        if method == "GetModules":
            return {"modules": [_shown_module(self._module(ref)) for ref in _some(message, "module_refs")]}
        if method == "GetCommits":
            return {"commits": [_shown_commit(self._commit(ref)) for ref in _some(message, "resource_refs")]}
        if method == "GetGraph":
            return {"graph": self._graph([self._commit(ref) for ref in _some(message, "resource_refs")])}
        if method == "Download":
            return {"contents": [self._content(value) for value in _some(message, "values")]}
        contents = _some(message, "contents")
        return {"commits": [_shown_commit(each) for each in self._upload(contents, message["dep_commit_ids"], owners)]}

    def _upload(
        self, contents: Sequence[dict[str, Any]], dependency_ids: Sequence[str], owners: set[str] | None
    ) -> list[Commit]:
        if owners is None:
            raise RegistryError("unauthenticated", "an upload needs a token")
        for content in contents:
            module = self._module(content.get("module_ref", {}))
            if module.owner not in owners:
                raise RegistryError("permission_denied", f"you may not write to {module.owner}/{module.name}")
        dependencies = [self._known(each) for each in dependency_ids]
        for content in contents:
            self._refuse_invalid(content, contents, dependencies)
        return [self._keep(content, dependencies) for content in contents]

    def _refuse_invalid(
        self, content: dict[str, Any], contents: Sequence[dict[str, Any]], dependencies: Sequence[Commit]
    ) -> None:
        files = _files(content)
        if not files:
            raise RegistryError("invalid_argument", "found no files, expected 1 or more")
        for path in files:
            if not is_relative(path):
                raise RegistryError("invalid_argument", f"{path}: found a path that is not relative")
        for label in _label_names(content):
            if not 1 <= len(label) <= LONGEST_LABEL:
                raise RegistryError("invalid_argument", f"found a label of {len(label)} characters")
        there = {path for each in contents for path in _files(each)} | {
            path for each in dependencies for path in each.files
        }
        for path, missing in missing_imports(files, there):
            raise RegistryError("invalid_argument", f"{path}: imported file {missing} does not exist")

    def _keep(self, content: dict[str, Any], dependencies: Sequence[Commit]) -> Commit:
        """The commit of this content, a new one only where there is none; the labels point to it from now on.

        The API lets a commit differ from another by its source control URL alone."""
        module, files = self._module(content["module_ref"]), _files(content)
        url = content.get("source_control_url", "")
        digest = b5_digest(files, [each.digest for each in dependencies])
        found = [each for each in module.commits if (each.digest, each.source_control_url) == (digest, url)]
        commit = found[0] if found else self._new_commit(module, files, dependencies, digest, url)
        for label in _label_names(content) or [DEFAULT_LABEL]:
            module.labels[label] = commit
        return commit

    def _new_commit(
        self, module: Module, files: Mapping[str, bytes], dependencies: Sequence[Commit], digest: bytes, url: str
    ) -> Commit:
        commit = Commit(
            id=_new_id(),
            module_id=module.id,
            owner_id=module.owner_id,
            files=files,
            dependencies=tuple(each.id for each in dependencies),
            digest=digest,
            source_control_url=url,
            created_seconds=int(time.time()),
        )
        module.commits.append(commit)
        self.commits[commit.id] = commit
        return commit

    def _module(self, ref: dict[str, Any]) -> Module:
        name = ref.get("name", {})
        wanted = f"{name.get('owner', '')}/{name.get('module', '')}"
        found = self.modules.get(wanted) or next(
            (each for each in self.modules.values() if each.id == ref.get("id")), None
        )
        if found is None:
            raise RegistryError("not_found", f"there is no module {ref.get('id', wanted)}")
        return found

    def _commit(self, ref: dict[str, Any]) -> Commit:
        """An id, or a module with a label (or an id instead); a module alone means its default label."""
        if "id" in ref:
            return self._known(ref["id"])
        name = ref.get("name", {})
        module = self._module({"name": name})
        wanted = name.get("ref") or name.get("label_name") or DEFAULT_LABEL
        found = self.commits.get(wanted) or module.labels.get(wanted)
        if found is None:
            raise RegistryError("not_found", f"there is no {module.owner}/{module.name}:{wanted}")
        return found

    def _known(self, commit_id: str) -> Commit:
        if commit_id not in self.commits:
            raise RegistryError("not_found", f"there is no commit {commit_id}")
        return self.commits[commit_id]

    def _graph(self, roots: Sequence[Commit]) -> dict[str, Any]:
        commits = {each.id: each for each in roots}
        commits |= {each: self._known(each) for root in roots for each in root.dependencies}
        edges = [
            {"from_node": {"commit_id": each.id}, "to_node": {"commit_id": dependency}}
            for each in commits.values()
            for dependency in each.dependencies
        ]
        return {"commits": [_shown_commit(each) for each in commits.values()], "edges": edges}

    def _content(self, value: dict[str, Any]) -> dict[str, Any]:
        commit = self._commit(value.get("resource_ref", {}))
        only_protos = value["file_types"] == [FILE_TYPE_PROTO]
        files = [
            {"path": path, "content": content}
            for path, content in commit.files.items()
            if path.endswith(".proto") or not only_protos
        ]
        return {"commit": _shown_commit(commit), "files": files}


def _files(content: dict[str, Any]) -> dict[str, bytes]:
    return {each.get("path", ""): each.get("content", b"") for each in content["files"]}


def _label_names(content: dict[str, Any]) -> list[str]:
    return [each.get("name", "") for each in content["scoped_label_refs"]]


def _some(message: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = message[key]
    if not found:
        raise RegistryError("invalid_argument", f"found no {key}, expected 1 or more")
    return found


def _new_id() -> str:
    """As the API wants it: a UUID without hyphens."""
    return uuid.uuid4().hex


def _shown_module(module: Module) -> dict[str, Any]:
    created = {"seconds": module.created_seconds}
    return {
        "id": module.id,
        "create_time": created,
        "update_time": created,
        "name": module.name,
        "owner_id": module.owner_id,
        "visibility": 1,
        "state": 1,
        "default_label_name": DEFAULT_LABEL,
    }


def _shown_commit(commit: Commit) -> dict[str, Any]:
    return {
        "id": commit.id,
        "create_time": {"seconds": commit.created_seconds},
        "owner_id": commit.owner_id,
        "module_id": commit.module_id,
        "digest": {"type": DIGEST_TYPE_B5, "value": commit.digest},
        "source_control_url": commit.source_control_url,
    }
