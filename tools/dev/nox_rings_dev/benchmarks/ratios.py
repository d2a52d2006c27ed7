"""From two rows of seconds to a verdict. Pure.

Each round is a pair, ours and then theirs, with a ratio of its own: what makes the machine slow for a while makes both
slow. The median of the ratios counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from nox_rings.engine.tables import table

HEAD = ("benchmark", "ours", "theirs", "ratio (min … max)", "bound", "ok")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Seconds of each round, in order, the same number for both sides. `note` is what the preparation found out."""

    name: str
    bound: float
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    note: str = ""

    @property
    def ratios(self) -> tuple[float, ...]:
        return tuple(ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True))

    @property
    def ratio(self) -> float:
        """To two decimal places, as the table shows it."""
        return round(median(self.ratios), 2)

    @property
    def ok(self) -> bool:
        return self.ratio <= self.bound

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "ok": self.ok,
            "ratio": self.ratio,
            "bound": self.bound,
            "ratios": [round(each, 3) for each in self.ratios],
            "ours_seconds": [round(each, 4) for each in self.ours],
            "theirs_seconds": [round(each, 4) for each in self.theirs],
            "note": self.note,
        }


def all_within(measurements: Sequence[Measurement]) -> bool:
    return all(each.ok for each in measurements)


def render_table(measurements: Sequence[Measurement]) -> str:
    """A row each: median seconds of both sides, the median of the ratios and how far they lie apart; then the notes."""
    rows = [
        (
            each.name,
            f"{median(each.ours):.2f} s",
            f"{median(each.theirs):.2f} s",
            f"{each.ratio:.2f} ({min(each.ratios):.2f} … {max(each.ratios):.2f})",
            f"{each.bound:.2f}",
            "yes" if each.ok else "NO",
        )
        for each in measurements
    ]
    return "\n".join([table(rows, HEAD), *(f"{each.name}: {each.note}" for each in measurements if each.note)])
