"""What uv.lock tells of a member: what is installed for it."""

from __future__ import annotations

import pytest

from nox_rings.ecosystems.pypi.projects.lock import LockGraph, parse_lock

LOCK = """
version = 1

[manifest]
members = ["a", "b"]

[manifest.dependency-groups]
dev = [{ name = "pytest" }]

[[package]]
name = "a"
version = "0.1.0"
source = { editable = "libs/a" }
dependencies = [
    { name = "b" },
]

[[package]]
name = "b"
version = "0.1.0"
source = { virtual = "libs/b" }
dependencies = [
    { name = "six" },
]

[package.optional-dependencies]
fast = [
    { name = "speedups" },
]

[package.dev-dependencies]
test = [
    { name = "plugin" },
]

[[package]]
name = "c"
version = "1.0"
source = { editable = "." }

[[package]]
name = "plugin"
version = "5"
source = { git = "https://example.com/plugin?rev=main#0a1b" }

[[package]]
name = "pytest"
version = "9.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "iniconfig" }]

[[package]]
name = "iniconfig"
version = "2.0.0"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://example.com/iniconfig-2.0.0.tar.gz", hash = "sha256:00" }
wheels = [
    { url = "https://example.com/iniconfig-2.0.0-py3-none-any.whl", hash = "sha256:00", size = 1 },
]

[[package]]
name = "six"
version = "1.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "speedups"
version = "3"
source = { path = "wheels/speedups.whl" }
"""
PYPI = '{"registry": "https://pypi.org/simple"}'
PYTEST = (f"iniconfig==2.0.0 {PYPI}", f"pytest==9.0 {PYPI}")


def installed(text: str, *groups: str) -> dict[str, tuple[str, ...]]:
    return dict(LockGraph(parse_lock(text), ".").installed_for((".", "libs/a", "libs/b"), groups))


def test_what_is_installed_for_a_member_is_what_it_reaches_and_the_groups_of_all() -> None:
    plugin = 'plugin==5 {"git": "https://example.com/plugin?rev=main#0a1b"}'
    of_b = ('b== {"virtual": "libs/b"}', f"iniconfig==2.0.0 {PYPI}", plugin, f"pytest==9.0 {PYPI}", f"six==1.0 {PYPI}")
    archive = 'speedups== {"path": "wheels/speedups.whl"}'
    assert installed(LOCK) == {
        ".": ('c== {"editable": "."}', *PYTEST),
        "libs/a": ('a== {"editable": "libs/a"}', *of_b, archive),
        "libs/b": (*of_b, archive),
    }
    assert installed(LOCK, "test")["."] == ('c== {"editable": "."}', PYTEST[0], plugin, PYTEST[1])


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ('version = "2.0.0"', 'version = "2.1.0"', {".", "libs/a", "libs/b"}),
        ('version = "1.0"\nsource = { registry', 'version = "1.1"\nsource = { registry', {"libs/a", "libs/b"}),
        ("#0a1b", "#0a1c", {"libs/a", "libs/b"}),
        ('name = "a"\nversion = "0.1.0"', 'name = "a"\nversion = "0.2.0"', set()),
        ("sha256:00", "sha256:01", set()),
    ],
    ids=["of a tool of all", "of one", "a commit", "its own version", "a file of the same version"],
)
def test_an_upgrade_is_seen_by_those_whose_environment_has_it(old: str, new: str, changed: set[str]) -> None:
    before, after = installed(LOCK), installed(LOCK.replace(old, new))
    assert {path for path in before if before[path] != after[path]} == changed


def test_copies_are_known_by_name() -> None:
    graph = LockGraph(parse_lock(LOCK + '[[package]]\nname = "far"\nsource = { directory = "../far" }\n'), "w")
    assert graph.copied() == {"far": "far", "w/wheels/speedups.whl": "speedups"}
    assert graph.name_at("w/libs/a") == "a"
    assert graph.name_at("w/libs/z") == ""
