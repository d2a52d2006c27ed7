"""What is left of a built image in its folder of outputs: its ref, its digest, and where it lies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.process.locks import write_atomically
from nox_rings.images import oci_layout

REF, DIGEST, LAYOUT = "ref", "digest", "layout"


def write_receipt(path: Path, detail: Mapping[str, str], layout: Path | None) -> None:
    """`layout` is a folder beside the receipt, None for an image that a Docker engine holds."""
    document = {**detail, **({LAYOUT: layout.name} if layout else {})}
    write_atomically(path, (json.dumps(document, indent=2) + "\n").encode())


def is_backed(path: Path) -> bool:
    """Whether the image of a receipt exists and is complete. Images inside an engine are assumed to exist."""
    try:
        document = json.loads(path.read_bytes())
        return LAYOUT not in document or oci_layout.is_whole(path.parent / document[LAYOUT], document[DIGEST])
    except (OSError, ValueError, KeyError):
        return False


def context_of_receipt(path: Path) -> str:
    """The image as a named context of a build that starts from it. Raises StepFailedError."""
    try:
        document = json.loads(path.read_bytes())
        if LAYOUT in document:
            return oci_layout.context_of(path.parent / document[LAYOUT], document[DIGEST])
        return f"docker-image://{document[REF]}"
    except (OSError, ValueError, KeyError) as error:
        raise StepFailedError(f"{path}: found no receipt of the image that this one starts from ({error})") from error
