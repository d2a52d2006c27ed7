"""The wheel in a repository that has never heard of it: adoption, doctor and a whole run, without any pin and with
nothing on PATH but what a bare system has."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from foreign import FILES, PACKAGES, Foreign, build_wheel, install_wheel, make_foreign

PINS = "the pins of nox-rings: "
GROUP = f"{PINS}pyproject.toml, group tools"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    return install_wheel(build_wheel(folder), folder)


@pytest.fixture
def foreign(programs: Path, tmp_path: Path) -> Foreign:
    return make_foreign(tmp_path, programs, FILES)


@pytest.fixture(scope="module")
def adopted(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Foreign:
    """After adoption and one run."""
    made = make_foreign(tmp_path_factory.mktemp("adopted"), programs, FILES)
    answer = made.command("adopt", "--write")
    assert answer.exit_code == 0, answer.out + answer.err
    made.commit()
    answer = made.nox("rings", "--keep-going", "--json")
    assert answer.exit_code == 0, answer.out + answer.err
    assert {each["id"]: each["outcome"] for each in answer.json()["targets"]} == dict.fromkeys(PACKAGES, "done")
    return made


def test_a_look_at_the_repository_writes_nothing_and_counts_what_is_there(foreign: Foreign) -> None:
    before = foreign.content()
    answer = foreign.command("adopt", "--json")
    assert answer.exit_code == 0, answer.err
    assert answer.json()["found"] == {
        "members": 3,
        "members_by_ecosystem": {"npm": 1, "go": 1, "pypi": 1},
        "edges": 0,
        "schemas": 1,
        "images": 0,
        "targets": 6,
    }
    assert [(each["path"], each["action"]) for each in answer.json()["changes"]] == [
        (".dockerignore", "change"),
        ("noxfile.py", "create"),
    ]
    origins = {each["name"]: each["origin"] for each in answer.json()["tools"]}
    assert origins == {"buf": GROUP, "go": GROUP, "node": GROUP, "pnpm": f"{PINS}tools/npm", "uv": "beside nox"}
    assert "+register()" in foreign.command("adopt").out
    assert foreign.content() == before


def test_adoption_is_written_once_and_then_there_is_nothing_left(foreign: Foreign) -> None:
    answer = foreign.command("adopt", "--write")
    assert (answer.exit_code, answer.out.splitlines()[-1]) == (
        0,
        "written: .dockerignore, noxfile.py; next: nox -s rings",
    )
    assert foreign.git("status", "--porcelain").split() == ["M", ".dockerignore", "??", "noxfile.py"]
    before = foreign.content()
    for again in (foreign.command("adopt", "--write"), foreign.nox("adopt", "--write", PYTHONDONTWRITEBYTECODE="1")):
        assert (again.exit_code, again.out.splitlines()[-1]) == (0, "there is nothing to write")
    assert foreign.content() == before
    menu = foreign.run(str(foreign.bin / "nox"), "-l")
    assert "- adopt -> Show what nox-rings makes of this repository" in menu.out


def test_nox_loads_the_wheel_and_not_the_sources(foreign: Foreign) -> None:
    answer = foreign.run(str(foreign.bin / "python"), "-c", "import nox_rings; print(nox_rings.__file__)")
    assert Path(answer.out.strip()).is_relative_to(foreign.bin.parent)


def test_a_whole_run_works_with_the_pins_of_the_wheel_and_is_fresh_afterwards(adopted: Foreign) -> None:
    assert adopted.reasons() == {each: ["fresh"] for each in PACKAGES}
    assert adopted.git("status", "--porcelain").split() in ([], ["??", "__pycache__/"])  # of the noxfile


def test_doctor_is_right_without_pins_and_lockfiles(adopted: Foreign) -> None:
    answer = adopted.nox("doctor", "--json")
    assert answer.exit_code == 0, answer.out + answer.err
    rows = {each["name"]: each for each in answer.json()["tools"]}
    assert {name: rows[name]["origin"] for name in ("buf", "go", "node", "pnpm")} == {
        "buf": GROUP,
        "go": GROUP,
        "node": GROUP,
        "pnpm": f"{PINS}tools/npm",
    }
    assert "image engine" not in rows  # there are no images
    system = adopted.nox("doctor", "--system-tools", "--json")
    missing = {each["name"] for each in system.json()["tools"] if each["condition"] in ("missing", "too old")}
    on_path = {name for name in ("buf", "go", "pnpm") if shutil.which(name, path="/usr/bin:/bin")}
    assert missing >= {"buf", "go", "pnpm"} - on_path
    assert system.exit_code == (1 if missing else 0)


def test_another_program_on_path_makes_its_targets_stale(adopted: Foreign, tmp_path: Path) -> None:
    """The version is that of the program, and the pin of the wheel only stands in for it."""
    rows = adopted.nox("doctor", "--json").json()["tools"]
    real = next(each["where"] for each in rows if each["name"] == "go")

    def put(version: str) -> None:
        asked = f'if [ "$1" = version ]; then echo "go version go{version} linux/amd64"; exit; fi'
        (tmp_path / "go").write_text(f'#!/bin/sh\n{asked}\nexec {real} "$@"\n')
        (tmp_path / "go").chmod(0o755)

    path = f"{tmp_path}:/usr/bin:/bin"
    put("1.98.10")
    assert adopted.reasons(PATH=path)["package:shop"] == ["tool-changed", "go 1.27.3→1.98.10"]
    assert adopted.nox("rings", PATH=path).exit_code == 0
    assert adopted.reasons(PATH=path)["package:shop"] == ["fresh"]
    put("1.98.9")
    assert adopted.reasons(PATH=path)["package:shop"] == ["tool-changed", "go 1.98.10→1.98.9"]
    assert adopted.reasons()["package:shop"] == ["tool-changed", "go 1.98.10→1.27.3"]
    assert adopted.nox("rings").exit_code == 0


def test_all_missing_tools_are_reported_at_once(foreign: Foreign) -> None:
    plugins = "".join(f"  - local: protoc-gen-{name}\n    out: ../pricing/src/{name}\n" for name in ("one", "two"))
    foreign.write("api/buf.gen.yaml", f"version: v2\nplugins:\n{plugins}")
    foreign.command("adopt", "--write")
    answer = foreign.nox("rings")
    assert answer.exit_code == 1
    for name in ("one", "two"):
        assert f"protoc-gen-{name}: found none on PATH, expected protoc-gen-{name}; pin it in tools/npm" in answer.out
    doctor = foreign.nox("doctor")
    assert doctor.exit_code == 1
    assert doctor.out.splitlines()[-1].startswith("the sessions cannot run: protoc-gen-one, protoc-gen-two missing")


def test_a_broken_pyproject_is_one_sentence_and_nothing_is_written(foreign: Foreign) -> None:
    foreign.write("pyproject.toml", "[tool\n")
    before = foreign.content()
    answer = foreign.command("adopt", "--write")
    assert (answer.exit_code, answer.out) == (1, "")
    assert answer.err.startswith("pyproject.toml: found text that is not TOML (")
    assert "Traceback" not in answer.err
    assert foreign.content() == before


def test_a_pyproject_that_is_there_keeps_its_form(foreign: Foreign) -> None:
    own = "# ours\n[tool.ruff]\nselect   = ['E' ]\n"
    foreign.write("pyproject.toml", own)
    foreign.commit()
    foreign.git("branch", "-m", "main", "develop")
    foreign.git("branch", "topic")
    assert foreign.command("adopt", "--write").exit_code == 0
    assert (foreign.root / "pyproject.toml").read_text() == (
        f"{own}\n[tool.nox-rings.proto]\n"
        "# origin names no default branch here, none is called main or master, and there is a develop.\n"
        'default-branch = "develop"\n'
    )
    assert foreign.command("adopt", "--write").out.splitlines()[-1] == "there is nothing to write"
    assert foreign.nox("plan").exit_code == 0


def test_a_tree_that_may_only_be_read_is_one_sentence(foreign: Foreign) -> None:
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("NOT PROVED: a mount that may only be read needs root and unshare(1)")
    tree, program = foreign.root, foreign.bin / "nox-rings"
    mounted = f'mount --bind "{tree}" "{tree}" && mount -o remount,bind,ro "{tree}" && cd "{tree}"'
    look, written = (
        foreign.run("unshare", "-m", "sh", "-c", f'{mounted} && "{program}" adopt {words}') for words in ("", "--write")
    )
    assert look.exit_code == 0, look.err
    assert (written.exit_code, written.err) == (1, ".dockerignore: it cannot be written: Read-only file system\n")


def test_outside_of_a_work_tree_of_git_it_is_one_sentence(foreign: Foreign) -> None:
    shutil.rmtree(foreign.root / ".git")
    answer = foreign.command("adopt")
    assert (answer.exit_code, answer.out) == (1, "")
    assert answer.err.startswith(f"{foreign.root}: found no git work tree")
    assert foreign.command("adopt", "--unknown").exit_code == 2
    assert foreign.command("build").exit_code == 2
    assert foreign.command("--help").out.startswith("usage: nox-rings adopt [--write]")
