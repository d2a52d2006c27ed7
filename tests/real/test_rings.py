"""The main job on the reference workspace: everything for real, then what changes make of it."""

from __future__ import annotations

import os
import random
import re
import signal
from pathlib import Path

import pytest

from checkout import Checkout
from waiting import PATIENCE_SECONDS

PROTO = "packages/ameide_core_proto/src/ameide_core_proto/graph/v1/graph.proto"
# What reads the schema, directly or through an SDK: all but the two installations.
AFFECTED = {
    "proto",
    *("stubs:go", "stubs:py", "stubs:ts", "sdk:go", "sdk:py", "sdk:ts"),
    *("service:agents", "service:graph", "service:inference", "service:inference-gateway"),
    *("artifact:go", "artifact:py", "artifact:ts", "install-check:go", "install-check:py", "install-check:ts"),
    *("smoke:go", "smoke:npm", "smoke:pypi"),
    *("image-dev:agents", "image-dev:graph", "image-dev:inference", "image-dev:inference-gateway"),
    *("image-release:agents", "image-release:graph", "image-release:inference", "image-release:inference-gateway"),
}
INSTALLATIONS = {"install:pnpm", "install:uv"}
# The package that holds the schema, and the distribution nox-rings, whose tests are another session's.
NOTHING_TO_RUN = {"package:ameide-core-proto", "package:root"}
MEMBERS = [each for each in sorted(AFFECTED) if each.startswith(("proto", "stubs:", "sdk:", "service:"))]
SERVICES = ("agents", "graph", "inference", "inference-gateway")


def planned(checkout: Checkout) -> dict[str, str]:
    """Target → reason of everything that would run."""
    targets = checkout.nox("-s", "plan", "--", "--json").json()["targets"]
    return {each["id"]: each["reason"] for each in targets if each["runs"]}


def test_the_summary_names_every_target_the_image_digests_and_the_versions_called(built_checkout: Checkout) -> None:
    report = built_checkout.nox("-s", "rings", "--", "--json").json()
    made = {each["id"]: each["detail"] for each in report["targets"]}
    assert set(made) == AFFECTED | INSTALLATIONS | NOTHING_TO_RUN
    for service in SERVICES:
        release = made[f"image-release:{service}"]
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", release["digest"])
        assert re.fullmatch(rf"{service} 0\.1\.0-dev\.\d{{14}}\.g[0-9a-f]{{12}}", release["proof"])
    assert re.fullmatch(r"0\.1\.0-dev\.\d{14}\.g[0-9a-f]{12}", made["smoke:npm"]["version"])
    assert re.fullmatch(r"0\.1\.0\.dev\d{19}", made["smoke:pypi"]["version"])
    assert re.fullmatch(r"v0\.0\.0-\d{14}-[0-9a-f]{12}", made["smoke:go"]["version"])
    for smoke in ("smoke:npm", "smoke:pypi", "smoke:go"):
        assert made[smoke]["version"] in made[smoke]["proof"]
    shown = built_checkout.nox("-s", "rings").out
    assert all(target in shown for target in made)
    assert all(made[f"image-dev:{service}"]["digest"] in shown for service in SERVICES)


def test_a_second_run_finds_everything_fresh_and_the_tree_is_clean(built_checkout: Checkout) -> None:
    assert planned(built_checkout) == {}
    assert built_checkout.is_clean()


def test_an_image_of_which_a_part_is_gone_is_built_again(built_checkout: Checkout) -> None:
    """The receipt beside it alone is no image."""
    receipt = ".nox-rings/images/image-dev/agents.json"
    layout = (built_checkout.root / receipt).with_suffix("")
    blob = max((layout / "blobs/sha256").iterdir(), key=lambda path: path.stat().st_size)
    blob.unlink()
    assert planned(built_checkout) == {"image-dev:agents": "output-missing"}
    assert receipt in built_checkout.nox("-s", "plan").out
    answer = built_checkout.nox("-s", "image-dev", "--", "agents")
    assert answer.exit_code == 0, answer.out[-4000:]
    assert blob.exists()
    assert planned(built_checkout) == {}


RENAMED = ("repeated Relationship relationships = ", "repeated Relationship links = ")


