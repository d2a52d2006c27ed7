"""The JSON Schema of pyproject.toml as far as it is ours, for editors: `python -m nox_rings.workspace.config_schema`.

Of the whole file and not of the table alone, because an editor takes one schema for a file (docs/configuration.md)."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from nox_rings.workspace.config import Config


def config_schema() -> dict[str, Any]:
    """`$defs.Config` describes `[tool.nox-rings]`; what else is in the file is left to others."""
    _, definitions = msgspec.json.schema_components([Config], ref_template="#/$defs/{name}")
    table = {"type": "object", "properties": {"nox-rings": {"$ref": "#/$defs/Config"}}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pyproject.toml with [tool.nox-rings]",
        "type": "object",
        "properties": {"tool": table},
        "$defs": definitions,
    }


def render_schema() -> str:
    return json.dumps(config_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(render_schema(), end="")
