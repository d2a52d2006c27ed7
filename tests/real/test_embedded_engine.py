"""Images without Docker: the real BuildKit in a workspace that has nothing of Ameide's, only the pins of the tools.

Needs root and apt. The first run on a machine makes the base images, which takes minutes and the network."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from checkout import REPOSITORY, RUN_SECONDS, Answer, Checkout, environment
from nox_rings.images.embedded.buildkit import CAP_SYS_ADMIN
from waiting import PATIENCE_SECONDS, wait_for

HELLO = """FROM golang:1.27 AS build
ARG VERSION
WORKDIR /src
COPY go.mod main.go ./
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-X main.version=$VERSION" -o /hello .

FROM scratch
COPY --from=build /hello /hello
ENTRYPOINT ["/hello"]
"""
HELLO_GO = """package main

import "os"

var version = "none"

func main() { os.Stdout.WriteString("hello " + version + "\\n") }
"""
# The RUN step writes at another time in each build.
GREETER = """FROM python:3.13-slim
ARG VERSION
RUN echo "greeter $VERSION" > /version
COPY greeter.py /greeter.py
CMD ["python", "/greeter.py"]
"""
PROBE = "services/probe/Dockerfile.dev"
PROBE_LOG = ".nox-rings/logs/image-dev-probe.log"
# Seconds that no other process sleeps: a step that never ends by itself, and is found by its command line.
NAP = "86399.75"
NAPPING = f"FROM debian:trixie-slim\nRUN echo $((40 + 2)) begun && sleep {NAP}\n"


def missing_privilege() -> str:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    effective = re.search(r"^CapEff:\s*(\w+)", status, re.M)
    if not effective or not int(effective[1], 16) & CAP_SYS_ADMIN:
        return "root (CAP_SYS_ADMIN)"
    return "" if shutil.which("apt-get") else "apt-get"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A Go service and a Python service; both release images are built once. Tests add and remove services/probe."""
    if missing := missing_privilege():
        pytest.skip(f"NOT RUN: the embedded image engine needs {missing}, found none")
    made = Checkout(tmp_path_factory.mktemp("engine") / "another monorepo")
    made.write("noxfile.py", "from nox_rings import register\n\nregister()\n")
    made.write(".gitignore", ".nox-rings/\n__pycache__/\n")
    copy_pins(made)
    made.write("services/hello/Dockerfile", HELLO)
    made.write("services/hello/main.go", HELLO_GO)
    made.write("services/hello/go.mod", "module example.test/hello\n\ngo 1.26\n")
    made.write("services/greeter/Dockerfile", GREETER)
    made.write("services/greeter/greeter.py", 'print(open("/version").read())\n')
    made.git("init", "-q", "-b", "main")
    made.git("add", "-A")
    made.git("-c", "user.name=x", "-c", "user.email=x@x.invalid", "commit", "-q", "-m", "Another monorepo")
    return made


def copy_pins(made: Checkout) -> None:
    """Of this repository, so that its installed tools serve: node, go and buf by the group, BuildKit by the module."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    tools = json.dumps(project["dependency-groups"]["tools"])
    head = '[project]\nname = "nox-rings"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n'
    made.write("pyproject.toml", f"{head}\n[dependency-groups]\ntools = {tools}\n")
    shutil.copyfile(REPOSITORY / "uv.lock", made.root / "uv.lock")
    shutil.copytree(REPOSITORY / "tools/go/images", made.root / "tools/go/images")


@pytest.fixture(scope="module")
def built(workspace: Checkout) -> dict[str, dict[str, str]]:
    """Image → what its first build told."""
    return told(nox(workspace, "image-release", "--json"))


@pytest.fixture
def probe(workspace: Checkout) -> Iterator[Callable[[str], None]]:
    """Writes the Dockerfile of an image that is there for one test."""
    yield lambda text: workspace.write(PROBE, text)
    shutil.rmtree(workspace.root / "services/probe", ignore_errors=True)


def argv(session: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "nox", "-s", session, "--", *arguments]


def without_docker() -> dict[str, str]:
    """Where there is a Docker, it is hidden."""
    return {"DOCKER_HOST": "unix:///no/docker/here"}


def nox(workspace: Checkout, session: str, *arguments: str) -> Answer:
    return workspace.command(*argv(session, *arguments), **without_docker())


def start(workspace: Checkout, session: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        argv(session, *arguments),
        cwd=workspace.root,
        env={**environment(), **without_docker()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def told(answer: Answer) -> dict[str, dict[str, str]]:
    assert answer.exit_code == 0, answer.out[-6000:] + answer.err[-2000:]
    return {each["id"]: each["detail"] for each in answer.json()["targets"]}


@dataclass(frozen=True, slots=True)
class Nap:
    """nox in the middle of a RUN step that would take a day, and what runc keeps of its container."""

    process: subprocess.Popen[str]
    container: Path

    def watchdog(self) -> int:
        """Started by whichever thread was first, and listed with that thread's children."""
        listed = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [pid for path in listed for pid in path.read_text(encoding="utf-8").split()]
        (found,) = (int(pid) for pid in pids if b"\0-I\0-S\0-c\0" in Path(f"/proc/{pid}/cmdline").read_bytes())
        return found


