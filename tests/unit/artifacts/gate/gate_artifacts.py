"""One good artifact of each kind, and what was planned for it; bad ones are made of them by a single change."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from nox_rings.ecosystems import artifact as kinds
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.artifact import Artifact, ArtifactKind, Entry, Facts, Rule

COMMIT = 1_790_000_000
MACHINE = ("/home/builder/work", "/root", "/tmp/scratch-1")
KINDS = tuple(kind for ecosystem in ECOSYSTEMS for kind in ecosystem.artifact_kinds())


def rules_of(kind: ArtifactKind) -> tuple[Rule, ...]:
    """Those of the ecosystem that packs artifacts of this kind, beside the rules for all."""
    (ecosystem,) = (each for each in ECOSYSTEMS if kind in each.artifact_kinds())
    return ecosystem.rules(kind)


@dataclass(frozen=True)
class Packed:
    """An artifact with the facts of its release."""

    artifact: Artifact
    facts: Facts

    def put(self, path: str, content: str | bytes = "x\n", **more: Any) -> Packed:
        """With this member, instead of the one of its name."""
        raw = content.encode() if isinstance(content, str) else content
        entries = [entry for entry in self.artifact.entries if entry.path != path]
        return self.of(*entries, Entry(path=path, content=raw, time_seconds=COMMIT, **more))

    def add(self, entry: Entry) -> Packed:
        return self.of(*self.artifact.entries, entry)

    def drop(self, path: str) -> Packed:
        assert self.artifact.find(path), path
        return self.of(*(entry for entry in self.artifact.entries if entry.path != path))

    def edit(self, path: str, old: str, new: str) -> Packed:
        text = self.text(path)
        assert old in text, f"{path} has no {old}"
        return self.put(path, text.replace(old, new))

    def text(self, path: str) -> str:
        entry = self.artifact.find(path)
        assert entry, path
        return entry.text

    def of(self, *entries: Entry) -> Packed:
        return replace(self, artifact=replace(self.artifact, entries=entries))

    def named(self, name: str) -> Packed:
        return replace(self, artifact=replace(self.artifact, name=name))

    def planned(self, **facts: Any) -> Packed:
        return replace(self, facts=replace(self.facts, **facts))

    def manifest(self, change: Callable[[dict[str, Any]], object]) -> Packed:
        document = json.loads(self.text("package/package.json"))
        change(document)
        return self.put("package/package.json", json.dumps(document))

    def recorded(self) -> Packed:
        """A wheel with a RECORD of its members."""
        record = f"{DIST_INFO}/RECORD"
        others = [entry for entry in self.artifact.entries if entry.path != record]
        lines = [f"{entry.path},sha256={digest(entry.content)},{len(entry.content)}\n" for entry in others]
        return self.put(record, "".join([*lines, f"{record},,\n"]))


def digest(content: bytes) -> str:
    return urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()


def packed(kind: ArtifactKind, name: str, facts: Facts, members: dict[str, str]) -> Packed:
    entries = (Entry(path=path, content=text.encode(), time_seconds=COMMIT) for path, text in members.items())
    return Packed(Artifact(kind=kind, name=name, entries=tuple(entries)), facts)


NPM = packed(
    kinds.NPM,
    "acme-sdk-1.2.3.tgz",
    Facts(
        name="@acme/sdk",
        version="1.2.3",
        time_seconds=COMMIT,
        siblings={"@acme/core": "1.2.3"},
        machine_paths=MACHINE,
    ),
    {
        "package/package.json": json.dumps(
            {
                "name": "@acme/sdk",
                "version": "1.2.3",
                "license": "MIT",
                "main": "./dist/index.js",
                "exports": {
                    ".": {"types": "./dist/types.d.ts", "import": "./dist/index.js"},
                    "./node": "./dist/node.js",
                    "./proto/*": "./dist/proto/*.js",
                    "./proto/internal/*": None,
                    "./package.json": "./package.json",
                },
                "dependencies": {"@acme/core": "1.2.3", "left-pad": "^1.3.0"},
            }
        ),
        "package/LICENSE": "MIT\n",
        "package/README.md": "Unpack it in /rooted, or see https://example.org/root and process.env.HOME.\n",
        "package/dist/index.js": "export {};\n",
        "package/dist/types.d.ts": "export {};\n",
        "package/dist/node.js": "export {};\n",
        "package/dist/node.d.ts": "export {};\n",
        "package/dist/proto/a/v1.js": "export {};\n",
        "package/dist/proto/a/v1.d.ts": "export {};\n",
    },
)

METADATA = """\
Metadata-Version: 2.4
Name: acme-sdk
Version: 1.2.3
License-Expression: MIT
License-File: LICENSE
Requires-Dist: acme-core==1.2.3
Requires-Dist: grpcio>=1.85 ; python_version >= "3.11"

