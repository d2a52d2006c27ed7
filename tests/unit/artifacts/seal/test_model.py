from __future__ import annotations

import pytest

from nox_rings.artifacts.seal.model import Manifest, Sealed, parse_manifest, render_manifest, verify_checksums

ONE = Sealed(size=3, sha256="aa" * 32)
OTHER = Sealed(size=3, sha256="bb" * 32)
TEXT = """{
  "version": "1.2.0",
  "uncommitted": [
    "sdk/new.go"
  ],
  "artifacts": [
    {
      "name": "@v/list",
      "size": 3,
      "sha256": "SUM"
    }
  ]
}
""".replace("SUM", "aa" * 32)


def test_a_manifest_has_names_sizes_and_digests() -> None:
    manifest = Manifest(version="1.2.0", artifacts={"@v/list": ONE}, uncommitted=("sdk/new.go",))
    assert render_manifest(manifest) == TEXT
    assert parse_manifest(TEXT) == manifest


def test_the_order_in_which_files_were_found_does_not_matter() -> None:
    forwards = Manifest(version="1", artifacts={"a": ONE, "b": OTHER})
    backwards = Manifest(version="1", artifacts={"b": OTHER, "a": ONE})
    assert render_manifest(forwards) == render_manifest(backwards)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": "1", "uncommitted": [], "artifacts": [{"name": "a"}]}'])
def test_a_text_of_another_shape_is_no_manifest(text: str) -> None:
    with pytest.raises(ValueError):
        parse_manifest(text)


@pytest.mark.parametrize(
    ("found", "problems"),
    [
        ({"a.whl": ONE}, []),
        (
            {"a.whl": OTHER},
            [
                "a.whl: found 3 bytes of sha256 bbbbbbbbbbbb, "
                "expected 3 bytes of sha256 aaaaaaaaaaaa as sealed in manifest.json"
            ],
        ),
        (
            {"a.whl": Sealed(size=4, sha256="aa" * 32)},
            [
                "a.whl: found 4 bytes of sha256 aaaaaaaaaaaa, "
                "expected 3 bytes of sha256 aaaaaaaaaaaa as sealed in manifest.json"
            ],
        ),
        ({}, ["a.whl: found no file, expected 3 bytes of sha256 aaaaaaaaaaaa as sealed in manifest.json"]),
        (
            {"a.whl": ONE, "b.whl": OTHER},
            ["b.whl: found 3 bytes of sha256 bbbbbbbbbbbb, expected no such file: manifest.json does not list it"],
        ),
    ],
)
def test_every_file_that_differs_from_the_manifest_has_a_message(found: dict[str, Sealed], problems: list[str]) -> None:
    assert list(verify_checksums(Manifest(version="1", artifacts={"a.whl": ONE}), found)) == problems
