"""Sboms: the same on every machine, complete, and valid by the schema of CycloneDX."""

from __future__ import annotations

import json
from dataclasses import replace
from email.parser import HeaderParser
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from nox_rings.artifacts.sbom.model import Release, license_choice, render_sbom, unlicensed
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.sbom import Module, classified_licenses, go_document, license_of_metadata

MIRROR = "https://mirror.example/repository"
# As pnpm writes it: random number, the time, an order of its own, archives of a mirror.
PNPM: dict[str, Any] = {
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:3ff0f407-88ef-4227-97e2-e5a500f07795",
    "metadata": {
        "timestamp": "2026-11-21T09:15:44.852Z",
        "tools": {"components": [{"type": "application", "name": "pnpm", "version": "12.21.0"}]},
        "component": {"type": "library", "group": "@acme", "name": "sdk", "bom-ref": "pkg:npm/%40acme/sdk@1.2.3"},
    },
    "components": [
        {
            "type": "library",
            "name": "zeta",
            "version": "2.0.0",
            "purl": "pkg:npm/zeta@2.0.0",
            "bom-ref": "pkg:npm/zeta@2.0.0",
            "licenses": [{"license": {"id": "MIT"}}],
            "externalReferences": [
                {"type": "website", "url": "https://zeta.example"},
                {
                    "type": "distribution",
                    "url": f"{MIRROR}/zeta.tgz",
                    "hashes": [{"alg": "SHA-512", "content": "ab" * 64}],
                },
            ],
        },
        {"type": "library", "name": "alpha", "version": "1.0.0", "purl": "pkg:npm/alpha@1.0.0", "bom-ref": "a"},
    ],
    "dependencies": [
        {"ref": "pkg:npm/%40acme/sdk@1.2.3", "dependsOn": ["pkg:npm/zeta@2.0.0", "a"]},
        {"ref": "pkg:npm/zeta@2.0.0", "dependsOn": ["a"]},
        {"ref": "a", "dependsOn": []},
    ],
}
# As uv writes it: members at the version of the tree and without a purl, tools in the old shape, an archive a platform.
UV: dict[str, Any] = {
    "specVersion": "1.5",
    "metadata": {
        "tools": [{"vendor": "x", "name": "uv", "version": "0.13.8"}],
        "component": {"type": "library", "name": "acme-sdk", "version": "0.0.0", "bom-ref": "acme-sdk-1@0.0.0"},
    },
    "components": [
        {
            "type": "library",
            "name": "acme-core",
            "version": "0.0.0",
            "bom-ref": "acme-core-2@0.0.0",
            "properties": [{"name": "uv:workspace:path", "value": "packages/core"}],
        },
        {
            "type": "library",
            "name": "grpcio",
            "version": "1.85.1",
            "purl": "pkg:pypi/grpcio@1.85.1",
            "bom-ref": "grpcio-3@1.85.1",
            "externalReferences": [
                {"type": "distribution", "url": f"{MIRROR}/{name}", "hashes": [{"alg": "SHA-256", "content": "0" * 64}]}
                for name in ("one.whl", "other.whl")
            ],
        },
    ],
    "dependencies": [
        {"ref": "acme-sdk-1@0.0.0", "dependsOn": ["grpcio-3@1.85.1", "acme-core-2@0.0.0"]},
        {"ref": "acme-core-2@0.0.0", "dependsOn": ["grpcio-3@1.85.1"]},
        {"ref": "grpcio-3@1.85.1"},
    ],
}
RELEASE = Release(
    version="1.2.3",
    purl="pkg:npm/%40acme/sdk@1.2.3",
    license="MIT OR Apache-2.0",
    sha256="c" * 64,
    number="0f2fd8c2-a4b0-58e6-bba6-e0787cb50238",
    time_seconds=1_700_000_000,
    members={},
    licenses={"pkg:npm/alpha@1.0.0": "BSD-3-Clause"},
)
PYTHON = replace(
    RELEASE,
    purl="pkg:pypi/acme-sdk@1.2.3",
    members={"acme-core": "pkg:pypi/acme-core@1.2.3", "acme-sdk": "pkg:pypi/acme-sdk@1.2.3"},
    licenses={"pkg:pypi/grpcio@1.85.1": "Apache-2.0", "acme-core-2@0.0.0": "LicenseRef-Acme"},
)


