"""What an image is called: by its service, by what its Dockerfile is called, and by what names it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nox_rings.engine.paths import hyphenated

# Folders that say how something is kept, and not what it is.
GENERIC = frozenset(
    (
        *("src", "docker", ".docker", "dockerfiles", "dockerfile", "build", "builds", "deploy", "deployment"),
        *("deployments", "images", "image", "container", "containers", "ci", "infra", "ops", "packaging", "scripts"),
    )
)
# Folders of many services: what lies in one is a service, whatever its name.
COLLECTIONS = frozenset(("services", "apps", "packages", "libs", "cmd", "modules", "projects", "components", "tools"))
ROOT = "root"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWish:
    """`service` is a folder, `label` tells its images apart; `names` are tried before those that follow from the two.
    `group` is what must not share a name: images of one kind. Where two want one name, the lower `rank` has it."""

    service: str
    label: str
    folder: str
    group: str
    rank: int = 0
    names: tuple[str, ...] = ()

    def candidates(self) -> tuple[str, ...]:
        """From short to long, as an image may be named."""
        short = _labelled(short_name(self.service), self.label)
        longer = [f"{each}/{self.label}" if each != "." else self.label or ROOT for each in (self.service, self.folder)]
        return tuple(dict.fromkeys(image_name(each) for each in (*self.names, short, *longer)))


def service_folder(folder: str) -> str:
    """The folder that an image in `folder` is named after; `.` where no folder says what it is."""
    parts = folder.split("/")
    while parts and parts[-1].lower() in GENERIC and not COLLECTIONS.intersection(parts[-2:-1]):
        parts.pop()
    return "/".join(parts) or "."


def short_name(folder: str) -> str:
    return ROOT if folder == "." else folder.rpartition("/")[2]


def _labelled(service: str, label: str) -> str:
    if not label:
        return service
    return label if service in (ROOT, label) else f"{service}-{label}"


def image_name(text: str) -> str:
    """As a repository may be called (github.com/distribution/reference)."""
    parts = (re.sub(r"[^a-z0-9.-]+", "-", hyphenated(part)).strip(".-") for part in text.split("/"))
    return "/".join(re.sub(r"\.{2,}", ".", part) for part in parts if part) or "image"


def unique_names(wishes: Sequence[NameWish]) -> list[str]:
    """The shortest candidate of each that no other has. Images of several services never share a name, those of one
    service do across groups: its development and its release image."""
    candidates = [wish.candidates() for wish in wishes]
    at = [0] * len(wishes)
    while moved := _clashing(wishes, [names[index] for names, index in zip(candidates, at, strict=True)]):
        longer = [each for each in moved if at[each] + 1 < len(candidates[each])]
        for each in longer:
            at[each] += 1
        if not longer:
            break
    found = [names[index] for names, index in zip(candidates, at, strict=True)]
    return _numbered(wishes, found)


def _clashing(wishes: Sequence[NameWish], names: Sequence[str]) -> list[int]:
    by_name: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        by_name.setdefault(name, []).append(index)
    clashing: list[int] = []
    for indexes in by_name.values():
        if _clash([wishes[each] for each in indexes]):
            first = min(wishes[each].rank for each in indexes)
            keepers = [each for each in indexes if wishes[each].rank == first]
            kept = [] if _clash([wishes[each] for each in keepers]) else keepers
            clashing.extend(each for each in indexes if each not in kept)
    return clashing


def _clash(wishes: Sequence[NameWish]) -> bool:
    groups = [wish.group for wish in wishes]
    return len({wish.service for wish in wishes}) > 1 or len(set(groups)) < len(groups)


def _numbered(wishes: Sequence[NameWish], names: list[str]) -> list[str]:
    taken: set[tuple[str, str]] = set()
    for index, wish in sorted(enumerate(wishes), key=lambda each: each[1].rank):
        name, number = names[index], 1
        while (wish.group, name) in taken:
            number += 1
            name = f"{names[index]}-{number}"
        taken.add((wish.group, name))
        names[index] = name
    return names
