"""YAML by the core schema of 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), as pnpm, buf and compose read it: `no`
is a text, and so is `12:30`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# First characters, tag and expression of plain scalars that are no text.
SCALARS = (
    ("tTfF", "bool", r"true|True|TRUE|false|False|FALSE"),
    ("-+0123456789", "int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    ("-+0123456789.", "float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)"),
    ("~nN", "null", r"~|null|Null|NULL"),
)
TAG = "tag:yaml.org,2002:"


def parse_yaml(text: str) -> Any:
    """The document of a text. Raises yaml.YAMLError, ValueError."""
    import yaml  # 15 ms, and only discovery needs it

    return yaml.load(text, core_loader())


@cache
def core_loader() -> Any:
    """A loader of PyYAML."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader: Any = type("CoreLoader", (base,), {"yaml_implicit_resolvers": {}})
    loader.yaml_implicit_resolvers = {
        first: kept
        for first, found in base.yaml_implicit_resolvers.items()
        if (kept := [each for each in found if each[0].removeprefix(TAG) in ("merge", "value")])
    }
    for first, name, expression in SCALARS:
        loader.add_implicit_resolver(f"{TAG}{name}", re.compile(rf"^(?:{expression})$"), list(first))
    loader.add_implicit_resolver(f"{TAG}null", re.compile(r"^$"), [""])
    loader.add_constructor(f"{TAG}int", lambda made, node: _integer(made.construct_scalar(node)))
    return loader


def _integer(text: str) -> int:
    for prefix, base in (("0o", 8), ("0x", 16)):
        if text.startswith(prefix):
            return int(text[2:], base)
    return int(text, 10)
