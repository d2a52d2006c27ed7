"""Packed sets made by hand, sealed as packing seals them, and the install check of them with the real tools."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from checkout import REPOSITORY, environment
from go_programs import pack_module
from nox_rings.artifacts.seal.sealing import seal
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.base import Ecosystem
from nox_rings.ecosystems.packed_set import Packed, PackedSet
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.carry_out import carry_out_step
from nox_rings.engine.run.steps import FindingsError, StepContext
from nox_rings.toolchain.toolchain import Toolchain
from nox_rings.workspace.model import Member

CHECKERS = {"npm": ("tsc",), "pypi": ("mypy",), "go": ()}
VERSION = {"npm": "1.2.3", "pypi": "1.2.3", "go": "v1.2.3"}
Texts = Mapping[str, str]


@dataclass
class Said:
    """The result of a check: findings as `PATH: KIND: MESSAGE (RULE)`, notes, and what the summary shows."""

    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    proof: str = ""


@dataclass(frozen=True)
class PackedByHand:
    """SDKs of one ecosystem, by the names of their folders; `root` stands for the workspace. `pinned`: the workspace
    has a checker."""

    root: Path
    ecosystem: str
    pinned: bool = True
    absent: tuple[str, ...] = ()
    generated_roots: tuple[str, ...] = ()

    def npm(self, folder: str, manifest: Mapping[str, object], texts: Texts) -> None:
        document = json.dumps({"version": "1.2.3", "type": "module", "license": "MIT", **manifest})
        with tarfile.open(self._packed(folder) / f"{folder}-1.2.3.tgz", "w:gz") as tarball:
            for path, text in {"package.json": document, **texts}.items():
                member = tarfile.TarInfo(f"package/{path}")
                member.size = len(text.encode())
                tarball.addfile(member, io.BytesIO(text.encode()))
        self._seal(folder)

    def wheel(self, folder: str, requires: Sequence[str], texts: Texts, more: str = "") -> None:
        """`texts` by their paths in site-packages."""
        info = f"{folder}-1.2.3.dist-info"
        requirements = "".join(f"Requires-Dist: {each}\n" for each in requires)
        metadata = f"Metadata-Version: 2.4\nName: {folder.replace('_', '-')}\nVersion: 1.2.3\n{more}{requirements}"
        tag = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        members = {**texts, f"{info}/METADATA": metadata, f"{info}/WHEEL": tag}
        record = "".join(f"{path},,\n" for path in (*members, f"{info}/RECORD"))
        with zipfile.ZipFile(self._packed(folder) / f"{folder}-1.2.3-py3-none-any.whl", "w") as archive:
            for path, text in {**members, f"{info}/RECORD": record}.items():
                archive.writestr(path, text)
        self._seal(folder)

    def module(self, folder: str, texts: Texts) -> None:
        source = self.root / folder
        self.sources(folder, {"LICENSE": "free\n", **texts})
        pack_module(source, self._packed(folder), f"example.com/{folder}", "v1.2.3")
        self._seal(folder)

    def sources(self, folder: str, texts: Texts) -> None:
        for path, text in texts.items():
            (self.root / folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / folder / path).write_text(text, encoding="utf-8")

    def check(self, *names: str) -> Said:
        """Carry the steps out; `names` are those of the packages, in the order of their folders in `dist`."""
        runner, said = ProcessRunner(), Said()
        tools = Toolchain(
            REPOSITORY, Path(environment()["NOX_RINGS_TOOLS_DIR"]), runner, source="pinned", announce=print
        )
        wanted = (*self._ecosystem.tools, *(CHECKERS[self.ecosystem] if self.pinned else ()))
        tools.require(*wanted)
        if self.ecosystem == "npm" and self.pinned:
            self._give_compiler(tools.path("tsc"))
        with (self.root / "log").open("w+b") as log, ExitStack() as closing:
            context = StepContext(
                root=self.root,
                runner=runner,
                log=log,
                say=said.notes.append,
                closing=closing,
                environment=tools.environment(*wanted),
            )
            try:
                for step in self._ecosystem.install_check_steps(self._set(names), dict.fromkeys(wanted, "")):
                    carry_out_step(step, context)
            except FindingsError as error:
                said.findings = [str(finding) for finding in error.findings]
            finally:
                runner.close()
            said.proof = context.detail.get("proof", "")
        return said

    @property
    def _ecosystem(self) -> Ecosystem:
        return next(each for each in ECOSYSTEMS if each.name == self.ecosystem)

    def _set(self, names: Sequence[str]) -> PackedSet:
        folders = sorted(path.name for path in (self.root / "dist").iterdir())
        assert len(folders) == len(names)
        sdks = [
            Packed(
                member=Member(folder=folder, ecosystem=self.ecosystem, name=name, install_root="."),
                folder=self.root / "dist" / folder,
                clean=self.root / "place" / folder,
                version=VERSION[self.ecosystem],
            )
            for folder, name in zip(folders, names, strict=True)
        ]
        files = sorted(str(path.relative_to(self.root)) for path in self.root.rglob("smoke/*"))
        return PackedSet(
            sdks=tuple(sdks),
            absent=self.absent,
            generated_roots=self.generated_roots,
            root=self.root,
            files=tuple(files),
            fix=self._ecosystem.install_check_fix,
        )

    def _give_compiler(self, compiler: Path) -> None:
        """As a workspace has it that is installed."""
        self.sources(".", {"package.json": json.dumps({"devDependencies": {"typescript": "7"}})})
        link = self.root / "node_modules" / ".bin" / "tsc"
        link.parent.mkdir(parents=True)
        link.symlink_to(compiler)

    def _packed(self, folder: str) -> Path:
        place = self.root / "dist" / folder
        place.mkdir(parents=True)
        return place

    def _seal(self, folder: str) -> None:
        seal(self.root / "dist" / folder, VERSION[self.ecosystem])
