"""Tools that are on the machine already: where they are, how old they are, and the variables tools need on it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Collection
from contextlib import suppress
from hashlib import blake2b, file_digest
from pathlib import Path

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.versions import version_at_least
from nox_rings.toolchain.model import LEAST_VERSIONS
from nox_rings.toolchain.programs import identity_of
from nox_rings.workspace.tools import CONTENT_MARK

# Debian and most others; Fedora; openSUSE; macOS.
CERTIFICATE_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_NODE_TOOLS = frozenset({"node", "npm", "pnpm", "yarn", "bun", "verdaccio"})
# Programs that know no `--version`.
_VERSION_QUESTIONS = {"go": ("version",), "buildx": ("version",)}
# Parts of the paths of asdf, pyenv, nodenv and mise; volta; corepack.
_LAUNCHERS = frozenset({"shims", ".volta", "volta-shim", "mise", "asdf", "corepack"})
# A launcher (corepack, go) must answer for itself, and download nothing for that.
_NO_DOWNLOADS = {"GOTOOLCHAIN": "local", "COREPACK_ENABLE_NETWORK": "0"}


class SystemTools:
    """Programs on PATH. An answer to `--version` is kept until the program changes, so that asking costs once."""

    def __init__(self, runner: Runner, tools_dir: Path) -> None:
        self._runner, self._tools_dir = runner, tools_dir

    def find(self, name: str) -> Path | None:
        found = shutil.which(name)
        return Path(found) if found else None

    def require(self, name: str) -> Path:
        """Raises ToolUnavailableError where it is missing or older than LEAST_VERSIONS."""
        path = self.find(name)
        least = LEAST_VERSIONS.get(name, "")
        wanted = f"{name} {least} or later" if least else name
        if path is None:
            raise ToolUnavailableError(f"{name}: found none on PATH, expected {wanted}", hint="nox -s doctor")
        version = self.version(name)
        if least and not version_at_least(version, least):
            raise ToolUnavailableError(f"{name}: found {version or 'no version'} ({path}), expected {wanted}")
        return path

    def version(self, name: str) -> str:
        """The first number with a dot in what it answers; empty where it is missing or does not answer."""
        path = self.find(name)
        if path is None:
            return ""
        key = f"{name} {identity_of(path)}"
        known = self._known()
        if key not in known:
            argv = (str(path), *_VERSION_QUESTIONS.get(name, ("--version",)))
            answer = self._runner.ask(Command(argv=argv, cwd=Path("/"), env=_NO_DOWNLOADS))
            match = re.search(r"\d+(?:\.\d+)+", answer.stdout + answer.stderr) if answer.exit_code == 0 else None
            known[key] = match[0] if match else ""
            with suppress(OSError):  # asked again the next time
                write_atomically(self._tools_dir / "system.json", json.dumps(known, indent=1).encode())
        return known[key]

    def is_launcher(self, name: str) -> bool:
        """Whether the program on PATH only starts another, which may change without a trace in this one."""
        path = self.find(name)
        return path is not None and bool(_LAUNCHERS & {*path.parts, *path.resolve().parts})

    def mark(self, name: str) -> str:
        """What stands for a version where the program prints none: its content."""
        path = self.find(name)
        if path is None:
            return ""
        with path.open("rb") as program:
            return f"{CONTENT_MARK}{file_digest(program, lambda: blake2b(digest_size=5)).hexdigest()}"

    def _known(self) -> dict[str, str]:
        with suppress(OSError, ValueError):
            known = json.loads((self._tools_dir / "system.json").read_bytes())
            return known if isinstance(known, dict) else {}
        return {}

    def alone(self, program: Path) -> Path:
        """A folder with a link to this program and nothing else, for a PATH without its neighbours."""
        folder = self._tools_dir / f"{program.name}-at-{blake2b(str(program).encode(), digest_size=5).hexdigest()}"
        link = folder / program.name
        if not link.is_symlink():
            folder.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                link.symlink_to(program)
        return folder


def find_uv() -> Path | None:
    """The uv beside the nox that runs: a dependency of nox-rings. Else the one on PATH."""
    try:
        from uv import find_uv_bin

        return Path(find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
        return Path(found) if found else None


def tool_variables(names: Collection[str], tools_dir: Path) -> dict[str, str]:
    """Variables the named tools need: the system's certificates, no download of another toolchain, a home.

    Node and uv bring certificates of their own and refuse what a company's proxy signs, unless configured."""
    variables: dict[str, str] = {}
    if not _writable_home():
        variables["HOME"] = str(tools_dir / "home")  # caches of Go, npm, pnpm and uv are below it
        (tools_dir / "home").mkdir(parents=True, exist_ok=True)
    bundle = next((path for path in CERTIFICATE_BUNDLES if Path(path).is_file()), None)
    if "go" in names:
        variables["GOTOOLCHAIN"] = "local"
    if "uv" in names:
        variables["UV_PYTHON_DOWNLOADS"] = "never"
        if bundle:
            variables["UV_SYSTEM_CERTS"] = "1"
    if _NODE_TOOLS & frozenset(names):
        variables["NODE_USE_SYSTEM_CA"] = "1"
        if bundle:
            variables["NODE_EXTRA_CA_CERTS"] = bundle
    # What the user has set stands.
    return {name: value for name, value in variables.items() if name == "HOME" or name not in os.environ}


def _writable_home() -> bool:
    return os.access(os.environ.get("HOME", ""), os.W_OK)
