"""Builds that bake files name."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nox_rings.images.discovery import find_images
from nox_rings.workspace.config import Config
from nox_rings.workspace.sources import Sources
from unit.images.found import SCRATCH, Found, find

Settings = dict[str, tuple[str, str, str, dict[str, str]]]


def settings(found: Found) -> Settings:
    """Image → Dockerfile, context, stage, arguments."""
    return {
        key: (image.dockerfile, image.context, image.stage, dict(image.args)) for key, image in found.images.items()
    }


HCL = """
variable "TAG" { default = "latest" }
variable "REGISTRY" {}
group "default" { targets = ["web", "worker"] }
target "_common" {
  args = { A = "1", B = TAG }
}
target "docker-metadata-action" {}
target "web" {
  inherits = ["_common", "docker-metadata-action"]
  context = "./api"
  target = "web"
  tags = ["${REGISTRY}acme/web:${TAG}"]
  args = { A = "2" }
}
target "worker" {
  inherits = ["web"]
  target = "worker"
  platforms = ["linux/amd64"]
  output = [timestamp()]
}
"""
DOCUMENT = {
    "variable": {"TAG": {"default": "latest"}, "REGISTRY": {}},
    "group": {"default": {"targets": ["web", "worker"]}},
    "target": {
        "_common": {"args": {"A": "1", "B": "${TAG}"}},
        "docker-metadata-action": {},
        "web": {
            "inherits": ["_common", "docker-metadata-action"],
            "context": "./api",
            "target": "web",
            "tags": ["${REGISTRY}acme/web:${TAG}"],
            "args": {"A": "2"},
        },
        "worker": {"inherits": ["web"], "target": "worker", "platforms": ["linux/amd64"]},
    },
}


@pytest.mark.parametrize(("name", "text"), [("docker-bake.hcl", HCL), ("docker-bake.json", json.dumps(DOCUMENT))])
def test_targets_of_one_dockerfile_are_an_image_each(name: str, text: str, tmp_path: Path) -> None:
    found = find(tmp_path, {name: text, "api/Dockerfile": "FROM scratch AS web\nFROM scratch AS worker\n"})
    assert settings(found) == {
        "release:api-web": ("api/Dockerfile", "api", "web", {"A": "2", "B": "latest"}),
        "release:api-worker": ("api/Dockerfile", "api", "worker", {"A": "2", "B": "latest"}),
    }
    assert found.images["release:api-web"].tags == ("acme/web:latest",)
    assert found.told == ()


def test_eleven_targets_of_the_dockerfile_at_the_root_are_eleven_images(tmp_path: Path) -> None:
    text = "".join(f'target "app{each}" {{\n  target = "app{each}"\n}}\n' for each in range(11))
    found = find(tmp_path, {"docker-bake.hcl": text, "Dockerfile": SCRATCH})
    assert sorted(found.images) == sorted(f"release:app{each}" for each in range(11))


def test_a_matrix_is_a_target_for_each_combination(tmp_path: Path) -> None:
    text = """
target "app" {
  name = "app-${tgt}-${replace(version, ".", "-")}"
  matrix = { tgt = ["web", "worker"], version = ["1.0"] }
  target = tgt
  args = { VERSIONS = version }
}
"""
    found = find(tmp_path, {"docker-bake.hcl": text, "Dockerfile": SCRATCH})
    assert settings(found) == {
        "release:app-web-1-0": ("Dockerfile", ".", "web", {"VERSIONS": "1.0"}),
        "release:app-worker-1-0": ("Dockerfile", ".", "worker", {"VERSIONS": "1.0"}),
    }


def test_an_override_is_laid_over_and_other_files_stand_alone(tmp_path: Path) -> None:
    files = {
        "docker-bake.hcl": 'target "web" {\n  context = "web"\n  args = { A = "1" }\n}\n',
        "docker-bake.override.hcl": 'target "web" {\n  args = { A = "2" }\n}\n',
        "docker-bake.ci.hcl": 'target "job" {\n  context = "job"\n}\n',
        "web/Dockerfile": SCRATCH,
        "job/Dockerfile": SCRATCH,
    }
    assert settings(find(tmp_path, files)) == {
        "release:job": ("job/Dockerfile", "job", "", {}),
        "release:web": ("web/Dockerfile", "web", "", {"A": "2"}),
    }


def test_paths_are_relative_to_the_file_or_to_the_root(tmp_path: Path) -> None:
    files = {
        "deploy/docker-bake.hcl": 'target "web" { context = "apps/web" }\ntarget "job" { context = "../job" }\n'
        'target "all" {\n  context = ".."\n  dockerfile = "deploy/all.Dockerfile"\n}\n',
        "deploy/all.Dockerfile": SCRATCH,
        **dict.fromkeys(("apps/web/Dockerfile", "job/Dockerfile"), SCRATCH),
    }
    assert settings(find(tmp_path, files)) == {
        "release:web": ("apps/web/Dockerfile", "apps/web", "", {}),
        "release:job": ("job/Dockerfile", "job", "", {}),
        "release:all": ("deploy/all.Dockerfile", ".", "", {}),
    }


def test_a_block_with_a_matrix_is_laid_over_by_the_names_that_come_of_it(tmp_path: Path) -> None:
    """As buildx prints them: its own name is a group, and no target that another block is laid over."""
    files = {
        "docker-bake.hcl": """
