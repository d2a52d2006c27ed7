"""The sboms of packed artifacts: valid by the official schema, consistent with the lockfiles, with licenses."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from checkout import Checkout, environment
from nox_rings.artifacts.seal.model import parse_manifest
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.archives import kind_of
from nox_rings.ecosystems.pypi.sbom import unpacked_licenses
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.steps import StepContext
from nox_rings.toolchain.toolchain import Toolchain

FOLDERS = {"ts": "dist/npm/ts", "go": "dist/go/go", "py": "dist/pypi/py"}
KINDS = tuple(kind for each in ECOSYSTEMS for kind in each.artifact_kinds())
GO_MOD = "packages/ameide_sdk_go/go.mod"


@pytest.fixture(scope="module")
def packed(shared_checkout: Checkout) -> Checkout:
    answer = shared_checkout.nox("-s", "sdk", "--", "--pack")
    assert answer.exit_code == 0, answer.out[-8000:] + answer.err[-4000:]
    assert "license" not in answer.out
    return shared_checkout


def artifacts(checkout: Checkout, language: str) -> list[Path]:
    folder = checkout.root / FOLDERS[language]
    return sorted(path for path in folder.rglob("*") if path.is_file() and kind_of(path, KINDS))


def sbom(artifact: Path) -> dict[str, Any]:
    document = json.loads(artifact.with_name(f"{artifact.name}.cdx.json").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("language", FOLDERS)
def test_each_artifact_has_a_valid_sbom_with_its_checksum_that_is_sealed_with_it(
    packed: Checkout, language: str
) -> None:
    folder = packed.root / FOLDERS[language]
    manifest = parse_manifest((folder / "manifest.json").read_text(encoding="utf-8"))
    found = artifacts(packed, language)
    assert len(found) == (2 if language == "py" else 1)
    for artifact in found:
        path = artifact.with_name(f"{artifact.name}.cdx.json")
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(path.read_text(encoding="utf-8")) is None
        assert str(path.relative_to(folder)) in manifest.artifacts
        root = sbom(artifact)["metadata"]["component"]
        assert root["version"] == manifest.version
        assert root["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(artifact.read_bytes()).hexdigest()}]
        assert root["licenses"] in (
            [{"license": {"name": "SEE LICENSE IN LICENSE"}}],
            [{"expression": "LicenseRef-Ameide"}],
        )


@pytest.mark.parametrize("language", FOLDERS)
def test_each_component_has_a_license_and_the_version_of_the_lockfile(packed: Checkout, language: str) -> None:
    locked = {"ts": npm_locked, "go": go_locked, "py": uv_locked}[language](packed)
    components = sbom(artifacts(packed, language)[0])["components"]
    assert {each["purl"].partition("?")[0] for each in components} <= locked
    names = {each["name"] for each in components}
    expected = {"ts": {"protobuf", "connect"}, "go": {"google.golang.org/grpc"}, "py": {"grpcio", "protobuf"}}
    assert expected[language] <= names
    assert not {"vitest", "typescript", "pytest"} & names
    assert all(each["licenses"] for each in components)


def npm_locked(checkout: Checkout) -> set[str]:
    packages = yaml.safe_load(checkout.text("pnpm-lock.yaml"))["packages"]
    return {f"pkg:npm/{each.replace('@', '%40', 1) if each.startswith('@') else each}" for each in packages}


def go_locked(checkout: Checkout) -> set[str]:
    required = re.findall(r"^\s+([\w./-]+) (v[^\s]+)", checkout.text(GO_MOD), re.M)
    return {f"pkg:golang/{module}@{version}" for module, version in required}


def uv_locked(checkout: Checkout) -> set[str]:
    packages = tomllib.loads(checkout.text("uv.lock"))["package"]
    return {f"pkg:pypi/{each['name']}@{each['version']}" for each in packages}


def test_an_edited_sbom_is_refused_like_an_edited_artifact(packed: Checkout) -> None:
    (artifact,) = artifacts(packed, "ts")
    path = artifact.with_name(f"{artifact.name}.cdx.json")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Apache-2.0", "MIT"), encoding="utf-8")
    try:
        reasons = packed.nox("-s", "plan", "--", "artifact:ts", "--json").json()["targets"]
    finally:
        path.write_text(text, encoding="utf-8")
    assert {each["id"]: each["reason"] for each in reasons}["artifact:ts"] == "output-edited"


def test_without_a_license_classifier_the_missing_licenses_of_a_module_are_reported(packed: Checkout) -> None:
    tools = packed.root / "tools/go/sbom"
    aside = packed.root / ".nox-rings/sbom-aside"
    tools.rename(aside)
    try:
        answer = packed.nox("-s", "sdk-go", "--", "--pack")
        unlicensed = sbom(artifacts(packed, "go")[0])
    finally:
        aside.rename(tools)
    assert answer.exit_code == 0, answer.out[-8000:] + answer.err[-4000:]
    assert (
        "artifact:go: licenses NOT identified: no folder tools/go/* of the workspace pins identify_license"
        in answer.out
    )
    assert "the sbom has no license of connectrpc.com/connect@" in answer.out
    assert not [each for each in unlicensed["components"] if "licenses" in each]
    answer = packed.nox("-s", "sdk-go", "--", "--pack")
    assert answer.exit_code == 0, answer.out[-8000:] + answer.err[-4000:]


def test_a_distribution_that_is_not_installed_is_unpacked_for_its_license_where_possible(
    packed: Checkout, tmp_path: Path
) -> None:
    """Another Python needs other packages; the bytes must not depend on the machine that packs."""
    interpreter = packed.root / ".nox-rings/python/+root"
    wanted = ["exceptiongroup==1.3.1", "this-is-not-on-any-index==1.0"]
    with ExitStack() as closing, (tmp_path / "log").open("w+b") as log:
        runner = ProcessRunner()
        closing.callback(runner.close)
        folder = Path(environment()["NOX_RINGS_TOOLS_DIR"])
        tools = Toolchain(packed.root, folder, runner, source="pinned", announce=print)
        tools.require("uv")
        context = StepContext(
            root=tmp_path, runner=runner, log=log, say=print, closing=closing, environment=tools.environment("uv")
        )
        found = unpacked_licenses(tmp_path / "metadata", wanted, interpreter, context)
    assert list(found) == ["pkg:pypi/exceptiongroup@1.3.1"]
    assert "MIT" in found["pkg:pypi/exceptiongroup@1.3.1"]
