"""The build context that no other file says."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from unit.images.found import find

CONTEXTS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...], str]] = {
    # Dockerfile, its instructions, listed files, files that git ignores → the context
    "its own folder": ("a/b/Dockerfile", "COPY x /", ("a/b/x",), (), "a/b"),
    "nothing copied": ("a/b/Dockerfile", "RUN true", ("a/b/x",), (), "a/b"),
    "in between": ("a/b/docker/Dockerfile", "COPY x y /", ("a/b/x", "a/b/y", "x"), (), "a/b"),
    "the root": ("a/b/Dockerfile", "COPY go.mod /\nCOPY a/b/x /", ("go.mod", "a/b/x"), (), "."),
    "the nearest of several": ("a/b/Dockerfile", "COPY x /", ("x", "a/x", "a/b/x"), (), "a/b"),
    "what git ignores": ("a/b/Dockerfile", "COPY x /", (), ("a/x",), "a"),
    "a wildcard that finds something": ("a/docker/Dockerfile", "COPY *.json /", ("a/x.json",), (), "a"),
    "wildcards beside a path": ("a/Dockerfile", "COPY x .npmrc* yarn.lock* /", ("a/x", "yarn.lock"), (), "a"),
    "a wildcard that finds nothing": ("a/b/Dockerfile", "COPY target/*.jar /", ("a/b/x",), (), "a/b"),
    "a wildcard of ignored files": ("a/b/Dockerfile", "COPY target/*.jar /", (), ("a/target/x.jar",), "a"),
    "some of several wildcards": (
        "a/b/Dockerfile",
        "COPY *.json *.lock /",
        ("a/b/x.json", "y.json", "y.lock"),
        (),
        "a/b",
    ),
    "all of it": ("a/Dockerfile", "COPY . .", ("a/x", "x"), (), "a"),
    "all of a folder of Dockerfiles": ("a/docker/Dockerfile", "COPY . .", ("a/x", "x"), (), "a"),
    "all of a folder with an ignore file": (
        "a/docker/Dockerfile",
        "COPY . .",
        ("a/docker/.dockerignore", "x"),
        (),
        "a/docker",
    ),
    "most of what is copied": ("a/b/Dockerfile", "COPY x y bundle.tgz /", ("a/x", "a/y", "x"), (), "a"),
    "quoted": ("a/b/Dockerfile", 'COPY "x" "/x"', ("a/x",), (), "a"),
    "a variable of the old form": ("a/b/Dockerfile", 'ENV K "v"\nCOPY ${K}/x /', ("a/v/x",), (), "a"),
    "a bind mount": ("a/b/Dockerfile", "RUN --mount=type=bind,source=x,target=/x true", ("a/x",), (), "a"),
    "a path that climbs out": ("a/b/Dockerfile", "COPY ../x /", ("a/x", "a/b/x"), (), "a/b"),
    "an absolute path": ("a/b/Dockerfile", "COPY /x /", ("a/x",), (), "a"),
}


@pytest.mark.parametrize("name", CONTEXTS)
def test_the_context_is_the_nearest_folder_that_holds_what_is_copied(name: str, tmp_path: Path) -> None:
    dockerfile, text, listed, ignored, context = CONTEXTS[name]
    files = {dockerfile: f"FROM scratch\n{text}\n", **dict.fromkeys(listed, "")}
    found = find(tmp_path, files, unlisted=dict.fromkeys(ignored, ""))
    assert [image.context for image in found.images.values()] == [context]
    assert found.problems == ()


def test_what_is_copied_and_is_nowhere_is_told(tmp_path: Path) -> None:
    found = find(tmp_path, {"web/Dockerfile": "FROM scratch\n\nCOPY bundle.tgz .npmrc* /srv/\n", "web/notes.txt": ""})
    assert found.told == (
        "web/Dockerfile:3: found `bundle.tgz` copied, which is not in web or the root now; built in web",
    )
    assert found.images["release:web"].sources == ("web/bundle.tgz", "web/.npmrc*")


def test_a_socket_or_an_endless_folder_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat/loop").symlink_to(".")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "chat/dev.sock"))
        found = find(tmp_path, {"chat/Dockerfile": "FROM scratch\nCOPY . /\nCOPY */*/*.x /\n"})
    assert found.images["release:chat"].context == "chat"


def test_an_ignore_file_that_git_does_not_list_takes_nothing_away(tmp_path: Path) -> None:
    """It may change unseen."""
    files = {"chat/Dockerfile": "FROM scratch\nCOPY . /\n", "chat/.dockerignore": "a\n"}
    found = find(tmp_path, files, unlisted={"chat/Dockerfile.dockerignore": "b\n"})
    assert found.images["release:chat"].ignore == ()


def test_nothing_climbs_out_of_the_context(tmp_path: Path) -> None:
    found = find(tmp_path, {"a/b/Dockerfile": "FROM scratch\nCOPY ../x ./y/../z / /\n", "a/b/x": "", "a/b/z": ""})
    assert found.images["release:b"].sources == ("a/b/x", "a/b/z", "a/b")
