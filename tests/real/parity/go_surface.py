"""A Go file that uses every name which the public surface of the SDK must have for a schema: exports.go prints what
stands behind them. Names follow protoc-gen-go as far as the lint rules of the schema let them vary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from descriptors import File, Message, Schema, Service
from sdks import go_package


def render_surface(schema: Schema) -> str:
    messages = [f"&{_qualified(schema, message)}{{}}" for message in schema.own_messages]
    wrappers = [f"{wrapper}{{}}" for message in schema.own_messages for wrapper in _oneof_wrappers(schema, message)]
    return "\n".join(
        (
            "package main",
            *_imports(schema),
            _slice("messages", "proto.Message", messages),
            _slice("enums", "protoreflect.Enum", _enum_values(schema)),
            _slice("_", "any", wrappers),
            _slice("services", "service", [_service(each) for each in schema.own_services]),
        )
    )


def _imports(schema: Schema) -> Iterator[str]:
    yield from (f'import "{path}"' for path in ("net/http", "google.golang.org/grpc"))
    yield from (f'import "google.golang.org/protobuf/{path}"' for path in ("proto", "reflect/protoreflect"))
    yield from sorted({f'import {_package(file.path)} "{go_package(file)}"' for file in schema.own_files})
    with_services = {schema.files[service.file] for service in schema.own_services}
    yield from sorted(f'import "{_connect_path(file)}"' for file in with_services)


def _slice(name: str, kind: str, values: Iterable[str]) -> str:
    lines = "".join(f"{value},\n" for value in values)
    return f"var {name} = []{kind}{{\n{lines}}}\n"


def _package(path: str) -> str:
    """`graphv1` for a file in …/graph/v1."""
    return "".join(PurePosixPath(path).parent.parts[-2:])


def _connect_path(file: File) -> str:
    return f"{go_package(file)}/{_package(file.path)}connect"


def _qualified(schema: Schema, message: Message) -> str:
    return f"{_package(message.file)}.{schema.within(message.name).replace('.', '_')}"


def _enum_values(schema: Schema) -> Iterator[str]:
    """A value is named after its enum, or after the message around that."""
    for enum in schema.own_enums:
        outer, _, name = schema.within(enum.name).replace(".", "_").rpartition("_")
        yield from (f"{_package(enum.file)}.{outer or name}_{value}" for value in enum.values)


def _oneof_wrappers(schema: Schema, message: Message) -> Iterator[str]:
    """One for each member; it gives way to a message of the same name inside of this one."""
    for field in message.fields:
        if field.oneof:
            name = "".join(word[:1].upper() + word[1:] for word in field.name.split("_"))
            taken = f"{message.name}.{name}" in {*schema.messages, *schema.enums}
            yield f"{_qualified(schema, message)}_{name}{'_' if taken else ''}"


def _service(service: Service) -> str:
    package, name = _package(service.file), service.name.rpartition(".")[2]
    methods = ", ".join(f"{package}.{name}_{method.name}_FullMethodName" for method in service.methods)
    procedures = ", ".join(f"{package}connect.{name}{method.name}Procedure" for method in service.methods)
    return f"""{{
	register: func(server grpc.ServiceRegistrar) {{
		var implementation {package}.{name}Server = struct{{ {package}.Unimplemented{name}Server }}{{}}
		{package}.Register{name}Server(server, implementation)
	}},
	methods: []string{{ {methods} }},
	client: {package}.{name}Client({package}.New{name}Client(nil)),
	connectName: {package}connect.{name}Name,
	procedures: []string{{ {procedures} }},
	connectClient: {package}connect.{name}Client({package}connect.New{name}Client(http.DefaultClient, "http://localhost")),
	handlerPath: pathOf({package}connect.New{name}Handler(
		{package}connect.{name}Handler(struct{{ {package}connect.Unimplemented{name}Handler }}{{}}),
	)),
}}"""
