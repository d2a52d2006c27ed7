"""The three SDKs as built in a checkout, and what it takes to use them from outside, as their users do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from checkout import RUN_SECONDS, Checkout, environment
from descriptors import File, Schema, parse_schema
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain

SCHEMA = "packages/ameide_core_proto"
GO_SDK = "packages/ameide_sdk_go"
PYTHON_SDK = "packages/ameide_sdk_python"
TS_SDK = "packages/ameide_sdk_ts"
GO_PUBLIC = "github.com/ameideio/ameide-sdk-go/proto"
TOOLS = ("buf", "esbuild", "go", "node", "playwright-core", "pnpm")
TS_PACKAGE, TS_RUNTIME = "@ameideio/ameide-sdk-ts", "@bufbuild/protobuf"


def go_package(file: File) -> str:
    """Where Go programs import the messages of a file from."""
    return f"{GO_PUBLIC}/{PurePosixPath(file.path).parent}"


@dataclass(frozen=True)
class Sdks:
    checkout: Checkout
    run_seconds: float = RUN_SECONDS

    @cached_property
    def schema_document(self) -> str:
        """A FileDescriptorSet in JSON, straight from the .proto files of our own module."""
        argv = ("buf", "build", "src", "-o", "-#format=json")
        return self.run(argv, cwd=self.checkout.root / SCHEMA)

    @cached_property
    def schema(self) -> Schema:
        return parse_schema(json.loads(self.schema_document))

    @property
    def python(self) -> Path:
        """The interpreter in whose environment the SDK is installed."""
        path = self.checkout.root / ".nox-rings/python/+root/bin/python"
        assert path.exists(), f"{path}: found none, expected what `nox -s sdk-py` installs"
        return path

    def install_npm(self, folder: Path) -> None:
        """The SDK and the protobuf runtime that it shares with its users, linked as pnpm links."""
        assert (self.checkout.root / TS_SDK / "dist").is_dir(), f"{TS_SDK}/dist: found none, expected a built SDK"
        for name, path in {TS_PACKAGE: TS_SDK, TS_RUNTIME: f"{TS_SDK}/node_modules/{TS_RUNTIME}"}.items():
            link = folder / "node_modules" / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(self.checkout.root / path)

    def build_go(self, folder: Path) -> Path:
        """The program of the Go files in `folder`, which becomes a module in one workspace with the SDK."""
        workspace = str(folder / "go.work")
        for words in (
            ("mod", "init", "user"),
            ("work", "init", ".", str(self.checkout.root / GO_SDK)),
            ("build", "-o", "program", "."),
        ):
            self.run(("go", *words), cwd=folder, GOWORK=workspace)
        return folder / "program"

    def run(self, argv: Sequence[str], *, cwd: Path, stdin: str = "", **variables: str) -> str:
        """Standard output of a program that has the pinned tools on its PATH and must succeed."""
        done = subprocess.run(
            argv,
            cwd=cwd,
            env={**self.environment, **variables},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=self.run_seconds,
        )
        assert done.returncode == 0, f"{' '.join(argv)}: {done.stderr}"
        return done.stdout

    def npm_tool(self, name: str) -> Path:
        """The package of a pinned tool, for programs that import it."""
        inside = self._toolchain.path(name).resolve().parents
        return next(folder for folder in inside if folder.parent.name == "node_modules")

    @cached_property
    def environment(self) -> dict[str, str]:
        """That of a shell with the pinned tools on its PATH."""
        self._toolchain.require(*TOOLS)
        return {**environment(), **self._toolchain.environment(*TOOLS)}

    @cached_property
    def _toolchain(self) -> Toolchain:
        folder = Path(environment()["NOX_RINGS_TOOLS_DIR"])
        return Toolchain(self.checkout.root, folder, ProcessRunner(), source="pinned", announce=print)
