"""Where a build backend finds a version that is `dynamic`
(https://packaging.python.org/en/latest/specifications/pyproject-toml/#dynamic)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# https://hatch.pypa.io/latest/version/#regex
HATCH = r"(?i)^(?:__version__|VERSION)(?: ?\: ?str)? *= *([\'\"])v?(?P<version>.+?)\1"
LITERAL = r"^{}(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*([\'\"])(?P<version>[^\'\"\n]*)\1"
VERSION_ATTRIBUTE = "__version__"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSource:
    """`files` are candidates beside the manifest, of which the first that is there has the version: where the group
    `version` of `pattern` matches, or as its whole content. `computed`: the backend also writes files by it, so that it
    has to compute it, from the variables that it reads instead of asking git."""

    files: tuple[str, ...] = ()
    pattern: str = ""
    computed: bool = False


NOWHERE = VersionSource()


def version_source(document: Mapping[str, Any]) -> VersionSource:
    """Of a pyproject.toml whose version is dynamic. What is not known here is nowhere: a version that is not dynamic
    any more is one that no backend looks for."""
    system = document.get("build-system", {})
    backend = str(system.get("build-backend", "setuptools.build_meta"))
    tool = document.get("tool", {})
    if backend == "hatchling.build":
        return _hatch(tool.get("hatch", {}).get("version", {}))
    if backend.startswith("setuptools."):
        requires = " ".join(map(str, system.get("requires", ()))).replace("-", "_")
        if "setuptools_scm" in tool or "setuptools_scm" in requires:
            return VersionSource(computed=True)
        return _setuptools(tool.get("setuptools", {}))
    if backend == "flit_core.buildapi":
        name = tool.get("flit", {}).get("module", {}).get("name") or document["project"]["name"].replace("-", "_")
        return VersionSource(files=_modules(name, ("src", ".")), pattern=LITERAL.format(VERSION_ATTRIBUTE))
    if backend == "pdm.backend":
        return _pdm(tool.get("pdm", {}).get("version", {}))
    return NOWHERE


def stamped_text(text: str, pattern: str, version: str) -> str:
    """The text with another version; unchanged where the pattern finds none."""
    if not pattern:
        return f"{version}\n"
    found = re.search(pattern, text, re.MULTILINE)
    if found is None or "version" not in found.groupdict() or found["version"] is None:
        return text
    return f"{text[: found.start('version')]}{version}{text[found.end('version') :]}"


def pretended(name: str, version: str) -> dict[str, str]:
    """Variables that plugins of backends obey instead of asking git."""
    shown = re.sub(r"[-_.]+", "_", name).upper()
    names = (
        "SETUPTOOLS_SCM_PRETEND_VERSION",
        f"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{shown}",
        "PDM_BUILD_SCM_VERSION",
        "UV_DYNAMIC_VERSIONING_BYPASS",
        "POETRY_DYNAMIC_VERSIONING_BYPASS",
    )
    return dict.fromkeys(names, version)


def _hatch(settings: Mapping[str, Any]) -> VersionSource:
    if settings.get("source", "regex") not in ("regex", "code") or not isinstance(settings.get("path"), str):
        return NOWHERE
    pattern = settings.get("pattern")
    if settings.get("source") == "code":
        pattern = LITERAL.format(re.escape(str(settings.get("expression", VERSION_ATTRIBUTE))))
    return VersionSource(files=(settings["path"],), pattern=pattern if isinstance(pattern, str) else HATCH)


def _setuptools(settings: Mapping[str, Any]) -> VersionSource:
    """https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata"""
    wanted = settings.get("dynamic", {}).get("version", {})
    if file := wanted.get("file"):
        return VersionSource(files=(file,) if isinstance(file, str) else tuple(file))
    module, _, attribute = str(wanted.get("attr", "")).rpartition(".")
    if not module:
        return NOWHERE
    roots = (str(settings.get("package-dir", {}).get("", "src")), "src", ".")
    return VersionSource(files=_modules(module, roots), pattern=LITERAL.format(re.escape(attribute)))


def _pdm(settings: Mapping[str, Any]) -> VersionSource:
    """https://backend.pdm-project.org/metadata/#dynamic-project-version"""
    if settings.get("source") == "file" and isinstance(settings.get("path"), str):
        return VersionSource(files=(settings["path"],), pattern=LITERAL.format(VERSION_ATTRIBUTE))
    return VersionSource(computed="write_to" in settings)


def _modules(name: str, roots: tuple[str, ...]) -> tuple[str, ...]:
    path = name.replace(".", "/")
    return tuple(f"{root}/{path}{end}" for root in dict.fromkeys(roots) for end in (".py", "/__init__.py"))
