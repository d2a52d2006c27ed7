"""JSON with comments and trailing commas: tsconfig.json and bun.lock."""

from __future__ import annotations

import json
import re
from typing import Any

STRING = r'"(?:\\.|[^"\\])*"'
COMMENT = re.compile(rf"({STRING})|//[^\n]*|/\*.*?\*/", re.DOTALL)
COMMA = re.compile(rf"({STRING})|,(?=\s*[\]}}])", re.DOTALL)


def parse_jsonc(text: str) -> Any:
    """Raises ValueError."""
    plain = COMMENT.sub(lambda found: found[1] or "", text.removeprefix("\ufeff"))
    try:
        return json.loads(COMMA.sub(lambda found: found[1] or "", plain))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
