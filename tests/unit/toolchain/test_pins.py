"""Lockfile texts to tools and versions."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from nox_rings.toolchain.pins import (
    built_in_provider,
    go_provider,
    npm_provider,
    parse_uv_lock,
    uv_provider,
    version_flags,
)
from unit.toolchain.lock_texts import GO_MOD, PACKAGE, PACKAGE_LOCK, UV_LOCK

ROOT = Path(__file__).parents[3]


def test_a_locked_package_has_the_dependencies_of_its_own_table_only() -> None:
    locked = parse_uv_lock(UV_LOCK)
    assert locked["grpcio-tools"].version == "1.85.1"
    assert locked["grpcio-tools"].dependencies == ("protobuf",)
    assert locked["mine"].dependencies == ("rich",)


FORKED = """version = 1
[[package]]
name = "mine"
source = { virtual = "." }
[[package]]
name = "rich"
version = "15.0.0"
dependencies = [{ name = "pygments" }]
[package.optional-dependencies]
jupyter = [{ name = "ipywidgets", version = "8.1.8", marker = "python_version >= '3.13'" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }, { name = "pygments" }]
[[package]]
name = "ipywidgets"
version = "7.8.5"
[[package]]
name = "ipywidgets"
version = "8.1.8"
"""


def test_a_locked_package_has_the_dependencies_of_its_extras_and_groups_too() -> None:
    locked = parse_uv_lock(FORKED)
    assert locked["rich"].dependencies == ("pygments", "ipywidgets", "pytest")
    assert locked["ipywidgets"].version == "8.1.8"
    assert "mine" not in locked


def test_a_group_gives_the_programs_of_its_wheels() -> None:
    provider = uv_provider("tools", ("buf-bin==1.75.0", "grpcio_tools>=1"), parse_uv_lock(UV_LOCK), platform="p")
    assert [(pin.name, pin.version, pin.main) for pin in provider.pins] == [
        ("buf", "1.75.0", True),
        ("protoc", "1.85.1", True),
        ("python", "1.85.1", False),
    ]


def test_a_library_of_a_group_is_no_program() -> None:
    """`doctor` would offer it, and it could not be started."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    locked = parse_uv_lock((ROOT / "uv.lock").read_text(encoding="utf-8"))
    provider = uv_provider("dev", tuple(groups["dev"]), locked, platform="p")
    assert {pin.name for pin in provider.pins} == {"jsonschema", "mypy", "pytest", "ruff"}


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        (("1.75.0", "1.76.0"), True),  # a tool of the group
        (("7.36.2", "7.36.3"), True),  # what a tool depends on
        (("15.0.0", "16.0.0"), False),  # what only the project uses
    ],
)
def test_a_group_is_installed_anew_when_its_closure_changes(edit: tuple[str, str], changes: bool) -> None:
    requirements = ("buf-bin", "grpcio-tools")
    before = uv_provider("tools", requirements, parse_uv_lock(UV_LOCK), platform="p")
    after = uv_provider("tools", requirements, parse_uv_lock(UV_LOCK.replace(*edit)), platform="p")
    assert (before.folder != after.folder) is changes


LOCAL = """version = 1
[[package]]
name = "plugin"
version = "1.0.0"
source = { editable = "libs/plugin" }
dependencies = [{ name = "units" }, { name = "six" }]
[[package]]
name = "units"
version = "1.0.0"
source = { directory = "../units" }
[[package]]
name = "six"
version = "1.17.0"
source = { registry = "https://pypi.org/simple" }
"""


def test_a_tool_knows_the_folders_of_the_workspace_that_it_is_installed_from() -> None:
    provider = uv_provider("tools", ("plugin", "six"), parse_uv_lock(LOCAL), platform="p")
    assert {pin.name: pin.sources for pin in provider.pins} == {"plugin": ("../units", "libs/plugin"), "six": ()}


@pytest.mark.parametrize(("requirement", "changes"), [("plugin", True), ("six", False)])
def test_a_group_with_a_member_is_installed_for_each_checkout_and_anew_with_its_programs(
    requirement: str, changes: bool
) -> None:
    one, other = (
        uv_provider("tools", (requirement,), parse_uv_lock(LOCAL), platform="p", installed_as=installed_as)
        for installed_as in (lambda folder: f"/a/{folder}", lambda folder: f"/b/{folder}")
    )
    assert (one.folder != other.folder) is changes


def test_a_project_group_covers_the_dependencies_of_the_project() -> None:
    edited = UV_LOCK.replace("15.0.0", "16.0.0")
    one, other = (
        uv_provider("dev", ("ruff",), parse_uv_lock(text), platform="p", project="mine") for text in (UV_LOCK, edited)
    )
    assert one.digest != other.digest


def test_npm_programs_are_those_of_direct_dependencies() -> None:
    provider = npm_provider("tools/npm", PACKAGE, PACKAGE_LOCK, platform="p")
    assert [(pin.name, pin.version, pin.main) for pin in provider.pins] == [
        ("protoc-gen-es", "2.0.0", True),
        ("pn", "12.21.0", False),
        ("pnpm", "12.21.0", True),
    ]


def test_go_programs_are_the_tool_lines_with_the_version_of_the_nearest_module() -> None:
    provider = go_provider("tools/go/x", GO_MOD, "", platform="p")
    assert [(pin.name, pin.version) for pin in provider.pins] == [
        ("one", "1.2.3"),
        ("two", "0.4.0"),
        ("c", "5.0.0+incompatible"),
    ]


