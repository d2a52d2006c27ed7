"""Where the import packages of a Python project lie, by the settings of its build backend. Paths are relative to the
manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from nox_rings.engine.paths import below, is_under

NEVER_PACKAGES = frozenset({"tests", "test"})


def source_roots(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Folders whose content is installed as it lies in them, the deepest first; the folder of the manifest is one too,
    and not among them."""
    cleaned = {each.strip("/").removeprefix("./") for each in _roots(document.get("tool", {}))}
    return tuple(sorted({"src", *cleaned} - {"", "."}, key=lambda each: (-each.count("/"), each)))


def installed_path(path: str, roots: Sequence[str]) -> str:
    """Of a file, from where a wheel's content begins."""
    return next((below(root, path) for root in roots if is_under(path, root)), path)


def import_packages(document: Mapping[str, Any], paths: Iterable[str]) -> tuple[str, ...]:
    """The import packages and modules among the files at `paths`. In a source root a folder of modules is one without
    an `__init__.py` too: a namespace (https://packaging.python.org/en/latest/guides/packaging-namespace-packages)."""
    roots, named = source_roots(document), frozenset(_modules(document))
    found = set[str]()
    for path in paths:
        inside = installed_path(path, roots)
        top, _, rest = inside.partition("/")
        if rest and (rest in ("__init__.py", "py.typed") or (inside != path and path.endswith((".py", ".pyi")))):
            found.add(top)
        elif not rest and (module := top.removesuffix(".py")) != top and (inside != path or module in named):
            found.add(module)
    return tuple(sorted(found - NEVER_PACKAGES))


def _roots(tool: Mapping[str, Any]) -> Iterator[str]:
    setuptools = tool.get("setuptools", {})
    yield from _texts([*setuptools.get("package-dir", {}).values()])
    if isinstance(packages := setuptools.get("packages"), dict):
        yield from _texts(packages.get("find", {}).get("where"))
    build = tool.get("hatch", {}).get("build", {})
    for table in (build, build.get("targets", {}).get("wheel", {})):
        yield from (each.strip("/").rpartition("/")[0] for each in _texts(table.get("packages")))
        yield from _texts(table.get("sources"))
    yield from _texts([tool.get("uv", {}).get("build-backend", {}).get("module-root")])
    yield from _texts([tool.get("pdm", {}).get("build", {}).get("package-dir")])
    yield from _texts([tool.get("maturin", {}).get("python-source")])
    yield from _texts([each.get("from") for each in _tables(tool.get("poetry", {}).get("packages"))])


def _modules(document: Mapping[str, Any]) -> Iterator[str]:
    """Names that a single module of a project may have."""
    tool = document.get("tool", {})
    yield str(document.get("project", {}).get("name", "")).replace("-", "_").replace(".", "_").lower()
    yield from _texts(tool.get("setuptools", {}).get("py-modules"))
    yield from _texts([tool.get("flit", {}).get("module", {}).get("name")])
    yield from _texts([tool.get("uv", {}).get("build-backend", {}).get("module-name")])


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _tables(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
