"""Which members see what changes in a lockfile: the same, whichever manager wrote it.

The lockfiles beside this file are those that pnpm 12.21, npm 11.17, yarn 1.22.22, yarn 4.18.1 and bun 1.4.5 wrote for
MANIFESTS, without addresses of archives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from unit.conftest import WriteTree
from unit.ecosystems.npm.workspaces.trees import found_in

TOP = {"name": "top", "version": "0.0.0", "private": True, "devDependencies": {"wrappy": "1.0.1"}}
MANIFESTS: Mapping[str, Mapping[str, object]] = {
    "libs/a": {"dependencies": {"is-odd": "3.0.0"}, "devDependencies": {"once": "1.3.3"}},
    "libs/b": {"dependencies": {"a": "1.0.0"}},
    "libs/c": {"devDependencies": {"left-pad": "1.2.0"}, "optionalDependencies": {"isarray": "1.0.0"}},
    "libs/d": {"dependencies": {"is-odd": "2.0.0", "c": "1.0.0"}},
}
MANAGERS = {
    "pnpm-lock.yaml": "written.pnpm-lock.yaml",
    "package-lock.json": "written.package-lock.json",
    "yarn.lock": "written.yarn-1.lock",
    "yarn.lock of yarn 4": "written.yarn-4.lock",
    "bun.lock": "written.bun.lock",
}
ALL = {"libs/a", "libs/b", "libs/c", "libs/d"}


def texts_of(manager: str) -> dict[str, str]:
    lockfile = manager.partition(" ")[0]
    workspaces = {} if lockfile == "pnpm-lock.yaml" else {"workspaces": ["libs/*"]}
    texts = {
        f"{folder}/package.json": json.dumps({"name": folder[-1], "version": "1.0.0", **tables})
        for folder, tables in MANIFESTS.items()
    }
    texts["package.json"] = json.dumps({**TOP, **workspaces})
    texts[lockfile] = (Path(__file__).parent / MANAGERS[manager]).read_text(encoding="utf-8")
    if lockfile == "pnpm-lock.yaml":
        texts["pnpm-workspace.yaml"] = "packages: ['libs/*']\nlinkWorkspacePackages: true\n"
    return texts


def parts(write_tree: WriteTree, texts: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    found = found_in(write_tree, texts)
    assert found.problems == {}
    return dict(found.parts)


def seen(write_tree: WriteTree, before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    then, now = parts(write_tree, before), parts(write_tree, after)
    assert then.keys() == now.keys() == ALL
    return {folder for folder in then if then[folder] != now[folder]}


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize(
    ("old", "new", "members"),
    [
        ("6.0.0", "6.1.0", {"libs/a", "libs/b"}),
        ("4.0.0", "4.1.0", {"libs/d"}),
        ("1.3.3", "1.3.4", {"libs/a"}),
        ("1.2.0", "1.3.0", {"libs/c"}),
        ("1.0.1", "1.0.9", ALL),
        (("VLghIWNM", "18b5be66"), ("XLghIWNM", "28b5be66"), {"libs/c", "libs/d"}),
    ],
    ids=[
        *("through a package and a member", "another version of the same", "of tests, through no member"),
        *("of tests of a member that others need", "of the root", "the checksum of an optional one"),
    ],
)
def test_a_change_is_seen_by_the_members_that_resolve_to_it(
    write_tree: WriteTree, manager: str, old: str | tuple[str, ...], new: str | tuple[str, ...], members: set[str]
) -> None:
    before = texts_of(manager)
    pairs = [(old, new)] if isinstance(old, str) else [*zip(old, new, strict=True)]
    after = dict(before)
    for then, now in pairs:
        after = {path: text.replace(str(then), str(now)) for path, text in after.items()}
    assert after != before
    assert seen(write_tree, before, after) == members


@pytest.mark.parametrize("manager", MANAGERS)
def test_an_edit_that_changes_nothing_that_is_resolved_is_seen_by_none(write_tree: WriteTree, manager: str) -> None:
    before, lockfile = texts_of(manager), manager.partition(" ")[0]
    remark = "" if lockfile == "package-lock.json" else "// by hand\n" if lockfile == "bun.lock" else "# by hand\n"
    assert seen(write_tree, before, {**before, lockfile: f"{remark}{before[lockfile]}\n\n"}) == set()


PNPM = """\
lockfileVersion: '9.0'
overrides:
  deep: 1.0.0
