"""What AmeideClient does by default, in all its languages: a copy of sdk/manifest/ameide-client.json."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def manifest() -> dict[str, Any]:
    """Read when the first client is made, not at import."""
    document: dict[str, Any] = json.loads(files("ameide_sdk").joinpath("ameide-client.json").read_bytes())
    return document
