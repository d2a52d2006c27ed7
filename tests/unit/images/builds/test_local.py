"""Images that start from other images of the workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.images.found import SCRATCH, Found, find


def edges(found: Found) -> dict[str, list[tuple[str, str]]]:
    """Image → by which reference it starts from which image; those that start from none are left out."""
    return {
        key: [(each.reference, f"{each.variant}:{each.name}") for each in image.starts_from]
        for key, image in found.images.items()
        if image.starts_from
    }


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("FROM base\n", "base"),
        ("FROM base:latest\n", "base:latest"),
        ("FROM base:dev\n", "base:dev"),
        ("ARG B=base\nFROM ${B} AS x\n", "base"),
        ("FROM scratch\nCOPY --from=base / /\n", "base"),
        ("FROM scratch\nRUN --mount=from=base,target=/b true\n", "base"),
    ],
)
def test_the_name_of_an_image_is_that_image(text: str, reference: str, tmp_path: Path) -> None:
    found = find(tmp_path, {"images/base/Dockerfile.dev": SCRATCH, "web/Dockerfile.dev": text})
    assert edges(found) == {"dev:web": [(reference, "dev:base")]}


@pytest.mark.parametrize("base", ["base:1.0", "acme/base", "scratch", "base@sha256:" + "0" * 64, "$BASE", "node"])
def test_another_name_is_not(base: str, tmp_path: Path) -> None:
    files = {"base/Dockerfile": SCRATCH, "node/Dockerfile": SCRATCH, "web/Dockerfile": f"ARG BASE\nFROM {base}\n"}
    assert edges(find(tmp_path, files)) == {}


def test_an_image_of_the_same_ring_is_preferred(tmp_path: Path) -> None:
    files = {
        **{"base/Dockerfile": SCRATCH, "base/Dockerfile.dev": SCRATCH, "lib/Dockerfile": SCRATCH},
        **{"web/Dockerfile": "FROM base\n", "web/Dockerfile.dev": "FROM base\nCOPY --from=lib / /\n"},
    }
    assert edges(find(tmp_path, files)) == {
        "release:web": [("base", "release:base")],
        "dev:web": [("base", "dev:base"), ("lib", "release:lib")],
    }


def test_tags_of_compose_and_bake_name_an_image(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {one: {build: one, image: 'docker.io/acme/one:latest'}}\n",
        "docker-bake.hcl": 'target "two" {\n  context = "two"\n  tags = ["example.com/two:1"]\n}\n',
        "one/Dockerfile": SCRATCH,
        "two/Dockerfile": "FROM acme/one\n",
        "three/Dockerfile": "FROM example.com/two:1\n",
    }
    assert edges(find(tmp_path, files)) == {
        "release:three": [("example.com/two:1", "release:two")],
        "release:two": [("acme/one", "release:one")],
    }


def test_named_contexts_may_be_other_builds_folders_and_references(tmp_path: Path) -> None:
    files = {
        "compose.yaml": """
services:
  base: {build: base}
  web:
    build:
      context: web
      additional_contexts:
        - start=service:base
        - lib=./lib
        - far=docker-image://alpine:3
""",
        "docker-bake.hcl": """
target "one" { context = "one" }
target "two" {
  context = "two"
  contexts = { start = "target:one", lib = "lib" }
}
""",
        **dict.fromkeys(("base/Dockerfile", "one/Dockerfile", "lib/x"), SCRATCH),
        "web/Dockerfile": "FROM start\nCOPY --from=lib x /\nCOPY --from=far / /\n",
        "two/Dockerfile": "FROM start\nCOPY --from=lib x /\n",
    }
    found = find(tmp_path, files)
    assert edges(found) == {"release:two": [("start", "release:one")], "release:web": [("start", "release:base")]}
    assert found.images["release:web"].contexts == (("far", "docker-image://alpine:3"), ("lib", "lib"))
    assert found.images["release:web"].context_folders == ("lib",)


def test_a_named_context_may_name_an_image_by_its_tag(tmp_path: Path) -> None:
    files = {
        "docker-bake.hcl": """
