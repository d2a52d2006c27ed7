"""A Go module that uses a packed one, and the output of `go list` and `go mod` for both."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nox_rings.ecosystems.consumer import Diagnostic

MODULE = "consumer"
PROGRAM = "every_package.go"
# `FILE:LINE:COLUMN: MESSAGE`, the form of the compiler, of vet and of import errors (go.dev/cmd/compile).
POSITION = re.compile(r"^(?:vet: )?(?P<file>[^\s:][^:\n]*\.go):(?P<line>\d+)(?::\d+)?:? ?(?P<message>.*)$")


def parse_documents(text: str) -> Iterator[dict[str, Any]]:
    """The JSON documents that `go list -json` writes one after the other. Raises ValueError."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text.rstrip()):
        document, at = decoder.raw_decode(text, at + len(text[at:]) - len(text[at:].lstrip()))
        yield document


def public_packages(listed: Sequence[Mapping[str, Any]], module: str) -> tuple[str, ...]:
    """Import paths of a module's packages that programs outside of it may import."""
    return tuple(
        each["ImportPath"]
        for each in listed
        if each.get("Module", {}).get("Path") == module
        and each.get("Name") not in (None, "main")
        and "internal" not in each["ImportPath"].split("/")
    )


def render_program(packages: Sequence[str]) -> str:
    """One import a line, so that the line of an error identifies the import."""
    return "\n".join([f"package {MODULE}", "", "import (", *(f'\t_ "{each}"' for each in packages), ")", ""])


def list_diagnostics(listed: Sequence[Mapping[str, Any]]) -> Iterator[Diagnostic]:
    """The errors that `go list -e` found, one each."""
    for each in listed:
        if error := each.get("Error"):
            position = error.get("Pos", "").split(":")
            if len(position) > 1:
                yield Diagnostic(file=position[0], line=int(position[1]), message=error["Err"])
            else:
                yield from output_diagnostics(error["Err"])


def output_diagnostics(text: str) -> Iterator[Diagnostic]:
    """What the compiler or vet reported; a line without a position is a diagnostic of its own."""
    for line in text.splitlines():
        if found := POSITION.match(line.strip()):
            yield Diagnostic(file=found["file"].removeprefix("./"), line=int(found["line"]), message=found["message"])
        elif line.strip() and not line.startswith(("#", "\t")) and not line.startswith("go: downloading"):
            yield Diagnostic(file="", message=line.strip())


def foreign_siblings(manifest: Mapping[str, Any], packed: Mapping[str, str], absent: Sequence[str]) -> Iterator[str]:
    """Modules of the workspace that a go.mod (as `go mod edit -json` prints it) does not take from the packed set
    (module → version), each as `MODULE VERSION`."""
    for each in manifest.get("Require") or ():
        module, version = each["Path"], each["Version"]
        if module in absent or packed.get(module, version) != version:
            yield f"{module} {version}"
