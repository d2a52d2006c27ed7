"""A folder beside what it should be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Files of other content with the first line that differs (0 where there are no lines), files too many, files that
    are not there; by their paths."""

    edited: Mapping[str, int] = field(default_factory=dict)
    unexpected: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.edited) + len(self.unexpected) + len(self.missing)


def joined_differences(by_folder: Iterable[tuple[str, Differences]]) -> Differences:
    """Those of several folders as one, by paths from where the folders lie."""
    parts = tuple(by_folder)
    return Differences(
        edited={f"{folder}/{path}": line for folder, each in parts for path, line in each.edited.items()},
        unexpected=tuple(f"{folder}/{path}" for folder, each in parts for path in each.unexpected),
        missing=tuple(f"{folder}/{path}" for folder, each in parts for path in each.missing),
    )
