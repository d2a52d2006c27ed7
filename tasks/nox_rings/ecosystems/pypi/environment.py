"""The virtual environments that members are installed into, editable; side by side, one of each install root."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

from nox_rings.engine.layout import OWN_FOLDER


def environment_of(install_root: str) -> str:
    """The folder of an install root's environment, relative to the workspace. Environments cannot be nested, so their
    names are made of whole paths."""
    return f"{OWN_FOLDER}/python/{'+root' if install_root == '.' else install_root.replace('/', '+')}"


def editable_path(environment: Path, distribution: str) -> Path | None:
    """The folder a distribution is installed from, by its direct_url.json (PEP 610): uv writes one for each
    workspace member. None for one that came from an index, or is not there."""
    from packaging.utils import canonicalize_name  # 15 ms, and only a running member asks

    wanted = canonicalize_name(distribution)
    for record in environment.glob("lib/python*/site-packages/*.dist-info/direct_url.json"):
        name = record.parent.name.removesuffix(".dist-info").rpartition("-")[0]
        if canonicalize_name(name) == wanted:
            document = json.loads(record.read_text(encoding="utf-8"))
            if document.get("dir_info", {}).get("editable"):
                return Path(unquote(urlsplit(document["url"]).path))
    return None
