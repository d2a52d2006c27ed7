"""Which Dockerfiles are which images, and what those are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.images.found import SCRATCH, find

IMAGES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "development and release": (
        ("services/chat/Dockerfile.dev", "services/chat/Dockerfile"),
        {"release:chat": "services/chat/Dockerfile", "dev:chat": "services/chat/Dockerfile.dev"},
    ),
    "two release Dockerfiles": (
        ("services/chat/Dockerfile", "services/chat/Dockerfile.release"),
        {
            "release:chat-dockerfile?": "services/chat/Dockerfile",
            "release:chat": "services/chat/Dockerfile.release",
        },
    ),
    "three release Dockerfiles": (
        ("chat/Dockerfile", "chat/Dockerfile.main", "chat/Dockerfile.release"),
        {
            "release:chat-dockerfile?": "chat/Dockerfile",
            "release:chat-main?": "chat/Dockerfile.main",
            "release:chat": "chat/Dockerfile.release",
        },
    ),
    "a word behind": (
        ("chat/Dockerfile", "chat/Dockerfile.gpu", "chat/Dockerfile.windows"),
        {
            "release:chat": "chat/Dockerfile",
            "release:chat-gpu?": "chat/Dockerfile.gpu",
            "release:chat-windows?": "chat/Dockerfile.windows",
        },
    ),
    "a word before": (
        ("docker/api.Dockerfile", "docker/worker.dockerfile", "web/test.Dockerfile"),
        {
            "release:api?": "docker/api.Dockerfile",
            "release:worker?": "docker/worker.dockerfile",
            "release:web-test?": "web/test.Dockerfile",
        },
    ),
    "Containerfiles": (
        ("chat/Containerfile", "chat/Containerfile.dev", "chat/gpu.Containerfile"),
        {
            "release:chat": "chat/Containerfile",
            "dev:chat": "chat/Containerfile.dev",
            "release:chat-gpu?": "chat/gpu.Containerfile",
        },
    ),
    "in small letters": (("chat/dockerfile",), {"release:chat": "chat/dockerfile"}),
    "for development by another word": (
        ("chat/dev.Dockerfile", "web/Dockerfile.development", "x/Dockerfile.dev", "x/Dockerfile.local"),
        {
            "dev:chat": "chat/dev.Dockerfile",
            "dev:web": "web/Dockerfile.development",
            "dev:x": "x/Dockerfile.dev",
            "dev:x-local?": "x/Dockerfile.local",
        },
    ),
    "folders that say nothing": (
        (
            "apps/shop/docker/Dockerfile",
            "apps/web/build/Dockerfile.dev",
            "apps/api/src/Dockerfile",
            "images/base/Dockerfile",
        ),
        {
            "release:shop": "apps/shop/docker/Dockerfile",
            "dev:web": "apps/web/build/Dockerfile.dev",
            "release:api": "apps/api/src/Dockerfile",
            "release:base": "images/base/Dockerfile",
        },
    ),
    "a service of such a name": (("services/images/Dockerfile",), {"release:images": "services/images/Dockerfile"}),
    "the root": (
        ("Dockerfile", "Dockerfile.dev", "Dockerfile.worker"),
        {"release:root": "Dockerfile", "dev:root": "Dockerfile.dev", "release:worker?": "Dockerfile.worker"},
    ),
    "a folder of the root that says nothing": (("docker/Dockerfile",), {"release:root": "docker/Dockerfile"}),
    "two services of one name": (
        ("a/api/Dockerfile", "b/api/Dockerfile.dev"),
        {"release:a/api": "a/api/Dockerfile", "dev:b/api": "b/api/Dockerfile.dev"},
    ),
    "an image of a name that is a service's": (
        ("chat/Dockerfile.gpu", "chat-gpu/Dockerfile"),
        {"release:chat-gpu": "chat-gpu/Dockerfile", "release:chat/gpu?": "chat/Dockerfile.gpu"},
    ),
    "an image of a name that is a service's, further down": (
        ("services/chat/Dockerfile.gpu", "services/chat-gpu/Dockerfile"),
        {
            "release:chat-gpu": "services/chat-gpu/Dockerfile",
            "release:services/chat/gpu?": "services/chat/Dockerfile.gpu",
        },
    ),
    "images of two services of one name": (
        ("a/api/Dockerfile.gpu", "b/api/Dockerfile.gpu"),
        {"release:a/api/gpu?": "a/api/Dockerfile.gpu", "release:b/api/gpu?": "b/api/Dockerfile.gpu"},
    ),
    "two Dockerfiles of one service": (
        ("shop/build/Dockerfile", "shop/docker/Dockerfile"),
        {"release:shop/build": "shop/build/Dockerfile", "release:shop/docker": "shop/docker/Dockerfile"},
    ),
    "names that no registry takes": (
        ("Big Shop/Dockerfile", "@acme/ui__/Dockerfile"),
        {"release:big-shop": "Big Shop/Dockerfile", "release:ui": "@acme/ui__/Dockerfile"},
    ),
    "other marks before the name": (
        ("web/Dockerfile-gpu", "web/Dockerfile_dev", "web/Dockerfile.py"),
        {
            "release:web-gpu?": "web/Dockerfile-gpu",
            "dev:web": "web/Dockerfile_dev",
            "release:web-py?": "web/Dockerfile.py",
        },
    ),
    "what is no Dockerfile": (
        (
            *("chat/Dockerfile.dockerignore", "chat/Dockerfile.md", "chat/Dockerfile.j2", "chat/MyDockerfile"),
            *("chat/Dockerfile.orig", "docs/dockerfile.md", "chat/Dockerfiles"),
        ),
        {},
    ),
}


@pytest.mark.parametrize("name", IMAGES)
def test_every_dockerfile_is_an_image_with_a_name_of_its_own(name: str, tmp_path: Path) -> None:
    files, images = IMAGES[name]
    found = find(tmp_path, dict.fromkeys(files, SCRATCH))
    assert (found.files, found.problems) == (images, ())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/dockerfile.ts", "import { from } from 'from'\nexport const FROM = 'FROM scratch'\n"),
        ("src/dockerfile.go", "package dockerfile\n"),
        ("src/dockerfile.py", "from docker import client\n\nfrom x import (\n    y,\n)\n"),
        ("src/dockerfile.py", "TEXT = '''\nFROM scratch\n'''\n"),
        ("web/Dockerfile.tsx", "export const Dockerfile = () => <p>FROM scratch</p>\n"),
        ("docs/Dockerfile.html", "<pre>FROM scratch</pre>\n"),
        ("docs/Dockerfile-notes", "Build it from scratch.\n"),
        ("y/Dockerfile.yaml", "FROM: scratch\n"),
    ],
)
def test_code_and_notes_about_dockerfiles_are_no_images(path: str, text: str, tmp_path: Path) -> None:
    found = find(tmp_path, {path: text})
    assert (found.files, found.problems) == ({}, ())


@pytest.mark.parametrize(
    "text",
    ["# syntax=docker/dockerfile:1\n\nARG A=1\nFROM --platform=$B node:${A} AS x\r\n", "\ufefffrom scratch as a"],
)
def test_a_dockerfile_by_the_name_of_code_is_known_by_its_beginning(text: str, tmp_path: Path) -> None:
    assert find(tmp_path, {"web/Dockerfile.js": text}).files == {"release:web-js?": "web/Dockerfile.js"}


def test_configuration_names_a_dockerfile_that_is_called_anything(tmp_path: Path) -> None:
    table = {"images": {"gpu": {"dockerfile": "web/recipe"}}, "release-dockerfiles": ["build.docker"]}
    found = find(tmp_path, {"web/recipe": SCRATCH, "api/build.docker": SCRATCH}, table)
    assert found.files == {"release:api": "api/build.docker", "release:gpu": "web/recipe"}


def test_a_dockerfile_beside_the_release_dockerfile_is_told(tmp_path: Path) -> None:
    found = find(tmp_path, {"chat/Dockerfile": SCRATCH, "chat/Dockerfile.release": SCRATCH})
    assert found.told == (
        "chat/Dockerfile: Dockerfile.release is the release Dockerfile of its folder, so this one is another image",
    )


def test_a_template_is_told(tmp_path: Path) -> None:
    assert find(tmp_path, {"chat/Dockerfile.j2": "FROM {{ base }}\n"}).told == ("a template of a Dockerfile",)


def test_a_plain_dockerfile_is_optional_where_configuration_names_others(tmp_path: Path) -> None:
    files = dict.fromkeys(("chat/Dockerfile", "web/Dockerfile", "web/Dockerfile.prod"), SCRATCH)
    assert find(tmp_path, files, {"release-dockerfiles": ["Dockerfile.prod"]}).files == {
        "release:chat?": "chat/Dockerfile",
        "release:web-dockerfile?": "web/Dockerfile",
        "release:web": "web/Dockerfile.prod",
    }


def test_a_name_of_both_kinds_is_one_for_development(tmp_path: Path) -> None:
    files = dict.fromkeys(("chat/Dockerfile", "chat/Dockerfile.main"), SCRATCH)
    assert find(tmp_path, files, {"dev-dockerfiles": ["Dockerfile"]}).files == {
        "dev:chat": "chat/Dockerfile",
        "release:chat": "chat/Dockerfile.main",
    }


def test_configured_names_are_those_of_the_service(tmp_path: Path) -> None:
    files = {"tools/ship.Dockerfile": SCRATCH, "chat/Dockerfile.dev": SCRATCH, "chat/Dockerfile.laptop": SCRATCH}
    table = {"release-dockerfiles": ["ship.Dockerfile"], "dev-dockerfiles": ["Dockerfile.dev", "Dockerfile.laptop"]}
    assert find(tmp_path, files, table).files == {
        "dev:chat": "chat/Dockerfile.dev",
        "dev:chat-laptop": "chat/Dockerfile.laptop",
        "release:tools": "tools/ship.Dockerfile",
    }
