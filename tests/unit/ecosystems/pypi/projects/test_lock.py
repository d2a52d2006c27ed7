"""The part of a uv.lock that reaches a member."""

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


MEMBERS = {".", "libs/a", "libs/b"}


def parts(text: str, *groups: str) -> dict[str, tuple[str, str]]:
    """Path → what the package gets, and what its tests alone need."""
    found = LockGraph(parse_lock(text), ".").parts(".", groups)
    return {path: (part, of_tests) for path, part, of_tests in found if path in MEMBERS}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ('version = "2.0.0"', 'version = "2.1.0"', {".", "libs/a", "libs/b"}),
        ('version = "1.0"\nsource = { registry', 'version = "1.1"\nsource = { registry', {"libs/a", "libs/b"}),
        ('version = "3"', 'version = "4"', {"libs/b"}),
        ("#0a1b", "#0a1c", {"libs/b"}),
        ('{ name = "b" }', '{ name = "b", extra = ["fast"] }', {"libs/a"}),
        ('dependencies = [{ name = "iniconfig" }]', "", {".", "libs/a", "libs/b"}),
        ('name = "a"\nversion = "0.1.0"', 'name = "a"\nversion = "0.2.0"', set()),
        ("sha256:00", "sha256:01", set()),
        ("[[package]]", "# generated\n[[package]]", set()),
    ],
    ids=[
        *("of a tool of all", "of one and its user", "of an extra of one", "a commit of a group of one"),
        *("an extra that another wants", "a way less", "its own version", "a file of the same version", "a comment"),
    ],
)
def test_an_upgrade_is_seen_by_the_members_that_resolve_to_it(old: str, new: str, changed: set[str]) -> None:
    assert old in LOCK
    before, after = parts(LOCK), parts(LOCK.replace(old, new))
    assert before.keys() == MEMBERS
    assert {path for path in before if before[path] != after[path]} == changed


def test_an_extra_reaches_those_that_want_it() -> None:
    wanted = LOCK.replace('{ name = "b" }', '{ name = "b", extra = ["fast"] }')
    before, after = parts(wanted), parts(wanted.replace('version = "3"', 'version = "4"'))
    assert {path for path in before if before[path] != after[path]} == {"libs/a", "libs/b"}


GROUP = """
[package.dev-dependencies]
test = [{ name = "six" }]
docs = [{ name = "plugin" }]

[[package]]
name = "plugin"
"""


@pytest.mark.parametrize(
    ("old", "changed"),
    [('version = "1.0"\nsource = { registry', {".", "libs/a", "libs/b"}), ("#0a1b", {".", "libs/b"})],
    ids=["a group that is installed for tests", "another"],
)
def test_a_group_of_the_root_for_tests_reaches_all_members(old: str, changed: set[str]) -> None:
    text = LOCK.replace('\n[[package]]\nname = "plugin"\n', GROUP)
    before, after = (
        parts(text, "test"),
        parts(text.replace(old, old.replace("1.0", "1.1").replace("0a1b", "0a1c")), "test"),
    )
    assert {path for path in before if before[path] != after[path]} == changed


def test_what_requires_pytest_is_loaded_by_the_tests_of_all_members() -> None:
    plugin = LOCK.replace('rev=main#0a1b" }', 'rev=main#0a1b" }\ndependencies = [{ name = "pytest" }]')
    before, after = parts(plugin), parts(plugin.replace("#0a1b", "#0a1c"))
    assert {path for path in before if before[path] != after[path]} == {".", "libs/a", "libs/b"}


def test_copies_are_known_by_name() -> None:
    graph = LockGraph(parse_lock(LOCK + '[[package]]\nname = "far"\nsource = { directory = "../far" }\n'), "w")
    assert graph.copied() == {"far": "far", "w/wheels/speedups.whl": "speedups"}
    assert graph.name_at("w/libs/a") == "a"
    assert graph.name_at("w/libs/z") == ""


@pytest.mark.parametrize(
    ("old", "passed_on", "alone"),
    [
        ('version = "1.0"\nsource = { registry', {"libs/a", "libs/b"}, set()),
        ("#0a1b", set(), {"libs/b"}),
        ('version = "3"', set(), {"libs/b"}),
        ('version = "9.0"', set(), MEMBERS),
    ],
    ids=["what it requires", "a group", "an extra that none wants", "pytest"],
)
def test_what_tests_alone_need_is_no_part_of_what_dependents_see(
    old: str, passed_on: set[str], alone: set[str]
) -> None:
    assert old in LOCK
    before, after = parts(LOCK), parts(LOCK.replace(old, old.replace("0a1b", "0a1c").replace('= "', '= "1')))
    assert {path for path in before if before[path][0] != after[path][0]} == passed_on
    assert {path for path in before if before[path][1] != after[path][1]} == alone
