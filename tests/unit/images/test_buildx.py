"""Builds as command lines, what builds answer, and Dockerfiles without a frontend from a hub."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from nox_rings.images.buildx import (
    DOCKER,
    BuildMetadata,
    Client,
    ImageBuild,
    build_command,
    parse_errors,
    parse_metadata,
    parse_output,
    prove_command,
)
from nox_rings.images.dockerfile.prepared import without_syntax_line

ALONE = Client(argv=("/tools/client", "--addr=unix:///own/sock"), env={"LANG": "C"})
SMALL = ImageBuild(
    context=Path("/w/a"), dockerfile=Path("/w/a/Dockerfile"), metadata=Path("/s/m.json"), layout=Path("/i/a")
)
FULL = ImageBuild(
    context=Path("/w"),
    dockerfile=Path("/w/a/Dockerfile"),
    metadata=Path("/s/m.json"),
    layout=Path("/i/a"),
    tags=("a:1", "a:latest"),
    build_args={"VERSION": "1.2.3"},
    named_contexts={"node:24": "oci-layout:///b/layout@sha256:11"},
    labels={"org.opencontainers.image.version": "1.2.3"},
    secrets=("id=npm,env=NPM_TOKEN",),
    stage="final",
    platforms=("linux/amd64", "linux/arm64"),
    source_date_epoch=1700000000,
    fast_compression=True,
    no_cache=True,
)


def words(client: Client, build: ImageBuild) -> tuple[str, ...]:
    return build_command(client, build, cwd=Path("/w")).argv


def test_docker_keeps_the_image_itself() -> None:
    assert words(DOCKER, SMALL) == (
        *("docker", "buildx", "build", "--provenance=false", "--progress=plain", "--file=/w/a/Dockerfile"),
        *("--load", "--metadata-file=/s/m.json", "/w/a"),
    )


def test_buildkit_alone_writes_a_layout() -> None:
    assert words(ALONE, SMALL) == (
        *("/tools/client", "--addr=unix:///own/sock", "--progress=plain", "--file=/w/a/Dockerfile"),
        *("--output=type=oci,tar=false,dest=/i/a", "--metadata-file=/s/m.json", "/w/a"),
    )


SHARED = (
    *("--target=final", "--platform=linux/amd64,linux/arm64", "--no-cache"),
    *("--build-arg=VERSION=1.2.3", "--build-arg=SOURCE_DATE_EPOCH=1700000000"),
    "--label=org.opencontainers.image.version=1.2.3",
    *("--build-context=node:24=oci-layout:///b/layout@sha256:11", "--secret=id=npm,env=NPM_TOKEN"),
)


def test_docker_gets_tags_and_all_that_decides_the_image() -> None:
    assert words(DOCKER, FULL) == (
        *("docker", "buildx", "build", "--provenance=false", "--progress=plain", "--file=/w/a/Dockerfile"),
        *SHARED,
        *("--tag=a:1", "--tag=a:latest", "--load", "--metadata-file=/s/m.json", "/w"),
    )


def test_a_layout_has_no_tags_and_is_compressed_and_dated_on_its_way_out() -> None:
    assert words(ALONE, FULL) == (
        *("/tools/client", "--addr=unix:///own/sock", "--progress=plain", "--file=/w/a/Dockerfile"),
        *SHARED,
        "--output=type=oci,tar=false,dest=/i/a,compression=gzip,compression-level=1,rewrite-timestamp=true",
        *("--metadata-file=/s/m.json", "/w"),
    )


def test_neither_a_source_date_nor_provenance_of_our_own_environment_gets_in() -> None:
    assert build_command(DOCKER, SMALL, cwd=Path("/w")).env == {
        "BUILDX_METADATA_PROVENANCE": "disabled",
        "SOURCE_DATE_EPOCH": None,
    }
    assert build_command(ALONE, SMALL, cwd=Path("/w")).env == {
        "BUILDX_METADATA_PROVENANCE": "disabled",
        "SOURCE_DATE_EPOCH": None,
        "LANG": "C",
    }


def test_the_year_1970_is_a_source_date() -> None:
    build = ImageBuild(
        context=Path("/w"), dockerfile=Path("/w/D"), metadata=Path("/m"), layout=Path("/i"), source_date_epoch=0
    )
    assert "--build-arg=SOURCE_DATE_EPOCH=0" in words(DOCKER, build)


def test_a_proof_is_a_run_step_without_network_that_is_never_cached(tmp_path: Path) -> None:
    command = prove_command(ALONE, "oci-layout:///i/a@sha256:11", ("/a b", "--version"), tmp_path / "stage")
    dockerfile = tmp_path / "stage/proof.Dockerfile"
    assert command.argv == (
        *("/tools/client", "--addr=unix:///own/sock", "--progress=rawjson", "--no-cache", f"--file={dockerfile}"),
        "--build-context=image=oci-layout:///i/a@sha256:11",
        *("--output=type=cacheonly", f"{tmp_path}/stage"),
    )
    assert dockerfile.read_text() == 'FROM image\nRUN --network=none ["/a b", "--version"]\n'


def log_line(*texts: bytes) -> str:
    return json.dumps({"logs": [{"vertex": "sha256:1", "data": base64.b64encode(text).decode()} for text in texts]})


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("", ""),
        ('{"vertexes": [{"name": "[1/2] FROM image"}]}\n{"statuses": null, "logs": null}\n', ""),
        (log_line(b"hello 1.2.3\n"), "hello 1.2.3"),
        (log_line(b"one\n", b"two") + "\n" + log_line(b" three\n"), "one\ntwo three"),
        (log_line(b"caf\xe9\n"), "caf�"),
        ("WARNING: no JSON\n" + log_line(b"hello") + "\nERROR: failed to solve\n", "hello"),
    ],
)
def test_the_output_of_run_steps_is_read_from_raw_progress(raw: str, printed: str) -> None:
    assert parse_output(raw) == printed


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        ("", ""),
        (log_line(b"hello"), ""),
        ('{"vertexes": [{"name": "a"}, {"error": "exit code: 1"}]}\nERROR: failed to build\n', "exit code: 1"),
        ('{"vertexes": [{"error": "gone"}]}\n{"vertexes": [{"error": "gone"}, {"error": "lost"}]}\n', "gone\nlost"),
        ('{"vertexes": null}\nERROR: no builder "nox-rings" found\n', 'ERROR: no builder "nox-rings" found'),
    ],
)
def test_what_failed_is_said_once_and_plain_lines_speak_where_no_step_failed(raw: str, errors: str) -> None:
    assert parse_errors(raw) == errors


def test_metadata_tells_both_digests_and_the_only_one_stands_for_both() -> None:
    both = '{"containerimage.config.digest": "sha256:cc", "containerimage.digest": "sha256:dd", "image.name": "a:1"}'
    assert parse_metadata(both) == BuildMetadata(digest="sha256:dd", config_digest="sha256:cc")
    assert parse_metadata('{"containerimage.digest": "sha256:dd"}') == BuildMetadata(
        digest="sha256:dd", config_digest="sha256:dd"
    )


LEFT_OUT = "# (syntax line left out)"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("# syntax=docker/dockerfile:1\nFROM a\n", f"{LEFT_OUT}\nFROM a\n"),
        ("#syntax = docker/dockerfile:1\nFROM a\n", f"{LEFT_OUT}\nFROM a\n"),
        ("# SYNTAX=docker/dockerfile:1\r\nFROM a\r\n", f"{LEFT_OUT}\nFROM a\r\n"),
        ("# escape=`\n# syntax=x\nFROM a\n", f"# escape=`\n{LEFT_OUT}\nFROM a\n"),
        ("  # syntax=x\nFROM a", f"{LEFT_OUT}\nFROM a"),
        ("# syntax=x", LEFT_OUT),
    ],
)
def test_the_syntax_directive_becomes_a_comment_and_lines_keep_their_numbers(text: str, plain: str) -> None:
    assert without_syntax_line(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FROM a\n",
        "FROM a\n# syntax=x\n",
        "\n# syntax=x\nFROM a\n",
        "# an ordinary comment\n# syntax=x\nFROM a\n",
        "# check=skip=all\nFROM a\nRUN <<EOT\n# syntax=x\nEOT\n",
    ],
)
def test_what_is_no_directive_stays(text: str) -> None:
    assert without_syntax_line(text) == text
