"""Which images the words after `--` mean."""

from __future__ import annotations

from argparse import Namespace
from types import SimpleNamespace
from typing import Any

import pytest

from nox_rings.engine.errors import UsageError, WorkspaceInvalidError
from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.targets import Target
from nox_rings.images.kinds import IMAGE_RELEASE
from nox_rings.images.session import _select


def run(**optional: bool) -> Any:
    """Of images by name, and whether each is built only where it is named."""
    targets = [
        Target(id=IMAGE_RELEASE.id(name.replace("_", "-")), kind=IMAGE_RELEASE, path=name, optional=each)
        for name, each in optional.items()
    ]
    return SimpleNamespace(graph=Graph({target.id: target for target in targets}))


def chosen(names: list[str], **optional: bool) -> tuple[str, ...]:
    return _select(run(**optional), Namespace(services=names), IMAGE_RELEASE).ids


def test_without_names_all_are_meant_but_those_that_are_built_where_they_are_named() -> None:
    assert chosen([], chat=False, chat_gpu=True, web=False) == ("image-release:chat", "image-release:web")


def test_any_image_can_be_named_with_hyphens_or_underscores() -> None:
    assert chosen(["chat_gpu", "web"], chat=False, chat_gpu=True, web=False) == (
        "image-release:chat-gpu",
        "image-release:web",
    )


def test_an_unknown_name_and_a_workspace_without_a_usual_image_are_sentences_with_the_names() -> None:
    with pytest.raises(UsageError, match="found no service chta; the services are chat, chat-gpu"):
        chosen(["chta"], chat=False, chat_gpu=True)
    with pytest.raises(UsageError, match="found only images that are built where they are named: chat-gpu"):
        chosen([], chat_gpu=True)
    with pytest.raises(WorkspaceInvalidError, match="found no Dockerfile for image-release"):
        chosen([])
