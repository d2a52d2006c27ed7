"""A workspace in a folder, the runs in it, and all that can be seen of them afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from checkout import RUN_SECONDS, environment
from strangers import AUTHOR

# What installations, builds and interpreters leave, and a clean clone does not have.
MADE = frozenset({".nox-rings", "node_modules", ".venv", "dist", "__pycache__", ".git"})
PASSED, FAILED = ("done", "fresh"), "failed"


class GitRefusedError(AssertionError):
    """Of a command of git, which left the tree as it was."""


class Target(NamedTuple):
    id: str
    path: str
    outcome: str
    reason: str

    @property
    def verdict(self) -> str:
        return "passed" if self.outcome in PASSED else self.outcome


class Report(NamedTuple):
    """What one run printed: no targets where it refused the whole workspace, with its sentence as the error."""

    targets: tuple[Target, ...]
    error: str
    traceback: str


class Seen(NamedTuple):
    """What can be compared of two trees: a verdict for each target, and for each file that a build made or a check
    said that it read, a digest or its text."""

    verdicts: Mapping[str, str]
    files: Mapping[str, str]
    error: str


@dataclass
class Tree:
    """`root` is the work tree and `observed` the folder in which its checks write what they read. `variables` are of
    the environment that nox runs in."""

    root: Path
    observed: Path
    variables: dict[str, str] = field(default_factory=dict)

    def path(self, name: str) -> Path:
        return self.root / name

    def exists(self, name: str) -> bool:
        return os.path.lexists(self.root / name)

    def write(self, name: str, text: str | bytes) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_bytes(text.encode() if isinstance(text, str) else text)

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8", errors="surrogateescape")

    def remove(self, name: str) -> None:
        path = self.root / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def git(self, *words: str, check: bool = True, cwd: str = ".") -> str:
        argv = ("git", "-c", "protocol.file.allow=always", "-c", "advice.detachedHead=false", *words)
        variables = {**environment(), **AUTHOR}
        done = subprocess.run(argv, cwd=self.root / cwd, env=variables, capture_output=True, timeout=60)
        if done.returncode and check:
            raise GitRefusedError(f"{argv}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode(errors="surrogateescape")

    def nox(self, session: str, *words: str) -> tuple[str, str]:
        """What it printed on both streams. PROPERTY_RUN keeps go from answering a test out of its own cache."""
        own = {
            "PYTHONFAULTHANDLER": "1",
            "PROPERTY_OBSERVED": str(self.observed),
            "PROPERTY_RUN": f"{self.root} {time.monotonic_ns()}",
        }
        done = subprocess.run(
            (sys.executable, "-m", "nox", "-s", session, "--", *words),
            cwd=self.root,
            env={**environment(), **AUTHOR, **own, **self.variables},
            capture_output=True,
            timeout=RUN_SECONDS,
        )
        ended = f"\nexit code {done.returncode}" if done.returncode else ""
        return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace") + ended

    def build(self, session: str = "check", places: Mapping[str, str] | None = None) -> Report:
        """`places` are the paths of targets by id, where they are known."""
        out, err = self.nox(session, "--json", "--keep-going")
        traceback = err[err.index("Traceback") :] if "Traceback" in err else ""
        try:
            document = json.loads(out)
        except ValueError:
            return Report((), f"no document: {out[-500:]}{err[-1500:]}", traceback)
        places = places or {each["id"]: each["place"] for each in self.plan()}
        targets = tuple(
            Target(each["id"], places.get(each["id"], ""), each["outcome"], _reason(each))
            for each in document.get("targets", ())
        )
        return Report(targets, str(document.get("error", {}).get("message", "")), traceback)

    def plan(self) -> list[Mapping[str, Any]]:
        """What `plan --json` says of each target."""
        out, err = self.nox("plan", "--json")
        try:
            document = json.loads(out)
        except ValueError:
            raise AssertionError(f"plan printed no document: {out[-500:]}{err[-1500:]}") from None
        return [*document.get("targets", ())]

    def seen(self, report: Report, made: Iterable[str]) -> Seen:
        """`made` are folders, relative to the root, with what builds leave. What belongs to a target that did not pass
        is left out: it may be of an earlier time."""
        verdicts = {each.id: each.verdict for each in report.targets}
        passed = {each.path for each in report.targets if each.verdict == "passed"}
        files: dict[str, str] = {}
        for path in sorted(self.observed.glob("*")):
            if path.name.partition("@")[0].replace("+", "/") in passed:
                files[f"read {path.name}"] = path.read_text(encoding="utf-8", errors="replace")
        for folder, owner in ((each, "/".join(each.split("/")[:2])) for each in made):
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts and owner in passed:
                    files[str(path.relative_to(self.root))] = path.read_bytes().decode(errors="replace")
        return Seen(verdicts, files, report.error.replace(str(self.root), "ROOT"))

    def copy_without_what_was_made(self, there: Path) -> Tree:
        """The same files, tracked, untracked and ignored, with their repository, and nothing that a build left."""
        shutil.rmtree(there, ignore_errors=True)
        (there / "observed").mkdir(parents=True)
        subprocess.run(("cp", "-a", self.root, there / "w"), check=True)
        clean = Tree(there / "w", there / "observed", dict(self.variables))
        waiting = [clean.root]
        while waiting:
            for entry in os.scandir(waiting.pop()):
                if entry.is_dir(follow_symlinks=False):
                    if entry.name in MADE - {".git"}:
                        shutil.rmtree(entry.path)
                    elif entry.name != ".git":
                        waiting.append(Path(entry.path))
        return clean


def _reason(each: Mapping[str, object]) -> str:
    detail = each.get("reason_detail", "")
    more = " ".join(map(str, detail)) if isinstance(detail, list) else str(detail)
    return f"{each.get('reason', '')} {more}".strip()
