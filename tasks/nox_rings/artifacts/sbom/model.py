"""Bills of materials (sboms) in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): the output of a tool, completed
and made the same on every machine. An sbom names one artifact by its digest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SUFFIX = ".cdx.json"
VERSION = "1.6"
# The URL of an archive depends on the machine that packed: a mirror, an internal index.
SOURCES = "distribution"
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Facts of the artifact that the tool does not have. `purl`, `license` (an SPDX expression, or the text of its
    manifest) and `sha256` are the artifact's own, `number` is a UUID made of them, `time_seconds` the commit's.
    `members` are packages of the workspace, name → purl in this release; `licenses` those of other components, by the
    purl or the bom-ref that the tool gave them."""

    version: str
    purl: str
    license: str
    sha256: str
    number: str
    time_seconds: int
    members: Mapping[str, str]
    licenses: Mapping[str, str]


def render_sbom(document: Document, release: Release) -> str:
    """Without the tool's timestamp and serial number, in a fixed order, with the purl of every component."""
    root = document["metadata"]["component"]
    refs = {each["bom-ref"]: _purl(each, release) for each in document.get("components", ())}
    refs[root["bom-ref"]] = release.purl
    components = [_component(each, refs[each["bom-ref"]], release) for each in document.get("components", ())]
    sbom = {
        "$schema": f"http://cyclonedx.org/schema/bom-{VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "serialNumber": f"urn:uuid:{release.number}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(release.time_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "lifecycles": [{"phase": "build"}],
            "tools": {"components": _tools(document["metadata"].get("tools", ()))},
            "component": _root(root, release),
        },
        "components": sorted(components, key=lambda each: str(each["bom-ref"])),
        "dependencies": _dependencies(document.get("dependencies", ()), refs),
    }
    return json.dumps(sbom, indent=2, ensure_ascii=False) + "\n"


def unlicensed(sbom: str) -> tuple[str, ...]:
    """Components without a known license, as NAME@VERSION."""
    found = (each for each in json.loads(sbom)["components"] if not each.get("licenses"))
    return tuple(f"{each['name']}@{each['version']}" for each in found)


def license_choice(license_text: str) -> list[dict[str, Any]]:
    """An SPDX expression where it is one, else a name; empty for an empty text."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression  # 10 ms

    if not license_text:
        return []
    try:
        return [{"expression": canonicalize_license_expression(license_text)}]
    except InvalidLicenseExpression:
        return [{"license": {"name": license_text}}]


def _purl(component: Document, release: Release) -> str:
    return release.members.get(component["name"]) or str(component.get("purl") or component["bom-ref"])


def _root(root: Document, release: Release) -> Document:
    return {
        **{key: root[key] for key in ("group", "description") if key in root},
        "type": "library",
        "name": root["name"],
        "version": release.version,
        "purl": release.purl,
        "bom-ref": release.purl,
        "licenses": license_choice(release.license),
        "hashes": [{"alg": "SHA-256", "content": release.sha256}],
    }


def _component(component: Document, purl: str, release: Release) -> Document:
    kept = {key: component[key] for key in ("type", "group", "name", "version", "description") if key in component}
    references = component.get("externalReferences", ())
    others = [each for each in references if each["type"] != SOURCES]
    digests = [each.get("hashes", []) for each in references if each["type"] == SOURCES]
    license_text = release.licenses.get(component.get("purl", ""), release.licenses.get(component["bom-ref"], ""))
    found = {
        "purl": purl,
        "bom-ref": purl,
        "licenses": component.get("licenses") or license_choice(license_text),
        # With several archives (a wheel for each platform) no digest identifies the component.
        "hashes": digests[0] if len(digests) == 1 else [],
        "externalReferences": sorted(others, key=lambda each: (each["type"], each["url"])),
    }
    version = {"version": release.version} if component["name"] in release.members else {}
    return {**kept, **version, **{key: value for key, value in found.items() if value}}


def _tools(tools: Any) -> list[Document]:
    """Up to 1.4 tools were a list of their own shape."""
    listed = tools.get("components", ()) if isinstance(tools, Mapping) else tools
    return [{"type": "application", "name": each["name"], "version": each["version"]} for each in listed]


def _dependencies(dependencies: Iterable[Document], refs: Mapping[str, str]) -> list[Document]:
    edges = {refs[each["ref"]]: sorted(refs[other] for other in each.get("dependsOn", ())) for each in dependencies}
    return [{"ref": ref, "dependsOn": edges[ref]} if edges[ref] else {"ref": ref} for ref in sorted(edges)]
