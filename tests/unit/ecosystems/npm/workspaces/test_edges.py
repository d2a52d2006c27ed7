"""Edges between packages: what lockfiles record, and the rules of the managers where they record nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unit.conftest import WriteTree
from unit.ecosystems.npm.workspaces.lock_rows import EDGES, LOCKFILES, MANIFESTS
from unit.ecosystems.npm.workspaces.trees import found_in, package

TREE = {f"{folder}/package.json".removeprefix("./"): json.dumps(each) for folder, each in MANIFESTS.items()}
PNPM = "packages: ['libs/*']\n"


@pytest.mark.parametrize("lockfile", LOCKFILES)
def test_edges_are_those_that_the_lockfile_records(write_tree: WriteTree, lockfile: str) -> None:
    found = found_in(write_tree, {**TREE, lockfile.partition(" ")[0]: LOCKFILES[lockfile]})
    assert {folder: (each.depends_on, each.development) for folder, each in found.members.items()} == EDGES
    assert found.problems == {}


@pytest.mark.parametrize("name", ["bun.lockb", "package-lock.json", "none"])
def test_without_a_record_the_manifests_decide(write_tree: WriteTree, name: str) -> None:
    """A binary lockfile, one of npm 6, and none."""
    found = found_in(write_tree, {**TREE, name: '{"lockfileVersion": 1, "dependencies": {}}'})
    assert {folder: (each.depends_on, each.development) for folder, each in found.members.items()} == EDGES


def pnpm_lock(*entries: tuple[str, str, str], table: str = "dependencies") -> str:
    """Of `libs/b`: name, specifier and version of each entry."""
    lines = [
        f"      {name}:\n        specifier: {spec}\n        version: {version}\n" for name, spec, version in entries
    ]
    return (
        f"lockfileVersion: '9.0'\n\nimporters:\n\n  .: {{}}\n\n  libs/b:\n    {table}:\n{''.join(lines)}\npackages:\n"
    )


@pytest.mark.parametrize(
    ("name", "spec", "version", "edges"),
    [
        ("a", "workspace:*", "link:../a", ("libs/a",)),
        ("a", "^1.0.0", "link:../a", ("libs/a",)),  # linkWorkspacePackages
        ("a", "'catalog:'", "link:../a", ("libs/a",)),
        ("gauge", "workspace:a@*", "link:../a", ("libs/a",)),
        ("'@x/gauge'", "workspace:a@*", "link:../a", ("libs/a",)),
        ("a", "file:../a", "file:libs/a", ("libs/a",)),  # injected
        ("a", "workspace:*", "file:libs/a(react@18.0.0)", ("libs/a",)),
        ("a", "file:../a-1.0.0.tgz", "file:libs/a-1.0.0.tgz", ()),
        ("a", "^1.0.0", "1.0.4", ()),
        ("a", "link:../../elsewhere", "link:../../elsewhere", ()),
    ],
)
def test_an_edge_of_pnpm_is_what_its_lockfile_links(
    write_tree: WriteTree, name: str, spec: str, version: str, edges: tuple[str, ...]
) -> None:
    texts = {
        "pnpm-workspace.yaml": PNPM,
        "pnpm-lock.yaml": pnpm_lock((name, spec, version)),
        "libs/a/package.json": package("a"),
        "libs/b/package.json": package("b", dependencies={name.strip("'"): spec.strip("'")}),
    }
    found = found_in(write_tree, texts)
    assert found.edges == {"libs/a": (), "libs/b": edges}
    assert found.problems == {}


@pytest.mark.parametrize(
    ("entries", "own", "edges"),
    [
        # `packageExtensions`, or readPackage of a hook, as pnpm 12.21 locks it.
        ([("a", "workspace:*", "link:../a")], {}, ("libs/a",)),
        ([("lodash", "^4.0.0", "4.17.21")], {}, ()),
        # publishConfig.directory of libs/a: its build makes what others are linked to.
        ([("a", "workspace:*", "link:../a/dist")], {"a": "workspace:*"}, ("libs/a",)),
        ([("out", "link:dist", "link:dist")], {"out": "link:dist"}, ()),
        ([("out", "link:../../dist", "link:../../dist")], {"out": "link:../../dist"}, ()),
    ],
)
def test_an_edge_of_pnpm_may_stand_in_the_lockfile_alone_or_lead_to_what_a_build_makes(
    write_tree: WriteTree, entries: list[tuple[str, str, str]], own: dict[str, str], edges: tuple[str, ...]
) -> None:
    texts = {
        "package.json": package("top"),
        "pnpm-workspace.yaml": PNPM,
        "pnpm-lock.yaml": pnpm_lock(*entries),
        "libs/a/package.json": package("a"),
        "libs/b/package.json": package("b", dependencies=own),
    }
    assert found_in(write_tree, texts).edges == {"libs/a": (), "libs/b": edges}


OLD = "lockfileVersion: 5.4\nimporters:\n  libs/b:\n    specifiers:\n      a: ^1.0.0\n"
OLD += "    dependencies:\n      a: link:../a\n"
ENVIRONMENT = "---\nlockfileVersion: '9.0'\nimporters:\n  .:\n    packageManagerDependencies:\n      pnpm:\n"
ENVIRONMENT += "        specifier: 12.0.0\n        version: 12.0.0\n---\n"


@pytest.mark.parametrize("lock", [OLD, ENVIRONMENT + pnpm_lock(("a", "^1.0.0", "link:../a"))], ids=["5.4", "12"])
def test_lockfiles_of_other_versions_of_pnpm_are_read(write_tree: WriteTree, lock: str) -> None:
    texts = {
        "pnpm-workspace.yaml": PNPM,
        "pnpm-lock.yaml": lock,
        "libs/a/package.json": package("a"),
        "libs/b/package.json": package("b", dependencies={"a": "^1.0.0"}),
    }
    assert found_in(write_tree, texts).edges == {"libs/a": (), "libs/b": ("libs/a",)}


@pytest.mark.parametrize(
    ("setting", "npmrc"), [("sharedWorkspaceLockfile: false\n", ""), ("", "shared-workspace-lockfile=false\n")]
)
def test_packages_with_lockfiles_of_their_own_have_the_edges_of_these(
    write_tree: WriteTree, setting: str, npmrc: str
) -> None:
    own = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n"
    texts = {
        "pnpm-workspace.yaml": f"{PNPM}{setting}",
        ".npmrc": npmrc,
        "libs/a/package.json": package("a"),
        "libs/b/package.json": package("b", dependencies={"a": "^1"}),
        "libs/b/pnpm-lock.yaml": f"{own}        version: link:../a\n",
    }
    found = found_in(write_tree, texts)
    assert found.edges == {"libs/a": (), "libs/b": ("libs/a",)}
    assert "libs/b/pnpm-lock.yaml" in found.roots["."].files
    assert (list(found.roots), found.problems) == (["."], {})


@pytest.mark.parametrize(
    ("settings", "root", "spec", "edges"),
    [
        ("", {}, "workspace:*", ("libs/a",)),
        ("", {}, "workspace:^1.0.0", ("libs/a",)),
        ("", {}, "workspace:../a", ("libs/a",)),
        ("", {}, "link:../a", ("libs/a",)),
        ("", {}, "file:../a", ("libs/a",)),
        ("", {}, "file:../a/a.tgz", ()),
        ("", {}, "^1.0.0", ()),
        ("", {}, "catalog:", ()),
        ("linkWorkspacePackages: true\n", {}, "^1.0.0", ("libs/a",)),
        ("linkWorkspacePackages: deep\n", {}, "^1.0.0", ("libs/a",)),
        ("linkWorkspacePackages: true\n", {}, "^2.0.0", ()),
        ("", {"packageManager": "pnpm@8.15.0"}, "^1.0.0", ("libs/a",)),
        ("", {"packageManager": "pnpm@9.0.0"}, "^1.0.0", ()),
        ("catalog:\n  a: workspace:*\n", {}, "catalog:", ("libs/a",)),
        ("catalogs:\n  own:\n    a: workspace:*\n", {}, "catalog:own", ("libs/a",)),
        ("overrides:\n  a: workspace:*\n", {}, "^1.0.0", ("libs/a",)),
        ("", {"pnpm": {"overrides": {"a": "link:libs/a"}}}, "^9.0.0", ("libs/a",)),
        ("overrides:\n  a@^9.0.0: link:libs/a\n", {}, "^9.0.0", ("libs/a",)),
        ("overrides:\n  a@^8.0.0: link:libs/a\n", {}, "^9.0.0", ()),
        ("overrides:\n  b>a: link:libs/a\n", {}, "^9.0.0", ("libs/a",)),
        ("overrides:\n  c@1>a: link:libs/a\n", {}, "^9.0.0", ()),
    ],
)
def test_without_a_lockfile_pnpm_links_by_these_rules(
    write_tree: WriteTree, settings: str, root: dict[str, Any], spec: str, edges: tuple[str, ...]
) -> None:
    texts = {
        "package.json": package("top", **root),
        "pnpm-workspace.yaml": PNPM + settings,
        "libs/a/package.json": package("a"),
        "libs/b/package.json": package("b", dependencies={"a": spec}),
    }
    assert found_in(write_tree, texts).edges == {"libs/a": (), "libs/b": edges}


@pytest.mark.parametrize(
    ("resolved", "edges"),
    [("file:../a", ("a",)), ("file:../a/a-1.0.0.tgz", ()), ("https://example.com/a-1.0.0.tgz", ())],
)
def test_npm_may_copy_a_folder_instead_of_linking_it(
    write_tree: WriteTree, resolved: str, edges: tuple[str, ...]
) -> None:
    lock = {"packages": {"": {"name": "b"}, "node_modules/a": {"version": "1.0.0", "resolved": resolved}}}
    texts = {
        "a/package.json": package("a"),
        "b/package.json": package("b", dependencies={"a": "file:../a"}),
        "b/package-lock.json": json.dumps({"lockfileVersion": 3, **lock}),
        "a/package-lock.json": json.dumps({"lockfileVersion": 3, "packages": {"": {"name": "a"}}}),
    }
    assert found_in(write_tree, texts).edges["b"] == edges


@pytest.mark.parametrize(
    ("resolutions", "edges"),
    [
        ({"lodash": "portal:./libs/a"}, ("libs/a",)),
        ({"lodash": "workspace:libs/a"}, ("libs/a",)),
        ({"lodash@npm:^4.0.0": "link:libs/a"}, ("libs/a",)),
        ({"b/lodash": "link:libs/a"}, ("libs/a",)),
        ({"**/lodash": "link:libs/a"}, ("libs/a",)),
        ({"c/lodash": "link:libs/a"}, ()),
        ({"lodash": "npm:4.17.0"}, ()),
    ],
)
def test_resolutions_of_yarn_stand_in_the_manifest_alone(
    write_tree: WriteTree, resolutions: dict[str, str], edges: tuple[str, ...]
) -> None:
    """yarn 4.18.1 keeps `lodash: "npm:^4.0.0"` in the entry of the workspace, and has no entry of that descriptor."""
    lock = '__metadata:\n  version: 8\n\n"b@workspace:libs/b":\n  version: 0.0.0-use.local\n'
    lock += '  resolution: "b@workspace:libs/b"\n  dependencies:\n    lodash: "npm:^4.0.0"\n  languageName: unknown\n'
    texts = {
        "package.json": package("top", workspaces=["libs/*"], packageManager="yarn@4.18.1", resolutions=resolutions),
        "yarn.lock": lock,
        "libs/a/package.json": package("a"),
        "libs/b/package.json": package("b", dependencies={"lodash": "^4.0.0"}),
    }
    assert found_in(write_tree, texts).edges["libs/b"] == edges


def test_an_alias_of_a_package_is_an_edge_without_a_lockfile_too(write_tree: WriteTree) -> None:
    texts = {
        "pnpm-workspace.yaml": PNPM,
        "libs/a/package.json": package("@x/a"),
        "libs/b/package.json": package("b", dependencies={"gauge": "workspace:@x/a@*"}),
    }
    assert found_in(write_tree, texts).edges["libs/b"] == ("libs/a",)


def test_a_workspace_specifier_that_nothing_answers_is_a_problem_of_its_package(write_tree: WriteTree) -> None:
    texts = {
        "pnpm-workspace.yaml": PNPM,
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
        "libs/b/package.json": '{\n "name": "b",\n "dependencies": {\n  "none": "workspace:*"\n }\n}',
    }
    assert found_in(write_tree, texts).problems == {
        "libs/b/package.json": [
            "libs/b/package.json:4: dependencies.none: found workspace:*, "
            "expected the name of a package of this workspace"
        ]
    }


@pytest.mark.parametrize(
    ("tables", "edges", "development"),
    [
        ({"dependencies": {"a": "*"}}, ("libs/a",), ()),
        ({"peerDependencies": {"a": "*"}}, ("libs/a",), ()),
        ({"devDependencies": {"a": "*"}}, ("libs/a",), ("libs/a",)),
        ({"optionalDependencies": {"a": "*"}}, ("libs/a",), ("libs/a",)),
        ({"dependencies": {"a": "*"}, "devDependencies": {"a": "*"}}, ("libs/a",), ()),
        (
            {"peerDependencies": {"a": "*"}, "peerDependenciesMeta": {"a": {"optional": True}}},
            ("libs/a",),
            ("libs/a",),
        ),
    ],
)
def test_what_tests_need_and_what_may_be_missing_is_development(
    write_tree: WriteTree, tables: dict[str, Any], edges: tuple[str, ...], development: tuple[str, ...]
) -> None:
    texts = {
        "package.json": package("top", workspaces=["libs/*"]),
        "libs/a/package.json": package("a"),
        "libs/b/package.json": package("b", **tables),
    }
    member = found_in(write_tree, texts).members["libs/b"]
    assert (member.depends_on, member.development) == (edges, development)


@pytest.mark.parametrize("version", ["1.0.0-rc.1", None, "2.0.0"])
def test_any_version_is_whatever_the_workspace_has(write_tree: WriteTree, version: str | None) -> None:
    texts = {
        "package.json": package("top", workspaces=["libs/*"]),
        "libs/a/package.json": json.dumps({"name": "a", "version": version}),
        "libs/b/package.json": package("b", dependencies={"a": "*"}),
    }
    assert found_in(write_tree, texts).edges["libs/b"] == ("libs/a",)


def test_a_package_of_another_root_is_an_edge_and_one_of_the_same_name_is_not(write_tree: WriteTree) -> None:
    texts = {
        "web/package.json": package("web", dependencies={"units": "file:../units", "meter": "^1.0.0"}),
        "web/package-lock.json": json.dumps({"packages": {"": {}, "node_modules/meter": {"version": "1.0.0"}}}),
        "units/package.json": package("units"),
        "units/yarn.lock": "# yarn lockfile v1\n",
        "meter/package.json": package("meter"),
        "meter/pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    }
    found = found_in(write_tree, texts)
    assert found.edges == {"meter": (), "units": (), "web": ("units",)}
    assert {folder: root.manager for folder, root in found.roots.items()} == {
        "meter": "pnpm",
        "units": "yarn",
        "web": "npm",
    }


def test_a_lockfile_that_cannot_be_read_is_a_problem_of_the_installation(write_tree: WriteTree) -> None:
    found = found_in(write_tree, {**TREE, "package-lock.json": "<<<<<<< HEAD\n"})
    assert list(found.problems) == ["package-lock.json"]
    assert found.problems["package-lock.json"][0].startswith("package-lock.json: found text that is no lockfile (")
    assert {folder: each.depends_on for folder, each in found.members.items()} == {
        folder: edges for folder, (edges, _) in EDGES.items()
    }


@pytest.mark.parametrize(
    ("scripts", "tsconfig", "settings", "needed"),
    [
        ({"build": "tsc"}, {"extends": "@x/config/base.json"}, "", ("libs/config",)),
        ({"build": "tsc"}, {}, "import shared from '@x/config'", ("libs/config",)),
        ({"build": "tsc"}, {}, "", ()),
        ({}, {}, "import shared from '@x/config'", ()),  # nothing is run
        ({"build": "pnpm --filter @x/tokens build && tsc"}, {}, "", ("libs/tokens",)),
    ],
)
def test_what_is_used_without_being_required_is_an_edge(
    write_tree: WriteTree, scripts: dict[str, str], tsconfig: Any, settings: str, needed: tuple[str, ...]
) -> None:
    """node finds what the root of a workspace requires from every package below it."""
    found = found_in(
        write_tree,
        {
            "package.json": package("top", devDependencies={"@x/config": "workspace:*"}),
            "pnpm-workspace.yaml": PNPM,
            "libs/config/package.json": package("@x/config"),
            "libs/tokens/package.json": package("@x/tokens"),
            "libs/web/package.json": package("web", scripts=scripts),
            "libs/web/tsconfig.json": json.dumps(tsconfig),
            "libs/web/vite.config.ts": settings,
        },
    )
    assert (found.members["libs/web"].depends_on, found.members["libs/web"].development) == (needed, needed)
