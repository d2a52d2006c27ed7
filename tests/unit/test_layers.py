"""The direction of imports (style.md): noxfile → sessions → run → { domain, adapters } → config, paths, locks →
process → errors. Read from the source, so that imports inside functions count as well."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import nox_rings

ROOT = Path(nox_rings.__file__).parent
FOUNDATION = {"config", "paths", "locks", "process", "command", "errors"}
ARROWS: dict[str, set[str]] = {
    "nox_rings": {"sessions"},
    "sessions": {"sessions", "run", "domain", "adapters", *FOUNDATION},
    "run": {"run", "domain", "adapters", *FOUNDATION},
    "adapters": {"adapters", "domain", *FOUNDATION},
    "domain": {"domain"},
    "config": {"process", "errors", "domain"},
    "paths": {"process", "errors"},
    "locks": {"process", "errors"},
    "process": {"command", "errors"},
    "command": {"errors"},
    "errors": set(),
}
# Modules by which a program reads a disk, a clock, an environment or another process.
IMPURE = {
    *("os", "io", "sys", "shutil", "tempfile", "glob", "fileinput", "stat", "fcntl", "mmap", "time", "random"),
    *("secrets", "uuid", "platform", "getpass", "locale", "logging", "socket", "http", "urllib", "ssl", "select"),
    *("subprocess", "multiprocessing", "threading", "concurrent", "asyncio", "signal", "nox", "git", "rich", "yaml"),
}


def modules() -> dict[str, ast.Module]:
    """Dotted name → syntax tree of every module of the distribution."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = ("nox_rings", *path.relative_to(ROOT).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


MODULES = modules()


def layer(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def imported(statement: ast.stmt | ast.AST) -> Iterator[str]:
    """Dotted names that a statement imports; `from package import module` names the module."""
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        assert statement.level == 0, "imports here are absolute"
        for alias in statement.names:
            inside = f"{statement.module}.{alias.name}"
            yield inside if inside in MODULES else str(statement.module)


def all_imports(tree: ast.Module) -> set[str]:
    return {name for node in ast.walk(tree) for name in imported(node)}


def imports_at_import(tree: ast.Module) -> set[str]:
    """What importing the module imports: top-level statements, without those for type checkers."""
    return {name for statement in tree.body for name in imported(statement)}


def ours(names: set[str]) -> set[str]:
    return {name for name in names if name.split(".")[0] == "nox_rings"}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_its_own_layer_and_those_below(module: str) -> None:
    below = {layer(name) for name in ours(all_imports(MODULES[module])) - {"nox_rings"}}
    assert below <= ARROWS[layer(module)], f"{module} imports from {sorted(below - ARROWS[layer(module)])}"


def test_modules_import_each_other_in_no_circle() -> None:
    arrows = {module: ours(imports_at_import(tree)) - {module} for module, tree in MODULES.items()}
    TopologicalSorter(arrows).prepare()  # raises CycleError, which names the circle


def session_modules() -> set[str]:
    return {name for name in all_imports(MODULES["nox_rings"]) if name.startswith("nox_rings.sessions.")}


def test_register_names_at_least_the_sessions_of_the_first_release() -> None:
    """Otherwise the next test would hold for no module at all."""
    names = ("proto", "sdk", "image", "smoke", "rings", "doctor", "repository")
    assert session_modules() >= {f"nox_rings.sessions.{name}" for name in names}


def test_nothing_imports_a_session_module_but_register() -> None:
    importers = {
        (module, name)
        for module, tree in MODULES.items()
        if module != "nox_rings"
        for name in all_imports(tree) & session_modules()
    }
    assert importers == set()


@pytest.mark.parametrize("module", [name for name in MODULES if layer(name) == "domain"])
def test_the_domain_reads_no_disk_no_clock_no_environment_and_starts_nothing(module: str) -> None:
    tree = MODULES[module]
    assert not {name.split(".")[0] for name in all_imports(tree)} & IMPURE
    paths = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "pathlib"
        for alias in node.names
    ]
    assert set(paths) <= {"PurePosixPath", "PurePath"}
    assert "pathlib" not in {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not called & {"open", "input", "print", "datetime.now", "datetime.today", "datetime.utcnow", "date.today"}


def test_register_imports_nothing_beyond_the_standard_library_and_nox() -> None:
    """`nox -l` and a fresh answer pay for no rich, no git and no yaml: those are imported where they are used."""
    reached: set[str] = set()
    waiting = ["nox_rings", *session_modules()]
    outside: set[tuple[str, str]] = set()
    while waiting:
        module = waiting.pop()
        if module in reached:
            continue
        reached.add(module)
        names = imports_at_import(MODULES[module])
        waiting.extend(ours(names))
        tops = {name.split(".")[0] for name in names} - {"nox_rings"}
        outside |= {(module, top) for top in tops - sys.stdlib_module_names}
    assert outside == set()
    assert "nox_rings.sessions.frame" in reached


def test_only_process_imports_subprocess() -> None:
    assert [name for name, tree in MODULES.items() if "subprocess" in all_imports(tree)] == ["nox_rings.process"]
