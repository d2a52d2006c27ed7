"""What discovery passed over: apart from the model, because every plan names it and few need the model."""

from __future__ import annotations

from typing import NamedTuple


class PassedOver(NamedTuple):
    """What discovery looked at and made nothing of: the file or folder, why, and the line of configuration or the
    command that would change it."""

    path: str
    reason: str
    remedy: str = ""