def begin_nap(workspace: Checkout) -> Nap:
    """Also proves that what the tests look for afterwards is there to be found."""
    process = start(workspace, "image-dev", "probe")
    log = workspace.root / PROBE_LOG
    log.unlink(missing_ok=True)
    assert wait_for(lambda: log.exists() and "42 begun" in log.read_text(errors="replace")), process.poll()
    # The shell of the step prints before it starts the program that sleeps.
    assert wait_for(lambda: any(line.startswith("sleep ") for line in of_ours(workspace)))
    assert mounts(workspace)
    bundles = workspace.root.glob(".nox-rings/buildkit/root/runc-*/executor/*/rootfs")
    (container,) = (state for path in bundles if (state := Path("/run/runc") / path.parent.name).exists())
    return Nap(process, container)


def cmdline(pid: int) -> bytes:
    """Empty for a process that has ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def of_ours(workspace: Checkout) -> list[str]:
    """Command lines of processes that run for this workspace or are its RUN step; zombies have none."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if (str(workspace.root) in line or line.startswith(f"sleep {NAP}")) and path.parent.name != str(os.getpid()):
            found.append(line)
    return found


def mounts(workspace: Checkout) -> list[str]:
    """Mount points below the workspace, in the mount namespace of any process."""
    found: set[str] = set()
    folder = str(workspace.root).replace(" ", "\\040")
    for path in Path("/proc").glob("[0-9]*/mounts"):
        try:
            found.update(line for line in path.read_text(errors="replace").splitlines() if folder in line)
        except OSError:
            continue
    return sorted(found)


def nothing_is_left(workspace: Checkout) -> bool:
    return not of_ours(workspace) and not mounts(workspace)


def test_images_of_another_monorepo_are_built_run_once_and_tell_their_version(
    workspace: Checkout, built: dict[str, dict[str, str]]
) -> None:
    assert set(built) == {"image-release:hello", "image-release:greeter"}
    for name in ("hello", "greeter"):
        made = built[f"image-release:{name}"]
        assert re.fullmatch(rf"{name} 0\.1\.0-dev\.\d{{14}}\.g[0-9a-f]{{12}}", made["proof"])
        assert made["ref"] == f"{name}:{made['proof'].partition(' ')[2]}"
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", made["digest"])
    assert nothing_is_left(workspace)
    assert workspace.is_clean()


