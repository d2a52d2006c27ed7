"""The virtual environments that members are installed into, editable; side by side, one of each install root."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from nox_rings.engine.layout import OWN_FOLDER


def environment_of(install_root: str) -> str:
    """The folder of an install root's environment, relative to the workspace. Environments cannot be nested, so their
    names are made of whole paths."""
    return f"{OWN_FOLDER}/python/{'+root' if install_root == '.' else install_root.replace('/', '+')}"


def packages_of(environment: str) -> str:
    """The folder of its packages, as a pattern: one for each version of Python."""
    return f"{environment}/lib/python*/site-packages"


def installed_file(install_root: str, member: str) -> str:
    """What is installed for a member, a line for each distribution: written when its environment is made, read as its
    input, so that a member runs again when what it is tested with changed."""
    return f"{environment_of(install_root)}/installed/{'+root' if member == '.' else member.replace('/', '+')}.txt"


def source_path(environment: Path, distribution: str) -> Path | None:
    """The folder a distribution is installed from, editable or as a copy, by its direct_url.json (PEP 610): uv writes
    one for each package from a path. None for one that came from an index. Raises LookupError where it is not
    installed."""
    from packaging.utils import canonicalize_name  # 15 ms, and only a running member asks

    wanted = canonicalize_name(distribution)
    for metadata in environment.glob("lib/python*/site-packages/*.dist-info"):
        if canonicalize_name(metadata.name.removesuffix(".dist-info").rpartition("-")[0]) == wanted:
            record = metadata / "direct_url.json"
            document = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
            return Path(unquote(urlsplit(document["url"]).path)) if "dir_info" in document else None
    raise LookupError(distribution)


def damaged(environment: Path) -> Iterator[str]:
    """Names of distributions of which a file is not there that their record lists
    (https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file): uv looks
    for the record alone. What an interpreter writes again is not missed."""
    for metadata in environment.glob("lib/python*/site-packages/*.dist-info"):
        record = metadata / "RECORD"
        lines = record.read_text(encoding="utf-8", errors="replace").splitlines() if record.is_file() else []
        paths = (next(csv.reader([line]), [""])[0] for line in lines if line)
        if any(not os.path.lexists(metadata.parent / path) for path in paths if not path.endswith(".pyc")):
            yield metadata.name.removesuffix(".dist-info").rpartition("-")[0]


def distributions(environment: Path) -> Iterator[str]:
    """A line for each: name, version and the address of what came from none of the indexes."""
    for metadata in environment.glob("lib/python*/site-packages/*.dist-info"):
        name, _, version = metadata.name.removesuffix(".dist-info").rpartition("-")
        record = metadata / "direct_url.json"
        yield f"{name}=={version} {record.read_text(encoding='utf-8') if record.is_file() else ''}".rstrip()
