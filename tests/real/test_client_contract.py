"""AmeideClient does the same in each language over each protocol: what sdk/contract/scenarios.json expects, against one
server over real sockets. A failure names the runner and the scenario."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import pytest

from checkout import REPOSITORY, Checkout
from contract.comparison import Comparison
from contract.differences import find_differences
from contract.documents import DocumentError
from contract.observation import Observation, Result
from contract.runners import RUN_SECONDS, RUNNERS, Outcome, Runner, RunnerError, build_go, commands, run_all
from contract.server import Server, running
from contract.table import CODES, MANIFEST, METHODS, NEVER, TABLE, Scenario, load_table, policy_of
from sdks import GO_SDK, PYTHON_SDK, TS_SDK, Sdks

TEXT = (REPOSITORY / TABLE).read_text(encoding="utf-8")
LOADED = load_table(TEXT)
DEFAULTS = json.loads((REPOSITORY / MANIFEST).read_text(encoding="utf-8"))
COPIES = (
    f"{TS_SDK}/src/ameide-client.json",
    f"{GO_SDK}/ameide-client.json",
    f"{PYTHON_SDK}/src/ameide_sdk/ameide-client.json",
)
BY_RUNNER = pytest.mark.parametrize("runner", RUNNERS, ids=lambda runner: runner.name)
BY_SCENARIO = pytest.mark.parametrize("scenario", LOADED.scenarios, ids=lambda scenario: scenario.name)


@dataclass(frozen=True, slots=True)
class Contract:
    """All runs against one server."""

    server: Server
    outcomes: Mapping[str, Outcome]

    def observe(self, scenario: Scenario, runner: Runner) -> Observation:
        result = self._result(scenario, runner)
        ask = self.server.seen_cancelled if scenario.expected.server_cancelled else self.server.seen
        seen = ask(runner.name, scenario.name)
        return Observation(scenario=scenario, system=runner.system, result=result, seen=seen)

    def _result(self, scenario: Scenario, runner: Runner) -> Result:
        try:
            return self.outcomes[runner.name].result(scenario.name)
        except (RunnerError, DocumentError) as error:
            reason = f"{runner.name}, {scenario.name}: {error}"
        pytest.fail(reason, pytrace=False)


@pytest.fixture(scope="module")
def contract(sdks: Sdks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    folder, elsewhere = tmp_path_factory.mktemp("contract"), tmp_path_factory.mktemp("runs")
    programs = build_go(sdks, folder)
    argv = commands(sdks, programs["client"])
    bounded = Sdks(sdks.checkout, RUN_SECONDS)
    with running(programs["server"], sdks.checkout.root / TABLE) as server:

        def run(runner: Runner) -> str:
            return bounded.run((*argv[runner.language], runner.name, server.url), cwd=elsewhere, stdin=TEXT)

        yield Contract(server, run_all(run))
    assert sdks.checkout.is_clean(), sdks.checkout.git("status", "--porcelain")


@BY_SCENARIO
@BY_RUNNER
def test_a_client_does_what_the_table_expects(contract: Contract, scenario: Scenario, runner: Runner) -> None:
    observed = contract.observe(scenario, runner)
    comparison = Comparison(observed, policy_of(DEFAULTS, scenario.client), LOADED.tenant_id)
    findings = [f"{runner.name}, {scenario.name}: {finding}" for finding in comparison.findings()]
    parts = {"client": asdict(observed.result), "server": asdict(observed.seen)}
    shown = [f"{name}: {json.dumps(part)}" for name, part in parts.items()]
    expect_none(findings, f"{scenario.name}: {scenario.why}", *shown)


def expect_none(findings: Sequence[str], *about_them: str) -> None:
    if findings:
        pytest.fail("\n".join((*findings, *about_them)), pytrace=False)


def test_all_clients_do_the_same(contract: Contract) -> None:
    differences = [
        f"{scenario.name}: {difference}"
        for scenario in LOADED.scenarios
        for difference in find_differences({runner.name: contract.observe(scenario, runner) for runner in RUNNERS})
    ]
    expect_none(differences)


@BY_RUNNER
def test_a_runner_omits_no_scenario_and_adds_none(contract: Contract, runner: Runner) -> None:
    outcome = contract.outcomes[runner.name]
    assert outcome.error == ""
    assert sorted(outcome.answers) == sorted(scenario.name for scenario in LOADED.scenarios)


@BY_RUNNER
def test_each_call_has_a_request_id_and_a_trace_of_its_own(contract: Contract, runner: Runner) -> None:
    """A client that sends the same one always would pass for one that keeps it for the attempts of a call."""
    observed = [contract.observe(scenario, runner) for scenario in LOADED.scenarios]
    calls = [{attempt.request_id for attempt in each.seen.attempts} for each in observed]
    repeated = Counter(request_id for ids in calls for request_id in ids)
    repeated += Counter(each.result.trace_id for each in observed)
    several = [f"{name}: found in {times} calls, expected in one" for name, times in repeated.items() if times > 1]
    expect_none([f"{runner.name}: {finding}" for finding in several])


def test_the_table_has_enough_scenarios_each_with_a_name_and_a_reason_of_its_own() -> None:
    names = [scenario.name for scenario in LOADED.scenarios]
    assert len(names) >= 12
    assert len(set(names)) == len(names) == len({scenario.why for scenario in LOADED.scenarios})


@BY_SCENARIO
def test_a_scenario_names_known_codes_and_methods_and_a_policy_of_the_manifest(scenario: Scenario) -> None:
    assert {scenario.expected.code, *scenario.server.answers} <= {*CODES, NEVER}
    assert scenario.expected.code != NEVER
    assert scenario.call in METHODS
    assert set(scenario.client.retry) <= set(DEFAULTS["retry"])
    assert len(scenario.expected.waits_ms) in (0, scenario.expected.attempts - 1)


@pytest.mark.parametrize("path", COPIES)
def test_a_copy_of_the_manifest_is_the_manifest(path: str) -> None:
    copy = REPOSITORY / path
    if not copy.exists() or copy.read_bytes() != (REPOSITORY / MANIFEST).read_bytes():
        pytest.fail(f"{path}: found no copy of the manifest, expected one: cp {MANIFEST} {path}", pytrace=False)


def test_a_change_of_the_manifest_makes_the_sdks_stale(sdks: Sdks, checkout: Checkout) -> None:
    sdk_ids = ("sdk:go", "sdk:py", "sdk:ts")

    def planned() -> dict[str, str]:
        targets = checkout.nox("-s", "plan", "--", "--json", *sdk_ids).json()["targets"]
        return {each["id"]: each["reason"] for each in targets if each["runs"]}

    assert planned() == {}
    with checkout.replaced(MANIFEST, '"maxAttempts": 3', '"maxAttempts": 4'):
        assert planned() == dict.fromkeys(sdk_ids, "input-changed")
