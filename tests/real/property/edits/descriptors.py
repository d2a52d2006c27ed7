"""Edits of manifests, lockfiles and settings of npm, Python and Go members."""

from __future__ import annotations

import json
import random

from property.edits.choose import member_folders, one, word
from property.members import MS, pnpm_lock
from property.model import Tree


def _of(tree: Tree, manifest: str) -> list[str]:
    return [each for each in member_folders(tree) if tree.exists(f"{each}/{manifest}")]


def npm_key(tree: Tree, rng: random.Random) -> str:
    folder = one(_of(tree, "package.json"), rng)
    if not folder:
        return ""
    document = json.loads(tree.read(f"{folder}/package.json"))
    document[rng.choice(["description", "x-key", "keywords"])] = word(rng)
    tree.write(f"{folder}/package.json", json.dumps(document, indent=2) + "\n")
    return f"a key of {folder}/package.json"


def python_key(tree: Tree, rng: random.Random) -> str:
    folder = one(_of(tree, "pyproject.toml"), rng)
    if not folder:
        return ""
    lines = [each for each in tree.read(f"{folder}/pyproject.toml").splitlines() if not each.startswith("description")]
    lines.insert(2, f'description = "{word(rng)}"')
    tree.write(f"{folder}/pyproject.toml", "\n".join(lines) + "\n")
    return f"the description in {folder}/pyproject.toml"


def manifest_whitespace(tree: Tree, rng: random.Random) -> str:
    folder = one(member_folders(tree), rng)
    path = next(
        f"{folder}/{each}" for each in ("package.json", "pyproject.toml", "go.mod") if tree.exists(f"{folder}/{each}")
    )
    tree.write(path, f"{tree.read(path)}\n")
    return f"a blank line in {path}"


def npm_lock(tree: Tree, rng: random.Random) -> str:
    now = "2.1.3" if "ms@2.1.2" in tree.read("pnpm-lock.yaml") else "2.1.2"
    assert now in MS
    more = ("web/extra",) if tree.exists("web/extra/package.json") else ()
    tree.write("pnpm-lock.yaml", pnpm_lock(now, more=more))
    return f"ms {now} in pnpm-lock.yaml"


def test_settings(tree: Tree, rng: random.Random) -> str:
    if tree.exists("pytest.ini") and rng.random() < 0.5:
        tree.remove("pytest.ini")
        return "delete pytest.ini"
    tree.write("pytest.ini", f"[pytest]\n# pytest {'pytest ' * rng.randrange(9)}\n")
    return "write pytest.ini"


def root_test_table(tree: Tree, rng: random.Random) -> str:
    text = tree.read("pyproject.toml")
    table = "\n[tool.pytest.ini_options]\n"
    tree.write("pyproject.toml", text.replace(table, "") if table in text else f"{text}{table}")
    return "[tool.pytest.ini_options] in pyproject.toml"


def tsconfig(tree: Tree, rng: random.Random) -> str:
    path = rng.choice(["tsconfig.base.json", "tsconfig.other.json", "web/mid/tsconfig.json"])
    if path.startswith("web/") and tree.exists("web/mid/tsconfig.json"):
        other = rng.choice(["base", "other"])
        tree.write(path, f'{{"extends": "../../tsconfig.{other}.json"}}\n')
        return f"let {path} extend tsconfig.{other}.json"
    if path.startswith("web/"):
        return ""
    tree.write(path, f'{{"compilerOptions": {{"strict": true, "outDir": "{word(rng)}"}}}}\n')
    return f"an option in {path}"


def go_work(tree: Tree, rng: random.Random) -> str:
    text = tree.read("go.work")
    how = rng.choice(["comment", "version"])
    if how == "comment":
        tree.write("go.work", f"{text}// {word(rng)}\n")
    else:
        tree.write(
            "go.work",
            text.replace("go 1.24\n", "go 1.25\n", 1)
            if "go 1.24\n" in text
            else text.replace("go 1.25\n", "go 1.24\n", 1),
        )
    return f"the {how} in go.work"


def new_member(tree: Tree, rng: random.Random) -> str:
    """A module of Go in the workspace, and nothing else."""
    name = f"new{word(rng)}"
    tree.write(f"go/{name}/go.mod", f"module example.com/{name}\n\ngo 1.24\n")
    tree.write(f"go/{name}/{name}.go", f"package {name}\n")
    tree.write("go.work", tree.read("go.work").replace("use (\n", f"use (\n\t./go/{name}\n", 1))
    return f"add the module go/{name}"


def new_npm_member(tree: Tree, rng: random.Random) -> str:
    """One that the lockfile has, or away with it."""
    ms = "2.1.2" if "ms@2.1.2" in tree.read("pnpm-lock.yaml") else "2.1.3"
    if tree.exists("web/extra"):
        tree.remove("web/extra")
        tree.write("pnpm-lock.yaml", pnpm_lock(ms))
        return "remove web/extra"
    tree.write("web/extra/package.json", '{"name": "@p/extra", "version": "1.0.0"}\n')
    tree.write("pnpm-lock.yaml", pnpm_lock(ms, more=("web/extra",)))
    return "add web/extra"


def removed_member(tree: Tree, rng: random.Random) -> str:
    """A module that no other needs."""
    path = one([each for each in _of(tree, "go.mod") if each.startswith("go/new") or each == "go/cmd"], rng)
    if not path:
        return ""
    tree.remove(path)
    tree.write("go.work", tree.read("go.work").replace(f"\t./{path}\n", ""))
    return f"remove {path}"


def member_inputs(tree: Tree, rng: random.Random) -> str:
    """`inputs` of a member that are of no member."""
    lines = tree.read("pyproject.toml").splitlines()
    line = 'inputs = ["docs"]'
    lines = [each for each in lines if each != line] if line in lines else [*_before_env(lines, line)]
    tree.write("pyproject.toml", "\n".join(lines) + "\n")
    return f"{line} of web/base"


def _before_env(lines: list[str], line: str) -> list[str]:
    return [each for found in lines for each in ((line, found) if found.startswith("env = ") else (found,))]


KINDS = {
    each.__name__: each
    for each in (
        *(npm_key, python_key, manifest_whitespace, npm_lock, test_settings, root_test_table, tsconfig, go_work),
        *(new_member, new_npm_member, removed_member, member_inputs),
    )
}