def allowed(rule: str) -> str:
    entry = f'rule = "{rule}"\npath = "{PROTO}"\nreason = "every user is in this repository"\nuntil = 2999-12-31'
    return f"[[tool.nox-rings.proto.exceptions]]\n{entry}\n\n"


def test_a_renamed_field_fails_as_breaking_then_in_the_service_that_uses_it_and_reverting_brings_everything_back(
    built_checkout: Checkout,
) -> None:
    with built_checkout.replaced(PROTO, *RENAMED):
        read = dict.fromkeys(("proto", "package:ameide-core-proto"), "input-changed")
        assert planned(built_checkout) == read | dict.fromkeys(AFFECTED - {"proto"}, "dependency")
        report = built_checkout.nox("-s", "rings", "--", "--json").json()
        rules = sorted({finding["rule"] for finding in report["findings"]})
        assert rules == ["FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME"]
        entries = "".join(map(allowed, rules))
        with built_checkout.replaced("pyproject.toml", "[tool.ruff]\n", f"{entries}[tool.ruff]\n"):
            answer = built_checkout.nox("-s", "rings")
        assert answer.exit_code == 1
        head, _, output = answer.out.rpartition("its whole output:")
        assert "✗ service:graph (services/graph)" in head
        assert "error TS" in output and "relationships" in output
    report = built_checkout.nox("-s", "rings", "--", "--json").json()
    assert report["ok"]
    outcomes = {each["id"]: each["outcome"] for each in report["targets"]}
    assert outcomes["install:pnpm"] == "fresh"
    assert outcomes["image-release:agents"] == "fresh"
    assert planned(built_checkout) == {}


def test_a_release_image_tells_its_ref_and_digest(built_checkout: Checkout) -> None:
    for name in ("graph", "inference-gateway", "inference_gateway"):
        answer = built_checkout.nox("-s", "image-release", "--", name)
        assert answer.exit_code == 0
        assert re.search(
            rf"{name.replace('_', '-')}:0\.1\.0-dev\.\d{{14}}\.g[0-9a-f]{{12}}  sha256:[0-9a-f]{{64}}", answer.out
        )


def test_an_unknown_service_is_a_usage_error_that_lists_the_known_ones(built_checkout: Checkout) -> None:
    answer = built_checkout.nox("-s", "image-release", "--", "nope")
    assert answer.exit_code == 2
    assert "found no service nope; the services are agents, graph, inference, inference-gateway" in answer.err


@pytest.mark.parametrize(
    ("number", "moment"),
    [(signal.SIGINT, "stubs:go"), (signal.SIGTERM, "sdk:ts"), (signal.SIGHUP, "service:graph")],
)
def test_a_signal_stops_every_child_and_the_next_run_completes(
    built_checkout: Checkout, number: signal.Signals, moment: str
) -> None:
    running = built_checkout.start_until(moment, "-s", "rings", "--", "--force")
    running.send_signal(number)
    assert running.wait(timeout=PATIENCE_SECONDS) == 128 + number
    assert children_in(built_checkout.root) == []
    assert built_checkout.is_clean()


def test_after_kill_9_at_random_moments_the_next_run_completes_and_the_tree_is_clean(built_checkout: Checkout) -> None:
    seed = int(os.environ.get("NOX_RINGS_TEST_SEED") or random.randrange(10**6))
    moments = random.Random(seed).sample([*sorted(INSTALLATIONS), *MEMBERS], 2)
    print(f"killed in {moments}; the same again: NOX_RINGS_TEST_SEED={seed}")
    for moment in moments:
        running = built_checkout.start_until(moment, "-s", "rings", "--", "--force")
        running.kill()
        assert running.wait() == -signal.SIGKILL, f"it was over before it could be killed in {moment}"
    answer = built_checkout.nox("-s", "rings")
    assert answer.exit_code == 0, answer.out[-4000:]
    assert planned(built_checkout) == {}
    assert built_checkout.is_clean()


def children_in(root: Path) -> list[str]:
    """Command lines of processes that work in `root` or mention it; zombies have none."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = str((process / "cwd").readlink())
        except OSError:
            continue
        if words and (str(root) in words or place.startswith(str(root))):
            found.append(words)
    return found
