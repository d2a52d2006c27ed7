from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.artifacts.seal.sealing import require_sealed, seal, show_version
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.store.trees import files_in
from unit.conftest import WriteTree

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_sealed_artifacts_are_verified(write_tree: WriteTree) -> None:
    folder = write_tree({"m/@v/list": "abc"})
    sealed = seal(folder, "1.0")
    assert sealed.artifacts["m/@v/list"].sha256 == ABC
    assert require_sealed(folder) == sealed
    assert seal(folder, "1.0") == sealed, "the manifest is none of the artifacts"


def test_nothing_packed_is_nothing_to_seal(tmp_path: Path) -> None:
    with pytest.raises(StepFailedError, match="found nothing packed, expected an artifact"):
        seal(tmp_path, "1.0")


def test_an_edited_an_unexpected_and_a_missing_file_are_reported_at_once(write_tree: WriteTree) -> None:
    folder = write_tree({"edited": "abc", "missing": "abc"})
    seal(folder, "1.0")
    (folder / "edited").write_text("abd")
    (folder / "stray").write_text("")
    (folder / "missing").unlink()
    with pytest.raises(StepFailedError) as caught:
        require_sealed(folder)
    assert [line.partition(",")[0].removeprefix(f"{folder}/") for line in caught.value.message.splitlines()] == [
        "edited: found 3 bytes of sha256 a52d159f262b",
        "missing: found no file",
        "stray: found 0 bytes of sha256 e3b0c44298fc",
    ]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({"a": ""}, "found no manifest.json, expected sealed artifacts"),
        ({"manifest.json": "{"}, "manifest.json: found"),
    ],
)
def test_without_a_manifest_nothing_is_sealed(texts: dict[str, str], found: str, write_tree: WriteTree) -> None:
    with pytest.raises(StepFailedError, match=found):
        require_sealed(write_tree(texts))


def test_a_version_links_its_files_and_keeps_them(write_tree: WriteTree) -> None:
    root = write_tree({"npm/ts/a.tgz": "one", "1.0/npm/ts/old": "gone", "1.0/npm/.ts.new/left": "by a killed run"})
    artifacts, view = root / "npm/ts", root / "1.0/npm/ts"
    show_version(artifacts, view)
    assert files_in(root / "1.0") == ("npm/ts/a.tgz",)
    assert (view / "a.tgz").samefile(artifacts / "a.tgz")
    (artifacts / "b").write_text("two")
    (artifacts / "b").replace(artifacts / "a.tgz")
    assert (view / "a.tgz").read_text() == "one"