def test_the_same_commit_gives_the_same_digests_in_another_folder_with_an_empty_cache(
    workspace: Checkout, built: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    workspace.git("clone", "-q", str(workspace.root), str(tmp_path / "clone"))
    again = told(nox(Checkout(tmp_path / "clone"), "image-release", "--json"))
    assert {name: made["digest"] for name, made in again.items()} == {
        name: made["digest"] for name, made in built.items()
    }


def test_a_base_that_cannot_be_made_is_one_sentence_with_dockerfile_and_line(
    workspace: Checkout, probe: Callable[[str], None]
) -> None:
    probe("ARG BASE=alpine:3\n\nFROM $BASE\n")
    answer = nox(workspace, "image-dev", "probe")
    assert answer.exit_code == 1
    (failure,) = [line for line in answer.out.splitlines() if "found FROM" in line]
    assert failure.endswith(
        f"{PROBE}:3: found FROM alpine:3, expected one of debian, golang, node, python: others need a registry"
    )
    assert "Traceback" not in answer.out + answer.err


def test_without_the_privilege_it_is_one_sentence(workspace: Checkout, probe: Callable[[str], None]) -> None:
    if not shutil.which("setpriv"):
        pytest.skip("NOT RUN: taking the privilege away needs setpriv(1)")
    probe("FROM debian:trixie-slim\n")
    less = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
    answer = workspace.command(*less, *argv("image-dev", "probe"), **without_docker())
    assert answer.exit_code == 1
    assert "the embedded image engine mounts file systems and needs root (CAP_SYS_ADMIN)" in answer.out
    assert "Traceback" not in answer.out + answer.err


def test_a_syntax_line_fetches_nothing(workspace: Checkout, probe: Callable[[str], None]) -> None:
    probe("# syntax=docker.invalid/no/such/frontend:1\nFROM debian:trixie-slim\nRUN test -e /etc/debian_version\n")
    assert told(nox(workspace, "image-dev", "probe", "--json"))["image-dev:probe"]["ref"] == "probe:dev"


def test_a_step_that_fails_shows_its_output_last_and_what_to_repeat(
    workspace: Checkout, probe: Callable[[str], None]
) -> None:
    probe("FROM debian:trixie-slim\nRUN echo first words && echo last $((40 + 2)) words && exit 7\n")
    answer = nox(workspace, "image-dev", "probe")
    assert answer.exit_code == 1
    lines = answer.out.rstrip().splitlines()
    assert any(re.fullmatch(r"[\d.]+ last 42 words", line) for line in lines[-15:])
    assert lines[-1].startswith("ERROR: failed to build") and lines[-1].endswith("exit code: 7")
    assert "  repeat: nox -s image-dev -- probe" in lines
    assert nothing_is_left(workspace)


@pytest.mark.usefixtures("probe")
def test_a_release_image_that_does_not_run_tells_why(workspace: Checkout) -> None:
    workspace.write("services/probe/Dockerfile", 'FROM debian:trixie-slim\nENTRYPOINT ["no-such-program"]\n')
    answer = nox(workspace, "image-release", "probe")
    assert answer.exit_code == 1
    assert "services/probe/Dockerfile: the image does not run: no-such-program --version failed in it" in answer.out
    assert "no-such-program" in answer.out.rstrip().splitlines()[-1]


def test_after_sigterm_in_a_run_step_nothing_is_left(workspace: Checkout, probe: Callable[[str], None]) -> None:
    probe(NAPPING)
    nap = begin_nap(workspace)
    nap.process.send_signal(signal.SIGTERM)
    _, err = nap.process.communicate(timeout=PATIENCE_SECONDS)
    assert nap.process.returncode == 128 + signal.SIGTERM
    assert "interrupted by signal 15" in err
    assert nothing_is_left(workspace), (of_ours(workspace), mounts(workspace))
    assert not nap.container.exists()


def test_after_kill_9_in_a_run_step_nothing_is_left_and_the_next_run_succeeds(
    workspace: Checkout, probe: Callable[[str], None]
) -> None:
    probe(NAPPING)
    nap = begin_nap(workspace)
    os.kill(nap.process.pid, signal.SIGKILL)
    assert wait_for(lambda: nothing_is_left(workspace)), (of_ours(workspace), mounts(workspace))
    nap.process.communicate(timeout=PATIENCE_SECONDS)
    probe("FROM debian:trixie-slim\nRUN true\n")
    assert "image-dev:probe" in told(nox(workspace, "image-dev", "probe", "--json"))
    assert not nap.container.exists()


def test_what_outlives_the_watchdog_too_is_ended_by_the_next_run(
    workspace: Checkout, probe: Callable[[str], None]
) -> None:
    probe(NAPPING)
    nap = begin_nap(workspace)
    watchdog = nap.watchdog()
    os.kill(watchdog, signal.SIGKILL)
    os.kill(nap.process.pid, signal.SIGKILL)
    nap.process.wait()
    assert wait_for(lambda: not cmdline(watchdog))
    assert any(line.startswith("sleep ") for line in of_ours(workspace)), "nothing was left for the next run to end"
    probe("FROM debian:trixie-slim\nRUN true # after the watchdog\n")
    assert "image-dev:probe" in told(nox(workspace, "image-dev", "probe", "--json"))
    nap.process.communicate(timeout=PATIENCE_SECONDS)
    assert nothing_is_left(workspace), (of_ours(workspace), mounts(workspace))
    assert not nap.container.exists()


def test_two_runs_at_once_both_succeed(workspace: Checkout, built: dict[str, dict[str, str]]) -> None:
    both = [start(workspace, "image-release", "--force") for _ in range(2)]
    answers = [process.communicate(timeout=RUN_SECONDS) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    said = "".join(out for out, _ in answers)
    for made in built.values():
        assert said.count(made["digest"]) == 2
    assert nothing_is_left(workspace)
