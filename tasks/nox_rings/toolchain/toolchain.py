"""The command-line tools of the sessions: pinned ones installed on first need, or those on PATH."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.versions import version_at_least
from nox_rings.toolchain.doctor import Condition, ToolStatus
from nox_rings.toolchain.installer import Installer
from nox_rings.toolchain.model import LEAST_VERSIONS, Origin, Pin, Provider, ProviderKind
from nox_rings.toolchain.programs import program_identity
from nox_rings.toolchain.resolution import Resolution, find_own_uv, pin_of
from nox_rings.toolchain.resolution import Source as Source
from nox_rings.toolchain.system_tools import SystemTools, tool_variables
from nox_rings.workspace.visible import hidden_folder

UNKNOWN = "pin it in tools/npm, tools/go/* or the dependency group tools, or put it on PATH"


class Toolchain:
    """Tools by name, from where `Resolution` says; uv is the one nox runs beside. Safe to use from several threads."""

    def __init__(
        self,
        root: Path,
        tools_dir: Path,
        runner: Runner,
        *,
        source: Source,
        announce: Callable[[str], None],
        files: Iterable[str] = (),
    ) -> None:
        """`files` is the listing of the workspace."""
        self._root, self._tools_dir, self._runner = root, tools_dir.absolute(), runner
        self._source, self._announce = source, announce
        self._system = SystemTools(runner, self._tools_dir)
        self._files = tuple(path for path in files if path.rpartition("/")[2] in ("go.mod", "go.work"))
        go_mods = [root / path for path in self._files if hidden_folder(path, ()) is None]
        self._resolution = Resolution(root, self._system, source=source, go_mods=go_mods)
        self._installer = Installer(
            root, self._tools_dir, runner, environment=self._installing_environment, announce=announce
        )
        self._asked: dict[str, str] = {}

    def require(self, *names: str) -> None:
        """Install what is missing, providers side by side where they can. Raises ToolUnavailableError, which names all
        that cannot be had."""
        if lacking := self.missing(*names):
            raise ToolUnavailableError("\n".join(lacking), hint="nox -s doctor")
        missing = self._not_installed([self._provider_of(name) for name in names])
        if not missing:
            return
        # npm and go are pinned tools themselves: the wheels they come in are the first wave.
        builders = [self._resolution.builder_of(provider) for provider in missing]
        if any(provider.installer == "npm" for provider in missing):
            builders.append(self._provider_of("node"))
        first = self._not_installed(builders)
        self._installer.install(first)
        self._installer.install([provider for provider in missing if provider not in first])

    def missing(self, *names: str) -> tuple[str, ...]:
        """A sentence for each of them that neither is there nor can be installed."""
        rows = (self._system_status(name) for name in dict.fromkeys(names) if self._provider_of(name) is None)
        return tuple(row.problem for row in rows if row.blocks)

    def path(self, name: str) -> Path:
        """The program. Raises ToolUnavailableError where it is not installed."""
        provider = self._provider_of(name)
        if provider is None:
            return find_own_uv(name) or self._system.require(name)
        link = self._installer.link(provider, name)
        if not link.exists():
            raise ToolUnavailableError(f"{name}: found nothing at {link}, expected what {provider.label} pins")
        return link

    def versions(self, *names: str) -> dict[str, str]:
        """What the pins say, without a process; for a tool from PATH what it answered when it was last asked."""
        pins = {name: pin_of(self._provider_of(name), name) for name in names}
        return {
            name: pin.version if pin else self._unpinned_version(name) or self._system.mark(name)
            for name, pin in pins.items()
        }

    def pin(self, name: str) -> Pin | None:
        """What the workspace or else nox-rings pins; None for a tool that comes from PATH."""
        return pin_of(self._provider_of(name), name)

    def is_own(self, name: str) -> bool:
        """Whether the workspace pins the tool itself."""
        provider = self._provider_of(name)
        return provider is not None and provider.origin is Origin.WORKSPACE

    def is_available(self, name: str) -> bool:
        """Whether the tool is pinned, installed or not, or there without a pin."""
        return bool(self._provider_of(name) or find_own_uv(name) or self._system.find(name))

    def environment(self, *names: str) -> dict[str, str]:
        """The overlay with which the tools are found and reach their servers: PATH with them first, and variables.
        It is the same before and after their installation."""
        wanted = list(names)
        if any(self._runs_in_node(name) for name in names):
            wanted.append("node")
        return self._overlay({name: self._provider_of(name) for name in dict.fromkeys(wanted)})

    def without_path(self) -> Toolchain:
        if self._source == "system":
            return self
        return Toolchain(
            self._root, self._tools_dir, self._runner, source="pins", announce=self._announce, files=self._files
        )

    def unpinned(self) -> dict[str, str]:
        return dict(self._asked)

    def pinned_names(self) -> tuple[str, ...]:
        """The tools that the workspace pins, one of each package."""
        pins = (pin for provider in self._resolution.own_providers() for pin in provider.pins if pin.main)
        return tuple(dict.fromkeys(pin.name for pin in pins))

    def status(self, *names: str) -> tuple[ToolStatus, ...]:
        """A row for each; installs nothing."""
        return tuple(self._status(name) for name in dict.fromkeys(names))

    def _provider_of(self, name: str) -> Provider | None:
        provider = self._resolution.provider_of(name)
        if provider is None or provider.origin is Origin.NOX_RINGS:
            self._asked.setdefault(name, program_identity(name))
        return provider

    def _overlay(self, owned: dict[str, Provider | None]) -> dict[str, str]:
        folders = [self._installer.link(provider, name).parent for name, provider in owned.items() if provider]
        folders += [self._system.alone(uv) for name in owned if not owned[name] and (uv := find_own_uv(name))]
        path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
        return {"PATH": path, **tool_variables(list(owned), self._tools_dir)}

    def _installing_environment(self, provider: Provider) -> dict[str, str]:
        owned = {provider.installer: self._resolution.builder_of(provider)}
        if provider.installer == "npm":
            owned["node"] = self._provider_of("node")
        return self._overlay(owned)

    def _unpinned_version(self, name: str) -> str:
        return metadata.version("uv") if find_own_uv(name) else self._system.version(name)

    def _runs_in_node(self, name: str) -> bool:
        provider = self._provider_of(name)
        return name == "npm" or (provider is not None and provider.kind is ProviderKind.NPM)

    def _not_installed(self, providers: list[Provider | None]) -> list[Provider]:
        found = dict.fromkeys(provider for provider in providers if provider)
        return [provider for provider in found if not self._installer.is_installed(provider)]

    def _status(self, name: str) -> ToolStatus:
        provider = self._provider_of(name)
        pin = pin_of(provider, name)
        if provider is None or pin is None:
            return self._system_status(name)
        if self._installer.is_installed(provider):
            where = str(self._installer.link(provider, name))
            return ToolStatus(name=name, wanted=pin.version, found=pin.version, where=where, origin=provider.label)
        return ToolStatus(
            name=name,
            wanted=pin.version,
            how=provider.label,
            origin=provider.label,
            condition=Condition.INSTALLABLE,
        )

    def _system_status(self, name: str) -> ToolStatus:
        """The row of a tool that comes from PATH."""
        least = LEAST_VERSIONS.get(name, "")
        path = find_own_uv(name) or self._system.find(name)
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
            how="" if condition is Condition.OK else self._way_to_get(name),
            origin="beside nox" if find_own_uv(name) else "PATH" if path else "",
            condition=condition,
        )

    def _way_to_get(self, name: str) -> str:
        if name == "git":
            return "get it from the system's package manager"
        if self._source == "system":
            return "get it from the system's package manager, or do without --system-tools"
        return UNKNOWN
