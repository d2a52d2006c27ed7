"""Lines of [tool.nox-rings] that would change nothing are errors that name them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nox_rings.capabilities import CAPABILITIES
from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.images.builds.settings import setting_problems
from nox_rings.workspace.config import parse_config
from nox_rings.workspace.index import WorkspaceIndex
from nox_rings.workspace.model import Workspace
from unit.images.found import find
from unit.reference import FixedTools

FILES = {
    "chat/Dockerfile": "ARG SIDE\nFROM node:24\nCOPY words.txt /\n",
    "chat/words.txt": "",
    "dev/Dockerfile.dev": "FROM scratch\n",
    "pyproject.toml": "",
}
TABLE = "pyproject.toml: tool.nox-rings"
PROBLEMS: dict[str, tuple[dict[str, Any], str]] = {
    "a development name that is nowhere": (
        {"dev-dockerfiles": ["Dockerfile.dev", "Dockerfile.laptop"]},
        f"{TABLE}.dev-dockerfiles: found Dockerfile.laptop, which no file is called, expected the name of a Dockerfile",
    ),
    "a release name that is nowhere": (
        {"release-dockerfiles": ["chat/Dockerfile"]},
        f"{TABLE}.release-dockerfiles: found chat/Dockerfile, which no file is called, "
        "expected the name of a Dockerfile",
    ),
    "no such image": (
        {"images": {"chatt": {"context": "."}}},
        f"{TABLE}.images.chatt: found no such image, expected one of chat, dev",
    ),
    "no such Dockerfile": (
        {"images": {"gpu": {"dockerfile": "chat/Dockerfile.gpu"}}},
        f"{TABLE}.images.gpu.dockerfile: found chat/Dockerfile.gpu, which is no file of the workspace, "
        "expected a Dockerfile",
    ),
    "no such context": (
        {"images": {"chat": {"context": "chatt"}}},
        f"{TABLE}.images.chat.context: found chatt, which is no folder of the workspace, expected one",
    ),
    "no such argument": (
        {"images": {"chat": {"args": {"SIED": "x"}}}},
        f"{TABLE}.images.chat.args.SIED: found no ARG of this name in its Dockerfile, expected one of SIDE",
    ),
    "a proof of what is not released": (
        {"images": {"dev": {"proof": ["true"]}}},
        f"{TABLE}.images.dev.proof: found a command, and no release image of this name that it would be run in",
    ),
    "a base that nobody is FROM": (
        {"bases": {"node:25": "docker-image://x"}},
        f"{TABLE}.bases.node:25: found no Dockerfile that is FROM it, expected one of node:24",
    ),
}
GOOD: dict[str, dict[str, Any]] = {
    "nothing": {},
    "defaults": {"dev-dockerfiles": ["Dockerfile.dev"], "release-dockerfiles": ["Dockerfile.main", "Dockerfile"]},
    "all of an image": {
        "images": {
            "chat": {"context": "chat", "args": {"SIDE": "x", "HTTP_PROXY": "y"}, "proof": ["/chat"]},
            "gpu": {"dockerfile": "chat/Dockerfile", "target": "gpu", "proof": False},
        },
        "bases": {"node:24": "docker-image://x"},
    },
}


def problems(root: Path, table: dict[str, Any]) -> list[str]:
    found = find(root, FILES, table)
    view = WorkspaceView(
        index=WorkspaceIndex(Workspace(images=tuple(found.images.values()))),
        config=parse_config(table),
        files=tuple(sorted(FILES)),
        ecosystems={},
        tools=FixedTools(),
    )
    return list(setting_problems(view))


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_line_without_effect_is_an_error_that_names_it(name: str, tmp_path: Path) -> None:
    table, problem = PROBLEMS[name]
    assert problems(tmp_path, table) == [problem]


@pytest.mark.parametrize("name", GOOD)
def test_a_line_with_an_effect_is_none(name: str, tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD[name]) == []


def test_configuration_makes_another_image_and_says_how_one_is_built(tmp_path: Path) -> None:
    images = find(tmp_path, FILES, GOOD["all of an image"]).images
    assert {key: (image.stage, dict(image.args), image.proof) for key, image in images.items()} == {
        "release:chat": ("", {"HTTP_PROXY": "y", "SIDE": "x"}, ("/chat",)),
        "release:gpu": ("gpu", {}, ()),
        "dev:dev": ("", {}, None),
    }


def test_the_same_name_says_how_the_image_that_is_there_is_built(tmp_path: Path) -> None:
    table = {"images": {"chat": {"dockerfile": "chat/Dockerfile", "target": "web"}}}
    images = find(tmp_path, FILES, table).images
    assert [(key, image.stage) for key, image in images.items()] == [("release:chat", "web"), ("dev:dev", "")]


def test_every_name_of_a_dockerfile_is_one_that_is_read_again_after_an_edit() -> None:
    (images,) = (each for each in CAPABILITIES if each.name == "images")
    assert {"Dockerfile*", "*.[Dd]ockerfile", "*compose*.yaml", "*bake*.hcl", ".env"} <= {*images.descriptors}