importers:
  .: {}
  a:
    dependencies:
      alias:
        specifier: npm:real@1.0.0
        version: real@1.0.0
      host:
        specifier: ^1.0.0
        version: 1.0.0(peer@1.0.0)
  b:
    dependencies:
      host:
        specifier: ^1.0.0
        version: 1.0.0(peer@2.0.0)
      fork:
        specifier: https://example.com/fork.tgz
        version: https://example.com/fork.tgz
packages:
  deep@1.0.0:
    resolution: {integrity: sha512-deep}
    deprecated: use another
  fork@https://example.com/fork.tgz:
    resolution: {tarball: https://example.com/fork.tgz}
    version: 3.0.0
  host@1.0.0:
    resolution: {integrity: sha512-host}
  peer@1.0.0:
    resolution: {integrity: sha512-peer1}
  peer@2.0.0:
    resolution: {integrity: sha512-peer2}
  real@1.0.0:
    resolution: {integrity: sha512-real}
    os: [linux]
snapshots:
  deep@1.0.0:
    optional: true
  fork@https://example.com/fork.tgz: {}
  host@1.0.0(peer@1.0.0):
    dependencies:
      peer: 1.0.0
  host@1.0.0(peer@2.0.0):
    dependencies:
      peer: 2.0.0
  peer@1.0.0: {}
  peer@2.0.0: {}
  real@1.0.0:
    optionalDependencies:
      deep: 1.0.0
"""
OF_PNPM = {
    "package.json": "{}",
    "pnpm-workspace.yaml": "packages: [a, b]\n",
    "pnpm-lock.yaml": PNPM,
    "a/package.json": json.dumps({"name": "a", "dependencies": {"alias": "npm:real@1.0.0", "host": "^1.0.0"}}),
    "b/package.json": json.dumps({"name": "b", "dependencies": {"host": "^1.0.0", "fork": "https://x"}}),
}


@pytest.mark.parametrize(
    ("old", "new", "members"),
    [
        ("sha512-peer1", "sha512-x", {"a"}),
        ("sha512-peer2", "sha512-x", {"b"}),
        ("sha512-host", "sha512-x", {"a", "b"}),
        ("sha512-real", "sha512-x", {"a"}),
        ("os: [linux]", "os: [darwin]", {"a"}),
        ("deep: 1.0.0\n", "deep: 1.0.1\n", {"a"}),
        ("    version: 3.0.0", "    version: 3.0.1", {"b"}),
        ("version: 1.0.0(peer@2.0.0)", "version: 1.0.0(peer@1.0.0)", {"b"}),
        ("host@1.0.0(peer@2.0.0):", "host@1.0.0(patch_hash=0a)(peer@2.0.0):", {"b"}),
        ("deprecated: use another", "deprecated: use nothing", set()),
        ("    optional: true\n", "    hasBin: false\n", {"a"}),
        ("specifier: ^1.0.0", "specifier: ^1", set()),
        ("overrides:\n  deep: 1.0.0\n", "", set()),
    ],
)
def test_pnpm_tells_peers_aliases_addresses_patches_and_optional_packages_apart(
    write_tree: WriteTree, old: str, new: str, members: set[str]
) -> None:
    assert old in PNPM
    before, after = parts(write_tree, OF_PNPM), parts(write_tree, {**OF_PNPM, "pnpm-lock.yaml": PNPM.replace(old, new)})
    assert {folder for folder in before if before[folder] != after[folder]} == members


def test_what_the_lockfile_does_not_tell_changes_with_every_byte_of_it(write_tree: WriteTree) -> None:
    """An entry that is missing, of yarn 1: a resolution may lead anywhere."""
    before = texts_of("yarn.lock")
    missing = {**before, "yarn.lock": before["yarn.lock"].replace("is-number@^4.0.0:", "is-number@^4.9.0:")}
    other = {**missing, "yarn.lock": missing["yarn.lock"].replace("left-pad@1.2.0:", "left-pad@1.2.0, left-pad@1.x:")}
    assert seen(write_tree, missing, other) == {"libs/d"}


@pytest.mark.parametrize("lockfile", ["bun.lockb", "package-lock.json"])
def test_without_a_lockfile_that_says_what_is_installed_there_are_no_parts(
    write_tree: WriteTree, lockfile: str
) -> None:
    """Then the whole lockfile is an input of every member."""
    texts = {**texts_of("bun.lock"), lockfile: '{"lockfileVersion": 1, "dependencies": {}}'}
    del texts["bun.lock"]
    assert parts(write_tree, texts) == {}


def test_a_package_that_is_there_twice_is_told_apart_by_its_location(write_tree: WriteTree) -> None:
    """Whether two others share one copy matters; where the only copy lies does not."""

    def lock(*, nested: bool) -> str:
        packages: dict[str, object] = {
            "": {"workspaces": ["a", "b"]},
            "a": {"dependencies": {"ui": "1.0.0", "state": "1.0.0"}},
            "b": {"dependencies": {"state": "1.0.0" if not nested else "2.0.0"}},
            "node_modules/a": {"resolved": "a", "link": True},
            "node_modules/b": {"resolved": "b", "link": True},
            "node_modules/ui": {"version": "1.0.0", "integrity": "ui", "dependencies": {"state": "1.0.0"}},
        }
        if nested:
            packages["node_modules/state"] = {"version": "2.0.0", "integrity": "new"}
            for holder in ("a", "node_modules/ui"):
                packages[f"{holder}/node_modules/state"] = {"version": "1.0.0", "integrity": "old"}
        else:
            packages["node_modules/state"] = {"version": "1.0.0", "integrity": "old"}
        return json.dumps({"lockfileVersion": 3, "packages": packages})

    texts = {
        "package.json": json.dumps({"workspaces": ["a", "b"]}),
        "a/package.json": json.dumps({"name": "a", "dependencies": {"ui": "1.0.0", "state": "1.0.0"}}),
        "b/package.json": json.dumps({"name": "b", "dependencies": {"state": "*"}}),
    }
    shared = parts(write_tree, {**texts, "package-lock.json": lock(nested=False)})
    apart = parts(write_tree, {**texts, "package-lock.json": lock(nested=True)})
    assert {folder for folder in shared if shared[folder] != apart[folder]} == {"a", "b"}


def test_what_a_hook_of_pnpm_adds_to_a_package_is_a_part_of_it(write_tree: WriteTree) -> None:
    """Locked for libs/b by `packageExtensions`, which its manifest does not name."""
    before = texts_of("pnpm-lock.yaml")
    entry = "  libs/b:\n    dependencies:\n"
    assert entry in before["pnpm-lock.yaml"]
    added = {}
    for version in ("1.0.0", "1.0.1"):
        text = before["pnpm-lock.yaml"].replace(
            entry, f"{entry}      pad:\n        specifier: ^1.0.0\n        version: {version}\n"
        )
        text = text.replace("\npackages:\n", f"\npackages:\n\n  pad@{version}:\n    resolution: {{integrity: x}}\n")
        added[version] = {**before, "pnpm-lock.yaml": text}
    assert seen(write_tree, added["1.0.0"], added["1.0.1"]) == {"libs/b"}
