"""The direction of imports (style.md): sessions → capabilities → {ecosystems, toolchain} → workspace → engine.

Read from the source, so that imports inside functions count as well."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import nox_rings
from nox_rings.capabilities import CAPABILITIES as ALL_CAPABILITIES
from nox_rings.ecosystems.all import ECOSYSTEMS

ROOT = Path(nox_rings.__file__).parent
LOWER = {"ecosystems", "workspace", "engine"}
# What each capability may import of others: ids and kinds of what its own targets depend on.
CAPABILITIES: dict[str, set[str]] = {
    "schema": set(),
    "members": {"schema"},
    "images": {"members", "schema"},
    "artifacts": {"members"},
    "graph": set(),
    "adopt": set(),
}
BELOW: dict[str, set[str]] = {
    "engine": {"engine"},
    "workspace": {"workspace", "engine"},
    "ecosystems": LOWER,
    "toolchain": {"toolchain", "workspace", "engine"},
    "tracing": {"tracing", "engine"},
    **{name: {name, *others, "toolchain", *LOWER} for name, others in CAPABILITIES.items()},
    "sessions": {"sessions", "capabilities", *CAPABILITIES, "toolchain", "tracing", *LOWER},
    "capabilities": {"sessions", "ecosystems", "engine"},
    "nox_rings": {"sessions", "capabilities", "engine"},
}
# Values and functions of values: everything that decides something.
PURE = (
    "nox_rings.adopt.model",
    "nox_rings.adopt.settings",
    "nox_rings.adopt.show",
    "nox_rings.artifacts.derive",
    "nox_rings.artifacts.gate.every_kind",
    "nox_rings.artifacts.gate.model",
    "nox_rings.artifacts.kinds",
    "nox_rings.artifacts.model",
    "nox_rings.artifacts.sbom.model",
    "nox_rings.artifacts.seal.model",
    "nox_rings.ecosystems.artifact",
    "nox_rings.ecosystems.consumer",
    "nox_rings.ecosystems.context",
    "nox_rings.ecosystems.go.consumer",
    "nox_rings.ecosystems.go.gate.manifest",
    "nox_rings.ecosystems.go.gate.module_zip",
    "nox_rings.ecosystems.npm.consumer",
    "nox_rings.ecosystems.npm.entry_points",
    "nox_rings.ecosystems.npm.gate.manifest",
    "nox_rings.ecosystems.npm.globs",
    "nox_rings.ecosystems.npm.gate.entries",
    "nox_rings.ecosystems.pypi.consumer",
    "nox_rings.ecosystems.pypi.gate.metadata",
    "nox_rings.ecosystems.pypi.projects.globs",
    "nox_rings.ecosystems.pypi.gate.sdist",
    "nox_rings.ecosystems.pypi.gate.wheel",
    "nox_rings.ecosystems.pypi.packing.siblings",
    "nox_rings.ecosystems.sbom",
    "nox_rings.ecosystems.view",
    "nox_rings.engine.differences",
    "nox_rings.engine.findings",
    "nox_rings.engine.path_index",
    "nox_rings.engine.paths",
    "nox_rings.engine.patterns",
    "nox_rings.engine.plan.graph",
    "nox_rings.engine.plan.keys",
    "nox_rings.engine.plan.plan",
    "nox_rings.engine.plan.reasons",
    "nox_rings.engine.plan.records",
    "nox_rings.engine.plan.targets",
    "nox_rings.engine.run.report",
    "nox_rings.engine.tables",
    "nox_rings.engine.versions",
    "nox_rings.images.builds.bake.hcl",
    "nox_rings.images.builds.bake.hcl_text",
    "nox_rings.images.builds.bake.hcl_values",
    "nox_rings.images.builds.compose.interpolation",
    "nox_rings.images.builds.compose.merging",
    "nox_rings.images.builds.compose.names",
    "nox_rings.images.builds.compose.scalars",
    "nox_rings.images.builds.compose.services",
    "nox_rings.images.builds.files",
    "nox_rings.images.builds.model",
    "nox_rings.images.builds.names",
    "nox_rings.images.builds.plan",
    "nox_rings.images.derive",
    "nox_rings.images.dockerfile.instructions",
    "nox_rings.images.dockerfile.lines",
    "nox_rings.images.dockerfile.model",
    "nox_rings.images.dockerfile.shell",
    "nox_rings.images.dockerfile.stages",
    "nox_rings.images.dockerfile.variables",
    "nox_rings.images.dockerfile.words",
    "nox_rings.images.embedded.base_names",
    "nox_rings.images.kinds",
    "nox_rings.images.model",
    "nox_rings.members.derive",
    "nox_rings.members.ids",
    "nox_rings.members.kinds",
    "nox_rings.schema.breaking.descriptors",
    "nox_rings.schema.breaking.exceptions",
    "nox_rings.schema.breaking.model",
    "nox_rings.schema.credentials.model",
    "nox_rings.schema.derive",
    "nox_rings.schema.ids",
    "nox_rings.schema.kinds",
    "nox_rings.schema.model",
    "nox_rings.schema.push.model",
    "nox_rings.schema.push.plan",
    "nox_rings.schema.stubs.drift",
    "nox_rings.schema.templates",
    "nox_rings.toolchain.doctor",
    "nox_rings.toolchain.model",
    "nox_rings.toolchain.pins",
    "nox_rings.tracing.accesses",
    "nox_rings.tracing.judging",
    "nox_rings.workspace.go_manifest",
    "nox_rings.workspace.index",
    "nox_rings.workspace.model",
    "nox_rings.workspace.schemas",
    "nox_rings.workspace.validation",
    "nox_rings.workspace.versions",
)
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
    """The folder below nox_rings. A module named `session` or `capability` belongs to the sessions, whatever room it
    lies in: it is what the top knows of the room. So does `cli`, a session without nox."""
    parts = module.split(".")
    if len(parts) == 1:
        return "nox_rings"
    is_top = parts[-1] in ("session", "capability", "cli") and parts[1] != "engine"
    return "sessions" if is_top else parts[1]


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
    assert upward == set()


def test_modules_import_each_other_in_no_circle() -> None:
    arrows = {module: ours(imports_at_import(tree)) - {module} for module, tree in MODULES.items()}
    TopologicalSorter(arrows).prepare()  # raises CycleError, which names the circle


def capability_modules() -> set[str]:
    return {name for name in all_imports(MODULES["nox_rings.capabilities"]) if name.endswith(".capability")} - {
        "nox_rings.engine.capability"
    }


def session_modules() -> set[str]:
    """Modules that hold sessions of the menu."""
    of_rooms = {name for each in capability_modules() for name in all_imports(MODULES[each])}
    of_top = {name for name in all_imports(MODULES["nox_rings"]) if layer(name) == "sessions"}
    return {name for name in of_rooms if name.endswith(".session")} | of_top


def test_register_names_at_least_the_sessions_of_the_first_release() -> None:
    """Otherwise the next test would hold for no module at all."""
    names = ("schema", "members", "images", "artifacts.smoke", "graph", "toolchain")
    assert session_modules() >= {f"nox_rings.{name}.session" for name in names}
    assert {name for name in MODULES if name.endswith(".session")} <= session_modules()
    assert capability_modules() == {f"nox_rings.{name}.capability" for name in (*CAPABILITIES, "toolchain")}


def test_nothing_imports_a_session_module_but_register_and_its_own_capability() -> None:
    importers = {
        (module, name)
        for module, tree in MODULES.items()
        if module != "nox_rings"
        for name in all_imports(tree) & session_modules()
        if module not in {*capability_modules(), "nox_rings.adopt.cli"} or module.split(".")[1] != name.split(".")[1]
    }
    assert importers == set()


def test_nothing_imports_a_capability_but_the_tuple_of_them() -> None:
    importers = {module for module, tree in MODULES.items() if all_imports(tree) & capability_modules()}
    assert importers == {"nox_rings.capabilities"}


# What the engine must not know by name: capabilities, their kinds, ecosystems, languages, tools.
NAMED = {
    *("schema", "schemas", "members", "images", "artifacts", "adopt", "toolchain"),
    *("proto", "stubs", "install", "sdk", "package", "service", "image", "artifact", "smoke"),
    *("npm", "pypi", "golang", "typescript", "python", "ts", "py", "go"),
    *("buf", "pnpm", "uv", "node", "docker", "dockerfile", "buildx", "buildkit", "buildkitd", "git", "runc"),
    *("verdaccio", "pypiserver", "twine", "publint", "attw", "mypy", "tsc", "pytest", "vitest"),
}
NAMED_FOR_A_REASON = {
    # The folder of a repository is no content of one.
    "nox_rings.engine.store.digests": {"git"},
    "nox_rings.engine.process.environment": {"uv", "python"},  # variables of the launcher, which no child may inherit
    "nox_rings.engine.store.records": {"schema"},  # the version of the store's own form
}


def names_in(tree: ast.Module) -> set[str]:
    """The words of identifiers and of strings, in small letters; docstrings are free."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    texts: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            texts.append(node.value)
        elif isinstance(node, ast.Name | ast.Attribute | ast.arg | ast.FunctionDef | ast.ClassDef | ast.keyword):
            own = [getattr(node, name, None) for name in ("id", "attr", "arg", "name")]
            texts += [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", each) for each in own if isinstance(each, str)]
    return {word for text in texts for word in re.findall(r"[a-z0-9]+", text.lower().replace("_", " "))}


def test_the_engine_names_no_capability_no_kind_no_ecosystem_and_no_tool() -> None:
    found = {name: names_in(tree) & NAMED for name, tree in MODULES.items() if layer(name) == "engine"}
    assert {name: words for name, words in found.items() if words} == NAMED_FOR_A_REASON
    assert len(found) > 20


def test_the_names_the_engine_must_not_know_are_those_of_all_capabilities_and_ecosystems() -> None:
    """But for the graph, which is the engine's own word."""
    kinds = {kind.name.partition("-")[0] for each in ALL_CAPABILITIES for kind in each.kinds}
    names = {each.name for each in ALL_CAPABILITIES} - {"graph"}
    words = {each for one in ECOSYSTEMS for each in (one.name, one.language, one.title.lower(), *one.tools)}
    assert kinds | names | words <= NAMED


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
    waiting = ["nox_rings", "nox_rings.capabilities", "nox_rings.sessions.run", *session_modules()]
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
    assert {"nox_rings.sessions.frame", "nox_rings.sessions.planner", *capability_modules()} <= reached


def test_only_process_imports_subprocess() -> None:
    assert [name for name, tree in MODULES.items() if "subprocess" in all_imports(tree)] == [
        "nox_rings.engine.process.runner"
    ]
