"""A module that is the whole repository holds what nox-rings keeps in it, earlier states of the schema among that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.reading import file_text
from nox_rings.workspace.schemas import BufWorkspace
from nox_rings.workspace.yaml_core import parse_yaml


def config_without_own_folder(root: Path, schema: BufWorkspace) -> str:
    """The buf.yaml of such a schema with our folder excluded, as JSON; empty where buf does not see that folder."""
    if schema.folder != "." or "." not in (source for source in schema.sources):
        return ""
    import yaml

    try:
        document = parse_yaml(file_text(root / "buf.yaml")) or {}
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    return json.dumps(_excluding(document), default=str) if isinstance(document, dict) else ""


def _excluding(document: dict[str, Any]) -> dict[str, Any]:
    if document.get("version") != "v2":
        build = document.get("build") or {}
        return {**document, "build": {**build, "excludes": [*(build.get("excludes") or ()), OWN_FOLDER]}}
    modules = document.get("modules") or [{"path": "."}]
    return {**document, "modules": [_module_excluding(each) for each in modules]}


def _module_excluding(module: dict[str, Any]) -> dict[str, Any]:
    if module.get("path", ".") != "." or module.get("includes"):
        return module
    return {**module, "path": ".", "excludes": [*(module.get("excludes") or ()), OWN_FOLDER]}
