"""The four doors, in fresh clones whose path has a space in it. They use the network (PyPI) once."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from waiting import PATIENCE_SECONDS, wait_for

ATTEMPTS = 5
ROOT = Path(__file__).parents[2]
SYSTEM_PATH = "/usr/bin:/bin"
# A noxfile of its own whose one session prints where it runs.
PROBE = """import nox, os, nox_rings
@nox.session(venv_backend="none")
def probe(session: nox.Session) -> None:
    print("probe", os.getcwd(), nox_rings.__file__, session.posargs)
"""


def clone(cloned: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(cloned)], check=True)
    return cloned


def bare_environment(home: Path, **more: str) -> dict[str, str]:
    """What `env -i` leaves, and the tools folder that tests share."""
    home.mkdir(parents=True, exist_ok=True)
    shared = {name: os.environ[name] for name in ("NOX_RINGS_TOOLS_DIR", "UV_CACHE_DIR") if name in os.environ}
    return {"PATH": SYSTEM_PATH, "HOME": str(home), **shared, **more}


def run(*argv: str | Path, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in argv], cwd=cwd, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone that `scripts/nox` has set up; tests leave it so."""
    cloned = clone(tmp_path_factory.mktemp("doors") / "a clone")
    answer = run("scripts/nox", "-l", cwd=cloned, env=bare_environment(cloned.parent / "home"))
    assert answer.returncode == 0, answer.stderr
    assert "doctor" in answer.stdout
    return cloned


@pytest.fixture(scope="module")
def uv_folder(checkout: Path) -> Path:
    """A folder with uv and uvx alone."""
    folder = checkout.parent / "uv-alone"
    folder.mkdir()
    for name in ("uv", "uvx"):
        (folder / name).symlink_to(checkout / ".venv/bin" / name)
    return folder


def add_probe(checkout: Path) -> Path:
    noxfile = checkout / "probe.py"
    noxfile.write_text(PROBE)
    return noxfile


def test_the_door_works_from_any_folder_and_through_a_link(checkout: Path) -> None:
    env = bare_environment(checkout.parent / "home")
    for folder in (checkout / "packages", checkout / "scripts", Path("/")):
        answer = run(checkout / "scripts/nox", "-l", cwd=folder, env=env)
        assert (answer.returncode, answer.stderr) == (0, "")
    link = checkout.parent / "linked"
    link.symlink_to(checkout / "scripts/nox")
    assert run(link, "-l", cwd=Path("/"), env=env).returncode == 0


def test_arguments_arrive_as_they_were_typed(checkout: Path) -> None:
    probe = add_probe(checkout)
    answer = run(
        checkout / "scripts/nox",
        *("-f", probe, "-s", "probe", "--", "two words", "*", ""),
        cwd=checkout / "packages",
        env=bare_environment(checkout.parent / "home"),
    )
    probe.unlink()
    assert f"probe {checkout} {checkout}/tasks/nox_rings/__init__.py ['two words', '*', '']" in answer.stdout


@pytest.mark.parametrize("home", [None, "no such folder"])
def test_it_works_without_a_home(checkout: Path, home: str | None) -> None:
    env = bare_environment(checkout.parent / "home")
    del env["HOME"]
    if home:
        env["HOME"] = str(checkout.parent / home)
    (checkout / ".venv/.nox-rings/root").unlink()
    answer = run("scripts/nox", "-l", cwd=checkout, env=env)
    assert answer.returncode == 0, answer.stderr
    assert not home or not (checkout.parent / home).exists()


