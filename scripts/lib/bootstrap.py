"""Makes .venv from uv.lock for scripts/nox. Standard library only, Python 3.11 or later.

    bootstrap.py ROOT

uv comes from PATH when it is not older than the series of the one in uv.lock, else from PyPI, by pip, with exactly
the version and the hashes that uv.lock names for it: so the pin of uv stands once. The stamp inside .venv is written
last, and a mark beside it tells a half-made one, which is made anew. One process at a time.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

STAMPED = ("uv.lock", "pyproject.toml")
SYSTEM_CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS
)
# The reason in what pip and uv print when a server cannot be reached.
NETWORK_CAUSE = re.compile(r"(?:connection broken by (?:'.*>: )?|cause: )(.+?)(?:'\)': /.*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """The checkout, its ignored folder, and the lock every child holds with us: if this process is killed, the next
    one still waits for the uv that goes on."""

    root: Path
    own: Path
    lock: int

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def stamp(self) -> Path:
        return self.venv / ".nox-rings"


def main(root: Path) -> None:
    for name in STAMPED:
        if not (root / name).is_file():
            fail(f"{name} is missing in {root}; try: git checkout -- {name}")
    own = root / ".nox-rings"
    own.mkdir(exist_ok=True)
    with (own / "venv.lock").open("w") as lock:
        place = Place(root, own, lock.fileno())
        wait_for_turn(lock.fileno())
        if not is_fresh(place):
            make_venv(place)


def wait_for_turn(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another scripts/nox is making .venv; waiting for it …")
        fcntl.flock(lock, fcntl.LOCK_EX)


def is_fresh(place: Place) -> bool:
    """The same question as in scripts/nox, asked again once it is our turn."""
    try:
        same = all((place.root / name).read_bytes() == (place.stamp / name).read_bytes() for name in STAMPED)
        return same and made_in(place) == str(place.root) and (place.venv / "bin/python").exists()
    except OSError:
        return False


def made_in(place: Place) -> str:
    return (place.stamp / "root").read_text().removesuffix("\n")


def make_venv(place: Place) -> None:
    contents = {name: (place.root / name).read_bytes() for name in STAMPED}
    uv = require_uv(place, tomllib.loads(contents["uv.lock"].decode()))
    say("making .venv from uv.lock …")
    unfinished = place.own / "venv-unfinished"
    # A venv has its own path in its programs: one that was moved or copied would run the other checkout.
    moved = (place.stamp / "root").is_file() and made_in(place) != str(place.root)
    if (unfinished.exists() or moved) and place.venv.exists():
        set_aside(place, place.venv)
    elif place.stamp.exists():
        set_aside(place, place.stamp)
    unfinished.touch()
    # A venv that works keeps its Python, whichever door made it.
    python = [] if (place.venv / "bin/python").exists() else ["--python", sys.executable]
    run(place, [uv, "sync", "--quiet", "--frozen", "--inexact", "--project", str(place.root), *python])
    # uv compiles what it installs. The plugin set is editable: nobody would, where PYTHONDONTWRITEBYTECODE is set.
    run(place, [str(place.venv / "bin/python"), "-m", "compileall", "-q", str(place.root / "tasks")], may_fail=True)
    partial = Path(tempfile.mkdtemp(prefix=".nox-rings-", dir=place.venv))
    for name, content in contents.items():
        (partial / name).write_bytes(content)
    (partial / "root").write_text(f"{place.root}\n")
    partial.rename(place.stamp)
    unfinished.unlink()


def set_aside(place: Place, folder: Path) -> None:
    """Delete as a whole or not at all: a kill in the middle leaves nothing half there under the old name."""
    grave = Path(tempfile.mkdtemp(prefix="old-", dir=place.own))
    folder.rename(grave / folder.name)
    shutil.rmtree(grave, ignore_errors=True)


def require_uv(place: Place, lock: dict[str, Any]) -> str:
    pin = next(package for package in lock["package"] if package["name"] == "uv")
    least = numbers(pin["version"])[:2]
    tools = Path(os.environ.get("NOX_RINGS_TOOLS_DIR") or place.own / "tools")
    installed = tools / f"uv-{pin['version']}"
    for folder in (str(installed / "bin"), *os.environ.get("PATH", os.defpath).split(os.pathsep)):
        found = shutil.which("uv", path=folder)
        if found and version_of(found)[:2] >= least:
            return found
    say(f"installing uv {pin['version']} from PyPI …")
    tools.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="uv-", dir=tools) as partial:
        requirements = Path(partial, "requirements.txt")
        requirements.write_text(" ".join([f"uv=={pin['version']}", *(f"--hash={w['hash']}" for w in pin["wheels"])]))
        pip_install(place, requirements, Path(partial, "uv"))
        if not installed.exists():
            Path(partial, "uv").rename(installed)
    return str(installed / "bin/uv")


def version_of(uv: str) -> tuple[int, ...]:
    """() for a program that does not answer: a pyenv shim without a uv behind it."""
    try:
        answer = subprocess.run([uv, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    words = answer.stdout.split()
    return numbers(words[1]) if answer.returncode == 0 and len(words) > 1 else ()


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def pip_install(place: Place, requirements: Path, target: Path) -> None:
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        fail(f"{sys.executable} has no pip to get uv with; install pip (Debian: apt install python3-pip) or uv")
    argv = [*pip, "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-user"]
    argv += ["--retries", "1", "--target", str(target), "--requirement", str(requirements)]
    # pip before 24.2 knows its own certificates only; the system's may have one more, a company's proxy for instance.
    bundle = next((path for path in SYSTEM_CERTIFICATES if Path(path).is_file()), None)
    second_try = bundle is not None and "PIP_CERT" not in os.environ
    if not run(place, argv, may_fail=second_try) and bundle:
        run(place, argv, PIP_CERT=bundle)


def run(place: Place, argv: list[str], *, may_fail: bool = False, **variables: str) -> bool:
    """Run with a log. A failure ends everything with one sentence that has the cause in it."""
    log = place.own / "bootstrap.log"
    with log.open("wb") as output:
        code = subprocess.run(
            argv, env=environment(place) | variables, stdout=output, stderr=output, pass_fds=[place.lock], check=False
        ).returncode
    if code and not may_fail:
        text = log.read_text(errors="replace")
        causes = NETWORK_CAUSE.findall(text) or text.strip().splitlines() or [f"exit code {code}"]
        fail(f"could not install what uv.lock names: {causes[-1].strip()} (all of it: {log})")
    return code == 0


def environment(place: Place) -> dict[str, str]:
    # Another environment that happens to be active is no concern of this one.
    ignored = {"VIRTUAL_ENV", "CONDA_PREFIX", "UV_PYTHON", "PYTHONHOME"}
    variables = {name: value for name, value in os.environ.items() if name not in ignored}
    if any(Path(path).is_file() for path in SYSTEM_CERTIFICATES):
        variables.setdefault("UV_SYSTEM_CERTS", "1")
    if not os.access(os.environ.get("HOME", ""), os.W_OK):
        variables.setdefault("UV_CACHE_DIR", str(place.own / "cache/uv"))
    return variables | {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_ROOT_USER_ACTION": "ignore",
        "UV_COMPILE_BYTECODE": "1",  # importing uncompiled nox costs 90 ms more, on each run
        "UV_PROJECT_ENVIRONMENT": str(place.venv),
        "UV_PYTHON_DOWNLOADS": "never",
    }


def say(text: str) -> None:
    print(f"scripts/nox: {text}", file=sys.stderr, flush=True)


def fail(text: str) -> NoReturn:
    raise SystemExit(f"scripts/nox: {text}")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except OSError as error:
        fail(f"could not make .venv: {error}")
