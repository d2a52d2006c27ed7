"""Which members a Python member requires, by its manifest and by uv.lock."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nox_rings.ecosystems.pypi.projects.discovery import discover
from nox_rings.ecosystems.pypi.projects.requirements import path_of
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.visible import PassedOver
from unit.conftest import WriteTree

ROOT = '[tool.uv.workspace]\nmembers = ["py/*"]\n'
SDK = '[project]\nname = "my-sdk"\n'


def members(write_tree: WriteTree, texts: Mapping[str, str]) -> dict[str, Member]:
    return {each.folder: each for each in discover(sources_of(write_tree, texts)).members}


def sources_of(write_tree: WriteTree, texts: Mapping[str, str]) -> Sources:
    files = tuple(sorted(texts))
    return Sources(root=write_tree(texts), files=files, listed=files)


@pytest.mark.parametrize(
    ("declared", "source", "depends_on"),
    [
        ('dependencies = ["my-sdk"]', "my-sdk = { workspace = true }", ("py/sdk",)),
        ("dependencies = [\"My_SDK[extra]>=1; python_version > '3'\"]", "my-sdk = { workspace = true }", ("py/sdk",)),
        ('dependencies = ["my-sdk"]', 'my-sdk = { path = "../sdk", editable = true }', ("py/sdk",)),
        ('dependencies = ["my-sdk"]', "my-sdk = [{ workspace = true, marker = \"sys_platform == 'x'\" }]", ("py/sdk",)),
        ('dependencies = ["my-sdk"]', 'my-sdk = [{ index = "a" }, { path = "../sdk" }]', ("py/sdk",)),
        ('dependencies = ["my-sdk"]', "", ()),
        ('dependencies = ["my-sdk"]', 'my-sdk = { index = "own" }', ()),
        ('dependencies = ["my-sdk-2"]', "my-sdk = { workspace = true }", ()),
        ("dependencies = []", "my-sdk = { workspace = true }", ()),
        ('dependencies = ["my-sdk @ file:../sdk"]', "", ("py/sdk",)),
        ('dependencies = ["my-sdk @ {root:uri}/../sdk"]', "", ("py/sdk",)),
        ('dependencies = ["my-sdk @ {root:parent:uri}/sdk"]', "", ("py/sdk",)),
        ('dependencies = ["my-sdk@file:../sdk"]', "", ("py/sdk",)),
        ('dependencies = ["my-sdk[extra]@../sdk#egg=my-sdk"]', "", ("py/sdk",)),
        ('dependencies = ["my-sdk @ git+https://example.com/../sdk"]', "", ()),
        ('dependencies = ["my-sdk @ file:///${PROJECT_ROOT}/../sdk"]', "", ("py/sdk",)),
    ],
)
def test_a_requirement_is_local_only_with_a_local_source(
    write_tree: WriteTree, declared: str, source: str, depends_on: tuple[str, ...]
) -> None:
    texts = {
        "pyproject.toml": ROOT,
        "uv.lock": "",
        "py/sdk/pyproject.toml": SDK,
        "py/app/pyproject.toml": f'[project]\nname = "app"\n{declared}\n[tool.uv.sources]\n{source}\n',
    }
    found = members(write_tree, texts)
    assert (found["py/app"].depends_on, found["py/app"].development) == (depends_on, ())


@pytest.mark.parametrize(
    "declared",
    [
        '[project.optional-dependencies]\nall = ["my-sdk"]',
        '[dependency-groups]\nlint = [{ include-group = "x" }, "my-sdk"]\nx = []',
        '[tool.uv]\ndev-dependencies = ["my-sdk"]',
        "[tool.pdm.dev-dependencies]\ntest = ['-e file:///${PROJECT_ROOT}/../sdk#egg=my-sdk']",
    ],
)
def test_what_an_extra_or_a_group_requires_is_development(write_tree: WriteTree, declared: str) -> None:
    texts = {
        "pyproject.toml": f"{ROOT}[tool.uv.sources]\nmy-sdk = {{ workspace = true }}\n",
        "uv.lock": "",
        "py/sdk/pyproject.toml": SDK,
        "py/app/pyproject.toml": f'[project]\nname = "app"\n{declared}\n',
    }
    app = members(write_tree, texts)["py/app"]
    assert (app.depends_on, app.development) == (("py/sdk",), ("py/sdk",))


def test_what_is_always_required_is_no_development(write_tree: WriteTree) -> None:
    sources = "[tool.uv.sources]\nmy-sdk = { workspace = true }\n"
    texts = {
        "pyproject.toml": f"{ROOT}{sources}",
        "uv.lock": "",
        "py/sdk/pyproject.toml": SDK,
        "py/app/pyproject.toml": '[project]\nname = "app"\n[dependency-groups]\ndev = ["my-sdk"]\n'
        '[build-system]\nrequires = ["my-sdk"]\n',
    }
    app = members(write_tree, texts)["py/app"]
    assert (app.depends_on, app.development) == (("py/sdk",), ())


def test_a_source_of_the_workspace_root_holds_for_its_members_unless_they_have_their_own(write_tree: WriteTree) -> None:
    texts = {
        "pyproject.toml": f"{ROOT}[tool.uv.sources]\n"
        'sdk = { workspace = true }\ncli = { path = "py/cli" }\nown = { workspace = true }\n',
        "uv.lock": "",
        "py/sdk/pyproject.toml": '[project]\nname = "sdk"\n',
        "py/cli/pyproject.toml": '[project]\nname = "cli"\n',
        "py/own/pyproject.toml": '[project]\nname = "own"\n',
        "py/app/pyproject.toml": '[project]\nname = "app"\ndependencies = ["sdk", "cli", "own"]\n'
        '[tool.uv.sources]\nown = { index = "x" }\n',
    }
    assert members(write_tree, texts)["py/app"].depends_on == ("py/cli", "py/sdk")


def test_a_path_to_a_project_of_another_install_root_is_an_edge(write_tree: WriteTree) -> None:
    source = "[tool.uv.sources]\nunits = { path = '../units', editable = true }\n"
    texts = {
        "units/pyproject.toml": '[project]\nname = "units"\n',
        "units/uv.lock": "",
        "meter/pyproject.toml": f'[project]\nname = "meter"\ndependencies = ["units"]\n{source}',
        "meter/uv.lock": "",
    }
    found = members(write_tree, texts)
    assert {folder: (each.install_root, each.depends_on) for folder, each in found.items()} == {
        "meter": ("meter", ("units",)),
        "units": ("units", ()),
    }


def test_a_path_that_is_no_member_is_read_and_told_where_it_cannot_be_watched(write_tree: WriteTree) -> None:
    texts = {
        "app/pyproject.toml": '[project]\nname = "app"\ndependencies = ["old", "gone", "far"]\n[tool.uv.sources]\n'
        'old = { path = "../vendored/old" }\ngone = { path = "../gone" }\nfar = { path = "../../far" }\n',
        "app/uv.lock": "",
        "vendored/old/setup.py": "",
    }
    sources = sources_of(write_tree, texts)
    (app,) = discover(sources).members
    assert app.reads == ("vendored/old",)
    assert [each for each in sources.passed_over if each.path == "app/pyproject.toml"] == [
        PassedOver(
            "app/pyproject.toml",
            "it requires ../far, which git does not list here: edits there are not noticed",
            "move it into the workspace",
        ),
        PassedOver(
            "app/pyproject.toml",
            "it requires gone, which git does not list here: edits there are not noticed",
            '[tool.nox-rings.members."app"] inputs',
        ),
    ]


def test_what_a_manifest_names_above_its_folder_is_read(write_tree: WriteTree) -> None:
    texts = {
        "apps/web/pyproject.toml": '[project]\nname = "web"\nreadme = "../../README.md"\n[tool.uv]\n'
        "[tool.setuptools_scm]\nroot = '../..'\n[tool.pytest.ini_options]\n"
        "pythonpath = [\"../../shared\", '../gone']\n",
        "apps/web/uv.lock": "",
        "README.md": "",
        "shared/words.py": "",
    }
    assert members(write_tree, texts)["apps/web"].reads == ("README.md", "shared")


LOCK = """
version = 1
[manifest]
members = ["app", "my-sdk", "plugin"]
[[package]]
name = "app"
version = "0.1.0"
source = { editable = "py/app" }
dependencies = [
    { name = "from-index" },
    { name = "twice", version = "1.0", source = { registry = "https://pypi.org/simple" } },
]
[package.optional-dependencies]
all = [{ name = "twice", version = "2.0", source = { directory = "twice" } }]
[package.dev-dependencies]
dev = [{ name = "plugin" }]
[[package]]
name = "from-index"
version = "3.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "my-sdk" }]
wheels = [
    { url = "https://example.com/from_index-3.0-py3-none-any.whl", hash = "sha256:00" },
]
[[package]]
name = "my-sdk"
version = "0.1.0"
source = { virtual = "py/sdk" }
[[package]]
name = "plugin"
version = "0.1.0"
source = { editable = "py/plugin" }
[[package]]
name = "twice"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "twice"
version = "2.0"
source = { directory = "twice" }
"""


def test_the_lockfile_knows_what_the_manifest_does_not_show(write_tree: WriteTree) -> None:
    """Here a package of an index that requires a member, and a package that is local in one of its two versions."""
    texts = {
        "pyproject.toml": ROOT,
        "uv.lock": LOCK,
        "py/sdk/pyproject.toml": SDK,
        "py/plugin/pyproject.toml": '[project]\nname = "plugin"\n',
        "py/app/pyproject.toml": '[project]\nname = "app"\ndynamic = ["dependencies"]\n',
        "twice/pyproject.toml": '[project]\nname = "twice"\n[build-system]\nrequires = ["hatchling"]\n',
    }
    found = members(write_tree, texts)
    assert found["py/app"].depends_on == ("py/plugin", "py/sdk", "twice")
    assert found["py/app"].development == ("py/plugin", "twice")
    assert found["py/plugin"].depends_on == found["py/sdk"].depends_on == ()


POETRY = """
[tool.poetry]
name = "{0}"
[build-system]
requires = ["poetry-core"]
[tool.poetry.group.dev.dependencies]
kit = {{ path = "../kit" }}
[tool.poetry.dependencies]
python = ">=3"
"""


def test_paths_of_poetry_are_edges(write_tree: WriteTree) -> None:
    texts = {
        "lib/pyproject.toml": POETRY.format("lib"),
        "kit/pyproject.toml": POETRY.format("kit"),
        "app/pyproject.toml": POETRY.format("app") + 'lib = { path = "../lib", develop = true }\n',
    }
    app = members(write_tree, texts)["app"]
    assert (app.depends_on, app.development) == (("kit", "lib"), ("kit",))


def test_paths_in_requirements_files_are_edges(write_tree: WriteTree) -> None:
    plain = '[project]\nname = "{0}"\n[build-system]\nrequires = ["hatchling"]\n'
    texts = {
        "lib/pyproject.toml": plain.format("lib"),
        "kit/pyproject.toml": plain.format("kit"),
        "app/pyproject.toml": plain.format("app"),
        "app/requirements.txt": "six==1.0  # as it was\n-e ../lib[all] # beside\n",
        "app/requirements-dev.txt": "-r ../common.txt\n",
        "common.txt": "./kit\n-c constraints/all.txt # pins\n",
        "constraints/all.txt": "",
        "other.txt": "",
    }
    found = discover(sources_of(write_tree, texts))
    app = next(each for each in found.members if each.folder == "app")
    assert (app.depends_on, app.development) == (("kit", "lib"), ("kit",))
    files = next(each.files for each in found.install_roots if each.folder == "app")
    assert {"app/requirements-dev.txt", "app/requirements.txt", "common.txt", "constraints/all.txt"} <= {*files}
    assert "other.txt" not in files


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("../lib", "lib"),
        ("./lib[x]", "app/lib"),
        (".", "app"),
        ("-e ../lib", "lib"),
        ("--editable=../lib", "lib"),
        ("{root:uri}/../lib", "lib"),
        ("{root:parent:uri}/lib", "lib"),
        ("file://{root:parent}/lib", "lib"),
        ("file:///${PROJECT_ROOT}/../lib ; python_version > '3'", "lib"),
        ("https://example.com/lib.whl", None),
        ("file:///opt/lib", None),
        ("lib==1.0", None),
        ("", None),
    ],
)
def test_a_reference_to_a_path_is_relative_to_its_file(reference: str, path: str | None) -> None:
    assert path_of(reference, "app") == path
