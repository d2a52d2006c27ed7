"""Go ≥ 1.27 in a module outside of every workspace, which takes packed modules from a file tree."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nox_rings.ecosystems.go.go import compiler_variables, escaped
from nox_rings.engine.process.command import Command

PROGRESS = re.compile(r"\$ |go: (?:downloading|added|upgraded|creating|finding) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A module in `home` that uses the module `name` at exactly `version`. `cache` is its module cache; `proxies` is
    GOPROXY; `modules` come from the packed set."""

    name: str
    version: str
    home: Path
    cache: Path
    proxies: str
    modules: tuple[str, ...]

    def command(self, *words: str, cwd: Path | None = None, flags: str = "-mod=mod") -> Command:
        """A private, removable (-modcacherw) module cache, since a warm one would hide changed content. -trimpath lets
        the build cache know what was built for another one.

        GOPRIVATE would send the modules to git instead of the proxy; GONOSUMDB alone keeps the
        checksum server out of it (https://go.dev/ref/mod#private-modules)."""
        env: dict[str, str | None] = {
            "GOWORK": "off",
            "GOFLAGS": f"-modcacherw -trimpath {flags}",
            # No program of the module runs in this environment.
            **compiler_variables(os.environ),
            "GOMODCACHE": str(self.cache),
            "GONOSUMDB": ",".join(self.modules),
            "GOPRIVATE": None,
            "GONOPROXY": "none",  # `go env -w` may have set it, or GOPRIVATE, which is its default
            "GOPROXY": self.proxies,
        }
        return Command(argv=("go", *words), cwd=cwd or self.home, env=env, description=f"go {' '.join(words[:2])}")

    def install_commands(self, module: str) -> tuple[Command, ...]:
        return self.command("mod", "init", module), self.command("get", f"{self.name}@{self.version}")

    @property
    def unpacked(self) -> Path:
        """The module as it was installed."""
        return self.cache / f"{escaped(self.name)}@{escaped(self.version)}"


def proxy_question(cwd: Path) -> Command:
    """Prints GOPROXY and GOMODCACHE, a line each."""
    return Command(argv=("go", "env", "GOPROXY", "GOMODCACHE"), cwd=cwd, description="go env")


def proxies_of(answer: str, packed: Sequence[Path]) -> str:
    """GOPROXY with the packed modules first. Others come from what this machine has downloaded already, then from its
    own setting; checksums are verified either way."""
    behind, cache = answer.split()
    return shown_proxies(packed, cache=Path(cache).as_uri(), behind=behind)


def shown_proxies(
    packed: Sequence[Path], *, cache: str = "file://$(go env GOMODCACHE)", behind: str = "$(go env GOPROXY)"
) -> str:
    """GOPROXY for a dry run: shell expressions stand for what go has not answered yet."""
    return ",".join([*(folder.as_uri() for folder in packed), f"{cache}/cache/download", behind])


def cause_of(log: str) -> str:
    """Why a command failed: its output without the lines of progress."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return " ".join(line for line in lines if not PROGRESS.match(line))