def valid(text: str) -> dict[str, Any]:
    """The document, validated by the official schema."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    document = json.loads(text)
    assert isinstance(document, dict)
    return document


def test_the_root_is_the_artifact_with_license_digest_and_the_time_of_the_commit() -> None:
    sbom = valid(render_sbom(PNPM, RELEASE))
    assert sbom["serialNumber"] == "urn:uuid:0f2fd8c2-a4b0-58e6-bba6-e0787cb50238"
    assert sbom["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    assert sbom["metadata"]["tools"] == {"components": [{"type": "application", "name": "pnpm", "version": "12.21.0"}]}
    assert sbom["metadata"]["component"] == {
        "type": "library",
        "group": "@acme",
        "name": "sdk",
        "version": "1.2.3",
        "purl": "pkg:npm/%40acme/sdk@1.2.3",
        "bom-ref": "pkg:npm/%40acme/sdk@1.2.3",
        "licenses": [{"expression": "MIT OR Apache-2.0"}],
        "hashes": [{"alg": "SHA-256", "content": "c" * 64}],
    }


def test_components_are_in_order_with_licenses_and_without_the_url_they_came_from() -> None:
    text = render_sbom(PNPM, RELEASE)
    alpha, zeta = valid(text)["components"]
    assert (alpha["bom-ref"], alpha["licenses"]) == ("pkg:npm/alpha@1.0.0", [{"expression": "BSD-3-Clause"}])
    assert zeta["licenses"] == [{"license": {"id": "MIT"}}]
    assert zeta["hashes"] == [{"alg": "SHA-512", "content": "ab" * 64}]
    assert zeta["externalReferences"] == [{"type": "website", "url": "https://zeta.example"}]
    assert "mirror" not in text


def test_the_sbom_has_nothing_that_differs_from_run_to_run_of_the_tool() -> None:
    other = {
        **PNPM,
        "serialNumber": "urn:uuid:7a1fd8c2-a4b0-48e6-bba6-e0787cb50238",
        "metadata": {**PNPM["metadata"], "timestamp": "2027-01-01T00:00:00Z"},
        "components": PNPM["components"][::-1],
        "dependencies": [{**each, "dependsOn": each["dependsOn"][::-1]} for each in PNPM["dependencies"][::-1]],
    }
    assert render_sbom(other, RELEASE) == render_sbom(PNPM, RELEASE)


def test_members_of_the_workspace_have_the_version_of_the_release() -> None:
    text = render_sbom(UV, PYTHON)
    sbom = valid(text)
    core, grpcio = sbom["components"]
    assert (core["version"], core["purl"], core["licenses"]) == (
        "1.2.3",
        "pkg:pypi/acme-core@1.2.3",
        [{"expression": "LicenseRef-Acme"}],
    )
    assert (grpcio["version"], grpcio["licenses"]) == ("1.85.1", [{"expression": "Apache-2.0"}])
    assert "hashes" not in grpcio and "externalReferences" not in grpcio
    assert sbom["dependencies"] == [
        {"ref": "pkg:pypi/acme-core@1.2.3", "dependsOn": ["pkg:pypi/grpcio@1.85.1"]},
        {"ref": "pkg:pypi/acme-sdk@1.2.3", "dependsOn": ["pkg:pypi/acme-core@1.2.3", "pkg:pypi/grpcio@1.85.1"]},
        {"ref": "pkg:pypi/grpcio@1.85.1"},
    ]
    assert "0.0.0" not in text and "packages/core" not in text


def test_components_without_a_license_are_listed() -> None:
    assert unlicensed(render_sbom(UV, replace(PYTHON, licenses={}))) == ("acme-core@1.2.3", "grpcio@1.85.1")
    assert unlicensed(render_sbom(UV, PYTHON)) == ()


@pytest.mark.parametrize(
    ("license_text", "choice"),
    [
        ("apache-2.0", [{"expression": "Apache-2.0"}]),
        ("MIT AND (Apache-2.0 OR BSD-2-Clause)", [{"expression": "MIT AND (Apache-2.0 OR BSD-2-Clause)"}]),
        ("LicenseRef-Acme", [{"expression": "LicenseRef-Acme"}]),
        ("SEE LICENSE IN LICENSE", [{"license": {"name": "SEE LICENSE IN LICENSE"}}]),
        ("", []),
    ],
)
def test_a_license_is_an_expression_or_a_name(license_text: str, choice: list[dict[str, Any]]) -> None:
    assert license_choice(license_text) == choice


@pytest.mark.parametrize(
    ("ecosystem", "name", "version", "purl"),
    [
        ("npm", "@acme/sdk", "1.2.3-dev.1", "pkg:npm/%40acme/sdk@1.2.3-dev.1"),
        ("npm", "sdk", "1.2.3", "pkg:npm/sdk@1.2.3"),
        ("pypi", "Acme_SDK.x", "1.2.3.dev5", "pkg:pypi/acme-sdk-x@1.2.3.dev5"),
        ("go", "example.com/Acme/v2", "v2.0.0", "pkg:golang/example.com/Acme/v2@v2.0.0?type=module"),
        (
            "go",
            "example.com/a",
            "v2.0.0+incompatible",
            "pkg:golang/example.com/a@v2.0.0%2Bincompatible?type=module",
        ),
    ],
)
def test_a_purl_is_spelled_as_the_ecosystem_has_it(ecosystem: str, name: str, version: str, purl: str) -> None:
    found = {each.name: each for each in ECOSYSTEMS}[ecosystem]
    assert found.purl(name, version) == purl


@pytest.mark.parametrize(
    ("headers", "license_text"),
    [
        ("License-Expression: MIT\nLicense: other\n", "MIT"),
        ("License: 3-Clause BSD License\n", "3-Clause BSD License"),
        ("License: MIT\nClassifier: License :: OSI Approved :: Apache Software License\n", "MIT"),
        ("Classifier: License :: OSI Approved :: MIT License\nClassifier: Typing :: Typed\n", "MIT License"),
        ("Classifier: License :: OSI Approved\nClassifier: License :: OSI Approved :: BSD License\n", "BSD License"),
        (f"License: {'A long text. ' * 20}\nClassifier: License :: OSI Approved :: MIT License\n", "MIT License"),
        ("License: UNKNOWN\n", ""),
        ("", ""),
    ],
)
def test_the_license_of_a_distribution_is_the_best_one_of_its_metadata(headers: str, license_text: str) -> None:
    assert license_of_metadata(HeaderParser().parsestr(f"Name: x\n{headers}")) == license_text


def test_a_license_is_recognised_with_confidence_and_a_notice_is_none() -> None:
    def classified(file: str, *found: tuple[str, float]) -> dict[str, Any]:
        rows = [{"Name": name, "Confidence": confidence} for name, confidence in found]
        return {"Filepath": file, "Classifications": rows}

    documents = [
        classified("/m/a/LICENSE", ("Copyright", 1), ("BSD-3-Clause", 0.98)),
        classified("/m/b/LICENSE", ("MIT", 0.95), ("Apache-2.0", 1), ("MIT", 0.99)),
        classified("/m/c/LICENSE", ("GPL-2.0", 0.82)),
    ]
    assert classified_licenses(documents) == {
        "/m/a/LICENSE": "BSD-3-Clause",
        "/m/b/LICENSE": "Apache-2.0 AND MIT",
        "/m/c/LICENSE": "",
    }


def test_a_go_document_has_the_modules_and_their_requirements() -> None:
    root = Module(path="example.com/sdk", version="v1.2.3", requires=["example.com/b"])
    modules = [
        Module(path="example.com/b", version="v1.0.0", requires=["example.com/c", "example.com/not/needed"]),
        Module(path="example.com/c", version="v0.1.0", requires=[]),
    ]
    release = replace(RELEASE, purl=root.purl, licenses={modules[0].purl: "MIT"})
    sbom = valid(render_sbom(go_document(root, modules, {"go": "1.27.3"}), release))
    b, c = sbom["components"]
    assert (b["name"], b["version"], b["licenses"]) == ("example.com/b", "v1.0.0", [{"expression": "MIT"}])
    assert "licenses" not in c
    purl = "pkg:golang/example.com/{}?type=module".format
    assert sbom["dependencies"] == [
        {"ref": purl("b@v1.0.0"), "dependsOn": [purl("c@v0.1.0")]},
        {"ref": purl("c@v0.1.0")},
        {"ref": purl("sdk@v1.2.3"), "dependsOn": [purl("b@v1.0.0")]},
    ]
