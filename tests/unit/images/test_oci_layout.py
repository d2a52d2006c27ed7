"""Layouts on disk: what belongs to an image, what is whole, what is shared."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from nox_rings.images.oci_layout import ImageConfig, context_of, is_whole, link_blobs, read_image_config, sweep


def add_blob(layout: Path, content: bytes) -> dict[str, Any]:
    """Written below its digest; returns what a manifest says of it."""
    name = sha256(content).hexdigest()
    (layout / "blobs/sha256").mkdir(parents=True, exist_ok=True)
    (layout / "blobs/sha256" / name).write_bytes(content)
    return {"digest": f"sha256:{name}", "size": len(content)}


def add_image(layout: Path, *layers: bytes, **config: Any) -> str:
    document = {
        "config": add_blob(layout, json.dumps({"config": config}).encode()),
        "layers": [add_blob(layout, layer) for layer in layers],
    }
    return str(add_blob(layout, json.dumps(document).encode())["digest"])


def add_index(layout: Path, *digests: str) -> str:
    children = [{"digest": digest, "size": blob(layout, digest).stat().st_size} for digest in digests]
    return str(add_blob(layout, json.dumps({"manifests": children}).encode())["digest"])


def blob(layout: Path, digest: str) -> Path:
    return layout / "blobs" / digest.replace(":", "/")


def blob_of(layout: Path, content: bytes) -> Path:
    return layout / "blobs/sha256" / sha256(content).hexdigest()


def blobs(layout: Path) -> set[str]:
    return {path.name for path in (layout / "blobs/sha256").iterdir()}


def test_an_image_with_all_its_blobs_is_whole(tmp_path: Path) -> None:
    digest = add_image(tmp_path, b"base", b"application")
    assert is_whole(tmp_path, digest)
    assert is_whole(tmp_path, add_index(tmp_path, digest))


@pytest.mark.parametrize("content", [None, b"", b"applicat"], ids=["missing", "empty", "cut short"])
def test_a_blob_that_is_not_there_in_its_length_makes_an_image_less_than_whole(
    tmp_path: Path, content: bytes | None
) -> None:
    digest = add_image(tmp_path, b"base", b"application")
    index = add_index(tmp_path, digest)
    layer = blob_of(tmp_path, b"application")
    layer.unlink() if content is None else layer.write_bytes(content)
    assert not is_whole(tmp_path, digest)
    assert not is_whole(tmp_path, index)


@pytest.mark.parametrize("content", [None, b"", b'{"config": {"dig'], ids=["missing", "empty", "cut short"])
def test_without_its_manifest_an_image_is_not_whole(tmp_path: Path, content: bytes | None) -> None:
    digest = add_image(tmp_path, b"base")
    blob(tmp_path, digest).unlink() if content is None else blob(tmp_path, digest).write_bytes(content)
    assert not is_whole(tmp_path, digest)


def test_a_layout_that_is_not_there_is_not_whole(tmp_path: Path) -> None:
    assert not is_whole(tmp_path / "none", "sha256:" + "0" * 64)


def test_sweeping_leaves_the_image_and_nothing_else(tmp_path: Path) -> None:
    add_image(tmp_path, b"base", b"application of yesterday", Cmd=["old"])
    digest = add_image(tmp_path, b"base", b"application", Cmd=["new"])
    (tmp_path / "ingest/half").mkdir(parents=True)
    (tmp_path / "index.json").write_text("{}")
    sweep(tmp_path, digest)
    assert is_whole(tmp_path, digest)
    assert len(blobs(tmp_path)) == 4
    assert not blob_of(tmp_path, b"application of yesterday").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blobs", "index.json"]


def test_sweeping_an_index_leaves_every_platform(tmp_path: Path) -> None:
    first, second = add_image(tmp_path, b"amd64"), add_image(tmp_path, b"arm64")
    index = add_index(tmp_path, first, second)
    before = blobs(tmp_path)
    add_image(tmp_path, b"riscv64")
    sweep(tmp_path, index)
    assert is_whole(tmp_path, index)
    assert blobs(tmp_path) == before - {sha256(b"riscv64").hexdigest()}


def test_blobs_of_bases_are_shared_not_copied(tmp_path: Path) -> None:
    base, image = tmp_path / "base", tmp_path / "new/image"
    digest = add_image(base, b"debian")
    link_blobs(image, [base])
    assert is_whole(image, digest)
    assert blob_of(image, b"debian").samefile(blob_of(base, b"debian"))


def test_sweeping_an_image_leaves_its_base_as_it_was(tmp_path: Path) -> None:
    base, image = tmp_path / "base", tmp_path / "image"
    of_base = add_image(base, b"debian")
    link_blobs(image, [base])
    sweep(image, add_image(image, b"debian", b"application"))
    assert is_whole(base, of_base)
    assert blob_of(image, b"debian").exists()
    assert not blob(image, of_base).exists()


def test_blobs_that_are_there_already_stay(tmp_path: Path) -> None:
    base, image = tmp_path / "base", tmp_path / "image"
    add_image(base, b"debian")
    add_image(image, b"debian", b"application")
    before = blobs(image)
    link_blobs(image, [base, base])
    assert blobs(image) == before | blobs(base)


def test_a_config_tells_what_starts_and_how_much_is_sent(tmp_path: Path) -> None:
    digest = add_image(
        tmp_path, b"12345", b"123", Entrypoint=["/app"], Cmd=["serve"], User="1000", Labels={"version": "1"}
    )
    config = ImageConfig(entrypoint=("/app",), command=("serve",), user="1000", labels={"version": "1"}, size_bytes=8)
    assert read_image_config(tmp_path, digest) == config
    assert read_image_config(tmp_path, add_index(tmp_path, digest)) == config


def test_a_config_may_have_none_of_it(tmp_path: Path) -> None:
    digest = add_image(tmp_path, Entrypoint=None, Labels=None)
    assert read_image_config(tmp_path, digest) == ImageConfig(
        entrypoint=(), command=(), user="", labels={}, size_bytes=0
    )


def test_an_image_is_a_named_context_by_its_digest() -> None:
    assert context_of(Path("/i/a"), "sha256:11") == "oci-layout:///i/a@sha256:11"
