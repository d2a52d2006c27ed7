"""Single edits of a workspace in which all is fresh: a plan alone, against what checks would read by an oracle."""

from __future__ import annotations

import random
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from property import oracle
from property.trial import Trial

# What installations and runs left, which a plan only reads.
KEPT = frozenset({".nox-rings", "node_modules"})


@dataclass
class Verdicts:
    """`wrong` is what a plan took for fresh though its reading changed, `needless` what it would run though neither
    that nor a dependency changed."""

    edits: int = 0
    stale: int = 0
    kinds: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.edits} edits of {len(self.kinds)} kinds, each of a fresh workspace: {self.stale} targets stale, "
            f"{len(self.needless)} of them needlessly, {len(self.wrong)} wrongly fresh"
        )


def judge(trial: Trial, rng: random.Random, edits: int) -> Verdicts:
    found = Verdicts()
    before = oracle.readings(trial.tree)
    for edit in trial.random_edits(rng, edits):
        _restore(trial)
        (told,) = trial.apply([edit])
        found.edits += 1
        found.kinds.add(edit.kind)
        planned, now = oracle.plan(trial.tree), oracle.readings(trial.tree)
        for path in sorted(before.keys() & now.keys() & planned.keys()):
            target_id, reason = planned[path]
            changed = now[path] != before[path]
            found.stale += reason != "fresh"
            if changed and reason == "fresh":
                found.wrong.append(f"{target_id} after {edit}, {told}: {sorted(now[path] ^ before[path])[:3]}")
            if not changed and reason != "fresh" and not reason.startswith("dependency"):
                found.needless.append(f"{target_id} ({reason}) after {edit}, {told}")
    _restore(trial)
    return found


def _restore(trial: Trial) -> None:
    """The files of the base, with its repository; installations and records were only read."""
    trial.tree.variables.clear()
    _clear(trial.tree.root)
    leave_out = [f"--exclude={name}" for name in sorted(KEPT)]
    base = trial.folder / "base" / trial.tree.root.name
    with subprocess.Popen(("tar", "cf", "-", *leave_out, "."), cwd=base, stdout=subprocess.PIPE) as packed:
        subprocess.run(("tar", "xpf", "-"), cwd=trial.tree.root, stdin=packed.stdout, check=True)
    assert packed.returncode == 0


def _clear(folder: Path) -> None:
    """All but folders that are kept, and those on the way to them."""
    for path in folder.iterdir():
        if path.name in KEPT:
            continue
        if path.is_symlink() or not path.is_dir():
            path.unlink()
        elif any((path / name).is_dir() or any(path.glob(f"*/{name}")) for name in KEPT) and path.name != ".git":
            _clear(path)
        else:
            shutil.rmtree(path)
