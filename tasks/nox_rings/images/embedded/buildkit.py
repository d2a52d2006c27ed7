"""buildkitd ≥ 0.13, an image engine of our own for the time of a run.

Its settings: https://github.com/moby/buildkit/blob/master/docs/buildkitd.toml.md. It lives in mount and process
namespaces of its own: when it ends, by SIGKILL too, the kernel ends the containers of its RUN steps and undoes their
mounts. Without them a killed buildkitd leaves both behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from nox_rings.engine.errors import StepFailedError, ToolUnavailableError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.locks import file_lock
from nox_rings.engine.process.runner import Background, Runner, wait_until
from nox_rings.images.buildx import Client
from nox_rings.images.embedded.debootstrap import ISOLATED

# sun_path of unix(7) holds 108 bytes with the final zero; the longest name we put into the folder has 14.
LONGEST_SOCKET_FOLDER = 90
CAP_SYS_ADMIN = 1 << 21


@dataclass(frozen=True, slots=True, kw_only=True)
class EnginePrograms:
    """`client` is ours (buildkitclient)."""

    buildkitd: Path
    client: Path
    runc: Path


class BuildKit:
    """One daemon a run, started by the first who needs it. Its cache is below `folder`, and one run at a time has it:
    another waits. Safe to use from several threads."""

    def __init__(
        self, runner: Runner, programs: EnginePrograms, folder: Path, *, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._runner, self._programs, self._folder, self._say = runner, programs, folder.absolute(), say
        self._guard = threading.Lock()
        self._held: ExitStack | None = None
        self._address = ""

    def start(self) -> Client:
        """Start the daemon unless it runs. Raises ToolUnavailableError, StepFailedError."""
        with self._guard:
            if self._held is None:
                require_privileges()
                with ExitStack() as stack:
                    self._start(stack)
                    self._held = stack.pop_all()
            return Client(argv=(str(self._programs.client), f"--addr={self._address}"))

    def stop(self) -> None:
        with self._guard:
            held, self._held = self._held, None
            if held is not None:
                held.close()

    def _start(self, stack: ExitStack) -> None:
        waiting = lambda: self._say("waiting for the image engine, which another nox is using")  # noqa: E731
        stack.enter_context(file_lock(self._folder / "lock", waiting=waiting))
        self._end_orphan()
        sockets = self._socket_folder(stack)
        address = sockets / "buildkitd.sock"
        configuration = self._folder / "buildkitd.toml"
        configuration.write_text(self._configured(sockets), encoding="utf-8")
        log = stack.enter_context((self._folder / "buildkitd.log").open("wb"))
        argv = (*ISOLATED, str(self._programs.buildkitd), f"--config={configuration}")
        daemon = self._runner.start(Command(argv=argv, cwd=self._folder, description="buildkitd"), log)
        stack.callback(daemon.stop)
        self._record.write_text(str(daemon.pid), encoding="utf-8")
        self._require_ready(daemon, address)
        self._address = f"unix://{address}"

    def _require_ready(self, daemon: Background, address: Path) -> None:
        if not wait_until(lambda: _answers(address), daemon, timeout_seconds=30):
            last = (self._folder / "buildkitd.log").read_text(encoding="utf-8", errors="replace").splitlines()[-1:]
            raise StepFailedError(
                f"buildkitd did not start: {''.join(last) or 'it printed nothing'}",
                hint=f"cat {self._folder}/buildkitd.log",
            )

    def _socket_folder(self, stack: ExitStack) -> Path:
        if len(os.fsencode(self._folder)) <= LONGEST_SOCKET_FOLDER:
            return self._folder
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nox-rings-")))

    @property
    def _record(self) -> Path:
        return self._folder / "buildkitd.pid"

    def _end_orphan(self) -> None:
        """We have the lock, so a daemon that still runs lost its nox and its watchdog to SIGKILL."""
        with suppress(FileNotFoundError, ValueError, ProcessLookupError):
            pid = int(self._record.read_text(encoding="utf-8"))
            if os.fsencode(self._folder / "buildkitd.toml") in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.killpg(pid, signal.SIGKILL)
        self._record.unlink(missing_ok=True)
        waiting = lambda: self._say("waiting for an earlier buildkitd to end")  # noqa: E731
        with file_lock(self._folder / "root/buildkitd.lock", waiting=waiting):  # its own lock, gone when it is
            self._clear_containers()

    def _clear_containers(self) -> None:
        """What runc keeps of containers that were killed: a folder of state, and empty control groups."""
        for bundle in (self._folder / "root").glob("runc-*/executor/*/"):
            shutil.rmtree(Path("/run/runc") / bundle.name, ignore_errors=True)
            shutil.rmtree(bundle, ignore_errors=True)
            for group in Path("/sys/fs/cgroup").glob(f"**/buildkit/{bundle.name}"):
                with suppress(OSError):
                    group.rmdir()

    def _configured(self, sockets: Path) -> str:
        """The limits replace defaults that follow the disk's size and empty the cache of a nearly full one."""
        return f"""root = {json.dumps(str(self._folder / "root"))}
[grpc]
  address = [{json.dumps(f"unix://{sockets / 'buildkitd.sock'}")}]
[otel]
  socketPath = {json.dumps(str(sockets / "otel.sock"))}
[worker.containerd]
  enabled = false
[worker.oci]
  enabled = true
  binary = {json.dumps(str(self._programs.runc))}
  reservedSpace = "2GB"
  maxUsedSpace = "20GB"
  minFreeSpace = "1GB"
"""


def require_privileges() -> None:
    """Raises ToolUnavailableError unless we may mount: root, and in a container a privileged one."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    if not int(effective, 16) & CAP_SYS_ADMIN:
        raise ToolUnavailableError(
            "the embedded image engine mounts file systems and needs root (CAP_SYS_ADMIN), and found neither that nor "
            "a Docker it can use",
            hint="start Docker, or repeat as root",
        )


def _answers(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(address))
        except OSError:
            return False
    return True
