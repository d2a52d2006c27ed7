"""Dockerfiles as they lie on disk: bytes, broken ones, and what each build is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.images.discovery import find_images
from nox_rings.workspace.config import Config
from nox_rings.workspace.model import ImageFile
from nox_rings.workspace.sources import Sources
from unit.images.found import find


def found(root: Path, files: dict[str, bytes]) -> tuple[list[ImageFile], list[str]]:
    """The images, and the problems."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    sources = Sources(root=root, files=tuple(sorted(files)))
    return list(find_images(sources, Config())), list(sources.all_problems)


@pytest.mark.parametrize(
    "text",
    [
        b"# \xfcber den Dienst\nFROM scratch\nCOPY words.txt /\n",  # Latin-1
        b"\xef\xbb\xbfFROM scratch\nCOPY words.txt /\n",
        b"FROM scratch\r\nRUN <<EOF\r\nCOPY no /\r\nEOF\r\nCOPY words.txt /\r\n",
    ],
)
def test_a_dockerfile_is_read_as_bytes(text: bytes, tmp_path: Path) -> None:
    (image,), problems = found(tmp_path, {"chat/Dockerfile": text, "chat/words.txt": b""})
    assert (image.sources, problems) == (("chat/words.txt",), [])


def test_a_dockerfile_that_builds_refuse_is_a_problem_with_its_line_and_the_reason(tmp_path: Path) -> None:
    files = {
        "bad/Dockerfile": b"FROM scratch\nRUN <<EOF\n",
        "empty/Dockerfile": b"",
        "good/Dockerfile": b"FROM scratch\n",
    }
    images, problems = found(tmp_path, files)
    assert [(image.name, image.sources) for image in images] == [("bad", ()), ("empty", ()), ("good", ())]
    assert problems == [
        "bad/Dockerfile:2: found text that is no Dockerfile (unterminated heredoc)",
        "empty/Dockerfile:1: found text that is no Dockerfile (file with no instructions)",
    ]


def test_the_version_is_for_the_build_to_know_whatever_default_the_file_has(tmp_path: Path) -> None:
    files = {
        "chat/Dockerfile": b"FROM scratch\nARG VERSION=1\nARG SIDE=left\nCOPY $SIDE/$VERSION.txt /\n",
        "chat/left/1.txt": b"",
    }
    (image,), problems = found(tmp_path, files)
    assert (image.sources, problems) == (("chat/left/*.txt",), [])


def test_the_ignore_file_is_read_as_builds_read_it(tmp_path: Path) -> None:
    files = {
        "chat/Dockerfile": b"FROM scratch\nCOPY . /\n",
        "chat/.dockerignore": b"\xef\xbb\xbf# ours\r\n/dist/\r\n ! dist/keep \r\n",
    }
    (image,), _ = found(tmp_path, files)
    assert image.ignore == ("dist", "!dist/keep")


def test_a_stage_that_a_dockerfile_does_not_have_is_told_before_anything_is_built(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {web: {build: {context: web, target: prod}}}",
        "web/Dockerfile": "FROM scratch AS one\nFROM scratch\n",
        "api/Dockerfile": "FROM scratch AS two\n",
    }
    found = find(tmp_path, files, {"images": {"api": {"target": "tow"}}})
    assert found.told == (
        "compose.yaml: services.web: found prod, which is no stage of web/Dockerfile, expected one of one",
    )
    assert found.problems == (
        "pyproject.toml: tool.nox-rings.images.api.target: found tow, which is no stage of api/Dockerfile, "
        "expected one of two",
    )