def test_a_cdpath_leads_nowhere_else(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    env = bare_environment(checkout.parent / "home", CDPATH=str(tmp_path))
    assert run("scripts/nox", "-l", cwd=checkout, env=env).returncode == 0


def test_what_others_have_put_into_the_venv_stays(checkout: Path) -> None:
    """As with `uv run`: somebody who added a debugger keeps it."""
    env = bare_environment(checkout.parent / "home", UV_SYSTEM_CERTS="1")
    added = run(".venv/bin/uv", "pip", "install", "--python", ".venv", "idna", cwd=checkout, env=env)
    assert added.returncode == 0, added.stderr
    (checkout / ".venv/.nox-rings/root").unlink()
    assert "making .venv" in run("scripts/nox", "-l", cwd=checkout, env=env).stderr
    assert list(checkout.glob(".venv/lib/python3*/site-packages/idna"))


def test_a_changed_lock_is_noticed_by_content_not_by_time(checkout: Path) -> None:
    env = bare_environment(checkout.parent / "home")
    lock = checkout / "uv.lock"
    before = lock.read_bytes()
    os.utime(lock)
    assert run("scripts/nox", "-l", cwd=checkout, env=env).stderr == ""
    lock.write_bytes(before + b"# changed\n")
    os.utime(lock, (1, 1))
    assert "making .venv" in run("scripts/nox", "-l", cwd=checkout, env=env).stderr
    lock.write_bytes(before)
    assert "making .venv" in run("scripts/nox", "-l", cwd=checkout, env=env).stderr
    assert run("scripts/nox", "-l", cwd=checkout, env=env).stderr == ""


def test_a_copied_checkout_runs_its_own_code(checkout: Path) -> None:
    copy = checkout.parent / "a copy"
    shutil.copytree(checkout, copy, symlinks=True)
    probe = add_probe(copy)
    env = bare_environment(checkout.parent / "home")
    answer = run("scripts/nox", "-f", probe, "-s", "probe", cwd=copy, env=env)
    assert f"probe {copy} {copy}/tasks/nox_rings/__init__.py" in answer.stdout
    assert str(copy) in (copy / ".venv/bin/pygmentize").read_text()


def test_no_network_is_needed_once_the_venv_is_there(checkout: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("NOT PROVED: taking the network away needs root and unshare(1)")
    env = bare_environment(checkout.parent / "home")
    answer = run("unshare", "-n", "scripts/nox", "-s", "doctor", "--", "--help", cwd=checkout, env=env)
    assert answer.returncode == 0, answer.stderr


def test_uv_run_leaves_the_venv_as_scripts_nox_made_it(checkout: Path, uv_folder: Path) -> None:
    env = bare_environment(checkout.parent / "home", PATH=f"{uv_folder}:{SYSTEM_PATH}", UV_SYSTEM_CERTS="1")
    before = {path: path.stat().st_mtime_ns for path in sorted((checkout / ".venv").rglob("*.py"))}
    answer = run("uv", "run", "nox", "-l", cwd=checkout, env=env)
    assert answer.returncode == 0, answer.stderr
    assert "doctor" in answer.stdout
    assert {path: path.stat().st_mtime_ns for path in sorted((checkout / ".venv").rglob("*.py"))} == before
    assert run("scripts/nox", "-l", cwd=checkout, env=env).stderr == ""


def test_the_nox_of_an_activated_venv_works(checkout: Path) -> None:
    env = bare_environment(checkout.parent / "home")
    answer = run("sh", "-c", ". .venv/bin/activate && nox -l", cwd=checkout, env=env)
    assert answer.returncode == 0, answer.stderr
    assert "doctor" in answer.stdout
    assert not (checkout / ".nox/_nox_script_mode").exists()  # its requirements are met: no second environment


@pytest.mark.parametrize("argv", [("uvx", "nox"), ("uv", "run", "nox")], ids=["uvx", "uv-run"])
def test_uv_alone_is_enough_in_a_fresh_clone(argv: tuple[str, ...], tmp_path: Path, uv_folder: Path) -> None:
    cloned = clone(tmp_path / "a clone")
    env = bare_environment(tmp_path / "home", PATH=f"{uv_folder}:{SYSTEM_PATH}", UV_SYSTEM_CERTS="1")
    answer = run(*argv, "-s", "doctor", "--", "--help", cwd=cloned, env=env)
    assert answer.returncode == 0, answer.stderr
    assert "nox -s doctor -- [-h]" in answer.stdout


def test_two_at_once_on_a_fresh_clone_make_one_venv(tmp_path: Path, checkout: Path) -> None:
    cloned = clone(tmp_path / "a clone")
    env = bare_environment(tmp_path / "home")
    output = [tmp_path / "first", tmp_path / "second"]
    (cloned / ".nox-rings").mkdir()
    with (cloned / ".nox-rings/venv.lock").open("w") as lock:  # until both have found that there is work
        fcntl.flock(lock, fcntl.LOCK_EX)
        both = [start_door(cloned, env, path) for path in output]
        assert wait_for(lambda: all("waiting for it" in path.read_text() for path in output))
    assert [process.wait(timeout=PATIENCE_SECONDS) for process in both] == [0, 0], [path.read_text() for path in output]
    assert sum(path.read_text().count("making .venv from") for path in output) == 1


def start_door(cloned: Path, env: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
    with output.open("wb") as err:
        argv = [str(cloned / "scripts/nox"), "-l"]
        return subprocess.Popen(argv, cwd=cloned, env=env, stdout=subprocess.DEVNULL, stderr=err)


@pytest.mark.parametrize("packages", [1, 4])
def test_an_installation_killed_in_the_middle_is_redone(tmp_path: Path, checkout: Path, packages: int) -> None:
    env = bare_environment(tmp_path / "home")
    cloned = killed_in_the_middle(tmp_path, env, packages)
    answer = run("scripts/nox", "-l", cwd=cloned, env=env)
    assert answer.returncode == 0, answer.stderr
    assert "making .venv" in answer.stderr
    check = run(".venv/bin/uv", "pip", "check", "--python", ".venv", cwd=cloned, env=env)
    assert check.returncode == 0, check.stderr
    assert run("git", "status", "--porcelain", cwd=cloned, env=env).stdout == ""


def killed_in_the_middle(folder: Path, env: dict[str, str], packages: int) -> Path:
    """A clone in which so many packages are there. Another one where a busy machine let all be installed before the
    signal came."""
    for attempt in range(ATTEMPTS):
        cloned = clone(folder / f"clone {attempt}")
        first = subprocess.Popen(
            [str(cloned / "scripts/nox"), "-l"],
            cwd=cloned,
            env=env,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        assert wait_for(functools.partial(has_packages_or_ended, cloned, packages, first))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        if not (cloned / ".venv/.nox-rings").exists():
            return cloned
    raise AssertionError(f"it was over before it could be killed, {ATTEMPTS} times")


def has_packages_or_ended(cloned: Path, number: int, process: subprocess.Popen[bytes]) -> bool:
    found = list(cloned.glob(".venv/lib/python3*/site-packages/*.dist-info"))
    return len(found) >= number or process.poll() is not None


def folder_with(tmp_path: Path, **scripts: str) -> str:
    """A PATH without any Python but the given ones."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("sh", "cmp", "env"):
        (folder / name).symlink_to(shutil.which(name, path=SYSTEM_PATH) or name)
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("scripts", "sentence"),
    [
        ({}, "scripts/nox: needs Python 3.11 or later on PATH, found none;"),
        ({"python3": "echo 3.9.18; exit 1"}, "scripts/nox: needs Python 3.11 or later on PATH, found python3 3.9.18 ("),
        ({"python3": "echo 'pyenv: python3: not found' >&2; exit 127"}, "found none;"),
    ],
    ids=["none", "too-old", "shim-without-python"],
)
def test_without_a_python_it_says_so_in_one_sentence(tmp_path: Path, scripts: dict[str, str], sentence: str) -> None:
    cloned = clone(tmp_path / "a clone")
    env = bare_environment(tmp_path / "home", PATH=folder_with(tmp_path, **scripts))
    answer = run("/bin/sh", cloned / "scripts/nox", "-l", cwd=cloned, env=env)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_newer_python_behind_an_old_one_is_found(tmp_path: Path, checkout: Path) -> None:
    cloned = clone(tmp_path / "a clone")
    wanted = f'exec "{sys.executable}" "$@"'
    # The python of the tests is uv's and has no pip; the uv beside it makes the venv.
    uv = f'exec "{Path(sys.executable).parent / "uv"}" "$@"'
    path = folder_with(tmp_path, python3="echo 3.9.18; exit 1", uv=uv, **{"python3.11": wanted})
    answer = run(
        "/bin/sh",
        cloned / "scripts/nox",
        "-l",
        cwd=cloned,
        env=bare_environment(tmp_path / "home", PATH=path),
    )
    assert answer.returncode == 0, answer.stderr


def test_a_python_without_pip_says_what_to_install(tmp_path: Path) -> None:
    cloned = clone(tmp_path / "a clone")
    # What Debian's python3 is without python3-pip: the module is not there.
    text = f'case "$*" in *bootstrap.py*) exec "{sys.executable}" "$@" ;; *) echo 3.12.1 ;; esac'
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    path = folder_with(tmp_path, python3=text.replace(sys.executable, str(bare / "bin/python")))
    env = bare_environment(tmp_path / "home", PATH=path) | {"NOX_RINGS_TOOLS_DIR": str(tmp_path / "tools")}
    answer = run("/bin/sh", cloned / "scripts/nox", "-l", cwd=cloned, env=env)
    assert answer.returncode == 1
    assert "has no pip to get uv with; install pip (Debian: apt install python3-pip) or uv" in answer.stderr


def test_a_missing_lockfile_is_one_sentence(tmp_path: Path) -> None:
    cloned = clone(tmp_path / "a clone")
    (cloned / "uv.lock").unlink()
    answer = run("scripts/nox", "-l", cwd=cloned, env=bare_environment(tmp_path / "home"))
    assert answer.returncode == 1
    assert answer.stderr == f"scripts/nox: uv.lock is missing in {cloned}; try: git checkout -- uv.lock\n"
    assert not (cloned / ".venv").exists()


def test_no_network_at_first_is_one_sentence(tmp_path: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("NOT PROVED: taking the network away needs root and unshare(1)")
    cloned = clone(tmp_path / "a clone")
    env = bare_environment(tmp_path / "home") | {"NOX_RINGS_TOOLS_DIR": str(tmp_path / "tools")}
    answer = run("unshare", "-n", "scripts/nox", "-l", cwd=cloned, env=env)
    assert answer.returncode == 1
    lines = [line for line in answer.stderr.splitlines() if not line.endswith("…")]
    assert len(lines) == 1
    assert lines[0].startswith("scripts/nox: could not install what uv.lock names: ")
    assert "Traceback" not in answer.stderr
