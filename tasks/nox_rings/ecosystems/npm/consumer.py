"""A TypeScript program that uses a packed npm package, and the manifest and settings that install it.

There is no lockfile here: a consumer gets the newest versions that the ranges admit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nox_rings.ecosystems.npm.entry_points import Mode

TYPES = "@types/"
OWN_SUFFIXES = (".ts", ".mts", ".cts")
OWN_PROGRAMS = tuple(f"smoke/**/*{suffix}" for suffix in OWN_SUFFIXES)
RESOLUTION: Mapping[Mode, Mapping[str, str]] = {
    Mode.NODENEXT: {"module": "nodenext"},
    Mode.BUNDLER: {"module": "esnext", "moduleResolution": "bundler"},
}


def render_program(specifiers: Sequence[str]) -> str:
    """One import a line, so that the line of an error identifies the import. All are exported, so that none is
    unused."""
    lines = [_import(f"entry{number}", each) for number, each in enumerate(specifiers, 1)]
    names = ", ".join(f"entry{number}" for number in range(1, len(lines) + 1))
    return "\n".join([*lines, f"export {{ {names} }};", ""])


def _import(name: str, specifier: str) -> str:
    if specifier.endswith(".json"):
        return f'import {name} from "{specifier}" with {{ type: "json" }};'
    return f'import * as {name} from "{specifier}";'


def render_compiler_settings(mode: Mode, files: Sequence[str], types: Sequence[str] = ()) -> str:
    """The settings of strict users. Declarations of libraries are checked too; the path of an error names the
    library."""
    options = {
        **RESOLUTION[mode],
        "target": "es2022",
        "strict": True,
        "noEmit": True,
        "skipLibCheck": False,
        "resolveJsonModule": True,
        "types": list(types),
    }
    return _rendered({"compilerOptions": options, "include": list(files)})


def type_packages(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Declarations of platforms that the package is developed with: its own programs may use them, its exports may
    not."""
    return tuple(name for name in manifest.get("devDependencies", {}) if name.startswith(TYPES))


def render_manifest(manifest: Mapping[str, Any], types: Sequence[str]) -> str:
    """package.json with the package, its peer dependencies, optional or not, and `types`."""
    developed = {name: manifest["devDependencies"][name] for name in types}
    wanted = {**developed, **manifest.get("peerDependencies", {}), manifest["name"]: manifest["version"]}
    return _rendered({"private": True, "type": "module", "dependencies": wanted})


def render_settings(packed: Mapping[str, tuple[str, str]], absent: Sequence[str]) -> str:
    """pnpm-workspace.yaml (JSON is YAML). `packed` is the set, name → version and tarball; `absent` are names of the
    workspace that were not packed.

    A requirement of a sibling resolves to the tarball where its range admits the version; any other range leads to a
    missing file, and never to a registry. Without hoisting a package finds what it declares and nothing else."""
    overrides = {f"{name}@{version}": f"file:{tarball}" for name, (version, tarball) in packed.items()}
    others = {name: f"file:not-in-the-packed-set/{name.replace('/', '+')}.tgz" for name in (*packed, *absent)}
    return _rendered({"overrides": {**overrides, **others}, "hoist": False})


def _rendered(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
