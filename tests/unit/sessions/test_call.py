"""Sessions of one nox call: what one has carried out is told by the others, and made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from nox_rings.engine.plan.reasons import Reason, ReasonKind
from nox_rings.engine.run.report import Outcome, RunReport, TargetResult
from nox_rings.sessions.call import Call
from unit.targets import a_target

NEEDS = {"sdk:go": {"proto"}, "sdk:py": {"proto"}, "sdk:ts": {"proto", "install"}}
LATER = {"sdk:ts": ("sdk:go", "sdk:py"), "sdk:go": ("sdk:py",), "sdk:py": ()}


def needed(target_id: str) -> set[str]:
    return NEEDS[target_id] | {target_id}


@dataclass
class Workspace:
    """Carries targets out as a run does: a failure stops what comes later, and what was done is fresh afterwards.
    `order` is that in which targets come to their turn, `ends` those that do not end well."""

    order: tuple[str, ...] = ("proto", "install", "sdk:go", "sdk:py", "sdk:ts")
    ends: dict[str, Outcome] = field(default_factory=dict)
    chosen: list[list[str]] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)

    def carry(self, ids: Sequence[str]) -> RunReport:
        self.chosen.append(list(ids))
        wanted = set(ids).union(*(NEEDS[each] for each in ids))
        outcomes: dict[str, Outcome] = {}
        for each in (each for each in self.order if each in wanted):
            if Outcome.FAILED in outcomes.values():
                outcomes[each] = Outcome.NOT_RUN
            elif each in self.ran and each not in self.ends:
                outcomes[each] = Outcome.FRESH
            else:
                self.ran.append(each)
                outcomes[each] = self.ends.get(each, Outcome.DONE)
        return RunReport(tuple(result(*each) for each in outcomes.items()), seconds=float(len(self.chosen)))


def result(target_id: str, outcome: Outcome) -> TargetResult:
    target = a_target(target_id)
    return TargetResult(target=target, outcome=outcome, reason=Reason(ReasonKind.NEVER_BUILT))


def told(workspace: Workspace, call: Call) -> list[dict[str, str]]:
    """The reports of three sessions, one after the other: target → outcome."""
    reports = [call.report([each], LATER[each], needed(each), workspace.carry) for each in LATER]
    return [{each.target.id: str(each.outcome) for each in report.results} for report in reports]


def test_the_first_session_makes_everything_at_once_and_each_tells_of_its_own() -> None:
    workspace = Workspace()
    assert told(workspace, Call()) == [
        {"proto": "done", "install": "done", "sdk:ts": "done"},
        {"proto": "done", "sdk:go": "done"},
        {"proto": "done", "sdk:py": "done"},
    ]
    assert workspace.chosen == [["sdk:ts", "sdk:go", "sdk:py"]]


def test_what_was_fresh_is_told_as_fresh() -> None:
    workspace = Workspace(ran=["proto", "install", "sdk:go"])
    assert told(workspace, Call())[1] == {"proto": "fresh", "sdk:go": "fresh"}
    assert workspace.chosen == [["sdk:ts", "sdk:go", "sdk:py"]]


def test_a_failure_fails_its_own_session_and_keeps_no_other_from_being_made() -> None:
    workspace = Workspace(ends={"sdk:go": Outcome.FAILED})
    assert told(workspace, Call()) == [
        {"proto": "done", "install": "done", "sdk:ts": "done"},
        {"proto": "done", "sdk:go": "failed"},
        {"proto": "done", "sdk:py": "done"},
    ]
    assert workspace.chosen == [["sdk:ts", "sdk:go", "sdk:py"], ["sdk:ts"], ["sdk:py"]]
    assert sorted(workspace.ran) == ["install", "proto", "sdk:go", "sdk:py", "sdk:ts"]


def test_what_is_done_is_not_chosen_again_which_force_would_make_anew() -> None:
    order = ("proto", "install", "sdk:py", "sdk:ts", "sdk:go")
    workspace = Workspace(order=order, ends={"sdk:ts": Outcome.FAILED})
    assert told(workspace, Call())[1:] == [{"proto": "done", "sdk:go": "done"}, {"proto": "done", "sdk:py": "done"}]
    assert workspace.chosen == [["sdk:ts", "sdk:go", "sdk:py"], ["sdk:go"]]


def test_what_all_need_fails_all_and_is_tried_once() -> None:
    workspace = Workspace(ends={"proto": Outcome.FAILED})
    assert [report["proto"] for report in told(workspace, Call())] == ["failed"] * 3
    assert workspace.ran == ["proto"]


def test_sessions_of_another_call_know_nothing_of_it() -> None:
    workspace = Workspace()
    told(workspace, Call())
    assert told(workspace, Call())[2] == {"proto": "fresh", "sdk:py": "fresh"}


@pytest.mark.parametrize(("ends", "seconds"), [({}, 1.0), ({"sdk:go": Outcome.FAILED}, 3.0)])
def test_the_time_told_is_that_of_the_run_that_settled_it(ends: dict[str, Outcome], seconds: float) -> None:
    workspace, call = Workspace(ends=ends), Call()
    told(workspace, call)
    assert call.report(["sdk:py"], (), needed("sdk:py"), workspace.carry).seconds == seconds
