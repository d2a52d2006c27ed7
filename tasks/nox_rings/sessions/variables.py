"""The variables of this process that a target depends on, as facts, and those that its commands get."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.engine.plan.records import VARIABLE, digest_of
from nox_rings.engine.plan.variables import counted_variables
from nox_rings.engine.reading import file_bytes

if TYPE_CHECKING:
    from nox_rings.ecosystems.base import Ecosystem

# What every command gets with --strict-env, whatever its target names: where programs, folders and servers are, how
# text is shown, and what is ours. docs/freshness.md has the reasons.
ALWAYS_INHERITED = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "TERM", "COLUMNS", "LINES"),
    *("TMPDIR", "TMP", "TEMP", "XDG_*", "LANG", "LANGUAGE", "LC_*", "TZ", "TZDIR"),
    *("HTTP_PROXY*", "HTTPS_PROXY*", "FTP_PROXY*", "ALL_PROXY*", "NO_PROXY*"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"),
    *("NETRC", "SSH_AUTH_SOCK", "GIT_CONFIG_*", "NOX_RINGS_*"),
)


def patterns_of(environment: Sequence[str], ecosystems: Mapping[str, Ecosystem]) -> Iterator[str]:
    """Of a target's environment, with the sets that it names: `@npm` are the variables of members of the ecosystem,
    `@npm:install` those of its installations."""
    for entry in environment:
        if not entry.startswith("@"):
            yield entry
            continue
        name, _, part = entry[1:].partition(":")
        yield from ecosystems[name].install_variables if part else ecosystems[name].variables


def variable_facts(environment: Sequence[str], ecosystems: Mapping[str, Ecosystem], root: Path) -> Mapping[str, str]:
    """Name with VARIABLE before it → digest of its value, which may be a secret. A value that names files is one with
    their content."""
    found = counted_variables(patterns_of(environment, ecosystems), os.environ)
    return {f"{VARIABLE}{name}": _digest(os.environ[name], root, is_paths) for name, is_paths in found.items()}


def inherited_patterns(environment: Sequence[str], ecosystems: Mapping[str, Ecosystem]) -> tuple[str, ...]:
    """Of the variables that the commands of a target get with --strict-env."""
    return (*ALWAYS_INHERITED, *patterns_of(environment, ecosystems))


def _digest(value: str, root: Path, is_paths: bool) -> str:
    contents = (_content(root / path) for each in value.split(os.pathsep) for path in each.split()) if is_paths else ()
    return digest_of(value, *contents)[:8]


def _content(path: Path) -> str:
    try:
        return digest_of(file_bytes(path).hex())
    except OSError:
        return ""