def test_go_programs_are_built_with_their_versions() -> None:
    assert version_flags(GO_MOD) == (
        "-s -w -X example.com/a/version.Version=v1.2.3 -X example.com/a/b/version.Version=v0.4.0"
        " -X example.com/c/version.Version=v5.0.0+incompatible"
    )


def sdist(digest: str) -> str:
    return f'sdist = {{ url = "https://x/a.tar.gz", hash = "sha256:{digest}", size = 1 }}\n'


def wheels(*digests: str) -> str:
    lines = (f'    {{ url = "https://x/{each}.whl", hash = "sha256:{each}", size = 1 }},\n' for each in digests)
    return f"wheels = [\n{''.join(lines)}]\n"


def uv_lock(*parts: str, name: str = "ruff") -> str:
    """A lockfile with a package of these lines, between two others that have digests of their own."""
    heads = ((each, f'\n[[package]]\nname = "{each}"\nversion = "1.0"\n') for each in ("before", name, "then"))
    return "version = 1\n" + "".join(f"{head}{''.join(parts) if each == name else sdist('0')}" for each, head in heads)


# printf 'sha256:aa sha256:bb' | sha256sum
BOTH_WHEELS = "sha256:b68ad689d6d1ec110ea1c13617437ad6f3766d4b3b309f6a603a222e07a0164f"


@pytest.mark.parametrize(
    ("lock", "digest"),
    [
        (uv_lock(sdist("5d15")), "sha256:5d15"),
        (uv_lock(sdist("5d15"), wheels("aa", "bb")), "sha256:5d15"),
        (uv_lock(wheels("aa", "bb")), BOTH_WHEELS),
        (uv_lock(wheels("bb", "aa")), BOTH_WHEELS),
        (uv_lock('source = { editable = "." }\n'), ""),
        (uv_lock('source = { editable = "." }\n', "\n[package.metadata]\n", sdist("no")), ""),
    ],
    ids=["sdist", "sdist beside wheels", "wheels only", "wheels in another order", "none", "in another table"],
)
def test_a_pin_of_uv_has_the_digest_of_its_sdist_or_one_over_all_wheels(lock: str, digest: str) -> None:
    """Not of the wheel of this machine: the digest is the same on all."""
    (pin,) = uv_provider("tools", ("ruff",), parse_uv_lock(lock), platform="p").pins
    assert (pin.package, pin.digest) == ("ruff", digest)


def test_each_program_of_a_wheel_has_the_package_and_the_digest_of_the_wheel() -> None:
    lock = uv_lock(sdist("5d15"), name="grpcio-tools")
    provider = uv_provider("tools", ("grpcio_tools>=1",), parse_uv_lock(lock), platform="p")
    assert [(pin.name, pin.package, pin.digest) for pin in provider.pins] == [
        ("protoc", "grpcio-tools", "sha256:5d15"),
        ("python", "grpcio-tools", "sha256:5d15"),
    ]


def test_a_pin_of_npm_has_the_integrity_of_its_package() -> None:
    lock = PACKAGE_LOCK.replace('"version": "2.0.0"', '"version": "2.0.0", "integrity": "sha512-x=="')
    assert [(pin.name, pin.package, pin.digest) for pin in npm_provider("t", PACKAGE, lock, platform="p").pins] == [
        ("protoc-gen-es", "@scope/gen", "sha512-x=="),
        ("pn", "pnpm", ""),
        ("pnpm", "pnpm", ""),
    ]


GO_SUM = """\
example.com/a v1.2.2 h1:old=
example.com/a v1.2.3 h1:one=
example.com/a v1.2.3/go.mod h1:not-this=
example.com/a/b v0.4.0/go.mod h1:nor-this=
example.com/c v5.0.0+incompatible h1:three=

broken line
"""


def test_a_pin_of_go_has_the_sum_of_its_module_at_its_version() -> None:
    """Not that of the go.mod alone."""
    assert [(pin.name, pin.package, pin.digest) for pin in go_provider("t", GO_MOD, GO_SUM, platform="p").pins] == [
        ("one", "example.com/a", "h1:one="),
        ("two", "example.com/a/b", ""),
        ("c", "example.com/c", "h1:three="),
    ]


SOURCES = {"go.mod": "module program\n", "go.sum": "", "main.go": "package main\n"}


def test_a_program_of_ours_is_known_by_its_sources() -> None:
    provider = built_in_provider("a/program", SOURCES, platform="p")
    (pin,) = provider.pins
    assert (pin.name, pin.program, provider.label) == ("program", "bin/program", "the sources of program in nox-rings")
    assert provider.folder == f"go-program-{provider.digest}"


@pytest.mark.parametrize(
    ("sources", "platform", "version_differs"),
    [
        ({**SOURCES, "main.go": "package main // new\n"}, "p", True),
        ({**SOURCES, "go.sum": "x\n"}, "p", True),
        ({**SOURCES, "more.go": ""}, "p", True),
        ({"go.mod": "module program\n", "go.sum": "main.go", "main.go": "package main\n"}, "p", True),
        (SOURCES, "go-1.28", False),
    ],
)
def test_a_program_of_ours_is_built_anew_for_other_sources_and_another_go(
    sources: dict[str, str], platform: str, version_differs: bool
) -> None:
    before, after = (
        built_in_provider("a/program", texts, platform=name) for texts, name in ((SOURCES, "p"), (sources, platform))
    )
    assert before.folder != after.folder
    assert (before.pins[0].version != after.pins[0].version) is version_differs
