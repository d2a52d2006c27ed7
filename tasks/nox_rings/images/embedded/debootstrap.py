"""debootstrap ≥ 1.0.128, unpacked and never installed: a Debian root file system as a tar archive.

It runs in mount and process namespaces of its own, so that the kernel undoes its mounts and ends its processes
whatever happens."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO

from nox_rings.engine.process.command import Command
from nox_rings.engine.process.environment import overlaid_environment
from nox_rings.engine.process.runner import Runner
from nox_rings.images.embedded.apt import APT_HELPER, PrivateApt

ISOLATED = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")

# debootstrap downloads with wget; apt's helper knows the host's proxy and certificates, and is there where wget is not.
WGET = f"""#!/bin/sh
while [ $# -gt 0 ]; do
    case "$1" in
        -O) to=$2; shift ;;
        -*) ;;
        *) from=$1 ;;
    esac
    shift
done
exec {APT_HELPER} -qq download-file "$from" "$to"
"""

# Devices come from the container's runtime; the rest is what Debian's own slim images leave out.
LEFT_OUT = (
    *("./dev/*", "./debootstrap", "./etc/hostname", "./etc/resolv.conf", "./var/cache/apt/*"),
    *("./var/lib/apt/lists/*", "./var/log/*", "./usr/share/doc/*", "./usr/share/info/*"),
    *("./usr/share/locale/*", "./usr/share/man/*"),
)


def make_root_archive(runner: Runner, suite: str, *, folder: Path, archive: Path, log: IO[bytes]) -> None:
    """Write `archive` (uncompressed tar) with the minimal system of `suite` and its certificates; `folder` is
    scratch and gone afterwards. Needs root. Raises ToolUnavailableError, CommandFailedError."""
    shutil.rmtree(folder, ignore_errors=True)
    program, root = folder / "program", folder / "root"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/wget").write_text(WGET, encoding="utf-8")
    (folder / "bin/wget").chmod(0o755)
    apt = PrivateApt(runner, folder / "apt")
    apt.unpack(("debootstrap", "debian-archive-keyring"), program, log)
    runner.run(debootstrap_command(suite, folder, program, root, apt.debian_mirror()), log)
    runner.run(archive_command(root, archive), log)
    shutil.rmtree(folder)


def debootstrap_command(suite: str, folder: Path, program: Path, root: Path, mirror: str | None) -> Command:
    """Without a mirror, debootstrap knows Debian's own."""
    keyring = program / "usr/share/keyrings/debian-archive-keyring.gpg"
    argv = (
        *(*ISOLATED, "sh", str(program / "usr/sbin/debootstrap")),
        *("--variant=minbase", "--include=ca-certificates", f"--keyring={keyring}", suite, str(root)),
        *((mirror,) if mirror else ()),
    )
    path = overlaid_environment({}).get("PATH", "")
    env = {
        "PATH": f"{folder / 'bin'}:{path}:/usr/sbin:/sbin",
        "DEBOOTSTRAP_DIR": str(program / "usr/share/debootstrap"),
    }
    return Command(argv=argv, cwd=folder, env=env, description=f"debootstrap {suite}")


def archive_command(root: Path, archive: Path) -> Command:
    argv = (
        *("tar", "--create", f"--file={archive}", f"--directory={root}", "--sort=name", "--numeric-owner"),
        *(f"--exclude={pattern}" for pattern in LEFT_OUT),
        ".",
    )
    return Command(argv=argv, cwd=root.parent, description="archive the root file system")
