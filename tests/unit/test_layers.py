"""The direction of imports (style.md): sessions → capabilities → {ecosystems, toolchain} → workspace → engine.

Read from the source, so that imports inside functions count as well."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import nox_rings

ROOT = Path(nox_rings.__file__).parent
CAPABILITIES = ("schema", "members", "images", "artifacts", "graph")
BELOW: dict[str, set[str]] = {
    "engine": {"engine"},
    "workspace": {"workspace", "engine"},
    "ecosystems": {"ecosystems", "workspace", "engine"},
    "toolchain": {"toolchain", "workspace", "engine"},
    **{name: {name, "ecosystems", "toolchain", "workspace", "engine"} for name in CAPABILITIES},
    "sessions": {"sessions", *CAPABILITIES, "ecosystems", "toolchain", "workspace", "engine"},
    "nox_rings": {"sessions", *CAPABILITIES},
}
# Values and functions of values: everything that decides something.
PURE = (
    "nox_rings.artifacts.gate.every_kind",
    "nox_rings.artifacts.gate.model",
    "nox_rings.artifacts.sbom.model",
    "nox_rings.artifacts.seal.model",
    "nox_rings.ecosystems.artifact",
    "nox_rings.ecosystems.consumer",
    "nox_rings.ecosystems.go.consumer",
    "nox_rings.ecosystems.go.gate",
    "nox_rings.ecosystems.go.gate_mod",
    "nox_rings.ecosystems.npm.consumer",
    "nox_rings.ecosystems.npm.entry_points",
    "nox_rings.ecosystems.npm.gate",
    "nox_rings.ecosystems.npm.gate_entries",
    "nox_rings.ecosystems.pypi.consumer",
    "nox_rings.ecosystems.pypi.gate",
    "nox_rings.ecosystems.pypi.gate_sdist",
    "nox_rings.ecosystems.pypi.gate_wheel",
    "nox_rings.ecosystems.pypi.requirements",
    "nox_rings.ecosystems.sbom",
    "nox_rings.engine.differences",
    "nox_rings.engine.findings",
    "nox_rings.engine.paths",
    "nox_rings.engine.patterns",
    "nox_rings.engine.plan.plan",
    "nox_rings.engine.plan.targets",
    "nox_rings.engine.run.report",
    "nox_rings.engine.tables",
    "nox_rings.images.embedded.base_names",
    "nox_rings.schema.breaking.descriptors",
    "nox_rings.schema.breaking.model",
    "nox_rings.schema.credentials.model",
    "nox_rings.schema.push.model",
    "nox_rings.schema.push.plan",
    "nox_rings.schema.stubs.drift",
    "nox_rings.schema.templates",
    "nox_rings.sessions.derivation",
    "nox_rings.sessions.packed_targets",
    "nox_rings.toolchain.doctor",
    "nox_rings.toolchain.model",
    "nox_rings.toolchain.pins",
    "nox_rings.workspace.go_manifest",
    "nox_rings.workspace.identity",
    "nox_rings.workspace.language",
    "nox_rings.workspace.model",
    "nox_rings.workspace.schemas",
    "nox_rings.workspace.shapes",
    "nox_rings.workspace.versions",
)
# Arrows that still point up. The list only ever gets shorter.
PENDING = {
    "nox_rings.artifacts.gate.recipe": {"nox_rings.sessions.kitchen"},
    "nox_rings.artifacts.install_check.recipe": {"nox_rings.sessions.kitchen", "nox_rings.sessions.packed_targets"},
    "nox_rings.artifacts.recipe": {"nox_rings.sessions.kitchen", "nox_rings.sessions.packed_targets"},
    "nox_rings.artifacts.sbom.recipe": {"nox_rings.sessions.kitchen"},
    "nox_rings.artifacts.smoke.recipe": {"nox_rings.sessions.kitchen", "nox_rings.sessions.packed_targets"},
    "nox_rings.ecosystems.go.sbom": {"nox_rings.artifacts.sbom.recipe"},
    "nox_rings.ecosystems.npm.sbom": {"nox_rings.artifacts.sbom.recipe", "nox_rings.toolchain.model"},
    "nox_rings.ecosystems.pypi.sbom": {"nox_rings.artifacts.sbom.recipe", "nox_rings.sessions.derivation"},
    "nox_rings.engine.run.scheduler": {"nox_rings.schema.credentials.model"},
    "nox_rings.engine.run.show": {"nox_rings.sessions.workbench"},
    "nox_rings.images.dockerfile": {"nox_rings.sessions.packed_targets"},
    "nox_rings.images.recipe": {"nox_rings.sessions.kitchen"},
    "nox_rings.members.recipe": {"nox_rings.sessions.derivation", "nox_rings.sessions.kitchen"},
    "nox_rings.members.siblings": {"nox_rings.sessions.derivation", "nox_rings.sessions.kitchen"},
    "nox_rings.schema.push.recipe": {"nox_rings.sessions.workbench"},
    "nox_rings.schema.recipe": {"nox_rings.sessions.kitchen"},
    "nox_rings.schema.stubs.provenance": {"nox_rings.sessions.derivation"},
    "nox_rings.schema.stubs.recipe": {"nox_rings.sessions.derivation", "nox_rings.sessions.kitchen"},
    "nox_rings.toolchain.machine": {"nox_rings.images.buildx", "nox_rings.images.embedded.buildkit"},
    "nox_rings.workspace.config": {"nox_rings.schema.breaking.model"},
    "nox_rings.workspace.identity": {"nox_rings.schema.stubs.drift"},
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
    """The folder below nox_rings. A module named `session` is a session, whatever capability it belongs to."""
    parts = module.split(".")
    return "nox_rings" if len(parts) == 1 else "sessions" if parts[-1] == "session" else parts[1]


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
    imported_modules = ours(all_imports(MODULES[module])) - {"nox_rings"}
    upward = {name for name in imported_modules if layer(name) not in BELOW[layer(module)]}
    assert upward == PENDING.get(module, set())


def test_modules_import_each_other_in_no_circle() -> None:
    arrows = {module: ours(imports_at_import(tree)) - {module} for module, tree in MODULES.items()}
    TopologicalSorter(arrows).prepare()  # raises CycleError, which names the circle


def session_modules() -> set[str]:
    return {
        name for name in all_imports(MODULES["nox_rings"]) if name.endswith(".session") or layer(name) == "sessions"
    }


def test_register_names_at_least_the_sessions_of_the_first_release() -> None:
    """Otherwise the next test would hold for no module at all."""
    names = ("schema", "members", "images", "artifacts.smoke", "graph", "toolchain")
    assert session_modules() >= {f"nox_rings.{name}.session" for name in names}


def test_nothing_imports_a_session_module_but_register() -> None:
    importers = {
        (module, name)
        for module, tree in MODULES.items()
        if module != "nox_rings"
        for name in all_imports(tree) & session_modules()
    }
    assert importers == set()


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_reads_no_disk_no_clock_no_environment_and_starts_nothing(module: str) -> None:
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
    assert [name for name, tree in MODULES.items() if "subprocess" in all_imports(tree)] == [
        "nox_rings.engine.process.runner"
    ]
