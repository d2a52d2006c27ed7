"""The steps of the install check, as a dry run prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.packed_set import Packed, PackedSet
from nox_rings.engine.run.steps import rendered
from nox_rings.workspace.model import Member


def shown(root: Path, ecosystem: str, *, tools: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> str:
    """All steps for two SDKs, as a dry run prints them."""
    sdks = tuple(
        Packed(
            member=Member(folder=name, ecosystem=ecosystem, name=f"acme-{name}", install_root="."),
            folder=root / "dist" / name,
            clean=root / "place" / name,
            version="1.2.3",
        )
        for name in ("a", "b")
    )
    packed = PackedSet(sdks=sdks, absent=(), generated_roots=(), root=root, files=files, fix="declare it")
    (found,) = (each for each in ECOSYSTEMS if each.name == ecosystem)
    steps = found.install_check_steps(packed, dict.fromkeys(tools, ""))
    return "".join(f"{rendered(step, root)}\n" for step in steps)


def test_every_sdk_is_installed_alone_and_checked_in_both_modes(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"devDependencies": {"typescript": "7"}}')
    found = shown(tmp_path, "npm", files=("a/smoke/x.mts", "b/smoke/smoke.mjs"))
    assert found.count("pnpm install ") == 2
    projects = ["nodenext.json", "smoke-nodenext.json", "bundler.json", "smoke-bundler.json"]
    assert [found.count(f"--project {each}\n") for each in projects] == [2, 1, 2, 1]
    assert found.count(f"{tmp_path}/node_modules/.bin/tsc") == 6


def test_the_compiler_of_the_sdk_is_preferred_to_that_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"devDependencies": {"typescript": "7"}}')
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "package.json").write_text('{"dependencies": {"typescript": "6"}}')
    found = shown(tmp_path, "npm")
    assert found.count(f"{tmp_path}/a/node_modules/.bin/tsc") == 2
    assert found.count(f"{tmp_path}/node_modules/.bin/tsc") == 2


def test_without_a_compiler_there_is_only_the_installation(tmp_path: Path) -> None:
    found = shown(tmp_path, "npm")
    assert found.count("pnpm install ") == 2 and "tsc" not in found


def test_go_gets_its_proxies_after_it_was_asked_for_its_own(tmp_path: Path) -> None:
    found = shown(tmp_path, "go")
    dist = (tmp_path / "dist").as_uri()
    assert f"GOPROXY='{dist}/a,{dist}/b,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)'" in found
    for words in ("go get acme-a@1.2.3", "go get acme-b@1.2.3", "go mod edit -json", "go build ./...", "go vet ./..."):
        assert words in found
    assert found.count("go vet ./...") == 2


@pytest.mark.parametrize(("tools", "count"), [(("uv", "mypy"), 4), (("uv",), 0)])
def test_mypy_checks_each_wheel_twice_where_it_is_pinned(tmp_path: Path, tools: tuple[str, ...], count: int) -> None:
    found = shown(tmp_path, "pypi", tools=tools)
    assert found.count("uv pip install ") == 2
    assert found.count("mypy --config-file") == count
