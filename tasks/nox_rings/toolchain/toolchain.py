"""The command-line tools of the sessions: pinned ones installed on first need, or those on PATH when asked.

An installed provider is a link below the tools folder whose name ends in its digest, to the hidden folder it was made
in: neither a venv nor a path in a script can be moved, and the link is there only when all of it is. Those of old
digests stay until somebody deletes them, which is safe at any time."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from importlib import metadata
from pathlib import Path
from typing import Literal

from nox_rings.engine.errors import CommandFailedError, ToolUnavailableError
from nox_rings.engine.once import Once
from nox_rings.engine.process.locks import file_lock
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.versions import version_at_least
from nox_rings.toolchain.doctor import Condition, ToolStatus
from nox_rings.toolchain.model import LEAST_VERSIONS, Pin, Provider, ProviderKind
from nox_rings.toolchain.providers import built_in_providers, cause_of, find_providers, install_command, link_programs
from nox_rings.toolchain.system_tools import SystemTools, find_uv, tool_variables

Source = Literal["pinned", "system"]


class Toolchain:
    """Tools by name. What nothing in the workspace pins comes from PATH; uv is the one nox runs beside. Safe to use
    from several threads."""

    def __init__(
        self, root: Path, tools_dir: Path, runner: Runner, *, source: Source, announce: Callable[[str], None]
    ) -> None:
        self._root, self._tools_dir, self._runner = root, tools_dir.absolute(), runner
        self._pinned, self._announce = source == "pinned", announce
        self._system = SystemTools(runner, self._tools_dir)
        self._providers = Once(lambda: find_providers(root))
        self._built_in = Once(self._find_built_in)
        self._guard = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}

    def require(self, *names: str) -> None:
        """Install what is missing, providers side by side where they can. Raises ToolUnavailableError."""
        for name in names:
            if self._provider_of(name) is None and self._own_uv(name) is None:
                self._system.require(name)
        missing = self._missing(*names)
        if not missing:
            return
        # npm and go are pinned tools themselves: the wheels they come in are the first wave.
        first = self._missing(*(provider.installer for provider in missing))
        self._install_all(first)
        self._install_all([provider for provider in missing if provider not in first])

    def path(self, name: str) -> Path:
        """The program. Raises ToolUnavailableError where it is not installed."""
        provider = self._provider_of(name)
        if provider is None:
            return self._own_uv(name) or self._system.require(name)
        link = self._link(provider, name)
        if not link.exists():
            raise ToolUnavailableError(f"{name}: found nothing at {link}, expected what {provider.label} pins")
        return link

    def versions(self, *names: str) -> dict[str, str]:
        """What the pins say, without a process; for a tool from PATH what it answered when it was last asked."""
        pins = {pin.name: pin.version for provider in reversed(self._used) for pin in provider.pins}
        return {name: pins.get(name) or self._unpinned_version(name) for name in names}

    def pin(self, name: str) -> Pin | None:
        """What the workspace pins; None for a tool that comes from PATH."""
        provider = self._provider_of(name)
        return next((pin for pin in provider.pins if pin.name == name), None) if provider else None

    def is_available(self, name: str) -> bool:
        """Whether the tool is pinned, installed or not, or there without a pin."""
        return bool(self._provider_of(name) or self._own_uv(name) or self._system.find(name))

    def environment(self, *names: str) -> dict[str, str]:
        """The overlay with which the tools are found and reach their servers: PATH with them first, and variables.
        It is the same before and after their installation."""
        wanted = list(names)
        if any(self._runs_in_node(name) for name in names):
            wanted.append("node")
        owned = ((name, self._provider_of(name)) for name in dict.fromkeys(wanted))
        folders = [self._link(provider, name).parent for name, provider in owned if provider]
        folders += [self._system.alone(uv) for name in names if (uv := self._own_uv(name))]
        path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
        return {"PATH": path, **tool_variables(wanted, self._tools_dir)}

    def status(self) -> Iterator[ToolStatus]:
        """A row for uv and for each tool the workspace pins; installs nothing."""
        seen = {"uv"}
        yield self.system_status("uv")
        for provider in self._providers():
            for pin in provider.pins:
                if pin.name not in seen and pin.main:
                    seen.add(pin.name)
                    yield self._pinned_status(provider, pin) if self._pinned else self.system_status(pin.name)
        for provider in self._built_in():
            if provider.installer in seen:  # a workspace without Go needs none of it
                yield from (self._pinned_status(provider, pin) for pin in provider.pins)

    def _find_built_in(self) -> tuple[Provider, ...]:
        go = (pin.version for provider in self._providers() for pin in provider.pins if pin.name == "go")
        return tuple(built_in_providers(next(go, "system") if self._pinned else "system"))

    @property
    def _used(self) -> tuple[Provider, ...]:
        return (*self._providers(), *self._built_in()) if self._pinned else self._built_in()

    def _provider_of(self, name: str) -> Provider | None:
        return next((each for each in self._used if any(pin.name == name for pin in each.pins)), None)

    def _own_uv(self, name: str) -> Path | None:
        return find_uv() if name == "uv" else None

    def _unpinned_version(self, name: str) -> str:
        return metadata.version("uv") if self._own_uv(name) else self._system.version(name)

    def _runs_in_node(self, name: str) -> bool:
        provider = self._provider_of(name)
        return name == "npm" or (provider is not None and provider.kind is ProviderKind.NPM)

    def _folder(self, provider: Provider) -> Path:
        return self._tools_dir / provider.folder

    def _link(self, provider: Provider, name: str) -> Path:
        return self._folder(provider) / "links" / name / name

    def _is_installed(self, provider: Provider) -> bool:
        # A venv outlives its Python when the system's is upgraded.
        return (self._folder(provider) / ("bin/python" if provider.kind is ProviderKind.UV else "links")).exists()

    def _missing(self, *names: str) -> list[Provider]:
        found = dict.fromkeys(provider for name in names if (provider := self._provider_of(name)))
        return [provider for provider in found if not self._is_installed(provider)]

    def _install_all(self, providers: list[Provider]) -> None:
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
            if self._is_installed(provider):
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
                shutil.copyfile(self._root / provider.manifest / name, folder / name)
        log_path = self._tools_dir / f"{provider.folder}.log"
        try:
            with log_path.open("wb") as log:
                environment = self.environment(provider.installer)
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
        link.replace(self._folder(provider))

    def _pinned_status(self, provider: Provider, pin: Pin) -> ToolStatus:
        if self._is_installed(provider):
            where = str(self._link(provider, pin.name))
            return ToolStatus(name=pin.name, wanted=pin.version, found=pin.version, where=where)
        condition = Condition.INSTALLABLE
        return ToolStatus(name=pin.name, wanted=pin.version, how=provider.label, condition=condition)

    def system_status(self, name: str) -> ToolStatus:
        """The row of a tool that comes from PATH."""
        least = LEAST_VERSIONS.get(name, "")
        path = self._own_uv(name) or self._system.find(name)
        found = self._unpinned_version(name) if path else ""
        condition = Condition.OK
        if path is None:
            condition = Condition.MISSING
        elif least and not version_at_least(found, least):
            condition = Condition.TOO_OLD
        return ToolStatus(
            name=name,
            wanted=f">= {least}" if least else "any",
            found=found,
            where=str(path or ""),
            how="get it from the system's package manager"
            + ("" if name == "git" else ", or do without --system-tools"),
            condition=condition,
        )
