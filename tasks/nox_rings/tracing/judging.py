"""Which of the files that the commands of a target used it may use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from nox_rings.engine.findings import Finding
from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.paths import at_or_above, is_under
from nox_rings.engine.store.search import NEVER_CONTENT

ANY = "*"
UNDECLARED_READ = "undeclared-read"
STRAY_WRITE = "stray-write"
REPOSITORY = ".git"
STAGES = f"{OWN_FOLDER}/stage"
# What tools keep for their own next call, compared by them with what it was made from.
CACHES = (
    *(*NEVER_CONTENT, ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"),
    *(
        "node_modules/.vite",
        "node_modules/.vite-temp",
        "node_modules/.vitest",
        "node_modules/.vitest-cache",
        "node_modules/.cache",
    ),
)
# Files of one folder that are reported one by one.
SHOWN_ONE_BY_ONE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Of one target: files and folders that it may read, and those that it may write. `installed` are names of folders
    with what installations made, and `installs` the folders at and below which it may read them; those that it makes
    itself are in `installing`. `stage` is its own scratch folder. `uncompared` are files that a program may read beside
    these, by its name; ANY is every program."""

    reads: frozenset[str]
    writes: frozenset[str]
    stage: str
    installed: frozenset[str] = frozenset()
    installs: tuple[str, ...] = ()
    installing: tuple[str, ...] = ()
    uncompared: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def may_read(self, path: str, program: str) -> bool:
        if path in self.uncompared.get(program, ()) or path in self.uncompared.get(ANY, ()):
            return True
        if is_under(path, OWN_FOLDER):
            return self._may_use_own(path) or _within(path, self.reads | self.writes)
        return _within(path, self.reads) or _within(path, self.writes) or self._is_installed(path, self.installs)

    def may_write(self, path: str) -> bool:
        if is_under(path, OWN_FOLDER):
            return self._may_use_own(path) or _within(path, self.writes)
        return _within(path, self.writes) or self._is_installed(path, self.installing)

    def _may_use_own(self, path: str) -> bool:
        """Not the scratch folders of others; the rest is ours: tools, environments, caches by content."""
        return is_under(path, self.stage) or not is_under(path, STAGES)

    def _is_installed(self, path: str, roots: Collection[str]) -> bool:
        holders = (each for each in at_or_above(path) if each.rpartition("/")[2] in self.installed)
        return any(is_under(holder, root) for holder in holders for root in roots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was used: file → program. `listed` is what git lists before and after, `is_there` whether a file is there
    now."""

    read: Mapping[str, str]
    written: Mapping[str, str]
    removed: Mapping[str, str]
    listed: frozenset[str]
    is_there: Callable[[str], bool]

    def remains(self, path: str) -> bool:
        """Not a temporary file."""
        return path in self.listed or self.is_there(path)


def undeclared_reads(seen: Seen, allowed: Allowed) -> dict[str, str]:
    """File → program. All of the repository's own folder is one."""
    found: dict[str, str] = {}
    for path, program in seen.read.items():
        if is_under(path, REPOSITORY):
            found.setdefault(REPOSITORY, program)
        elif seen.remains(path) and not allowed.may_read(path, program) and not _is_cache(path, seen):
            found[path] = program
    return found


def stray_writes(seen: Seen, allowed: Allowed) -> dict[str, str]:
    """File → program: written and still there, or listed and gone."""
    found = {}
    for path, program in (*seen.written.items(), *seen.removed.items()):
        if is_under(path, REPOSITORY) and program == "git" and _is_index(path):
            continue
        if seen.remains(path) and not allowed.may_write(path) and not _is_cache(path, seen):
            found[path] = program
    return found


def _is_index(path: str) -> bool:
    """git writes it anew when it looks at files whose times changed; its content stands for the same."""
    return path.startswith(f"{REPOSITORY}/") and path.rpartition("/")[2] in ("index", "index.lock")


def _is_cache(path: str, seen: Seen) -> bool:
    """Of a known tool, and ignored by git."""
    return path not in seen.listed and any(f"/{each}/" in f"/{path}" for each in CACHES)


def _within(path: str, places: Collection[str]) -> bool:
    return any(each in places for each in at_or_above(path))


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences about a kind of finding: `message` gets the program, `fix` the path."""

    kind: str
    message: Callable[[str], str]
    fix: Callable[[str], str]


def findings_of(found: Mapping[str, str], wording: Wording) -> Iterator[Finding]:
    """One for each file, or one for a folder with many."""
    folders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, program in sorted(found.items()):
        folders[path.rpartition("/")[0], program].append(path)
    for (folder, program), paths in folders.items():
        if len(paths) <= SHOWN_ONE_BY_ONE or not folder:
            places = {path: wording.message(program) for path in paths}
        else:
            names = ", ".join(path.rpartition("/")[2] for path in paths[:SHOWN_ONE_BY_ONE])
            places = {folder: f"{wording.message(program)}: {len(paths)} files, among them {names}"}
        for place, message in places.items():
            yield Finding(kind=wording.kind, path=place, message=message, fix=wording.fix(place))
