"""The benchmarks, in the order in which they run."""

from __future__ import annotations

from nox_rings_dev.benchmarks.empty_session import fresh_check, fresh_proto, listing
from nox_rings_dev.benchmarks.pairs import Benchmark
from nox_rings_dev.benchmarks.proto_check import stale_check
from nox_rings_dev.benchmarks.proto_generate import large_generation
from nox_rings_dev.benchmarks.scale import derivation, planning, state_cost
from nox_rings_dev.benchmarks.sdks_cold import cold_sdks

BENCHMARKS = (
    Benchmark(
        name="list",
        about="`nox -l` against that of a noxfile with as many empty sessions",
        bound=1.2,
        rounds=15,
        prepare=listing,
    ),
    Benchmark(
        name="noop-proto",
        about="`nox -s proto` that finds everything fresh against an empty session",
        bound=1.3,
        rounds=15,
        prepare=fresh_proto,
    ),
    Benchmark(
        name="proto-check-fresh",
        about="`nox -s proto -- --check` that finds everything fresh against an empty session",
        bound=1.3,
        rounds=15,
        prepare=fresh_check,
    ),
    Benchmark(
        name="proto-check-stale",
        about="`nox -s proto -- --check` that knows nothing of earlier runs against buf's commands by hand",
        bound=1.2,
        rounds=7,
        prepare=stale_check,
    ),
    Benchmark(
        name="proto-generate-300",
        about="`nox -s proto` with 300 checked files and no stubs yet against the slowest plugin alone",
        bound=1.2,
        rounds=5,
        prepare=large_generation,
    ),
    Benchmark(
        name="sdks-cold",
        about="`nox -s sdk -- ts go py` in a fresh clone against the same commands started together from a shell",
        bound=1.1,
        rounds=3,
        prepare=cold_sdks,
    ),
    Benchmark(
        name="state-cost",
        about="what the state costs 500 runs with 500 targets and 50,000 files against 10 targets and 1,000 files",
        bound=1.5,
        rounds=5,
        prepare=state_cost,
    ),
    Benchmark(
        name="derive-1000",
        about="the targets of 1,000 packages with an image each from their files against 4 times those of 250",
        bound=1.3,
        rounds=5,
        prepare=derivation,
    ),
    Benchmark(
        name="plan-10000",
        about="a graph of 10,000 targets loaded and planned against 10 of 1,000",
        bound=1.5,
        rounds=5,
        prepare=planning,
    ),
)