target "web" {
  name = "web-${side}"
  matrix = { side = ["left", "right"] }
  args = { SIDE = side, A = target.none.target, B = "1" }
}
target "none" {}
target "more" {
  inherits = ["web-left"]
  args = { B = target.none.context }
}
group "all" { targets = ["web-*", "more"] }
""",
        "docker-bake.override.hcl": 'target "web-left" { target = "l" }\ntarget "web" { target = "w" }\n',
        "Dockerfile": SCRATCH,
    }
    found = settings(find(tmp_path, files))
    assert {name: (stage, args) for name, (_, _, stage, args) in found.items()} == {
        "release:web-left": ("l", {"SIDE": "left", "B": "1"}),
        "release:web-right": ("", {"SIDE": "right", "B": "1"}),
        "release:web": ("w", {}),
        "release:none": ("", {}),
    }


def test_an_argument_that_only_bake_knows_is_told_and_the_target_is_an_image(tmp_path: Path) -> None:
    text = """
variable "NOW" { default = timestamp() }
target "base" { args = { DATE = NOW, A = NOW } }
target "web" {
  inherits = ["base"]
  args = { A = "1", B = try(NOW, "x"), C = "${NOW}" }
}
"""
    document = {"target": {"api": {"args": {"A": "${timestamp()}", "B": "1"}}}}
    files = {"docker-bake.hcl": text, "x.bake.json": json.dumps(document), "Dockerfile": SCRATCH}
    found = find(tmp_path, files)
    args = {name: dict(image.args) for name, image in found.images.items()}
    assert args == {"release:web": {"A": "1"}, "release:api": {"B": "1"}}
    assert found.told == (
        "docker-bake.hcl: target.web.args.DATE: it needs NOW, which has no value here, so the argument is not given",
        "docker-bake.hcl: target.web.args.B: it needs NOW, which has no value here, so the argument is not given",
        "docker-bake.hcl: target.web.args.C: it needs NOW, which has no value here, so the argument is not given",
        "x.bake.json: target.api.args.A: it needs bake's function timestamp, so the argument is not given",
    )


def test_what_a_build_is_not_given_is_told(tmp_path: Path) -> None:
    files = {"docker-bake.hcl": 'target "web" {\n  secret = ["id=a"]\n}\n', "Dockerfile": SCRATCH}
    found = find(tmp_path, files)
    assert list(found.images) == ["release:web"]
    assert found.told == ("docker-bake.hcl: target.web.secret: not given to the build of the image",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docker-bake.json", '{"target": {"app": {"context": "web"}}}'),
        ("docker-bake.hcl", 'target "app" {\r\n  context = "web" # \xfc\r\n}\r\n'),
        ("compose.yaml", "services:\r\n  app:\r\n    build: web\r\n"),
    ],
)
def test_byte_order_marks_and_other_encodings_are_no_obstacle(name: str, text: str, tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + text.encode("latin-1")
    found = find(tmp_path, {name: content, "web/Dockerfile": SCRATCH})
    assert (list(found.images), found.told) == (["release:app"], ())


def test_what_is_ignored_is_built_by_nobody(tmp_path: Path) -> None:
    files = {"docker-bake.hcl": 'target "web" { context = "examples" }\n', "examples/Dockerfile": SCRATCH}
    found = find(tmp_path, files, {"ignore": ["examples"]})
    assert (found.images, found.told) == ({}, ())


def test_a_build_that_compose_names_too_is_one_image(tmp_path: Path) -> None:
    files = {
        "docker-bake.hcl": 'target "app" {\n  context = "web"\n  tags = ["acme/app"]\n}\n',
        "compose.yaml": "services: {web: {build: web, image: acme/web}}\n",
        "web/Dockerfile": SCRATCH,
    }
    found = find(tmp_path, files)
    assert list(found.images) == ["release:web"]
    assert found.images["release:web"].tags == ("acme/web", "acme/app")


LAID_OVER = {
    "an override merges arguments and contexts, and null is nothing": (
        {
            "docker-bake.hcl": 'target "web" {\n  context = "web"\n  target = "t"\n'
            '  args = { X = "1", Y = 2.0, Z = "0" }\n'
            '  contexts = { p = "docker-image://p", q = "docker-image://q" }\n}\n',
            "docker-bake.override.hcl": 'target "web" {\n  target = null\n'
            '  args = { X = "3", Z = null }\n  contexts = { q = "docker-image://r" }\n}\n',
        },
        ("web/Dockerfile", "t", {"X": "3", "Y": "2", "Z": "0"}, {"p": "docker-image://p", "q": "docker-image://r"}),
    ),
    "blocks of one name": (
        {
            "docker-bake.hcl": 'target "web" {\n  context = "web"\n  args = { X = "1" }\n}\n'
            'target "web" {\n  target = "t"\n}\n'
        },
        ("web/Dockerfile", "t", {"X": "1"}, {}),
    ),
    "json before hcl": (
        {
            "docker-bake.json": '{"target": {"web": {"context": "web", '
            '"args": {"X": 1.0, "Y": "${1 + 1}", "B": true}}}}',
            "docker-bake.hcl": 'target "web" {\n  args = { X = "3" }\n}\n',
        },
        ("web/Dockerfile", "", {"B": "true", "X": "3", "Y": "2"}, {}),
    ),
    "inherits of each block": (
        {
            "docker-bake.hcl": 'target "b1" {\n  args = { A = "1", B = "1" }\n}\n'
            'target "web" {\n  inherits = ["b1"]\n  context = "web"\n  args = { C = "3" }\n}\n',
            "docker-bake.override.hcl": 'target "b3" {\n  args = { B = "4", C = "9" }\n}\n'
            'target "web" {\n  inherits = ["b3"]\n}\n',
        },
        ("web/Dockerfile", "", {"A": "1", "B": "4", "C": "3"}, {}),
    ),
    "a service of compose": (
        {
            "compose.yaml": "services: {web: {build: {context: web, target: t, args: {A: 1.0, B: yes}}, "
            "image: 'acme/w:1'}}",
            "compose.override.yaml": "services: {web: {build: {args: {C: 3}}}}",
            "docker-bake.hcl": 'target "web" {\n  args = { X = "1", A = "2" }\n}\n',
        },
        ("web/Dockerfile", "t", {"A": "2", "B": "yes", "X": "1"}, {}),
    ),
    "a service of compose that is inherited": (
        {
            "docker-compose.yml": "services: {base: {build: {context: web, args: {A: 1}}}}",
            "docker-bake.hcl": 'target "web" {\n  inherits = ["base"]\n  target = "t"\n}\n',
        },
        ("web/Dockerfile", "t", {"A": "1"}, {}),
    ),
    "what other targets, variables and functions say": (
        {
            "docker-bake.hcl": 'variable "A" { default = "${B}x" }\nvariable "B" { default = "b" }\n'
            'function "inc" {\n  params = [n]\n  result = n + 1\n}\n'
            'target "_base" {\n  context = "web"\n}\n'
            'target "web" {\n  context = target._base.context\n  args = { A = A, N = inc(2) }\n}\n',
        },
        ("web/Dockerfile", "", {"A": "bx", "N": "3"}, {}),
    ),
}


@pytest.mark.parametrize("case", LAID_OVER)
def test_targets_of_one_name_are_merged_as_buildx_merges_them(case: str, tmp_path: Path) -> None:
    """What is expected is what `docker buildx bake --print` of buildx 0.37 prints."""
    files, expected = LAID_OVER[case]
    found = find(tmp_path, {**files, "web/Dockerfile": "ARG X\nFROM scratch AS t\nFROM scratch\n"})
    built = [
        (image.dockerfile, image.stage, dict(image.args), dict(image.contexts))
        for key, image in found.images.items()
        if "base" not in key
    ]
    assert built == [expected]


def test_a_stage_for_development_of_compose_stays_beside_the_target_of_bake(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {web: {build: {context: web, target: dev}}}",
        "docker-bake.hcl": 'target "web" {\n  target = "web"\n}\n',
        "web/Dockerfile": "FROM scratch AS dev\nFROM scratch AS web\n",
    }
    found = find(tmp_path, files)
    assert {key: image.stage for key, image in found.images.items()} == {"dev:web": "dev", "release:web": "web"}


def test_a_block_that_cannot_be_read_is_told_alone(tmp_path: Path) -> None:
    files = {
        "docker-bake.hcl": 'target "a" {\n  context = "a"\n  args = { V = 0x1F }\n}\n'
        'target "b" {\n  context = "b"\n}\n',
        **dict.fromkeys(("a/Dockerfile", "b/Dockerfile"), SCRATCH),
    }
    found = find(tmp_path, files)
    assert [image.args for image in found.images.values()] == [(), ()]
    assert found.told == ("docker-bake.hcl: target.a: line 3: found ' ', expected `=`",)


@pytest.mark.parametrize("name", ["docker-bake.hcl", "docker-bake.json", "compose.yaml", ".dockerignore", ".env"])
def test_a_folder_of_such_a_name_is_no_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / "Dockerfile").write_text(SCRATCH)
    sources = Sources(root=tmp_path, files=tuple(sorted((name, "Dockerfile"))))
    images = find_images(sources, Config())
    assert [(image.name, image.ignore) for image in images] == [("root", ())]
    told = {each.reason for each in sources.passed_over}
    assert told == ({f"{name}: found a folder, expected a file"} if name != ".env" else set())
    assert sources.problems == {}


TOLD = {
    "context = timestamp()": "docker-bake.hcl: target.web: it needs bake's function timestamp",
    'context = "../x"': "docker-bake.hcl: target.web: its context ../x lies outside of the workspace",
    'dockerfile-inline = "FROM x"': (
        "docker-bake.hcl: target.web: its Dockerfile stands in the bake file, expected a file"
    ),
    'context = "none"': "docker-bake.hcl: target.web: found no none/Dockerfile among the files of git",
    'context = "https://example.com/x.git"': (
        "docker-bake.hcl: target.web: its context is https://example.com/x.git, expected a path in the workspace"
    ),
    "context = [": "docker-bake.hcl: its targets are not read (line 3: found '}', expected a name)",
}


@pytest.mark.parametrize("line", TOLD)
def test_a_target_that_nothing_can_be_made_of_is_told_and_stops_no_other(line: str, tmp_path: Path) -> None:
    files = {"docker-bake.hcl": f'target "web" {{\n  {line}\n}}\n', "api/Dockerfile": SCRATCH}
    found = find(tmp_path, files)
    assert (list(found.images), found.told, found.problems) == (["release:api"], (TOLD[line],), ())


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"target": []}', '{"target": {"a": 1}}', '{"target": {"a": {"args": 1}}}']
)
def test_a_file_that_is_no_bake_file_stops_nothing(text: str, tmp_path: Path) -> None:
    found = find(tmp_path, {"docker-bake.json": text, "api/Dockerfile": SCRATCH})
    assert list(found.images) == ["release:api"]
    assert bool(found.problems) is (text == "{")
    assert all(each.startswith("docker-bake.json: found text that cannot be read") for each in found.problems)


KEYS = st.sampled_from(
    (
        *("target", "variable", "group", "default", "targets", "inherits", "matrix", "name", "args", "contexts"),
        *("tags", "context", "dockerfile", "dockerfile-inline", "a", "b"),
    )
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["a", "b", ".", "${a}", "${", "target:a"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.dictionaries(KEYS, VALUES, max_size=5), max_size=3))
def test_whatever_stands_in_targets_stops_nothing(targets: dict[str, Any]) -> None:
    with TemporaryDirectory() as name:
        document = {"variable": {"a": targets.get("c", {})}, "target": targets}
        found = find(Path(name), {"docker-bake.json": json.dumps(document), "Dockerfile": SCRATCH})
    assert found.images and found.problems == ()
