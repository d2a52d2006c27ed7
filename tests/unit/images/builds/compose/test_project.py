"""Builds that compose files name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.images.found import SCRATCH, Found, find

STAGES = "FROM scratch AS dev\nFROM scratch AS web\nFROM scratch AS worker\n"


def built(root: Path, compose: str, more: Mapping[str, str], table: Mapping[str, Any] | None = None) -> Found:
    return find(root, {"compose.yaml": compose, **more}, table)


def settings(found: Found) -> dict[str, tuple[str, str, str, dict[str, str]]]:
    """Image → Dockerfile, context, stage, arguments."""
    return {
        key: (image.dockerfile, image.context, image.stage, dict(image.args)) for key, image in found.images.items()
    }


def test_a_build_is_a_folder_or_a_mapping(tmp_path: Path) -> None:
    compose = """
services:
  db: {image: postgres}
  web: {build: ./apps/web}
  shop:
    build: {context: apps/shop, dockerfile: docker/Dockerfile}
  job:
    build:
      context: .
      dockerfile: jobs/Dockerfile.batch
      target: run
      args: {SIDE: left, LEVEL: 3, DEBUG: true}
"""
    files = ("apps/web/Dockerfile", "apps/shop/docker/Dockerfile", "jobs/Dockerfile.batch")
    found = built(tmp_path, compose, dict.fromkeys(files, "FROM scratch AS run\n"))
    assert settings(found) == {
        "release:shop": ("apps/shop/docker/Dockerfile", "apps/shop", "", {}),
        "release:web": ("apps/web/Dockerfile", "apps/web", "", {}),
        "release:job": ("jobs/Dockerfile.batch", ".", "run", {"SIDE": "left", "LEVEL": "3", "DEBUG": "true"}),
    }
    assert [each.optional for each in found.images.values()] == [False, False, False]
    assert (found.told, found.problems) == ((), ())


def test_equal_builds_are_one_image_and_others_are_told_apart_by_the_service(tmp_path: Path) -> None:
    compose = """
services:
  one: {build: {context: api, target: web}, image: acme/one}
  two: {build: {context: ./api/, target: web}, image: acme/two}
  three: {build: {context: api, target: worker}}
"""
    found = built(tmp_path, compose, {"api/Dockerfile": STAGES})
    assert settings(found) == {
        "release:api-one": ("api/Dockerfile", "api", "web", {}),
        "release:api-three": ("api/Dockerfile", "api", "worker", {}),
    }
    assert found.images["release:api-one"].tags == ("acme/one", "acme/two")


def test_a_stage_for_development_is_ring_1_and_leaves_the_release_image(tmp_path: Path) -> None:
    found = built(tmp_path, "services: {web: {build: {context: web, target: dev}}}\n", {"web/Dockerfile": STAGES})
    assert settings(found) == {
        "release:web": ("web/Dockerfile", "web", "", {}),
        "dev:web": ("web/Dockerfile", "web", "dev", {}),
    }


def test_further_files_are_laid_over_the_first(tmp_path: Path) -> None:
    more = {
        "compose.override.yaml": "services: {web: {build: {args: {B: 2}}}}\n",
        "docker-compose.prod.yml": "services: {web: {build: {target: web}}, other: {image: x}}\n",
        "web/Dockerfile": STAGES,
    }
    found = built(tmp_path, "services: {web: {build: {context: web, args: [A=1]}}}\n", more)
    assert settings(found) == {
        "release:web": ("web/Dockerfile", "web", "", {"A": "1", "B": "2"}),
        "release:web-prod": ("web/Dockerfile", "web", "web", {"A": "1", "B": "2"}),
    }


def test_what_a_service_extends_and_what_a_file_includes_counts(tmp_path: Path) -> None:
    compose = """
include: [infra/compose.yaml]
x-build: &build {context: web, args: {A: 1}}
services:
  base: {build: {<<: *build}}
  web: {extends: base, build: {args: {A: 2}}}
  api: {extends: {service: api, file: common/compose.base.yml}}
