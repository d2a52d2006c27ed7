"""A receipt stands for an image only while the image is there."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from nox_rings.engine.errors import StepFailedError
from nox_rings.images.receipts import context_of_receipt, is_backed, write_receipt

CONFIG = b"{}"
CONFIG_DIGEST = f"sha256:{sha256(CONFIG).hexdigest()}"
MANIFEST = json.dumps({"config": {"digest": CONFIG_DIGEST, "size": len(CONFIG)}, "layers": []}).encode()
DIGEST = f"sha256:{sha256(MANIFEST).hexdigest()}"


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    blobs = tmp_path / "graph/blobs/sha256"
    blobs.mkdir(parents=True)
    for content in (CONFIG, MANIFEST):
        (blobs / sha256(content).hexdigest()).write_bytes(content)
    write_receipt(tmp_path / "graph.json", {"ref": "graph:dev", "digest": DIGEST}, tmp_path / "graph")
    return tmp_path / "graph.json"


def test_an_image_that_is_there_backs_its_receipt(receipt: Path) -> None:
    assert is_backed(receipt)


@pytest.mark.parametrize("digest", [CONFIG_DIGEST, DIGEST])
def test_without_a_part_of_the_image_the_receipt_is_worth_nothing(receipt: Path, digest: str) -> None:
    (receipt.parent / "graph/blobs/sha256" / digest.removeprefix("sha256:")).unlink()
    assert not is_backed(receipt)


def test_an_image_that_an_engine_holds_is_taken_on_trust(tmp_path: Path) -> None:
    write_receipt(tmp_path / "graph.json", {"ref": "graph:dev", "digest": DIGEST}, None)
    assert is_backed(tmp_path / "graph.json")


@pytest.mark.parametrize("content", ["", '{"layout": "gra', '{"layout": "graph"}'])
def test_a_receipt_that_nobody_can_read_is_none(receipt: Path, content: str) -> None:
    receipt.write_text(content)
    assert not is_backed(receipt)


def test_no_receipt_is_no_image(tmp_path: Path) -> None:
    assert not is_backed(tmp_path / "graph.json")


def test_an_image_is_a_named_context_by_its_receipt(receipt: Path) -> None:
    assert context_of_receipt(receipt) == f"oci-layout://{receipt.parent}/graph@{DIGEST}"
    write_receipt(receipt, {"ref": "graph:dev", "digest": DIGEST}, None)
    assert context_of_receipt(receipt) == "docker-image://graph:dev"


@pytest.mark.parametrize("content", [None, "{", "{}"])
def test_an_image_without_a_receipt_is_no_base(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "x.json").write_text(content)
    with pytest.raises(StepFailedError, match="found no receipt of the image that this one starts from"):
        context_of_receipt(tmp_path / "x.json")
