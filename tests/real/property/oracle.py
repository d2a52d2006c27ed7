"""What the checks of each member would read, found without any of the product: as the builds and tests in observers.py
do, but in this process. A plan is right where it is stale for all whose reading changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.graph.session import _checked
from nox_rings.sessions.run import Run
from property.model import Tree

SKIPPED = frozenset(
    {"node_modules", "dist", ".git", ".venv", "__pycache__", ".nox-rings", "Dockerfile.dev", ".dockerignore"}
)
SOURCES = {"npm": (".mjs", ".js", ".ts"), "pypi": (".py",), "go": (".go",)}
MANIFESTS = {"package.json": "npm", "pyproject.toml": "pypi", "go.mod": "go"}
VARIABLES = {"npm": ("NODE_ENV",), "pypi": ("PYTHONPATH",), "go": ("GOFLAGS",)}

Reading = frozenset[str]


def readings(tree: Tree) -> Mapping[str, Reading]:
    """Folder of a member, or path of a template → everything that its check reads."""
    found = {}
    for folder in _member_folders(tree):
        found[folder] = frozenset(_of_member(tree, folder, set()))
    for template in sorted((tree.root / "proto").glob("buf.gen.*.yaml")):
        found[f"proto/{template.name}"] = frozenset(_of_template(tree, template))
    return found


def plan(tree: Tree) -> Mapping[str, tuple[str, str]]:
    """Path of a target → its id and why it would run, `fresh` where it would not. In this process."""
    with _variables(tree.variables):
        runner = ProcessRunner()
        try:
            run = Run(tree.root, runner)
            with run.digests.one_look():
                planned = run.planner().plan(_checked(run), forced=())
            run.state.save_files()
        finally:
            runner.close()
    return {each.target.path: (each.target.id, str(each.reason)) for each in planned.targets}


@contextmanager
def _variables(own: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _member_folders(tree: Tree) -> list[str]:
    return sorted(
        str(path.relative_to(tree.root))
        for pattern in ("web/*", "py/*", "go/*", "sdk/*")
        for path in tree.root.glob(pattern)
        if path.is_dir() and any((path / each).is_file() for each in MANIFESTS)
    )


def _ecosystem(tree: Tree, folder: str) -> str:
    return next(name for manifest, name in MANIFESTS.items() if tree.path(f"{folder}/{manifest}").is_file())


def _of_member(tree: Tree, folder: str, seen: set[str]) -> Iterator[str]:
    """Of a member, and of those it needs."""
    if folder in seen or not tree.path(folder).is_dir():
        return
    seen.add(folder)
    ecosystem = _ecosystem(tree, folder)
    yield from _walk(tree.path(folder), folder, SOURCES[ecosystem])
    yield from (f"{name}={tree.variables.get(name)}" for name in VARIABLES[ecosystem])
    if ecosystem == "npm":
        yield from _walk(tree.path(f"{folder}/dist"), f"{folder}/dist", ())
        yield from _extended(tree.path(f"{folder}/tsconfig.json"))
        if folder == "web/base":
            yield f"PROPERTY_FLAG={tree.variables.get('PROPERTY_FLAG')}"
        if folder == "web/mid" and "ms@2.1.2" in tree.read("pnpm-lock.yaml"):
            yield "ms 2.1.2"
    if ecosystem == "go":
        yield from (line for line in tree.read("go.work").splitlines() if line.startswith("go "))
    if ecosystem == "pypi":
        yield from (_line(tree.path(name), name) for name in ("conftest.py", "pytest.ini") if tree.path(name).is_file())
    for needed in _needed(tree, folder, ecosystem):
        yield from _of_member(tree, needed, seen)


def _needed(tree: Tree, folder: str, ecosystem: str) -> Iterator[str]:
    above = folder.rpartition("/")[0]
    if ecosystem == "npm":
        document = json.loads(tree.read(f"{folder}/package.json"))
        yield from (f"{above}/{name[3:]}" for name in document.get("dependencies", {}) if name.startswith("@p/"))
    elif ecosystem == "pypi":
        text = tree.read(f"{folder}/pyproject.toml")
        yield from (f"{above}/{name}" for name in ("core", "app", "tool") if f'dependencies = ["{name}"]' in text)
    else:
        text = tree.read(f"{folder}/go.mod")
        yield from (f"{above}/{name}" for name in ("lib", "app", "cmd") if f"require example.com/{name} " in text)


def _of_template(tree: Tree, template: Path) -> Iterator[str]:
    yield _line(template, template.name)
    yield _line(tree.path("proto/buf.yaml"), "buf.yaml")
    name = template.name.split(".")[2]
    yield from _walk(tree.path(f"proto/plugins/{name}"), "plugin", ())
    yield from _walk(tree.path("sdk/py/src/shop/gen" if name == "py" else "sdk/js/gen"), "gen", ())
    for path in sorted(tree.path("proto").rglob("*.proto")):
        if path.is_file():
            yield _line(path, str(path.relative_to(tree.root)))


def _extended(path: Path) -> Iterator[str]:
    if path.is_file():
        yield _line(path, path.name)
        above = json.loads(path.read_text()).get("extends")
        if above:
            yield from _extended(path.parent / above)


def _walk(folder: Path, shown: str, sources: tuple[str, ...], seen: tuple[str, ...] = ()) -> Iterator[str]:
    real = os.path.realpath(folder)
    if real in seen:
        yield f"{shown} leads to a folder that it lies in"
        return
    if not folder.is_dir():
        return
    for entry in os.scandir(os.fsencode(folder)):
        name = os.fsdecode(entry.name)
        if name in SKIPPED and not shown.endswith("/dist"):
            continue
        if "_ignored." in name and not name.endswith(sources or ("nothing",)):
            continue
        path = folder / name
        if entry.is_dir():
            yield from _walk(path, f"{shown}/{name}", sources, (*seen, real))
        elif entry.is_file():
            yield _line(path, f"{shown}/{name}")
        elif entry.is_symlink():
            yield f"{shown}/{name} nowhere"


def _line(path: Path, shown: str) -> str:
    if not path.is_file():
        return f"{shown} nothing"
    mode = "x" if path.stat().st_mode & 0o100 else "-"
    return f"{shown} {mode}{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"
