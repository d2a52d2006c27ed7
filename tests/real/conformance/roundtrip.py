"""Reads messages with the Python SDK and writes them again. Runs in the environment where the SDK is installed.

A line in is {"type", "binary"} or {"type", "json"}, binary in base64; a line out {"binary", "json"}, or {"error"} and
what there is of the others. The Go and the TypeScript program beside this one do the same."""

import importlib
import json
import pkgutil
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from typing import Any

# Where this file is checked, neither the SDK is installed nor types of protobuf are.
from ameide_sdk import proto  # type: ignore[import-not-found]
from google.protobuf import json_format  # type: ignore[import-untyped]
from google.protobuf.message import DecodeError, Message  # type: ignore[import-untyped]


def main() -> None:
    modules = pkgutil.walk_packages(proto.__path__, f"{proto.__name__}.")
    public = [importlib.import_module(each.name) for each in modules if each.name.endswith("_pb2")]
    types = {each.DESCRIPTOR.full_name: each for module in public for each in message_types(vars(module))}
    for line in sys.stdin:
        print(json.dumps(round_trip(types, json.loads(line))))


def message_types(names: Mapping[str, Any]) -> Iterator[Any]:
    """Those of a module, and those inside of them."""
    for each in list(names.values()):
        if isinstance(each, type) and issubclass(each, Message):
            yield each
            yield from message_types(vars(each))


def round_trip(types: dict[str, Any], task: dict[str, str]) -> dict[str, str]:
    answer = {}
    try:
        message = types[task["type"]]()
        if "json" in task:
            json_format.Parse(task["json"], message)
        else:
            message.ParseFromString(b64decode(task["binary"]))
        answer["binary"] = b64encode(message.SerializeToString(deterministic=True)).decode()
        answer["json"] = json_format.MessageToJson(message)
    except (DecodeError, ValueError, json_format.Error) as error:
        answer["error"] = f"{type(error).__name__}: {error}"
    return answer


if __name__ == "__main__":
    main()
