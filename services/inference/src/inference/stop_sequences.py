"""Cutting a text that arrives in pieces at the first of several stop sequences."""

from __future__ import annotations

from collections.abc import Sequence


class StopFilter:
    """Passes text on, except what may still turn out to be the beginning of a stop sequence."""

    def __init__(self, sequences: Sequence[str]) -> None:
        self._sequences = tuple(sequences)
        self._held = ""
        self.found = False

    def pass_on(self, piece: str) -> str:
        """The text that is safe to show now. Once a sequence is complete `found` is set and nothing more comes."""
        if self.found:
            return ""
        text = self._held + piece
        starts = [index for sequence in self._sequences if (index := text.find(sequence)) >= 0]
        if starts:
            self.found, self._held = True, ""
            return text[: min(starts)]
        held = max((_overlap(text, sequence) for sequence in self._sequences), default=0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def rest(self) -> str:
        """What was held back, when no more text comes."""
        rest, self._held = self._held, ""
        return rest


def _overlap(text: str, sequence: str) -> int:
    """Length of the longest end of `text` that begins, but does not complete, `sequence`."""
    longest = min(len(text), len(sequence) - 1)
    return next((length for length in range(longest, 0, -1) if sequence.startswith(text[-length:])), 0)
