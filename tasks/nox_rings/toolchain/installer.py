"""Installs what pins name, once, side by side where it can.

An installed provider is a link below the tools folder whose name ends in its digest, to the hidden folder it was made
in: neither a venv nor a path in a script can be moved, and the link is there only when all of it is. Those of old
digests stay until somebody deletes them, which is safe at any time."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from nox_rings.engine.errors import CommandFailedError, ToolUnavailableError
from nox_rings.engine.process.locks import file_lock
from nox_rings.engine.process.runner import Runner
from nox_rings.toolchain.model import Provider, ProviderKind
from nox_rings.toolchain.providers import cause_of, home_of, install_command, link_programs


class Installer:
    """`environment` is the overlay with which what installs a provider is found. Safe to use from several threads."""

    def __init__(
        self,
        root: Path,
        tools_dir: Path,
        runner: Runner,
        *,
        environment: Callable[[Provider], Mapping[str, str]],
        announce: Callable[[str], None],
    ) -> None:
        self._root, self._tools_dir, self._runner = root, tools_dir, runner
        self._environment, self._announce = environment, announce
        self._guard = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}

    def folder(self, provider: Provider) -> Path:
        return self._tools_dir / provider.folder

    def link(self, provider: Provider, name: str) -> Path:
        """The program, where it is or will be."""
        return self.folder(provider) / "links" / name / name

    def is_installed(self, provider: Provider) -> bool:
        # A venv outlives its Python when the system's is upgraded.
        return (self.folder(provider) / ("bin/python" if provider.kind is ProviderKind.UV else "links")).exists()

    def install(self, providers: list[Provider]) -> None:
        """Side by side. Raises ToolUnavailableError."""
        from concurrent.futures import ThreadPoolExecutor  # 18 ms, and only an installation needs it

        with ThreadPoolExecutor(max_workers=max(1, len(providers)), thread_name_prefix="install") as pool:
            for done in [pool.submit(self._install, provider) for provider in providers]:
                done.result()

    def _install(self, provider: Provider) -> None:
        with self._guard:
            turn = self._busy.setdefault(provider.folder, threading.Lock())
        lock = self._tools_dir / f"{provider.folder}.lock"
        tools = ", ".join(pin.name for pin in provider.pins if pin.main)
        waiting = lambda: self._announce(f"waiting for another nox that installs {tools}")  # noqa: E731
        with turn, file_lock(lock, waiting=waiting):
            if self.is_installed(provider):
                return
            with self._its_turn(provider):
                self._announce(f"installing {tools} ({provider.label}) …")
                began = time.monotonic()
                self._make(provider, tools)
                self._announce(f"{tools}: done in {time.monotonic() - began:.0f} s")

    def _its_turn(self, provider: Provider) -> AbstractContextManager[None]:
        """Go programs are built one after the other. Side by side each would compile the packages that they share,
        because go knows only what is in its build cache; and one alone keeps all processors busy."""
        return file_lock(self._tools_dir / "go-builds.lock") if provider.kind is ProviderKind.GO else nullcontext()

    def _make(self, provider: Provider, tools: str) -> None:
        for left in self._tools_dir.glob(f".{provider.folder}-*"):
            shutil.rmtree(left, ignore_errors=True)
        # A new name each time: what an interrupted installation still writes for a moment goes elsewhere.
        folder = Path(tempfile.mkdtemp(prefix=f".{provider.folder}-", dir=self._tools_dir))
        folder.chmod(0o755)
        if provider.kind is ProviderKind.NPM:
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(home_of(provider, self._root) / provider.manifest / name, folder / name)
        log_path = self._tools_dir / f"{provider.folder}.log"
        try:
            with log_path.open("wb") as log:
                environment = dict(self._environment(provider))
                self._runner.run(install_command(provider, self._root, folder, environment), log)
        except CommandFailedError as error:
            cause = cause_of(provider.kind, log_path.read_text(encoding="utf-8", errors="replace"))
            raise ToolUnavailableError(
                f"{tools}: could not be installed from {provider.label}: {cause} (all of it: {log_path})",
                hint="the same command with the network there, or --system-tools",
            ) from error
        link_programs(provider, folder)
        link = folder / "whole"
        link.symlink_to(folder.name)
        link.replace(self.folder(provider))