"""
    more = {
        "infra/compose.yaml": "services: {proxy: {build: .}}\n",
        "common/compose.base.yml": "services: {api: {build: ../api}}\n",
        **dict.fromkeys(("infra/Dockerfile", "web/Dockerfile", "api/Dockerfile"), SCRATCH),
    }
    assert settings(built(tmp_path, compose, more)) == {
        "release:api": ("api/Dockerfile", "api", "", {}),
        "release:proxy": ("infra/Dockerfile", "infra", "", {}),
        "release:web-base": ("web/Dockerfile", "web", "", {"A": "1"}),
        "release:web": ("web/Dockerfile", "web", "", {"A": "2"}),
    }


def test_variables_come_from_the_environment_file_and_from_defaults(tmp_path: Path) -> None:
    compose = """
services:
  web:
    image: ${REGISTRY:-reg}/web:${TAG}
    build:
      context: ${FOLDER}
      dockerfile: ${FILE:-Dockerfile}
      args: {A: "${FOLDER:+x}", B: $$HOME, C: "${UNSET}", D: , FOLDER: }
"""
    found = built(tmp_path, compose, {".env": "FOLDER=web\nTAG=1\n", "web/Dockerfile": SCRATCH})
    assert settings(found) == {"release:web": ("web/Dockerfile", "web", "", {"A": "x", "B": "$HOME", "FOLDER": "web"})}
    assert (found.images["release:web"].passed_args, found.images["release:web"].tags) == (("D",), ("reg/web:1",))
    assert found.told == (
        "compose.yaml: services.web.build.args.C: found no value of UNSET in a .env that git lists, so the argument "
        "is not given",
    )


TOLD = {
    "{context: ../web}": "compose.yaml: services.web.build: its context ../web lies outside of the workspace",
    "/srv/web": "compose.yaml: services.web.build: its context /srv/web lies outside of the workspace",
    "https://example.com/web.git": (
        "compose.yaml: services.web.build: its context is https://example.com/web.git, expected a path in the workspace"
    ),
    "${NO}": "compose.yaml: services.web.build: `${NO}` needs the variable NO, expected it in a .env that git lists",
    "${NO:?say where}": "compose.yaml: services.web.build: it needs the variable NO (say where)",
    "none": "compose.yaml: services.web: found no none/Dockerfile among the files of git",
    "{dockerfile_inline: FROM scratch}": (
        "compose.yaml: services.web.build: its Dockerfile stands in the compose file, expected a file"
    ),
}


@pytest.mark.parametrize("name", ["recipe", "Dockerfile_web", "web.docker", "dockerfile.ts"])
def test_a_dockerfile_that_a_build_names_may_be_called_anything(name: str, tmp_path: Path) -> None:
    found = built(tmp_path, f"services: {{web: {{build: {{context: web, dockerfile: ../{name}}}}}}}\n", {name: SCRATCH})
    assert (found.files, found.told, found.problems) == ({"release:web": name}, (), ())


@pytest.mark.parametrize("build", TOLD)
def test_a_build_that_nothing_can_be_made_of_is_told_and_stops_nothing(build: str, tmp_path: Path) -> None:
    compose = f"services: {{web: {{build: {build if build.startswith('{') else json.dumps(build)}}}}}\n"
    found = built(tmp_path, compose, {"web/recipe": SCRATCH, "api/Dockerfile": SCRATCH})
    assert (list(found.images), found.told, found.problems) == (["release:api"], (TOLD[build],), ())


@pytest.mark.parametrize(
    "text",
    [
        "services: [",
        "- a\n",
        "",
        "services: [a]\n",
        "services: {web: }\n",
        "services: {web: {build: [a]}}\n",
        "a: \x00\n",
    ],
)
def test_a_file_that_is_no_compose_file_stops_nothing(text: str, tmp_path: Path) -> None:
    found = built(tmp_path, text, {"api/Dockerfile": SCRATCH})
    assert list(found.images) == ["release:api"]
    # Where it is no YAML at all it may say how the image is built: nobody knows.
    assert bool(found.problems) is (text in ("services: [", "a: \x00\n"))
    assert all(each.startswith("compose.yaml: found text that is not YAML") for each in found.problems)


def test_tags_of_yaml_are_as_good_as_none(tmp_path: Path) -> None:
    compose = "services: {web: {build: web, ports: !reset [], x: !override {a: 1}}}\n"
    assert list(built(tmp_path, compose, {"web/Dockerfile": SCRATCH}).images) == ["release:web"]


def test_a_service_has_its_name_before_a_dockerfile_that_nothing_names(tmp_path: Path) -> None:
    more = {
        "infra/compose.yaml": "services: {web: {build: {dockerfile: Dockerfile.web}}}\n",
        **dict.fromkeys(("Dockerfile.web", "infra/Dockerfile.web"), SCRATCH),
    }
    found = built(tmp_path, "include: [infra/compose.yaml]\n", more)
    assert found.files == {"release:web": "infra/Dockerfile.web", "release:web-2?": "Dockerfile.web"}


def test_services_that_extend_each_other_stop_nothing(tmp_path: Path) -> None:
    compose = "include: [compose.yaml]\nservices: {a: {extends: b, build: web}, b: {extends: a}}\n"
    assert list(built(tmp_path, compose, {"web/Dockerfile": SCRATCH}).images) == ["release:a"]


def test_a_dockerfile_in_a_hidden_folder_is_found_where_compose_names_it(tmp_path: Path) -> None:
    compose = "services: {web: {build: {context: web, dockerfile: .docker/Dockerfile}}}\n"
    files = {"compose.yaml": compose, "web/.docker/Dockerfile": SCRATCH}
    assert settings(find(tmp_path, files))["release:web"] == ("web/.docker/Dockerfile", "web", "", {})


def test_arguments_decide_what_is_copied(tmp_path: Path) -> None:
    dockerfile = "ARG BASE=node\nFROM ${BASE}:1\nARG SIDE=left\nCOPY ${SIDE} /\n"
    compose = "services: {web: {build: {context: web, args: {SIDE: right, BASE: go}}}}\n"
    image = built(tmp_path, compose, {"web/Dockerfile": dockerfile}).images["release:web"]
    assert (image.sources, image.bases) == (("web/right",), ("go:1",))


def test_what_a_build_is_not_given_is_told(tmp_path: Path) -> None:
    compose = "services: {web: {build: {context: web, secrets: [token], labels: [a=b]}}}\n"
    found = built(tmp_path, compose, {"web/Dockerfile": SCRATCH})
    assert list(found.images) == ["release:web"]
    assert found.told == ("compose.yaml: services.web.build.secrets: not given to the build of the image",)


def test_a_file_by_any_name_counts_if_git_lists_it(tmp_path: Path) -> None:
    compose = (
        "include: [infra.yml, none.yaml]\nservices: {web: {extends: {file: common.yml, service: web}, build: web}}\n"
    )
    more = {
        "infra.yml": "services: {api: {build: {context: web, target: y}}}\n",
        "common.yml": "services: {web: {build: {target: x}}}\n",
        "web/Dockerfile": "FROM scratch AS x\nFROM scratch AS y\n",
    }
    found = built(tmp_path, compose, more)
    assert settings(found) == {
        "release:web-api": ("web/Dockerfile", "web", "y", {}),
        "release:web": ("web/Dockerfile", "web", "x", {}),
    }
    assert found.told == ("compose.yaml: it names none.yaml, which git does not list",)


KEYS = st.sampled_from(
    (
        *("services", "build", "context", "dockerfile", "args", "additional_contexts", "extends", "include", "file"),
        *("service", "image", "tags", "target", "path", "a", "b"),
    )
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["a", "b", ".", "${a}", "${", "service:a"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.dictionaries(KEYS, VALUES, max_size=5), max_size=3), VALUES)
def test_whatever_stands_in_services_stops_nothing(services: dict[str, Any], include: Any) -> None:
    with TemporaryDirectory() as name:
        compose = json.dumps({"services": services, "include": include})
        found = built(Path(name), compose, {"Dockerfile": SCRATCH, "docker-compose.b.yml": compose})
    assert found.images and found.problems == ()
