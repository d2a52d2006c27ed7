"""Images as compose and bake files say, in a real BuildKit: what is in them, and when they are built again.

Needs root and apt; the base image of Debian is made once on a machine."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from checkout import Checkout
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.digests import Digests
from nox_rings.images.discovery import find_images
from nox_rings.workspace.config import Config
from nox_rings.workspace.sources import Sources
from test_embedded_engine import copy_pins, missing_privilege, nox, told

COMPOSE = """
services:
  web:
    image: acme/web
    build:
      context: apps/web
      dockerfile: docker/Dockerfile
      target: web
      args: {SIDE: "${SIDE:-left}", FROM_OUTSIDE: }
  worker:
    build:
      context: apps/web
      dockerfile: docker/Dockerfile
      target: worker
"""
WEB = """# syntax=docker.invalid/no/such/frontend:1
FROM scratch AS web
ARG SIDE=right
ARG FROM_OUTSIDE=nothing
LABEL outside=$FROM_OUTSIDE
COPY sides/${SIDE} /side/
COPY settings*.json none*.txt /etc/
FROM scratch AS worker
COPY <<EOF /worker
works
EOF
"""
BAKE = """
target "top" {
  context = "top"
  contexts = { start = "target:bottom", lib = "lib" }
}
target "bottom" {
  context = "bottom"
  tags = ["acme/bottom:1"]
}
"""
FILES = {
    "noxfile.py": "from nox_rings import register\n\nregister()\n",
    ".gitignore": ".nox-rings/\n__pycache__/\n*.local.json\n",
    "compose.yaml": COMPOSE,
    "docker-bake.hcl": BAKE,
    "apps/web/docker/Dockerfile": WEB,
    "apps/web/sides/left/l.txt": "left\n",
    "apps/web/sides/right/r.txt": "right\n",
    "apps/web/settings.json": "{}\n",
    "bottom/Dockerfile": "FROM scratch\nCOPY bottom.txt /\n",
    "bottom/bottom.txt": "bottom\n",
    "top/Dockerfile": "FROM start\nCOPY --from=lib lib.txt /\nCOPY --from=acme/web /side /web\n",
    "lib/lib.txt": "lib\n",
    "shown/Dockerfile": "FROM debian:trixie-slim\nCOPY --from=acme/bottom:1 / /\n",
    "Dockerfile.dev": "FROM scratch\nCOPY . /src/\n",
}
PROOFS = "".join(f"[tool.nox-rings.images.{name}]\nproof = []\n" for name in ("web", "web-worker", "top", "bottom"))
SHOWN = '[tool.nox-rings.images.shown]\nproof = ["cat", "/bottom.txt"]\n'


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    if missing := missing_privilege():
        pytest.skip(f"NOT RUN: the embedded image engine needs {missing}, found none")
    made = Checkout(tmp_path_factory.mktemp("images") / "somebody's")
    made.root.mkdir()
    copy_pins(made)
    for path, text in FILES.items():
        made.write(path, text)
    made.write("pyproject.toml", f"{made.text('pyproject.toml')}\n{PROOFS}{SHOWN}")
    made.git("init", "-q", "-b", "main")
    made.git("add", "-A")
    made.git("-c", "user.name=x", "-c", "user.email=x@x.invalid", "commit", "-q", "-m", "Somebody's monorepo")
    return made


@pytest.fixture(scope="module")
def built(workspace: Checkout) -> dict[str, dict[str, str]]:
    """Image → what its first build told."""
    return told(nox(workspace, "image-release", "--json"))


def content(workspace: Checkout, kind: str, name: str) -> dict[str, str]:
    """The files of an image, and the text of each."""
    found: dict[str, str] = {}
    for layer in _manifest(workspace, kind, name)["layers"]:
        archive = _blob(workspace, kind, name, layer["digest"])
        archive = gzip.decompress(archive) if archive.startswith(b"\x1f\x8b") else archive
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            for member in tar.getmembers():
                if member.isfile() and (opened := tar.extractfile(member)):
                    found[member.name] = opened.read().decode(errors="replace")
    return found


def config(workspace: Checkout, kind: str, name: str) -> dict[str, Any]:
    digest = _manifest(workspace, kind, name)["config"]["digest"]
    document: dict[str, Any] = json.loads(_blob(workspace, kind, name, digest))["config"]
    return document


def _manifest(workspace: Checkout, kind: str, name: str) -> dict[str, Any]:
    receipt = json.loads(workspace.text(f".nox-rings/images/{kind}/{name}.json"))
    document: dict[str, Any] = json.loads(_blob(workspace, kind, name, receipt["digest"]))
    return document


def _blob(workspace: Checkout, kind: str, name: str, digest: str) -> bytes:
    return (workspace.root / f".nox-rings/images/{kind}/{name}/blobs" / digest.replace(":", "/")).read_bytes()


def reasons(workspace: Checkout) -> dict[str, str]:
    """Image → why it would be built, or `fresh`."""
    answer = nox(workspace, "plan", "--json", "image-release", "image-dev")
    assert answer.exit_code == 0, answer.err
    return {each["id"]: each["reason"] for each in answer.json()["targets"]}


def stale(workspace: Checkout) -> set[str]:
    return {name for name, reason in reasons(workspace).items() if reason != "fresh" and "release" in name}


def test_stages_and_arguments_are_those_of_the_compose_file(
    workspace: Checkout, built: dict[str, dict[str, str]]
) -> None:
    assert content(workspace, "image-release", "web") == {"side/l.txt": "left\n", "etc/settings.json": "{}\n"}
    assert config(workspace, "image-release", "web")["Labels"] == {"outside": "nothing"}
    assert content(workspace, "image-release", "web-worker") == {"worker": "works\n"}


def test_images_start_from_images_of_the_workspace(workspace: Checkout, built: dict[str, dict[str, str]]) -> None:
    assert content(workspace, "image-release", "top") == {
        "bottom.txt": "bottom\n",
        "lib.txt": "lib\n",
        "web/l.txt": "left\n",
    }
    assert built["image-release:shown"]["proof"] == "bottom"
    assert built["image-release:bottom"]["proof"] == "not run: images.bottom.proof is none"


@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("apps/web/sides/left/l.txt", {"web", "top"}),
        ("apps/web/sides/right/r.txt", set()),
        ("apps/web/settings.local.json", {"web", "top"}),
        ("bottom/bottom.txt", {"bottom", "top", "shown"}),
        ("lib/lib.txt", {"top"}),
        ("lib/new.local.json", {"top"}),
    ],
)
@pytest.mark.usefixtures("built")
def test_what_an_image_reads_and_starts_from_makes_it_stale(workspace: Checkout, path: str, again: set[str]) -> None:
    assert stale(workspace) == set()
    before = workspace.text(path) if (workspace.root / path).exists() else None
    workspace.write(path, "another content\n")
    try:
        expected = {f"image-release:{name}" for name in again}
        # web-worker is built from the same Dockerfile: all that any of its stages copies counts.
        assert stale(workspace) - {"image-release:web-worker"} == expected
    finally:
        if before is None:
            (workspace.root / path).unlink()
        else:
            workspace.write(path, before)
    assert stale(workspace) == set()


@pytest.mark.usefixtures("built")
def test_an_argument_from_the_environment_is_given_and_counts(workspace: Checkout) -> None:
    answer = workspace.command(
        *(sys.executable, "-m", "nox", "-s", "image-release", "--", "web", "--json"),
        DOCKER_HOST="unix:///no/docker/here",
        FROM_OUTSIDE="given",
    )
    assert answer.exit_code == 0, answer.out[-3000:] + answer.err[-2000:]
    assert config(workspace, "image-release", "web")["Labels"] == {"outside": "given"}
    assert "image-release:web" in stale(workspace)
    told(nox(workspace, "image-release", "--json"))
    assert stale(workspace) == set()


@pytest.mark.usefixtures("built")
def test_the_whole_root_without_our_folder_is_an_image_and_then_fresh(workspace: Checkout, tmp_path: Path) -> None:
    (workspace.root / ".nox-rings/engine").mkdir(exist_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(_short(workspace.root / ".nox-rings/engine/a.sock", tmp_path))
        told(nox(workspace, "image-dev", "--json"))
        names = content(workspace, "image-dev", "root")
        assert "src/compose.yaml" in names
        assert not [name for name in names if ".nox-rings" in name]
        assert reasons(workspace)["image-dev:root"] == "fresh"


SOURCES = ("a*/[xy]?.txt", "settings*.json", ".h*", "sp ace", "deep/*/*.md", "?/", "gone*", "link", "../up.txt")
READ = (
    *("apple/x1.txt", "apple/.x1.txt", "apple/y22.txt", "avocado/y2.txt", "b/x1.txt", "settings.json", ".hidden/h"),
    *("settings.local.json", "sp ace/s", "deep/one/d.md", "deep/two/three/d.md", "q/q", "real/r", "up.txt", "left/out"),
)


@pytest.mark.usefixtures("built")
def test_an_image_reads_what_buildkit_takes(workspace: Checkout) -> None:
    """Each source goes to a folder of its own; what is taken is what our digests are of."""
    copies = "".join(f"COPY {json.dumps([source, f'/{index}/'])}\n" for index, source in enumerate(SOURCES))
    workspace.write("reading/Dockerfile.dev", f"FROM scratch\n{copies}")
    workspace.write("reading/.dockerignore", "left\n*/.x*\n")
    for path in READ:
        workspace.write(f"reading/{path}", f"{path}\n")
    (workspace.root / "reading/link").symlink_to("real/r")
    try:
        told(nox(workspace, "image-dev", "reading", "--json"))
        taken = {text.strip() for text in content(workspace, "image-dev", "reading").values()}
        listed = tuple(sorted(f"reading/{path}" for path in (*READ, "Dockerfile.dev", ".dockerignore")))
        (image,) = find_images(Sources(root=workspace.root, files=listed, listed=listed), Config())
        digests = Digests(workspace.root, KnownDigests())
        found = {
            path.removeprefix("reading/")
            for source in image.sources
            for matched in digests.matching(source)
            for path in digests.walk(matched, context="reading", ignore=image.ignore)
        }
        assert image.context == "reading"
        assert found - {"link"} == taken
        assert "settings.local.json" in taken and "real/r" in taken and "apple/y22.txt" not in taken
    finally:
        shutil.rmtree(workspace.root / "reading")


def _short(path: Path, folder: Path) -> str:
    """A socket's path has 108 bytes at most."""
    (folder / "l").symlink_to(path.parent)
    return str(folder / "l" / path.name)
