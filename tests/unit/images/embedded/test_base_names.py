"""Which FROM names can be made without a registry, and what is said of the others."""

from __future__ import annotations

import pytest

from nox_rings.images.embedded.base_names import Base, Family, plan_bases, resolve_base

VERSIONS = {Family.NODE: "24.19.0", Family.GOLANG: "1.27.3"}


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("debian", "debian-13-trixie"),
        ("debian:stable-slim", "debian-13-trixie"),
        ("debian:trixie-slim", "debian-13-trixie"),
        ("debian:13", "debian-13-trixie"),
        ("debian:13.2-slim", "debian-13-trixie"),
        ("debian:12-slim", "debian-12-bookworm"),
        ("debian:bookworm", "debian-12-bookworm"),
        ("node", "node-24.19.0-trixie"),
        ("node:lts", "node-24.19.0-trixie"),
        ("node:24", "node-24.19.0-trixie"),
        ("node:24.19-slim", "node-24.19.0-trixie"),
        ("node:24-bookworm-slim", "node-24.19.0-bookworm"),
        ("golang:1.27", "golang-1.27.3-trixie"),
        ("golang:1.27.3-bookworm", "golang-1.27.3-bookworm"),
        ("python:3.13-slim", "python-3.13-trixie"),
        ("python:3", "python-3.13-trixie"),
        ("python:3.11", "python-3.11-bookworm"),
        ("python:3.11-slim-bookworm", "python-3.11-bookworm"),
        ("library/node:24", "node-24.19.0-trixie"),
        ("docker.io/node:24", "node-24.19.0-trixie"),
        ("docker.io/library/node:24", "node-24.19.0-trixie"),
    ],
)
def test_names_of_the_official_images_that_can_be_made(reference: str, name: str) -> None:
    found = resolve_base(reference, VERSIONS)
    assert isinstance(found, Base), found
    assert found.name == name


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("alpine:3", "expected one of debian, golang, node, python: others need a registry"),
        ("gcr.io/distroless/nodejs24", "expected one of debian, golang, node, python: others need a registry"),
        ("ghcr.io/node:24", "expected one of debian, golang, node, python: others need a registry"),
        ("localhost:5000/node:24", "expected one of debian, golang, node, python: others need a registry"),
        ("nodejs:24", "expected one of debian, golang, node, python: others need a registry"),
        ("node:24-alpine", "expected a tag of Debian's trixie or bookworm, found `alpine` in it"),
        ("node:24-alpine3.22", "expected a tag of Debian's trixie or bookworm, found `alpine3.22` in it"),
        ("debian:bullseye", "expected a tag of Debian's trixie or bookworm, found `bullseye` in it"),
        ("python:3.14-rc", "expected a tag of Debian's trixie or bookworm, found `rc` in it"),
        ("debian:11", "expected debian 13, which is the one at hand"),
        ("node:22-slim", "expected node 24.19.0, which is the one at hand"),
        ("node:2", "expected node 24.19.0, which is the one at hand"),
        ("golang:1.2", "expected golang 1.27.3, which is the one at hand"),
        ("python:3.12", "expected python 3.13, which is the one at hand"),
        ("python:3.13-bookworm", "expected python 3.11, which is the one at hand"),
        ("node:24@sha256:" + "0" * 64, "expected no digest: what is made here is not what the registry has"),
    ],
)
def test_names_that_cannot_be_made_say_what_was_expected(reference: str, problem: str) -> None:
    assert resolve_base(reference, VERSIONS) == problem


def test_a_language_that_nothing_pins_cannot_be_made() -> None:
    assert resolve_base("node:24", {}) == "expected a pinned node in the tools"
    assert resolve_base("golang", {Family.GOLANG: ""}) == "expected a pinned golang in the tools"
    assert isinstance(resolve_base("python:3.13", {}), Base)


def test_languages_are_made_from_the_debian_of_their_suite() -> None:
    debian = Base(family=Family.DEBIAN, version="12", suite="bookworm")
    assert Base(family=Family.PYTHON, version="3.11", suite="bookworm").parent == debian
    assert debian.parent is None


def test_a_plan_has_each_name_that_can_be_made_and_every_problem_with_its_place() -> None:
    references = {"alpine:3": "a/Dockerfile:1", "node:24-slim": "b/Dockerfile:1", "node:20": "b/Dockerfile:7"}
    assert plan_bases(references, VERSIONS) == (
        {"node:24-slim": Base(family=Family.NODE, version="24.19.0", suite="trixie")},
        (
            "a/Dockerfile:1: found FROM alpine:3, expected one of debian, golang, node, python: others need a registry",
            "b/Dockerfile:7: found FROM node:20, expected node 24.19.0, which is the one at hand",
        ),
    )
