"""The schema as the compiler tells it: `buf build -o -#format=json`, and never the generated files it is compared with.

The document is a FileDescriptorSet in proto3 JSON (google/protobuf/descriptor.proto), files in the order of imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`kind` is a FieldDescriptorProto.Type, `of` the full name of its message or enum. `oneof` is empty outside of
    one, and for `optional`, which has a oneof only because the compiler makes one."""

    name: str
    number: int
    kind: str
    of: str
    repeated: bool
    optional: bool
    oneof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    name: str
    file: str
    fields: tuple[Field, ...]
    is_map_entry: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum:
    name: str
    file: str
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    name: str
    streams: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    name: str
    file: str
    methods: tuple[Method, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    path: str
    package: str
    is_import: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Everything by full name. What is `own` stands in the built module itself, without what it imports."""

    files: Mapping[str, File]
    messages: Mapping[str, Message]
    enums: Mapping[str, Enum]
    services: Mapping[str, Service]

    @property
    def own_files(self) -> tuple[File, ...]:
        return tuple(file for file in self.files.values() if not file.is_import)

    @property
    def own_messages(self) -> tuple[Message, ...]:
        """Without the entries of maps, which are no types to a user."""
        return tuple(each for each in self.messages.values() if self._is_own(each.file) and not each.is_map_entry)

    @property
    def own_enums(self) -> tuple[Enum, ...]:
        return tuple(each for each in self.enums.values() if self._is_own(each.file))

    @property
    def own_services(self) -> tuple[Service, ...]:
        return tuple(each for each in self.services.values() if self._is_own(each.file))

    def within(self, name: str) -> str:
        """The name of a message or enum inside its package: `AgentEvent.RunFinished`."""
        package = self.files[(self.messages.get(name) or self.enums[name]).file].package
        return name.removeprefix(f"{package}.")

    def _is_own(self, file: str) -> bool:
        return not self.files[file].is_import


def parse_schema(document: Mapping[str, Any]) -> Schema:
    files: dict[str, File] = {}
    messages: dict[str, Message] = {}
    enums: dict[str, Enum] = {}
    services: dict[str, Service] = {}
    for file in document["file"]:
        path, package = file["name"], file["package"]
        is_import = bool(file.get("bufExtension", {}).get("isImport"))
        files[path] = File(path=path, package=package, is_import=is_import)
        for scope, node in _scopes(package, file):
            messages |= {f"{scope}.{each['name']}": _message(scope, path, each) for each in _messages_of(node)}
            enums |= {f"{scope}.{each['name']}": _enum(scope, path, each) for each in node.get("enumType", ())}
        services |= {f"{package}.{each['name']}": _service(package, path, each) for each in file.get("service", ())}
    return Schema(files=files, messages=messages, enums=enums, services=services)


def _messages_of(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those of a file, or those inside of a message."""
    return [*node.get("messageType", ()), *node.get("nestedType", ())]


def _scopes(scope: str, node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A file and every message in it, each with the full name that prefixes what it holds."""
    yield scope, node
    for each in _messages_of(node):
        yield from _scopes(f"{scope}.{each['name']}", each)


def _message(scope: str, file: str, node: Mapping[str, Any]) -> Message:
    oneofs = [each["name"] for each in node.get("oneofDecl", ())]
    return Message(
        name=f"{scope}.{node['name']}",
        file=file,
        fields=tuple(_field(each, oneofs) for each in node.get("field", ())),
        is_map_entry=bool(node.get("options", {}).get("mapEntry")),
    )


def _field(node: Mapping[str, Any], oneofs: list[str]) -> Field:
    optional = bool(node.get("proto3Optional"))
    return Field(
        name=node["name"],
        number=node["number"],
        kind=node["type"],
        of=node.get("typeName", "").removeprefix("."),
        repeated=node["label"] == "LABEL_REPEATED",
        optional=optional,
        oneof=oneofs[node["oneofIndex"]] if "oneofIndex" in node and not optional else "",
    )


def _enum(scope: str, file: str, node: Mapping[str, Any]) -> Enum:
    values = {each["name"]: each["number"] for each in node["value"]}
    return Enum(name=f"{scope}.{node['name']}", file=file, values=values)


def _service(package: str, file: str, node: Mapping[str, Any]) -> Service:
    methods = tuple(
        Method(name=each["name"], streams=bool(each.get("clientStreaming") or each.get("serverStreaming")))
        for each in node.get("method", ())
    )
    return Service(name=f"{package}.{node['name']}", file=file, methods=methods)
