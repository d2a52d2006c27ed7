"""What nox-rings pins for other repositories is what this repository uses itself."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from nox_rings.toolchain.pins import parse_uv_lock
from nox_rings.toolchain.providers import OWN_PINS, find_providers

ROOT = Path(__file__).parents[3]
FOLDERS = ("npm", "npm-registry", "go/images", "go/proto")
RENEW = "cp uv.lock tasks/nox_rings/toolchain/pins/ && (cd tasks/nox_rings/toolchain/pins && uv lock)"


def document(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_the_groups_are_those_of_the_repository() -> None:
    own, shipped = (document(each / "pyproject.toml")["dependency-groups"] for each in (ROOT, OWN_PINS))
    assert shipped == {group: own[group] for group in ("tools", "registries")}


def test_the_lock_has_the_packages_of_the_repository() -> None:
    own, shipped = (
        {name: (each.version, each.digest) for name, each in parse_uv_lock((folder / "uv.lock").read_text()).items()}
        for folder in (ROOT, OWN_PINS)
    )
    del shipped["nox-rings-pins"]
    assert len(shipped) > 10
    assert shipped == {name: own[name] for name in shipped}, RENEW


def test_what_is_installed_for_this_repository_is_not_installed_again_for_another() -> None:
    """The same folders: but for what only this repository has."""
    own, shipped = ({each.folder for each in find_providers(folder)} for folder in (ROOT, OWN_PINS))
    assert len(shipped) == 6
    assert shipped < own
    left = {each.rpartition("-")[0] for each in own - shipped}
    assert left == {"uv-dev", "uv-gate", "npm-browser", "npm-gate", "go-sbom"}


def test_each_folder_of_pins_is_there_once() -> None:
    """tools/ of this repository has links, and the folders lie in the distribution."""
    links = {
        path.relative_to(ROOT).as_posix(): os.path.realpath(path)
        for path in (*ROOT.glob("tools/npm*"), *ROOT.glob("tools/go/*"))
        if path.is_symlink()
    }
    assert links == {f"tools/{name}": str(OWN_PINS / "tools" / name) for name in FOLDERS}
