"""Where each tool comes from: what the workspace pins, then PATH, then what nox-rings pins itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal

from nox_rings.engine.once import Once
from nox_rings.engine.reading import file_text
from nox_rings.engine.versions import version_at_least
from nox_rings.toolchain.model import LEAST_VERSIONS, Origin, Pin, Provider, ProviderKind
from nox_rings.toolchain.providers import (
    BUILT_IN,
    OWN_PINS,
    OWN_SOURCES,
    built_in_providers,
    find_built,
    find_wheels,
    shipped,
)
from nox_rings.toolchain.system_tools import SystemTools, find_uv
from nox_rings.workspace.go_manifest import parse_go_mod

# `pins` passes PATH by where nox-rings pins the tool.
Source = Literal["pinned", "system", "pins"]
_OUR_PROGRAMS = frozenset(folder.rpartition("/")[2] for folder in BUILT_IN)


class Resolution:
    """No network, and a process only for the version of a program on PATH that was not asked before. Safe to use from
    several threads."""

    def __init__(self, root: Path, system: SystemTools, *, source: Source, go_mods: Sequence[Path] = ()) -> None:
        """`go_mods` are the go.mod and go.work files of the workspace, for the go that they ask for."""
        self._system, self._source = system, source
        self._go_of_workspace = Once(lambda: newest_go(go_mods))
        self._found: dict[str, Provider | None] = {}
        self._wheels = Once(lambda: find_wheels(root))
        self._own = Once(lambda: (*self._wheels(), *find_built(root, self._wheels(), self._installer_version)))
        self._shipped_wheels = Once(lambda: shipped(find_wheels(OWN_PINS)))
        self._shipped_others = Once(lambda: shipped(find_built(OWN_PINS, (), self._builder_version)))
        self._built_in = Once(lambda: tuple(built_in_providers(self._builder_version("go"))))

    def own_providers(self) -> tuple[Provider, ...]:
        """Those of the workspace, as far as they count."""
        return self._own() if self._source != "system" else ()

    def provider_of(self, name: str) -> Provider | None:
        """None for what comes from PATH, or from nowhere. It stays the same for the length of a run."""
        if name not in self._found:
            self._found[name] = self._find_provider(name)
        return self._found[name]

    def _find_provider(self, name: str) -> Provider | None:
        if name in _OUR_PROGRAMS:
            return _first(self._built_in(), name)
        if self._source == "system":
            return None
        if own := _first(self._wheels(), name) or _first(self._own(), name):
            return own
        if find_own_uv(name) or (self._source == "pinned" and self._satisfies(name)):
            return None
        return self._shipped(name)

    def builder_of(self, provider: Provider) -> Provider | None:
        """The provider of what installs this one; None where that comes from PATH. Programs that nox-rings pins are
        built with its own go where the other one is older than they ask for."""
        ours = provider.kind is ProviderKind.GO and provider.origin is not Origin.WORKSPACE
        return self._shipped("go") if ours and self._is_go_too_old() else self.provider_of(provider.installer)

    def _shipped(self, name: str) -> Provider | None:
        return _first(self._shipped_wheels(), name) or _first(self._shipped_others(), name)

    def _satisfies(self, name: str) -> bool:
        """Whether there is a program on PATH, of a version that is known and does."""
        least = LEAST_VERSIONS.get(name)
        if least is None or self._system.is_launcher(name):
            return False
        if name == "npm" and self.provider_of("node"):  # the two belong together
            return False
        if not version_at_least(found := self._system.version(name), least):
            return False
        if name != "go" or version_at_least(found, needed := self._go_of_workspace()):
            return True
        # Nobody has it new enough: then it is for go to say so.
        own = pin_of(_first(self._shipped_wheels(), "go"), "go")
        return own is None or not version_at_least(own.version, needed)

    def _installer_version(self, name: str) -> str:
        """Of the node or go that a workspace without a pin of it gets."""
        if pin := pin_of(self._wheel_of(name), name):
            return pin.version
        return self._system.version(name) or "system"

    def _wheel_of(self, name: str) -> Provider | None:
        """`provider_of` for what comes as a wheel, without a look at what is built with it."""
        if self._source == "system":
            return None
        if own := _first(self._wheels(), name):
            return own
        return None if self._source == "pinned" and self._satisfies(name) else _first(self._shipped_wheels(), name)

    def _is_go_too_old(self) -> bool:
        if self._source == "system":
            return False
        return not version_at_least(self._installer_version("go"), go_of_our_programs())

    def _builder_version(self, name: str) -> str:
        """Of the node or go that installs what nox-rings pins."""
        if self._source == "system":
            return "system"
        if name == "go" and self._is_go_too_old() and (pin := pin_of(self._shipped("go"), "go")):
            return pin.version
        return self._installer_version(name)


def pin_of(provider: Provider | None, name: str) -> Pin | None:
    return next((pin for pin in provider.pins if pin.name == name), None) if provider else None


def find_own_uv(name: str) -> Path | None:
    return find_uv() if name == "uv" else None


@lru_cache(maxsize=1)
def go_of_our_programs() -> str:
    """The newest `go` line of what nox-rings builds."""
    return newest_go([*OWN_PINS.glob("tools/go/*/go.mod"), *(OWN_SOURCES / each / "go.mod" for each in BUILT_IN)])


def newest_go(go_mods: Iterable[Path]) -> str:
    """The highest version on a `go` line; `0` where there is none."""
    newest = "0"
    for path in go_mods:
        with suppress(OSError, ValueError):  # discovery reports it
            found = parse_go_mod(file_text(path)).go
            newest = found if version_at_least(found, newest) else newest
    return newest


def _first(providers: tuple[Provider, ...], name: str) -> Provider | None:
    return next((each for each in providers if pin_of(each, name)), None)
