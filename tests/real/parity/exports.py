"""Prints what the Python SDK offers below `ameide_sdk.proto.NAME`, as one JSON object: name → what it stands for, and
under "top level" whether NAME could be imported without the SDK's own prefix. Runs where the SDK is installed.

    python exports.py NAME"""

import importlib
import importlib.util
import json
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

# Where this file is checked, neither the SDK is installed nor types of protobuf and gRPC are.
import grpc  # type: ignore[import-untyped]
from google.protobuf.message import Message  # type: ignore[import-untyped]


class Registrar:
    """The part of grpc.Server that add_…Servicer_to_server uses."""

    def __init__(self) -> None:
        self.services: list[str] = []

    def add_generic_rpc_handlers(self, handlers: tuple[Any, ...]) -> None:
        self.services += [handler.service_name() for handler in handlers]

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        """The same once more."""


def main(name: str) -> None:
    root = importlib.import_module(f"ameide_sdk.proto.{name}")
    exported = dict(found for module in modules(root) for found in public(module))
    top_level = name in sys.modules or importlib.util.find_spec(name) is not None
    print(json.dumps({**exported, "top level": top_level}))


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not each.ispkg:
            yield importlib.import_module(each.name)


def public(module: ModuleType) -> Iterator[tuple[str, object]]:
    prefix = module.__name__.removeprefix("ameide_sdk.proto.")
    for name, value in vars(module).items():
        if not name.startswith("__") and name != "DESCRIPTOR":
            yield f"{prefix}.{name}", meaning(name, value, vars(module))
            yield from nested(f"{prefix}.{name}", value)


def nested(prefix: str, value: Any) -> Iterator[tuple[str, object]]:
    """The enums and messages inside of a message, without the entries of its maps."""
    if is_message(value):
        inside = value.DESCRIPTOR
        messages = [name for name, each in inside.nested_types_by_name.items() if not each.GetOptions().map_entry]
        for name in (*inside.enum_types_by_name, *messages):
            inner = getattr(value, name)
            yield f"{prefix}.{name}", meaning(name, inner, {})
            yield from nested(f"{prefix}.{name}", inner)


def is_message(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Message)


def meaning(name: str, value: Any, beside: Mapping[str, Any]) -> object:
    """The full name of a message, the values of an enum, the number of one, the methods that a class has, or the
    service that a function registers."""
    if is_message(value):
        return value.DESCRIPTOR.full_name
    if isinstance(value, int):
        return value
    if hasattr(value, "items"):
        return dict(value.items())
    if name.endswith("Stub"):
        return sorted(vars(value(grpc.insecure_channel("localhost:1"))))
    if isinstance(value, type):
        return sorted(method for method in vars(value) if not method.startswith("__"))
    registrar = Registrar()
    value(beside[name.removeprefix("add_").removesuffix("_to_server")](), registrar)
    return registrar.services


if __name__ == "__main__":
    main(sys.argv[1])
