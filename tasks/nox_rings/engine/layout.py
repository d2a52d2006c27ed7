"""Where things lie in a workspace. All of ours is below `.nox-rings/`, which git ignores."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

OWN_FOLDER = ".nox-rings"


@dataclass(frozen=True, slots=True)
class Layout:
    root: Path

    @property
    def own(self) -> Path:
        return self.root / OWN_FOLDER

    def hide_own(self) -> None:
        """From git, whatever the .gitignore of the workspace says. A tree that may only be read stays as it is."""
        path = self.own / ".gitignore"
        if not path.exists():
            with suppress(OSError):
                self.own.mkdir(exist_ok=True)
                path.write_text("*\n", encoding="utf-8")

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
        """Outside the tree, and the same on every run: what a killed run leaves there the next one empties."""
        import tempfile  # 5 ms

        mark = blake2b(str(self.root).encode(), digest_size=6).hexdigest()
        return Path(tempfile.gettempdir()) / f"nox-rings-{mark}"

    def stage(self, target_id: str) -> Path:
        """Scratch folder of one target, emptied before each use."""
        return self.own / "stage" / file_name(target_id)

    def log(self, target_id: str) -> Path:
        return self.own / "logs" / f"{file_name(target_id)}.log"

    def lock(self, name: str) -> Path:
        return self.own / "locks" / f"{file_name(name)}.lock"


def file_name(target_id: str) -> str:
    return target_id.replace(":", "-").replace("/", "+").replace(" ", "-")