# About

Requires-Dist: what stands here is a description.
"""
PYTHON = Facts(
    name="acme-sdk",
    version="1.2.3",
    time_seconds=COMMIT,
    siblings={"Acme.Core": "==1.2.3"},
    packages=("acme_sdk",),
    required_members=("acme_sdk/_proto/*_pb2.py", "acme_sdk/proto/*_pb2.py"),
    machine_paths=MACHINE,
)
PACKAGE = {
    "acme_sdk/__init__.py": "",
    "acme_sdk/py.typed": "",
    "acme_sdk/_proto/a/v1/a_pb2.py": "A = 1\n",
    "acme_sdk/proto/a/v1/a_pb2.py": "from acme_sdk._proto.a.v1.a_pb2 import A\n",
}
DIST_INFO = "acme_sdk-1.2.3.dist-info"
WHEEL = packed(
    kinds.WHEEL,
    "acme_sdk-1.2.3-py3-none-any.whl",
    PYTHON,
    {
        **PACKAGE,
        f"{DIST_INFO}/METADATA": METADATA,
        f"{DIST_INFO}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{DIST_INFO}/licenses/LICENSE": "MIT\n",
    },
).recorded()

SDIST_FOLDER = "acme_sdk-1.2.3"
SDIST = packed(
    kinds.SDIST,
    "acme_sdk-1.2.3.tar.gz",
    PYTHON,
    {
        f"{SDIST_FOLDER}/PKG-INFO": METADATA,
        f"{SDIST_FOLDER}/pyproject.toml": '[project]\nname = "acme-sdk"\n',
        f"{SDIST_FOLDER}/LICENSE": "MIT\n",
        f"{SDIST_FOLDER}/tests/test_sdk.py": "",
        **{f"{SDIST_FOLDER}/src/{path}": text for path, text in PACKAGE.items()},
    },
)

GO_MOD = """\
module example.org/acme/sdk // the SDK

go 1.27.0

require example.org/acme/core v1.2.3

require (
\tgolang.org/x/text v0.42.0 // indirect
)
"""
GO_SUM = """\
example.org/acme/core v1.2.3 h1:a=
example.org/acme/core v1.2.3/go.mod h1:b=
golang.org/x/text v0.42.0/go.mod h1:c=
"""
GO_PREFIX = "example.org/acme/sdk@v1.2.3/"
GO = packed(
    kinds.GO,
    "v1.2.3.zip",
    Facts(
        name="example.org/acme/sdk",
        version="v1.2.3",
        time_seconds=COMMIT,
        siblings={"example.org/acme/core": "v1.2.3"},
        machine_paths=MACHINE,
        go_mod=GO_MOD,
    ),
    {
        f"{GO_PREFIX}go.mod": GO_MOD,
        f"{GO_PREFIX}go.sum": GO_SUM,
        f"{GO_PREFIX}LICENSE": "MIT\n",
        f"{GO_PREFIX}client.go": "package sdk\n",
        f"{GO_PREFIX}internal/deep/deep.go": "package deep\n",
    },
)

GOOD = {"npm": NPM, "wheel": WHEEL, "sdist": SDIST, "go": GO}


def go_mod(change: Callable[[str], str]) -> Packed:
    """The good module with another go.mod, in the zip and beside it."""
    text = change(GO_MOD)
    assert text != GO_MOD
    return GO.put(f"{GO_PREFIX}go.mod", text).planned(go_mod=text)
