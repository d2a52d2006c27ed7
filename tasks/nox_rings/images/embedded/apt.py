"""apt ≥ 2.2: Debian's packages taken through the host's apt, with the host left as it is.

Lists and cache are ours, hooks are off and nothing is installed. The host's own sources, proxy and certificates are
used, apt checks the signatures, and what is unpacked fits the host's libc because it comes from the host's suite."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner

# A program of apt's that no PATH names: downloads one URL as apt would.
APT_HELPER = Path("/usr/lib/apt/apt-helper")


class PrivateApt:
    """One folder with lists, cache and configuration of its own; deleting it at any time is safe."""

    def __init__(self, runner: Runner, folder: Path) -> None:
        self._runner, self._folder = runner, folder.absolute()

    def unpack(self, names: Sequence[str], into: Path, log: IO[bytes]) -> None:
        """Download the named packages, without what they depend on, and unpack them below `into`.

        Raises ToolUnavailableError where there is no apt, CommandFailedError."""
        self.update(log)
        archives = self._folder / "archives"
        shutil.rmtree(archives, ignore_errors=True)
        archives.mkdir(parents=True)
        into.mkdir(parents=True, exist_ok=True)
        self._runner.run(self._command("download", *names, cwd=archives), log)
        for archive in sorted(archives.iterdir()):
            argv = ("dpkg-deb", "--extract", str(archive), str(into))
            self._runner.run(Command(argv=argv, cwd=self._folder, description=f"unpack {archive.name}"), log)

    def update(self, log: IO[bytes]) -> None:
        if shutil.which("apt-get") is None:
            raise ToolUnavailableError(
                "the embedded image engine takes runc and Debian's root file system through apt and found no apt-get",
                hint="start Docker, or run on Debian or Ubuntu",
            )
        for name in ("lists/partial", "cache/archives/partial"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(configuration(self._folder), encoding="utf-8")
        self._runner.run(self._command("update"), log)

    def debian_mirror(self) -> str | None:
        """Where the host takes Debian from, after `update`; None on a host that is another distribution."""
        wanted = ("Created-By: Packages", "Origin: Debian", "Label: Debian")
        answer = self._runner.ask(self._command("indextargets", "--format", "$(REPO_URI)", *wanted))
        return next(iter(answer.stdout.split()), None)

    @property
    def _configuration(self) -> Path:
        return self._folder / "apt.conf"

    def _command(self, *words: str, cwd: Path | None = None) -> Command:
        argv = ("apt-get", f"--config-file={self._configuration}", *words)
        return Command(argv=argv, cwd=cwd or self._folder, description=f"apt-get {words[0]}")


def configuration(folder: Path) -> str:
    """apt.conf(5): read after the host's own files, so that `#clear` takes their hooks away."""
    return "\n".join(
        (
            "#clear APT::Update::Pre-Invoke;",
            "#clear APT::Update::Post-Invoke;",
            "#clear APT::Update::Post-Invoke-Success;",
            f"Dir::State::lists {json.dumps(str(folder / 'lists'))};",
            f"Dir::Cache {json.dumps(str(folder / 'cache'))};",
            # The user `_apt` may not write into folders of root's.
            'APT::Sandbox::User "root";',
            'Acquire::Languages "none";',
            'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";',
            "",
        )
    )
