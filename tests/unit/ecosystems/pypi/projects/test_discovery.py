"""Which Python projects are members, of which install root, and what stops one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nox_rings.ecosystems.model import Discovered
from nox_rings.ecosystems.pypi.projects.discovery import discover
from nox_rings.workspace.model import InstallRoot
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.visible import PassedOver
from unit.conftest import WriteTree

PYTEST = '[dependency-groups]\ndev = ["pytest"]\n'
BACKEND = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'


def project(name: str, more: str = "") -> str:
    return f'[project]\nname = "{name}"\n{more}'


def found(write_tree: WriteTree, texts: Mapping[str, str]) -> tuple[Discovered, Sources]:
    files = tuple(sorted(texts))
    sources = Sources(root=write_tree(texts), files=files, listed=files)
    return discover(sources), sources


SHAPES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a workspace whose root is a package": (
        {
            "pyproject.toml": project("whole", '[tool.uv.workspace]\nmembers = ["libs/*"]\n'),
            "uv.lock": "",
            "libs/units/pyproject.toml": project("units"),
        },
        {".": ".", "libs/units": "."},
    ),
    "a workspace whose root is none": (
        {
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/old"]\n',
            "uv.lock": "",
            "libs/units/pyproject.toml": project("units"),
            "libs/old/pyproject.toml": "[tool.ruff]\n",
            "deep/libs/x/pyproject.toml": "[tool.mypy]\n",
        },
        {"libs/units": "."},
    ),
    "a project of its own, and one in a folder of it": (
        {
            "pyproject.toml": project("whole"),
            "uv.lock": "",
            "tools/gen/pyproject.toml": project("gen"),
            "tools/gen/uv.lock": "",
        },
        {".": ".", "tools/gen": "tools/gen"},
    ),
    "a workspace in a folder of another": (
        {
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["**"]\n',
            "uv.lock": "",
            "a/pyproject.toml": project("a"),
            "inner/pyproject.toml": '[tool.uv.workspace]\nmembers = ["*"]\n',
            "inner/uv.lock": "",
            "inner/b/pyproject.toml": project("b"),
        },
        {"a": ".", "inner/b": "inner"},
    ),
    "a member that uv leaves alone": (
        {
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["*"]\n',
            "uv.lock": "",
            "a/pyproject.toml": project("a", "[tool.uv]\nmanaged = false\n"),
            "b/pyproject.toml": project("b", "[tool.uv]\npackage = false\n"),
        },
        {"a": "a", "b": "."},
    ),
    "other backends": (
        {
            "hatch/pyproject.toml": project("x", BACKEND),
            "poetry/pyproject.toml": '[tool.poetry]\nname = "y"\n',
            "setuptools/pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n',
            "uv_build/pyproject.toml": project("z", "[tool.uv.build-backend]\nmodule-root = ''\n"),
            "settings/pyproject.toml": "[tool.ruff]\nline-length = 120\n",
            "pins/pyproject.toml": PYTEST,
            "pins/uv.lock": "",
        },
        {each: each for each in ("hatch", "poetry", "setuptools", "uv_build")},
    ),
    "input of tests": (
        {
            "a/pyproject.toml": project("a"),
            "a/uv.lock": "",
            "a/tests/data/x/pyproject.toml": project("x"),
            "a/tests/data/broken/pyproject.toml": "[project\n",
        },
        {"a": "a"},
    ),
    "a member with a lockfile of earlier days that cannot be read": (
        {
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
            "uv.lock": "",
            "libs/a/pyproject.toml": "[project\n",
            "libs/a/uv.lock": "",
        },
        {"libs/a": "."},
    ),
    "a workspace whose root cannot be read": (
        {
            "w/pyproject.toml": "[project\n",
            "w/uv.lock": '[[package]]\nname = "units"\nsource = { editable = "libs/units" }\n',
            "w/libs/units/pyproject.toml": project("units"),
        },
        {"w": "w", "w/libs/units": "w"},
    ),
}


@pytest.mark.parametrize(("texts", "members"), SHAPES.values(), ids=list(SHAPES))
def test_members_and_the_folders_that_install_them(
    write_tree: WriteTree, texts: dict[str, str], members: dict[str, str]
) -> None:
    discovered, _ = found(write_tree, texts)
    assert {each.folder: each.install_root for each in discovered.members} == members
    assert {each.folder for each in discovered.install_roots} >= {*members.values()}


PROBLEMS: dict[str, tuple[dict[str, str], dict[str, list[str]]]] = {
    "no uv.lock": (
        {"py/pyproject.toml": project("x", "[tool.uv]\nmanaged = true\n")},
        {
            "py/uv.lock": [
                "py/pyproject.toml: found no uv.lock beside it, expected a committed lockfile (run `uv lock` in py)"
            ]
        },
    ),
    "a member without a project": (
        {"pyproject.toml": '[tool.uv.workspace]\nmembers = ["a"]\n', "uv.lock": "", "a/pyproject.toml": PYTEST},
        {
            "a/pyproject.toml": [
                "a/pyproject.toml: found no [project] table, expected one, because pyproject.toml: "
                "tool.uv.workspace.members takes a (or list it in exclude there)"
            ]
        },
    ),
    "a member that cannot be read": (
        {"pyproject.toml": '[tool.uv.workspace]\nmembers = ["a"]\n', "uv.lock": "", "a/pyproject.toml": "[project\n"},
        {
            "a/pyproject.toml": [
                "a/pyproject.toml: found text that is not TOML "
                "(Expected ']' at the end of a table declaration (at line 1, column 9))"
            ]
        },
    ),
    "a lockfile that cannot be read": (
        {"pyproject.toml": project("a"), "uv.lock": "<<<<<<< HEAD\n"},
        {
            "uv.lock": [
                "uv.lock: found no lockfile that can be read (Invalid statement (at line 1, column 1)), "
                "expected what `uv lock` writes"
            ]
        },
    ),
    "a glob that uv refuses": (
        {"pyproject.toml": '[tool.uv.workspace]\nmembers = ["a**"]\n', "uv.lock": ""},
        {"uv.lock": ["pyproject.toml: tool.uv.workspace: found the glob `a**`: expected `**` alone between slashes"]},
    ),
}


@pytest.mark.parametrize(("texts", "problems"), PROBLEMS.values(), ids=list(PROBLEMS))
def test_a_problem_belongs_to_what_has_it(
    write_tree: WriteTree, texts: dict[str, str], problems: dict[str, list[str]]
) -> None:
    discovered, sources = found(write_tree, texts)
    assert sources.problems == problems
    (path,) = problems
    owned = {f"{each.folder}/pyproject.toml" for each in discovered.members}
    owned |= {each.lockfile for each in discovered.install_roots}
    assert path in owned


def test_the_name_of_a_member_that_cannot_be_read_is_its_folders(write_tree: WriteTree) -> None:
    discovered, _ = found(write_tree, {"libs/meter/pyproject.toml": "[project\n", "libs/meter/uv.lock": ""})
    assert [(each.folder, each.name) for each in discovered.members] == [("libs/meter", "meter")]


def test_a_file_that_is_not_utf_8_stops_its_own_target_alone(write_tree: WriteTree) -> None:
    texts = {
        "a/pyproject.toml": project("a"),
        "a/uv.lock": "",
        "b/pyproject.toml": project("b", BACKEND),
        "b/requirements.txt": "",
        "b/setup.cfg": "",
        "b/tox.ini": "",
        "old/setup.cfg": "",
    }
    root = write_tree(texts)
    for path in ("a/pyproject.toml", "a/uv.lock", "b/requirements.txt", "b/setup.cfg", "b/tox.ini", "old/setup.cfg"):
        (root / path).write_bytes(b"# gr\xfc\xdfe\n")
    files = tuple(sorted(texts))
    sources = Sources(root=root, files=files, listed=files)
    assert [each.folder for each in discover(sources).members] == ["a", "b"]
    assert sorted(sources.problems) == ["a/pyproject.toml", "a/uv.lock"]


def test_what_is_no_member_is_told(write_tree: WriteTree) -> None:
    texts = {
        "old/setup.py": "",
        "older/setup.cfg": "[metadata]\nname = older\n",
        "settings/setup.cfg": "[flake8]\n",
        "a/pyproject.toml": project("a", BACKEND),
        "a/setup.py": "",
        "a/tests/x/pyproject.toml": project("x"),
        "a/tests/y/setup.py": "",
        "a/docs/requirements.txt": "",
        "a/docs/conf.py": "",
        "web/requirements.txt": "",
        "web/app/main.py": "",
        "pins/requirements.txt": "",
    }
    _, sources = found(write_tree, texts)
    how = 'a pyproject.toml beside it with [build-system] requires = ["setuptools"]'
    assert sorted(sources.passed_over) == [
        PassedOver(
            "a/tests/x/pyproject.toml",
            "a project below a folder of tests, which is their input where it has no lockfile",
            "uv lock in a/tests/x",
        ),
        PassedOver("old/setup.py", "a project without a pyproject.toml that says how to build it", how),
        PassedOver("older/setup.cfg", "a project without a pyproject.toml that says how to build it", how),
        PassedOver(
            "web/requirements.txt",
            "a program without a pyproject.toml, whose tests are not seen",
            "a pyproject.toml beside it with [project] name and version",
        ),
    ]


def test_an_install_root_reads_what_decides_about_its_environment(write_tree: WriteTree) -> None:
    tables = "[dependency-groups]\ntest = ['pytest']\nlint = []\n[project.optional-dependencies]\ntests = ['x']\n"
    texts = {
        ".python-version": "3.12\n",
        "w/pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
        "w/uv.lock": '[[package]]\nname = "far"\nsource = { directory = "../far" }\n',
        "w/uv.toml": "",
        "w/libs/a/pyproject.toml": project("a", tables),
        "w/libs/a/setup.py": "",
        "w/libs/a/src/a/fast.pyx": "",
        "w/libs/a/src/a/slow.py": "",
        "far/pyproject.toml": project("far", BACKEND),
        "far/far.py": "",
    }
    discovered, _ = found(write_tree, texts)
    assert discovered.install_roots[1] == InstallRoot(
        folder="w",
        ecosystem="pypi",
        lockfile="w/uv.lock",
        files=(
            *(".python-version", "far/far.py", "far/pyproject.toml"),
            *("w/libs/a/pyproject.toml", "w/libs/a/setup.py", "w/libs/a/src/a/fast.pyx"),
            *("w/pyproject.toml", "w/uv.lock", "w/uv.toml"),
        ),
        groups=("test",),
        extras=("tests",),
        parted=("w/libs/a/pyproject.toml", "w/pyproject.toml", "w/uv.lock"),
    )


def test_of_groups_that_conflict_the_first_is_installed(write_tree: WriteTree) -> None:
    conflicts = 'conflicts = [[{ group = "dev" }, { extra = "test" }], [{ group = "x" }, { group = "dev" }]]\n'
    texts = {
        "pyproject.toml": project("a", f"optional-dependencies = {{ test = [] }}\n{PYTEST}[tool.uv]\n{conflicts}"),
        "uv.lock": "",
    }
    discovered, _ = found(write_tree, texts)
    (root,) = discovered.install_roots
    assert (root.groups, root.extras) == (("dev",), ())


def test_a_project_without_uv_is_installed_from_its_manifest_and_requirements(write_tree: WriteTree) -> None:
    texts = {
        "a/pyproject.toml": project("a", f'dynamic = ["version"]\n{BACKEND}'),
        "a/requirements-test.txt": "pytest\n",
        "a/requirements/dev.txt": "ruff\n",
        "a/notes.txt": "",
        "b/pyproject.toml": '[tool.poetry]\nname = "b"\n',
        "b/poetry.lock": "",
    }
    discovered, _ = found(write_tree, texts)
    assert discovered.install_roots == (
        InstallRoot(
            folder="a",
            ecosystem="pypi",
            lockfile="a/pyproject.toml",
            files=("a/pyproject.toml", "a/requirements-test.txt", "a/requirements/dev.txt"),
        ),
        InstallRoot(
            folder="b", ecosystem="pypi", lockfile="b/poetry.lock", files=("b/poetry.lock", "b/pyproject.toml")
        ),
    )


def test_tests_of_all_members_together_are_a_member_that_depends_on_them(write_tree: WriteTree) -> None:
    texts = {
        "pyproject.toml": f'{PYTEST}[tool.uv.workspace]\nmembers = ["libs/*"]\n',
        "uv.lock": "",
        "libs/a/pyproject.toml": project("a"),
        "libs/b/pyproject.toml": project("b"),
        "tests/test_all.py": "",
    }
    discovered, _ = found(write_tree, texts)
    root = discovered.members[0]
    assert (root.folder, root.name, root.depends_on, root.checks) == (".", "root", ("libs/a", "libs/b"), ("test",))


def test_a_thousand_members_are_found_in_two_seconds(write_tree: WriteTree) -> None:
    import time

    lock = '[[package]]\nname = "m{0}"\nsource = {{ editable = "libs/m{0}" }}\ndependencies = [{{ name = "m{1}" }}]\n'
    texts = {f"libs/m{each}/pyproject.toml": project(f"m{each}") for each in range(1000)}
    texts |= {f"libs/m{each}/tests/test_it.py": "" for each in range(1000)}
    texts["uv.lock"] = "".join(lock.format(each, each + 1) for each in range(1000))
    texts["pyproject.toml"] = project("whole", '[tool.uv.workspace]\nmembers = ["libs/*"]\n')
    files = tuple(sorted(texts))
    sources = Sources(root=write_tree(texts), files=files, listed=files)
    began = time.process_time()
    discovered = discover(sources)
    assert len(discovered.members) == 1001
    assert time.process_time() - began < 2


WORKSPACE = {
    "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
    "uv.lock": "",
    "libs/a/pyproject.toml": project("a"),
    "libs/a/tests/test_a.py": "",
    "libs/b/pyproject.toml": project("b"),
}


def test_a_plugin_of_pytest_takes_part_in_all_tests_of_its_environment(write_tree: WriteTree) -> None:
    plugin = project("b", '[project.entry-points.pytest11]\nb = "b"\n')
    discovered, _ = found(write_tree, {**WORKSPACE, "libs/b/pyproject.toml": plugin})
    edges = {each.folder: (each.depends_on, each.development) for each in discovered.members}
    assert edges == {"libs/a": (("libs/b",), ("libs/b",)), "libs/b": ((), ())}


@pytest.mark.parametrize(
    ("lock", "embedded"),
    [
        (
            '[[package]]\nname = "pydantic-settings"\n',
            ("libs/a/.env", "libs/a/.env.*", "libs/.env", "libs/.env.*", ".env", ".env.*"),
        ),
        ('[[package]]\nname = "pydantic"\n', ()),
    ],
)
def test_files_with_variables_are_read_where_a_package_may_load_them(
    write_tree: WriteTree, lock: str, embedded: tuple[str, ...]
) -> None:
    discovered, _ = found(write_tree, {**WORKSPACE, "uv.lock": lock})
    assert [each.embedded for each in discovered.members] == [embedded, ()]


@pytest.mark.parametrize(
    ("more", "files"),
    [
        ("[tool.hatch.version]\npath = '../../VERSION'\n", {"VERSION"}),
        ("[tool.setuptools.dynamic]\nversion = {attr = 'b.meta.V'}\n", {"libs/b/src/b/meta.py"}),
        ("[tool.setuptools.dynamic]\ndependencies = {file = ['needs.txt']}\n", {"libs/b/needs.txt"}),
        ("[tool.uv]\ncache-keys = [{file = 'native/**/*.zig'}, {git = true}]\n", {"libs/b/native/x/y.zig"}),
        ("[tool.hatch.build.hooks.custom]\n", set()),
    ],
)
def test_an_installation_reads_what_metadata_come_from_and_what_uv_builds_again_for(
    write_tree: WriteTree, more: str, files: set[str]
) -> None:
    others = ("VERSION", "libs/b/src/b/meta.py", "libs/b/needs.txt", "libs/b/native/x/y.zig", "libs/b/native/z.c.txt")
    texts = {**WORKSPACE, **dict.fromkeys(others, ""), "libs/b/pyproject.toml": project("b", more)}
    (root,) = found(write_tree, texts)[0].install_roots
    manifests = {"pyproject.toml", "uv.lock", "libs/a/pyproject.toml", "libs/b/pyproject.toml"}
    assert {*root.files} == manifests | files


def test_headers_and_build_files_count_beside_what_is_compiled(write_tree: WriteTree) -> None:
    built = {
        "libs/b/Cargo.toml": '[dependencies]\ncore = {path = "../../core"}\n',
        "libs/b/src/x.h": "",
        "core/l.rs": "",
    }
    others = {"libs/a/x.h": "", "libs/a/CMakeLists.txt": ""}
    (root,) = found(write_tree, {**WORKSPACE, **built, **others})[0].install_roots
    assert not {*root.files} & {*built, *others}
    (root,) = found(write_tree, {**WORKSPACE, **built, **others, "libs/b/src/lib.rs": ""})[0].install_roots
    assert {*built, "libs/b/src/lib.rs"} <= {*root.files}
    assert not {*root.files} & {*others}
