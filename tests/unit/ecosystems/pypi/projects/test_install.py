"""The steps that make an environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from nox_rings.ecosystems.pypi.projects.install import install_steps
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Action
from nox_rings.workspace.model import InstallRoot
from unit.conftest import WriteTree
from unit.contexts import a_context

LOCK = """
version = 1
[[package]]
name = "meter"
version = "0.1.0"
source = { editable = "libs/meter" }
dependencies = [{ name = "six" }, { name = "far" }]
[[package]]
name = "units"
version = "0.1.0"
source = { editable = "libs/units" }
[[package]]
name = "far"
version = "1.0"
source = { directory = "../far" }
[[package]]
name = "six"
version = "1.17.0"
source = { registry = "https://pypi.org/simple" }
"""
ROOT = InstallRoot(
    folder="py",
    ecosystem="pypi",
    lockfile="py/uv.lock",
    files=("py/libs/meter/pyproject.toml", "py/libs/units/fast.c", "py/libs/units/pyproject.toml", "py/uv.lock"),
    groups=("dev",),
)
ENVIRONMENT = ".nox-rings/python/py"


def act(step: object) -> None:
    assert isinstance(step, Action)
    step.act(cast(Any, None))  # these do nothing in the environment of a step


def test_copies_and_compiled_packages_are_installed_again(write_tree: WriteTree) -> None:
    top = write_tree({"py/uv.lock": LOCK})
    _, sync = install_steps(ROOT, a_context(top))
    assert isinstance(sync, Command)
    assert sync.argv[4:] == ("--group", "dev", "--reinstall-package", "far", "--reinstall-package", "units")
    assert sync.env["UV_PROJECT_ENVIRONMENT"] == str(top / ENVIRONMENT)


def test_what_has_computed_metadata_is_installed_again(write_tree: WriteTree) -> None:
    """uv builds it again for its manifest only, not for the file with its version."""
    manifest = "[tool.setuptools.dynamic]\nversion = {attr = 'meter.VERSION'}\n"
    top = write_tree({"py/uv.lock": LOCK, "py/libs/meter/pyproject.toml": manifest})
    _, sync = install_steps(ROOT, a_context(top))
    assert isinstance(sync, Command)
    assert [each for each in sync.argv if each in ("meter", "units", "six")] == ["meter", "units"]


def test_a_distribution_that_lacks_a_file_of_its_record_is_installed_again(write_tree: WriteTree) -> None:
    site = f"{ENVIRONMENT}/lib/python3.13/site-packages"
    record = 'six.py,sha256=x,1\n"six/with, comma.py",,\n__pycache__/six.cpython-313.pyc,,\n../../../bin/six,,\n'
    whole = {f"{site}/six.py": "", f"{site}/six/with, comma.py": "", f"{ENVIRONMENT}/bin/six": ""}
    top = write_tree({"py/uv.lock": LOCK, f"{site}/six-1.17.0.dist-info/RECORD": record, **whole})
    _, sync = install_steps(ROOT, a_context(top))
    assert isinstance(sync, Command) and "six" not in sync.argv
    for path in whole:
        (top / path).rename(top / "away")
        _, sync = install_steps(ROOT, a_context(top))
        assert isinstance(sync, Command) and sync.argv[-4:-2] == ("--reinstall-package", "six")
        (top / "away").rename(top / path)


def test_what_setuptools_leaves_goes_beside_the_environment(write_tree: WriteTree) -> None:
    top = write_tree({"py/uv.lock": LOCK, "py/pyproject.toml": ""})
    prepare, *_ = install_steps(ROOT, a_context(top))
    act(prepare)
    scratch = top / f"{ENVIRONMENT}.setuptools"
    assert (top / f"{ENVIRONMENT}.setuptools.cfg").read_text() == (
        f"[egg_info]\negg_base = {scratch}/egg-info\n\n[build]\nbuild_base = {scratch}/build\n"
    )
    assert (scratch / "egg-info").is_dir()


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (
            {"py/pyproject.toml": '[tool.uv]\nrequired-version = ">=99"\n'},
            "py/pyproject.toml: found uv 1.0, expected >=99 (required-version)",
        ),
        (
            {"py/pyproject.toml": "", "py/uv.toml": 'required-version = "0.12.0"\n'},
            "py/uv.toml: found uv 1.0, expected 0.12.0 (required-version)",
        ),
    ],
)
def test_another_uv_than_the_project_requires_is_a_sentence(
    write_tree: WriteTree, texts: dict[str, str], message: str
) -> None:
    prepare, *_ = install_steps(ROOT, a_context(write_tree({"py/uv.lock": LOCK, **texts})))
    with pytest.raises(StepFailedError) as caught:
        act(prepare)
    assert caught.value.message == message


def test_a_project_without_uv_notes_what_its_environment_holds(write_tree: WriteTree) -> None:
    site = f"{ENVIRONMENT}/lib/python3.13/site-packages"
    top = write_tree(
        {
            "py/pyproject.toml": '[project]\nname = "a"\n[build-system]\nrequires = ["hatchling"]\n',
            f"{site}/six-1.17.0.dist-info/METADATA": "",
            f"{site}/a-1.dist-info/direct_url.json": '{"url": "file:///w/py"}',
        }
    )
    root = InstallRoot(folder="py", ecosystem="pypi", lockfile="py/pyproject.toml", files=("py/pyproject.toml",))
    _, venv, install, note = install_steps(root, a_context(top))
    assert isinstance(venv, Command) and isinstance(install, Command)
    assert venv.argv == ("uv", "venv", "--clear", str(top / ENVIRONMENT))
    assert install.argv == ("uv", "pip", "install", "--no-progress", "--editable", ".")
    act(note)
    assert (top / ENVIRONMENT / "installed/py.txt").read_text() == 'a==1 {"url": "file:///w/py"}\nsix==1.17.0\n'


def test_what_another_lockfile_pins_constrains_the_installation(write_tree: WriteTree) -> None:
    texts = {"py/pyproject.toml": '[project]\nname = "a"\n', "py/poetry.lock": '[[package]]\nname="x"\nversion="1"\n'}
    top = write_tree({**texts, ENVIRONMENT + "/pyvenv.cfg": ""})
    root = InstallRoot(folder="py", ecosystem="pypi", lockfile="py/poetry.lock", files=tuple(sorted(texts)))
    _, pin, _, install, _ = install_steps(root, a_context(top))
    assert isinstance(install, Command)
    constraints = Path(install.argv[-1])
    assert install.argv[4:-1] == ("-r", "pyproject.toml", "--constraints")
    act(pin)
    assert constraints.read_text() == "x==1\n"
