"""A copy of this repository in which nox sessions run for real."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nox_rings.engine.layout import Layout
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain
from waiting import wait_for

REPOSITORY = Path(__file__).parents[2]
RUN_SECONDS = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command printed: `out` and `err` apart, because nox tells its own on standard error."""

    exit_code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Checkout:
    root: Path

    def nox(self, *arguments: str, **variables: str) -> Answer:
        return self.command(str(self.root / "scripts" / "nox"), *arguments, **variables)

    def command(self, *argv: str, **variables: str) -> Answer:
        done = subprocess.run(
            argv, cwd=self.root, env={**environment(), **variables}, capture_output=True, text=True, timeout=RUN_SECONDS
        )
        return Answer(exit_code=done.returncode, out=done.stdout, err=done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """nox in a process group of its own, as a terminal or a CI runner would start it."""
        return subprocess.Popen(
            [str(self.root / "scripts" / "nox"), *arguments],
            cwd=self.root,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_default_signals,
        )

    def start_until(self, target_id: str, *arguments: str) -> subprocess.Popen[bytes]:
        """nox in the middle of a target; ended, where the target never had its turn."""
        log = Layout(self.root).log(target_id)
        log.unlink(missing_ok=True)
        running = self.start(*arguments)
        assert wait_for(lambda: log.exists() or running.poll() is not None), f"{target_id} never began"
        return running

    def install(self, *tools: str) -> None:
        """Make .venv and install tools as this machine does, before a test takes away its home, network or
        certificates."""
        answer = self.nox("-l")
        assert answer.exit_code == 0, answer.err
        runner = ProcessRunner()
        folder = Path(environment()["NOX_RINGS_TOOLS_DIR"])
        Toolchain(self.root, folder, runner, source="pinned", announce=print).require(*tools)
        runner.close()

    def git(self, *arguments: str) -> str:
        answer = self.command("git", *arguments)
        assert answer.exit_code == 0, answer.err
        return answer.out

    def is_clean(self) -> bool:
        """Nothing that git tracks differs from the commit, and nothing new is left that git would see."""
        return self.git("status", "--porcelain") == ""

    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def outcomes(self, answer: Answer) -> dict[str, str]:
        """Target → outcome of a run with --json."""
        return {each["id"]: each["outcome"] for each in answer.json()["targets"]}

    @contextmanager
    def replaced(self, path: str, old: str, new: str) -> Iterator[None]:
        """An edit for the length of a block; git brings the file back."""
        text = self.text(path)
        assert old in text, f"{path} holds no {old!r}"
        self.write(path, text.replace(old, new))
        try:
            yield
        finally:
            self.git("checkout", "--", path)


def _default_signals() -> None:
    """Started by nohup or in the background of a script, the tests ignore SIGHUP or SIGINT, and nox respects that."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def environment() -> dict[str, str]:
    """Ours, less what the nox around the tests put there; tools are shared with this repository."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("NOX", "VIRTUAL_ENV", "UV_PROJECT"))
    }
    tools = os.environ.get("NOX_RINGS_TOOLS_DIR", str(REPOSITORY / ".nox-rings" / "tools"))
    return {**inherited, "NOX_RINGS_TOOLS_DIR": tools, "NO_COLOR": "1"}


def make_checkout(folder: Path) -> Checkout:
    """The work tree as it is now, uncommitted edits included, as the one commit of a new repository."""
    listing = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(listing, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    for path in sorted(set(filter(None, listed.split("\0")))):
        if (REPOSITORY / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / path, folder / path, follow_symlinks=False)
    checkout = Checkout(folder)
    checkout.git("init", "-q", "-b", "main")
    checkout.git("config", "user.name", "nox-rings tests")
    checkout.git("config", "user.email", "tests@nox-rings.invalid")
    checkout.git("add", "-A")
    checkout.git("commit", "-q", "-m", "The work tree")
    return checkout
