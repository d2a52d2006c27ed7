"""JSON documents, one a line, each with its checksum: `["CHECKSUM",DOCUMENT]`.

A line that was cut short, damaged, or written by something else is no document: its reader drops it."""

from __future__ import annotations

import json
import os
import stat
from hashlib import blake2b
from pathlib import Path
from typing import Any

CHECKSUM_BYTES = 8
HEAD_BYTES = len('["') + 2 * CHECKSUM_BYTES + len('",')


def render_line(document: Any) -> bytes:
    """ASCII only: file names that are not UTF-8 (lone surrogates in Python) come back as they were."""
    return _framed(json.dumps(document, separators=(",", ":")).encode("ascii")) + b"\n"


def parse_line(line: bytes) -> Any | None:
    """The document of a line without its line feed; None where it is not as `render_line` wrote it."""
    text = line[HEAD_BYTES:-1]
    if line != _framed(text):
        return None
    try:
        return json.loads(text.decode("ascii"))
    except (ValueError, RecursionError):
        return None


def load_line(path: Path) -> Any | None:
    """The document of a file of one line; None without such a file."""
    return parse_line(load_bytes(path).removesuffix(b"\n"))


def load_bytes(path: Path) -> bytes:
    """Nothing where there is no file that can be read. The hot path: a record a target is read with every answer."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a named pipe would wait for its writer
    except OSError:
        return b""
    try:
        found = os.fstat(handle)
        return os.read(handle, found.st_size) if stat.S_ISREG(found.st_mode) else b""
    except OSError:
        return b""
    finally:
        os.close(handle)


def _framed(text: bytes) -> bytes:
    checksum = blake2b(text, digest_size=CHECKSUM_BYTES).hexdigest().encode("ascii")
    return b'["' + checksum + b'",' + text + b"]"
