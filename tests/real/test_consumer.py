"""The plugin set in another repository: only the wheel, and a noxfile that calls register()."""

from __future__ import annotations

import re
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from checkout import REPOSITORY, Answer, Checkout
from nox_rings.toolchain.system_tools import find_uv

REGISTER = "from nox_rings import register\n\nregister()\n"
SESSIONS = (
    *("rings", "check", "plan", "affected", "why", "proto", "sdk", "sdk-ts", "sdk-go", "sdk-py"),
    *("image-dev", "image-release", "smoke", "adopt", "doctor"),
)
OWN = """\
import nox


@nox.session(name="{name}", venv_backend="none")
def own(session):
    print("the noxfile's own {name}")


"""
EXPECTED = "expected a buf.yaml, a package.json, a pyproject.toml, a go.mod or a Dockerfile"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    answer = Checkout(REPOSITORY).command(str(find_uv()), "build", "--wheel", "--out-dir", str(folder))
    assert answer.exit_code == 0, answer.err
    (made,) = folder.glob("*.whl")
    return made


@dataclass(frozen=True)
class Consumer:
    """A repository whose nox has the wheel, and no other folder of this repository."""

    checkout: Checkout
    installed: Path

    def nox(self, *arguments: str) -> Answer:
        return self.checkout.command(sys.executable, "-m", "nox", *arguments, PYTHONPATH=str(self.installed))


@pytest.fixture
def consumer(wheel: Path, tmp_path: Path) -> Consumer:
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    (tmp_path / "work tree").mkdir()
    made = Consumer(Checkout(tmp_path / "work tree"), installed)
    made.checkout.write("noxfile.py", REGISTER)
    made.checkout.git("init", "-q")
    return made


def test_the_wheel_holds_the_plugin_set_and_nothing_of_this_repository(wheel: Path) -> None:
    files = [Path(name) for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")]
    assert {path.parts[0] for path in files if not path.parts[0].endswith(".dist-info")} == {"nox_rings"}
    packed = {path.as_posix() for path in files if path.parts[0] == "nox_rings"}
    listed = Checkout(REPOSITORY).git("ls-files", "--cached", "--others", "--exclude-standard", "tasks/nox_rings")
    tracked = {path.removeprefix("tasks/") for path in listed.splitlines() if (REPOSITORY / path).exists()}
    assert packed == tracked


def test_the_wheel_names_its_license_and_brings_the_text(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
        text = archive.read(metadata.replace("METADATA", "licenses/LICENSE"))
    assert [line for line in lines if line.startswith("License")] == [
        "License-Expression: Apache-2.0",
        "License-File: LICENSE",
    ]
    assert text == (REPOSITORY / "LICENSE").read_bytes()
    assert text.split()[:4] == [b"Apache", b"License", b"Version", b"2.0,"]


def test_the_menu_offers_what_works_in_any_repository(consumer: Consumer) -> None:
    answer = consumer.nox("-l")
    assert tuple(re.findall(r"^[*-] (\S+) ->", answer.out, re.M)) == SESSIONS
    assert re.findall(r"^\* (\S+) ->", answer.out, re.M) == ["check"]


def test_bare_nox_in_an_empty_repository_reports_what_it_searched_for_and_succeeds(consumer: Consumer) -> None:
    answer = consumer.nox()
    assert (answer.exit_code, answer.out) == (0, f"found nothing to build, {EXPECTED}\n")
    assert "check was successful" in answer.err


def test_without_git_bare_nox_fails_with_one_sentence(consumer: Consumer) -> None:
    (consumer.checkout.root / ".git").rename(consumer.installed / ".git")
    answer = consumer.nox()
    assert (answer.exit_code, answer.out) == (1, "")
    ours = [line for line in answer.err.splitlines() if not line.startswith("nox > ")]
    assert ours[0].startswith(f"{consumer.checkout.root}: found no git work tree ")
    assert ours[1:] == ["  try: git init"]


@pytest.mark.parametrize("name", ["tests", "proto", "check"])
@pytest.mark.parametrize("where", ["before", "after"])
def test_a_session_of_the_noxfile_is_the_one_that_runs(consumer: Consumer, where: str, name: str) -> None:
    own = OWN.format(name=name)
    consumer.checkout.write("noxfile.py", own + REGISTER if where == "before" else REGISTER + "\n\n" + own)
    answer = consumer.nox("-s", name)
    assert (answer.exit_code, answer.out) == (0, f"the noxfile's own {name}\n")
    assert "Warning" not in answer.err
    assert re.findall(rf"^\* {name}\b.*", consumer.nox("-l").out, re.M) == [f"* {name}"]


def test_a_name_that_the_noxfile_defines_twice_is_still_reported_by_nox(consumer: Consumer) -> None:
    consumer.checkout.write("noxfile.py", REGISTER + OWN.format(name="tests") + OWN.format(name="tests"))
    assert "The session 'tests' has already been registered" in consumer.nox("-l").err
