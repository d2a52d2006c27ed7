"""Where things lie in a workspace. All of ours is below `.nox-rings/`, which git ignores."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from nox_rings.engine.errors import StepFailedError

OWN_FOLDER = ".nox-rings"


def hide_folder(folder: Path) -> None:
    """From git, whatever the .gitignore of the workspace says: what lies there would be a source of the member around
    it. A tree that may only be read stays as it is."""
    path = folder / ".gitignore"
    if not path.exists():
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text("*\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Layout:
    root: Path

    @property
    def own(self) -> Path:
        return self.root / OWN_FOLDER

    def hide_own(self) -> None:
        hide_folder(self.own)

    @property
    def state(self) -> Path:
        """What earlier runs found and did (store/state.py). Without it everything is stale."""
        return self.own / "state"

    @property
    def tools(self) -> Path:
        """Installed tools; NOX_RINGS_TOOLS_DIR lets several checkouts share one folder."""
        chosen = os.environ.get("NOX_RINGS_TOOLS_DIR")
        return Path(chosen) if chosen else self.own / "tools"

    @property
    def baselines(self) -> Path:
        """Earlier states of the schema; each is written once and never changes."""
        return self.own / "baselines"

    @property
    def scratch(self) -> Path:
        """Outside the tree, and the same on every run: what a killed run leaves there the next one empties. Below
        `own` where this machine has no folder for temporary files."""
        import tempfile  # 5 ms

        mark = blake2b(os.fsencode(self.root), digest_size=6).hexdigest()
        try:
            return Path(tempfile.gettempdir()) / f"nox-rings-{mark}"
        except FileNotFoundError:
            return self.own / "scratch"

    def make_scratch(self) -> None:
        """Where everyone may write, anyone may have made the folder before, and change what is put into it: it has to
        be ours, a folder and no link, and closed to others. Raises StepFailedError."""
        path = self.scratch
        if path.resolve().is_relative_to(self.root.resolve()):
            raise StepFailedError(
                f"{path.parent}: found no folder for temporary files outside of the work tree, expected one",
                hint="export TMPDIR=FOLDER, a folder elsewhere that can be written",
            )
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            _require_own(path)
            path.chmod(0o700)

    def stage(self, target_id: str) -> Path:
        """Scratch folder of one target, emptied before each use."""
        return self.own / "stage" / file_name(target_id)

    def log(self, target_id: str) -> Path:
        return self.own / "logs" / f"{file_name(target_id)}.log"

    def lock(self, name: str) -> Path:
        return self.own / "locks" / f"{file_name(name)}.lock"


def _require_own(path: Path) -> None:
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
        return
    what = f"a folder of the user {found.st_uid}" if stat.S_ISDIR(found.st_mode) else "something that is no folder"
    raise StepFailedError(
        f"{path}: found {what}, expected none, or a folder of the user {os.geteuid()}",
        hint=f"rm -r {path}, or export TMPDIR=FOLDER",
    )


def file_name(target_id: str) -> str:
    return target_id.replace(":", "-").replace("/", "+").replace(" ", "-")
