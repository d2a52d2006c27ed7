"""The nox call that a session is part of: nox runs its sessions one after the other, in one process. What several of
them would make is made at once, by the first of them, and told by each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from nox_rings.engine.run.report import Outcome, RunReport, TargetResult

if TYPE_CHECKING:
    import nox

Carry = Callable[[Sequence[str]], RunReport]


@dataclass(eq=False)
class Call:
    """What came of targets that sessions of this call have carried out."""

    results: dict[str, TargetResult] = field(default_factory=dict)
    seconds: float = 0.0

    def report(self, ids: Sequence[str], along: Sequence[str], needed: Collection[str], carry: Carry) -> RunReport:
        """What came of `ids` and all they depend on, which is `needed`. Where that is not known yet they are carried
        out, with what later sessions will ask for (`along`)."""
        if not self._knows(needed):
            self._carry_out((*ids, *along), carry)
        if not self._knows(needed):  # a failure elsewhere stopped new work, as it should, but none of ours failed
            self._carry_out(ids, carry)
        return RunReport(tuple(result for each, result in self.results.items() if each in needed), self.seconds)

    def _knows(self, needed: Collection[str]) -> bool:
        """Whether there is nothing left to do for them, or one of them has failed."""
        outcomes = [self.results[each].outcome if each in self.results else Outcome.NOT_RUN for each in needed]
        return Outcome.FAILED in outcomes or Outcome.NOT_RUN not in outcomes

    def _carry_out(self, ids: Sequence[str], carry: Carry) -> None:
        report = carry([each for each in ids if not self._is_done(each)])
        self.seconds = report.seconds
        for result in report.results:
            if result.outcome is not Outcome.FRESH or not self._is_done(result.target.id):
                self.results[result.target.id] = result

    def _is_done(self, target_id: str) -> bool:
        return target_id in self.results and self.results[target_id].outcome is Outcome.DONE


_calls: WeakKeyDictionary[object, Call] = WeakKeyDictionary()


def call_of(session: nox.Session) -> Call:
    """The same for all sessions of one call."""
    return _calls.setdefault(session._runner.manifest, Call())


def later_sessions(session: nox.Session) -> tuple[str, ...]:
    """Names of those that nox will run after this one. Nothing public tells (nox 2026.10.20): a test with a real nox
    holds what this reads."""
    return tuple(runner.name for runner, waits in session._runner.manifest.list_all_sessions() if waits)