target "base" {
  context = "base"
  tags = ["acme/base:1"]
}
target "web" {
  context = "web"
  contexts = { start = "docker-image://acme/base:1", far = "docker-image://acme/base:2" }
}
""",
        "base/Dockerfile": SCRATCH,
        "web/Dockerfile": "FROM start\nCOPY --from=far / /\n",
    }
    found = find(tmp_path, files)
    assert edges(found) == {"release:web": [("start", "release:base")]}
    assert found.images["release:web"].contexts == (("far", "docker-image://acme/base:2"),)
    for name in ("start", "acme/base:1"):
        assert edges(find(tmp_path, files, {"bases": {name: "docker-image://x"}})) == {}


def test_what_configuration_sends_elsewhere_is_no_image_of_the_workspace(tmp_path: Path) -> None:
    files = {"base/Dockerfile": SCRATCH, "web/Dockerfile": "FROM base\n"}
    assert edges(find(tmp_path, files, {"bases": {"base": "docker-image://x"}})) == {}


def test_an_edge_that_would_close_a_cycle_is_none_and_told(tmp_path: Path) -> None:
    files = {"a/Dockerfile": "FROM b\n", "b/Dockerfile": "FROM c\n", "c/Dockerfile": "FROM a\n"}
    found = find(tmp_path, files)
    assert edges(found) == {"release:a": [("b", "release:b")], "release:b": [("c", "release:c")]}
    assert found.told == ("c/Dockerfile: a would be the image a, which starts from it",)


def test_an_image_named_as_its_own_base_starts_from_elsewhere(tmp_path: Path) -> None:
    assert edges(find(tmp_path, {"redis/Dockerfile": "FROM redis\n"})) == {}


BASE = "FROM scratch\nONBUILD COPY conf.json /etc/\nONBUILD COPY --from=lib /l /l\n"


@pytest.mark.parametrize(
    ("files", "sources"),
    [
        ({"base/Dockerfile": BASE, "web/Dockerfile": "FROM base\nCOPY a /\n"}, ["web/conf.json", "web/a"]),
        ({"base/Dockerfile": BASE, "web/Dockerfile": "FROM base AS x\nCOPY a /\nFROM x\n"}, ["web/conf.json", "web/a"]),
        ({"base/Dockerfile": BASE, "web/Dockerfile": "FROM scratch\nCOPY --from=base / /\n"}, []),
        (
            {"base/Dockerfile": BASE, "web/Dockerfile": "FROM middle\n", "middle/Dockerfile": "FROM base\n"},
            [],
        ),
        (
            {
                "base/Dockerfile": "FROM scratch\nONBUILD ARG D=src\nONBUILD ADD ${D} https://x/y /\n"
                "ONBUILD RUN --mount=type=bind,src=m true\n",
                "web/Dockerfile": "FROM base\n",
            },
            ["web/src", "web/m"],
        ),
        (
            {
                "base/Dockerfile": "FROM scratch AS one\nONBUILD COPY one /\nFROM scratch\nONBUILD COPY two /\n",
                "web/Dockerfile": "FROM base\n",
            },
            ["web/two"],
        ),
    ],
)
def test_a_build_reads_what_the_onbuild_instructions_of_its_base_copy(
    files: dict[str, str], sources: list[str], tmp_path: Path
) -> None:
    """https://docs.docker.com/reference/dockerfile/#onbuild: they run in the build that is FROM the image, and once."""
    compose = "services: {web: {build: web}, middle: {build: middle}, base: {build: base}, lib: {build: lib}}\n"
    found = find(tmp_path, {"compose.yaml": compose, **files, "lib/Dockerfile": SCRATCH})
    assert list(found.images["release:web"].sources) == sources


def test_a_named_context_and_a_tag_bring_onbuild_instructions_and_their_bases(tmp_path: Path) -> None:
    files = {
        "compose.yaml": """
services:
  base: {build: {context: base, target: one}, image: 'acme/base:1'}
  lib: {build: lib}
  web: {build: web}
  api: {build: {context: api, additional_contexts: {start: 'service:base'}}}
  other: {build: {context: other, additional_contexts: {start: 'service:lib'}}}
""",
        "other/Dockerfile": "FROM start\n",
        "base/Dockerfile": "FROM scratch AS one\nONBUILD COPY conf.json /\nONBUILD COPY --from=lib / /\nFROM scratch\n",
        "web/Dockerfile": "FROM acme/base:1\n",
        "api/Dockerfile": "FROM start\nCOPY a /\n",
        "lib/Dockerfile": SCRATCH,
    }
    found = find(tmp_path, files)
    assert found.images["release:web"].sources == ("web/conf.json",)
    assert edges(found)["release:web"] == [("acme/base:1", "release:base"), ("lib", "release:lib")]
    assert edges(found)["release:api"] == [("start", "release:base"), ("lib", "release:lib")]
    assert edges(found)["release:other"] == [("start", "release:lib")]
    assert found.images["release:api"].sources == ("api/conf.json", "api/a")
