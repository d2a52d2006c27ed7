"""The environment a child gets, and where its program is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.plan.variables import reaching_variables

# What our own launcher and nox put into the environment and what would mislead a child: the virtual environment of
# nox itself, and settings of the uv that installed it.
NOT_INHERITED = ("VIRTUAL_ENV", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "NOX_SCRIPT_MODE")
# No proxy reaches this machine's loopback, and none should see what a throw-away registry is sent.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
TEMPORARY = ("TMPDIR", "TEMP", "TMP")


def overlaid_environment(
    overlay: Mapping[str, str | None],
    not_inherited: Collection[str] = (),
    inherited: Collection[str] | None = None,
) -> dict[str, str]:
    """Our environment without NOT_INHERITED and `not_inherited`, and with `overlay`, in which None removes. `inherited`
    are patterns of the variables that are left (plan/variables.py); None: all of them."""
    dropped = dict.fromkeys((*NOT_INHERITED, *not_inherited))
    names = os.environ if inherited is None else reaching_variables(inherited, os.environ)
    ours = {name: os.environ[name] for name in names}
    merged: dict[str, str | None] = {**ours, **dropped, **_without_missing_folders(), **overlay}
    return _without_proxy_on_loopback({name: value for name, value in merged.items() if value is not None})


def _without_missing_folders() -> dict[str, None]:
    """Folders for temporary files that are not there: Python passes over them, most other programs fail."""
    return {
        name: None for name in TEMPORARY if (path := os.environ.get(name)) and not os.access(path, os.W_OK | os.X_OK)
    }


def _without_proxy_on_loopback(environment: dict[str, str]) -> dict[str, str]:
    """Where there is a proxy: with loopback in NO_PROXY. Programs differ in whether they read capital letters."""
    if any(environment.get(name) or environment.get(name.lower()) for name in PROXIES):
        return environment | dict.fromkeys(("NO_PROXY", "no_proxy"), hosts_without_proxy(environment))
    return environment


def hosts_without_proxy(environment: Mapping[str, str]) -> str:
    """NO_PROXY with loopback in it."""
    known = [
        each.strip()
        for name in ("NO_PROXY", "no_proxy")
        for each in environment.get(name, "").split(",")
        if each.strip()
    ]
    return "*" if "*" in known else ",".join(dict.fromkeys((*known, *LOOPBACK)))


def find_program(name: str, environment: Mapping[str, str], cwd: Path) -> str:
    """The absolute path of `name`, looked up in the child's own PATH. Raises ToolUnavailableError."""
    if "/" in name:
        candidate = cwd / name
        if os.access(candidate, os.X_OK):
            return str(candidate)
    elif found := shutil.which(name, path=environment.get("PATH", os.defpath)):
        return found
    raise ToolUnavailableError(f"{name}: no such program", hint="nox -s doctor")
