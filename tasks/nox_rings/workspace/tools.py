"""What recipes and derivation may ask about command-line tools. The toolchain answers; pins decide the versions."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

# What stands before the digest of a program that prints no version.
CONTENT_MARK = "content "


class PinnedTool(Protocol):
    """`digest` is the lockfile's own for `package`, the same on every machine; empty where the lockfile has none.
    `sources` are the folders of the workspace that it is installed from, and that these need."""

    @property
    def version(self) -> str: ...

    @property
    def package(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def sources(self) -> tuple[str, ...]: ...


class Tools(Protocol):
    """Tools by name. Safe to use from several threads."""

    def require(self, *names: str) -> None:
        """Install what is missing. Raises ToolUnavailableError."""

    def path(self, name: str) -> Path:
        """The program. Raises ToolUnavailableError where it is not installed."""

    def versions(self, *names: str) -> dict[str, str]:
        """The version the pins give, without a process; for a tool from PATH the one it last printed, or a digest of it
        behind CONTENT_MARK where it prints none. Empty where there is no such tool."""

    def pin(self, name: str) -> PinnedTool | None:
        """What the workspace or else nox-rings pins; None for a tool that comes from PATH."""

    def is_own(self, name: str) -> bool:
        """Whether the workspace pins the tool itself: it wants what runs only then."""

    def is_available(self, name: str) -> bool:
        """Whether the tool is pinned, installed or not, or there without a pin."""

    def missing(self, *names: str) -> tuple[str, ...]:
        """A sentence for each of them that neither is there nor can be installed."""

    def without_path(self) -> Tools:
        """The same, but what nox-rings pins comes before PATH: for whoever takes a tool apart. With the tools of the
        system it changes nothing."""

    def unpinned(self) -> dict[str, str]:
        """Tools asked for that the workspace does not pin, each with a text that changes when another program is found
        under its name."""

    def environment(self, *names: str) -> dict[str, str]:
        """The overlay with which the tools are found and reach their servers."""
