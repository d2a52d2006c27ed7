"""Every recipe records a digest of its code beside its version, so that neither changes without the other unseen."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import pytest

import nox_rings

ROOT = Path(nox_rings.__file__).parent
CAPABILITIES = ("schema", "members", "images", "artifacts")
RECORDED = ("RECIPE", "recipe")  # the assignment that holds version and digest


def modules() -> dict[str, ast.Module]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = ("nox_rings", *path.relative_to(ROOT).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


MODULES = modules()


def recorded(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Version and digest of each `Recipe(version=…, source=…)` that a module assigns."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if ast.unparse(node.value.func) == "Recipe" and ast.unparse(node.targets[0]) in RECORDED:
            words = {each.arg: ast.literal_eval(each.value) for each in node.value.keywords}
            yield words["version"], words["source"]


RECIPES = {name: found for name, tree in MODULES.items() if (found := list(recorded(tree)))}


class Code(ast.NodeTransformer):
    """What a module does, without its prose: docstrings, descriptions of steps, and the recorded digest go."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_prose = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_prose else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        return None if ast.unparse(node.targets[0]) in RECORDED else self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST | None:
        return None if node.arg == "description" else self.generic_visit(node)


def room(module: str) -> tuple[str, ...]:
    """The folders whose code a recipe of this module answers for: an ecosystem's own, or those of capabilities."""
    parts = module.split(".")
    if parts[1] == "ecosystems":
        shared = tuple(name for name in MODULES if name.count(".") == 2 and name.startswith("nox_rings.ecosystems."))
        return (".".join(parts[:3]), *(name for name in shared if not is_package(name)))
    return tuple(f"nox_rings.{name}" for name in CAPABILITIES)


def is_package(module: str) -> bool:
    return (ROOT.parent / module.replace(".", "/") / "__init__.py").exists()


def reached(module: str) -> set[str]:
    """The module and what it imports, directly or not, of its room."""
    inside, found, waiting = room(module), set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name in found or not any(name == each or name.startswith(f"{each}.") for each in inside):
            continue
        found.add(name)
        for node in ast.walk(MODULES[name]):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = (f"{node.module}.{alias.name}" for alias in node.names)
                waiting.extend(each if each in MODULES else node.module for each in names)
    return {name for name in found if name in MODULES}


def digest(module: str) -> str:
    dumps = (dumped(Code().visit(copy.deepcopy(MODULES[name]))) for name in sorted(reached(module)))
    return blake2b("\n".join(dumps).encode(), digest_size=8).hexdigest()


def dumped(value: object) -> str:
    """`ast.dump` with what all versions of Python agree on: later ones add fields that are empty here."""
    if isinstance(value, ast.AST):
        fields = ((name, inner) for name, inner in ast.iter_fields(value) if inner not in (None, []))
        return f"{type(value).__name__}({','.join(f'{name}={dumped(inner)}' for name, inner in fields)})"
    if isinstance(value, list):
        return f"[{','.join(map(dumped, value))}]"
    return repr(value)


def test_every_capability_with_targets_and_every_ecosystem_has_a_recipe() -> None:
    """Otherwise the next test would hold for none."""
    assert {name.removeprefix("nox_rings.") for name in RECIPES} == {
        *("schema.recipe", "schema.stubs.recipe", "members.recipe", "images.recipe", "artifacts.recipe"),
        *("artifacts.install_check.recipe", "artifacts.smoke.recipe"),
        *("ecosystems.npm.ecosystem", "ecosystems.pypi.ecosystem", "ecosystems.go.ecosystem"),
    }


@pytest.mark.parametrize("module", RECIPES)
def test_the_recorded_digest_is_that_of_the_code(module: str) -> None:
    ((version, source),) = RECIPES[module]
    assert source == digest(module), (
        f"{module}: its code changed. Raise `version` (now {version}) if what it makes or checks is different, "
        f'then record source="{digest(module)}"'
    )


def test_a_recipe_answers_for_the_rules_and_tools_it_uses() -> None:
    assert "nox_rings.artifacts.gate.every_kind" in reached("nox_rings.artifacts.recipe")
    assert "nox_rings.images.embedded.engine" in reached("nox_rings.images.recipe")
    assert {
        "nox_rings.ecosystems.npm.gate.manifest",
        "nox_rings.ecosystems.npm.pnpm",
        "nox_rings.ecosystems.archives",
    } <= reached("nox_rings.ecosystems.npm.ecosystem")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('def f():\n    "Old words."\n    return 1', 'def f():\n    "New words."\n    return 1', True),
        ('Action(description="old", act=f)', 'Action(description="new", act=f)', True),
        ("f(1)  # why", "f(1)", True),
        ('Command(argv=("go", "vet"))', 'Command(argv=("go", "test"))', False),
        ("RULES = (A, B)", "RULES = (A,)", False),
    ],
)
def test_prose_does_not_count_and_everything_else_does(one: str, other: str, same: bool) -> None:
    dumps = {dumped(Code().visit(ast.parse(text))) for text in (one, other)}
    assert (len(dumps) == 1) is same
