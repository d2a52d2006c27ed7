"""What an sbom is made of per ecosystem: purls (https://github.com/package-url/purl-spec), licenses as metadata has
them, and for Go the whole document: cyclonedx-gomod (v1.10.0) fails for a module that requires one not published yet,
and all SDKs of a workspace are released together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Any

LICENSE_FILE = re.compile(r"(?:(?:UN)?LICEN[SC]E|COPYING)(?:[.-][\w.-]+)?", re.I)
LONGEST_NAME = 100
CLASSIFIER = "License :: "
LEAST_CONFIDENCE = 0.9


def purl_of(kind: str, name: str, version: str) -> str:
    """The package URL (https://github.com/package-url/purl-spec); `kind` is its type: npm, pypi, golang."""
    from packageurl import PackageURL  # 20 ms, and only an sbom has one
    from packaging.utils import canonicalize_name

    if kind == "pypi":
        return PackageURL(kind, name=canonicalize_name(name), version=version).to_string()
    namespace, _, last = name.rpartition("/")
    qualifiers = {"type": "module"} if kind == "golang" else None
    return PackageURL(kind, namespace, last, version, qualifiers).to_string()


def license_of_metadata(metadata: Message) -> str:
    """Of core metadata: the expression (PEP 639), the older free text where it is a name, else the classifiers."""
    text = str(metadata["License"] or "").strip()
    if expression := metadata["License-Expression"]:
        return str(expression)
    if text and "\n" not in text and len(text) <= LONGEST_NAME and text != "UNKNOWN":
        return text
    classifiers = (str(each) for each in metadata.get_all("Classifier", []))
    names = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith(CLASSIFIER)]
    return ", ".join(dict.fromkeys(name for name in names if name != "OSI Approved"))


def classified_licenses(documents: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """License files → the license that `identify_license` recognised with confidence; several hold together."""
    found = {}
    for each in documents:
        sure = (one for one in each["Classifications"] if one["Confidence"] >= LEAST_CONFIDENCE)
        names = sorted({str(one["Name"]) for one in sure} - {"Copyright"})
        found[str(each["Filepath"])] = " AND ".join(names)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A required module; `requires` are paths of modules."""

    path: str
    version: str
    requires: Sequence[str]

    @property
    def purl(self) -> str:
        return purl_of("golang", self.path, self.version)


def go_document(root: Module, modules: Sequence[Module], tools: Mapping[str, str]) -> Mapping[str, Any]:
    """`tools` are names with versions."""
    purls = {each.path: each.purl for each in (root, *modules)}
    components = [
        {"type": "library", "name": each.path, "version": each.version, "purl": each.purl, "bom-ref": each.purl}
        for each in (root, *modules)
    ]
    return {
        "metadata": {
            "component": components[0],
            "tools": [{"name": name, "version": version} for name, version in tools.items()],
        },
        "components": components[1:],
        "dependencies": [
            {"ref": each.purl, "dependsOn": [purls[other] for other in each.requires if other in purls]}
            for each in (root, *modules)
        ],
    }
