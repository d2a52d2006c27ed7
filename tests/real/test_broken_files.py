"""One broken file in an otherwise good workspace of ten members stops what is made from it, and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

import pytest

from checkout import REPOSITORY, Checkout

NOXFILE = (
    f"import sys\n\nsys.path.insert(0, {str(REPOSITORY / 'tasks')!r})\nfrom nox_rings import register\n\nregister()\n"
)
NPM = {name: f"libs/{name}/package.json" for name in ("a", "b", "c", "d")}
UV = ("x", "y", "z")
GO = ("m1", "m2", "m3")
MEMBERS = {f"package:{name}" for name in (*NPM, *UV, *GO)}


def package(name: str, **more: object) -> str:
    return json.dumps({"name": name, "version": "1.0.0", "scripts": {"test": "node -e 0"}, **more})


def workspace() -> dict[str, str]:
    importers = "".join(f"\n  libs/{name}: {{}}\n" for name in NPM)
    texts = {
        "noxfile.py": NOXFILE,
        ".gitignore": "node_modules/\n__pycache__/\n",
        "package.json": '{"name": "top", "private": true}',
        "pnpm-workspace.yaml": "packages: ['libs/*']\n",
        "pnpm-lock.yaml": f"lockfileVersion: '9.0'\n\nimporters:\n\n  .: {{}}\n{importers}",
        "pyproject.toml": "[tool.uv.workspace]\nmembers = ['py/*']\n",
    }
    texts |= {path: package(name) for name, path in NPM.items()}
    for name in UV:
        texts[f"py/{name}/pyproject.toml"] = f"[project]\nname = '{name}'\nversion = '1'\nrequires-python = '>=3.11'\n"
        texts[f"py/{name}/{name}.py"] = "VALUE = 1\n"
    for name in GO:
        texts[f"go/{name}/go.mod"] = f"module example.com/{name}\n\ngo 1.22\n"
        texts[f"go/{name}/{name}.go"] = f"package {name}\n"
    return texts


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """After one `rings` in which everything was built."""
    from nox_rings.toolchain.system_tools import find_uv

    checkout = Checkout(tmp_path_factory.mktemp("foreign") / "work tree")
    checkout.root.mkdir()
    for path, text in workspace().items():
        checkout.write(path, text)
    checkout.command(str(find_uv()), "lock", "-q")
    checkout.git("init", "-q", "-b", "main")
    checkout.git("add", "-A")
    checkout.git("commit", "-q", "-m", "one")
    code, targets = rings(checkout)
    assert (code, {each: target["outcome"] for each, target in targets.items()}) == (
        0,
        dict.fromkeys({*MEMBERS, "install:pnpm", "install:uv"}, "done"),
    )
    return checkout


def rings(checkout: Checkout) -> tuple[int, dict[str, dict[str, object]]]:
    answer = checkout.command(sys.executable, "-m", "nox", "-s", "rings", "--", "--json")
    assert "Traceback" not in answer.err, answer.err
    return answer.exit_code, {each["id"]: each for each in answer.json()["targets"]}


SCHEMA = {
    "idl/buf.yaml": "version: v2\n",
    "idl/shop/v1/order.proto": 'syntax = "proto3";\n\npackage shop.v1;\n\nmessage Order {\n  string id = 1;\n}\n',
}
KINDS: dict[str, tuple[Mapping[str, str], str, str]] = {
    "a package.json that is no JSON": (
        {NPM["a"]: "{"},
        "package:a",
        "libs/a/package.json: found text that is not JSON",
    ),
    "a package.json of another shape": (
        {NPM["a"]: '{"name": 3}'},
        "package:a",
        "libs/a/package.json: name: found 3, expected a string",
    ),
    "a package that needs one that is not there": (
        {NPM["a"]: package("a", dependencies={"gone": "workspace:*"})},
        "package:a",
        "libs/a/package.json",
    ),
    "a pyproject.toml that is no TOML": (
        {"py/x/pyproject.toml": "[project\n"},
        "package:x",
        "py/x/pyproject.toml: found text that is not TOML",
    ),
    "a pyproject.toml of another shape": (
        {"py/x/pyproject.toml": "[project]\nname = 3\n"},
        "package:x",
        "py/x/pyproject.toml: project.name: found 3, expected a string",
    ),
    "a go.mod that go refuses": (
        {"go/m1/go.mod": "module example.com/m1\n\nrequire (\n"},
        "package:m1",
        "go/m1/go.mod",
    ),
    "a go.mod without its go.sum": (
        {"go/m1/go.mod": "module example.com/m1\n\ngo 1.22\n\nrequire example.com/far v1.0.0\n"},
        "package:m1",
        "go/m1/go.mod: found no go.sum beside it",
    ),
    "a buf.yaml that is no YAML": (
        {"idl/buf.yaml": "version: [v2\n"},
        "proto",
        "idl/buf.yaml: found text that is not YAML",
    ),
    "a template of another shape": (
        {**SCHEMA, "idl/buf.gen.yaml": "version: v2\nplugins: text\n"},
        "stubs",
        "idl/buf.gen.yaml: plugins: found 'text', expected a list",
    ),
    "a Dockerfile that no builder takes": (
        {"web/Dockerfile.dev": "FROM scratch\nCOPPY a /\n"},
        "image-dev:web",
        "web/Dockerfile.dev:2: found text that is no Dockerfile (unknown instruction: COPPY)",
    ),
    "a pnpm workspace without its lockfile": (
        {"starters/site/pnpm-workspace.yaml": "packages: ['apps/*']\n", "starters/site/package.json": package("site")},
        "install:pnpm:starters/site",
        "starters/site/pnpm-workspace.yaml: found no pnpm-lock.yaml beside it",
    ),
    "a uv project without its lockfile": (
        {"tools/report/pyproject.toml": "[project]\nname = 'report'\nversion = '1'\n[tool.uv]\n"},
        "install:uv:tools/report",
        "tools/report/pyproject.toml: found no uv.lock beside it",
    ),
}


@pytest.mark.parametrize(("texts", "failed", "message"), KINDS.values(), ids=list(KINDS))
def test_nine_members_build_and_the_tenth_says_what_is_wrong_and_the_way_round(
    foreign: Checkout, texts: dict[str, str], failed: str, message: str
) -> None:
    for path, text in texts.items():
        foreign.write(path, text)
    try:
        code, targets = rings(foreign)
    finally:
        foreign.git("checkout", "-q", "--", ".")
        foreign.git("clean", "-qfd")
    assert code == 1
    broken = {each for each, target in targets.items() if target["outcome"] == "failed"}
    assert broken == {failed}
    built = {each for each, target in targets.items() if target["outcome"] in ("done", "fresh")}
    assert built >= MEMBERS - {failed}
    error = targets[failed]["error"]
    assert isinstance(error, dict) and error["message"].startswith(message)


def test_the_sentence_for_people_names_the_way_round(foreign: Checkout) -> None:
    foreign.write(NPM["a"], "{")
    try:
        answer = foreign.command(sys.executable, "-m", "nox", "-s", "rings", "--", "package:a", "package:b")
    finally:
        foreign.git("checkout", "-q", "--", ".")
    assert answer.exit_code == 1
    assert "✗ package:a (libs/a): libs/a/package.json: found text that is not JSON" in answer.out
    assert "or leave it out: list libs/a/package.json in [tool.nox-rings] ignore" in answer.out
