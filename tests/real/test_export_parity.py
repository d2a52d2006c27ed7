"""What the compiler says the schema holds can be reached through the public names of each SDK: compared with the
descriptors that buf builds from the .proto files, not with generated code. In TypeScript and Python there is nothing
else; Go's compiler only tells what is missing."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from descriptors import File, Schema
from parity.go_surface import render_surface
from sdks import Sdks

HERE = Path(__file__).parent / "parity"
ROOT = "ameide_core_proto"

pytestmark = pytest.mark.usefixtures("checkout")  # which must be clean after each test


@pytest.fixture(scope="module")
def schema(sdks: Sdks) -> Schema:
    assert {service.name for service in sdks.schema.own_services} >= {f"{ROOT}.graph.v1.GraphService"}
    assert all(file.path.startswith(f"{ROOT}/") for file in sdks.schema.own_files)
    return sdks.schema


def test_typescript_exports_exactly_the_schema(sdks: Sdks, schema: Schema, tmp_path: Path) -> None:
    sdks.install_npm(tmp_path)
    shutil.copy(HERE / "exports.mjs", tmp_path)
    assert json.loads(sdks.run(("node", "exports.mjs"), cwd=tmp_path)) == dict(typescript_names(schema))


def typescript_names(schema: Schema) -> Iterator[tuple[str, object]]:
    """As protoc-gen-es names them: https://github.com/bufbuild/protobuf-es/blob/main/MANUAL.md."""
    for message in schema.own_messages:
        namespace, name = namespace_of(schema.files[message.file]), schema.within(message.name).replace(".", "_")
        yield f"{namespace}.{name}Schema", f"message {message.name}"
    for enum in schema.own_enums:
        namespace, name = namespace_of(schema.files[enum.file]), schema.within(enum.name).replace(".", "_")
        yield f"{namespace}.{name}Schema", f"enum {enum.name}"
        yield f"{namespace}.{name}", list(enum.values.values())
    for service in schema.own_services:
        namespace, name = namespace_of(schema.files[service.file]), service.name.rpartition(".")[2]
        yield f"{namespace}.{name}", {method.name: method.streams for method in service.methods}


def namespace_of(file: File) -> str:
    """`graphV1` for ameide_core_proto.graph.v1."""
    first, *others = re.split("[._]", file.package.removeprefix(f"{ROOT}."))
    return first + "".join(word.capitalize() for word in others)


def test_python_exports_exactly_the_schema_and_only_below_the_sdk(sdks: Sdks, schema: Schema, tmp_path: Path) -> None:
    out = sdks.run((str(sdks.python), str(HERE / "exports.py"), ROOT), cwd=tmp_path)
    assert json.loads(out) == {**dict(python_names(schema)), "top level": False}


def python_names(schema: Schema) -> Iterator[tuple[str, object]]:
    """As protoc and grpcio-tools name them."""
    for message in schema.own_messages:
        yield f"{module_of(message.file)}_pb2.{schema.within(message.name)}", message.name
    for enum in schema.own_enums:
        module, name = f"{module_of(enum.file)}_pb2", schema.within(enum.name)
        yield f"{module}.{name}", enum.values
        if "." not in name:
            yield from ((f"{module}.{value}", number) for value, number in enum.values.items())
    for service in schema.own_services:
        module, name = f"{module_of(service.file)}_pb2_grpc", service.name.rpartition(".")[2]
        methods = sorted(method.name for method in service.methods)
        yield from ((f"{module}.{name}{kind}", methods) for kind in ("", "Stub", "Servicer"))
        yield f"{module}.add_{name}Servicer_to_server", [service.name]


def module_of(path: str) -> str:
    return ".".join(PurePosixPath(path).with_suffix("").parts)


def test_go_exports_the_schema(sdks: Sdks, schema: Schema, tmp_path: Path) -> None:
    shutil.copy(HERE / "exports.go", tmp_path)
    (tmp_path / "surface.go").write_text(render_surface(schema), encoding="utf-8")
    exported: Mapping[str, Any] = json.loads(sdks.run((str(sdks.build_go(tmp_path)),), cwd=tmp_path))
    assert exported["messages"] == [message.name for message in schema.own_messages]
    assert exported["enums"] == {enum.name: enum.values for enum in schema.own_enums}
    assert exported["services"] == {
        service.name: {method.name: method.streams for method in service.methods} for service in schema.own_services
    }
