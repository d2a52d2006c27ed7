"""The contract gate between packing and dist/: our SDKs pass, and one that violates its contract is not kept."""

from __future__ import annotations

from pathlib import Path

from checkout import Answer, Checkout
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.archives import kind_of, open_artifact

KINDS = tuple(kind for each in ECOSYSTEMS for kind in each.artifact_kinds())
PACKAGE = "packages/ameide_sdk_ts/package.json"


def pack(checkout: Checkout, session: str) -> Answer:
    return checkout.nox("-s", session, "--", "--pack")


def packed(checkout: Checkout) -> dict[str, bytes]:
    files = (path for path in (checkout.root / "dist").rglob("*") if path.is_file())
    return {str(path.relative_to(checkout.root)): path.read_bytes() for path in files}


def test_the_artifacts_of_the_three_sdks_pass_the_contract_gate_and_can_be_opened(checkout: Checkout) -> None:
    answer = pack(checkout, "sdk")
    assert answer.exit_code == 0, answer.out[-8000:] + answer.err[-4000:]
    found = {Path(path): kind for path in packed(checkout) if (kind := kind_of(path, KINDS))}
    assert {str(kind) for kind in found.values()} == {"npm", "wheel", "sdist", "go"}
    for path, kind in found.items():
        artifact = open_artifact(checkout.root / path, kind)
        assert artifact.problem == ""
        assert any(entry.name == "LICENSE" for entry in artifact.entries), path


def test_an_artifact_that_violates_its_contract_is_not_written_into_dist(checkout: Checkout) -> None:
    """The finding names artifact, member, found, expected and the rule; what was there before stays."""
    before = pack(checkout, "sdk-ts")
    assert before.exit_code == 0, before.out[-8000:] + before.err[-4000:]
    kept, manifest = packed(checkout), checkout.root / PACKAGE
    text = manifest.read_text(encoding="utf-8")
    try:
        manifest.write_text(text.replace('"type": "module"', '"private": true,\n  "type": "module"'), encoding="utf-8")
        answer = pack(checkout, "sdk-ts")
    finally:
        manifest.write_text(text, encoding="utf-8")
    assert answer.exit_code == 1
    finding = "!package/package.json: contract: found private: true, expected a package that may be published"
    assert f"{finding} (npm-not-private)" in answer.out
    assert packed(checkout) == kept
