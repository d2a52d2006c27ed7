"""The pure part of the benchmarks: ratios and their verdict, the table, the schema they generate from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nox_rings_dev.benchmarks.catalogue import BENCHMARKS
from nox_rings_dev.benchmarks.ratios import Measurement, all_within, render_table
from nox_rings_dev.benchmarks.synthetic import synthetic_schema

ROOT = Path(__file__).parents[2]


def measurement(*ours: float, theirs: tuple[float, ...] = (), bound: float = 1.2, note: str = "") -> Measurement:
    """Theirs take a second each unless given."""
    return Measurement(name="some", bound=bound, ours=ours, theirs=theirs or (1.0,) * len(ours), note=note)


def test_each_round_has_a_ratio_of_its_own_so_that_a_slow_moment_makes_both_sides_slow() -> None:
    found = measurement(1.1, 11.0, 1.1, theirs=(1.0, 10.0, 1.0))
    assert found.ratios == pytest.approx((1.1, 1.1, 1.1))
    assert found.ratio == 1.1


@pytest.mark.parametrize(
    ("ours", "ratio"),
    [((1.5,), 1.5), ((1.0, 9.0, 1.1), 1.1), ((1.0, 1.2), 1.1), ((1.3, 1.1, 0.2, 1.2), 1.15)],
)
def test_the_median_of_the_ratios_counts_not_the_worst_nor_the_mean(ours: tuple[float, ...], ratio: float) -> None:
    assert measurement(*ours).ratio == ratio


@pytest.mark.parametrize(
    ("ours", "bound", "ok"),
    [(1.2, 1.2, True), (1.204, 1.2, True), (1.206, 1.2, False), (0.5, 1.2, True), (1.3, 1.2, False)],
)
def test_a_bound_holds_up_to_itself_to_the_two_places_that_are_shown(ours: float, bound: float, ok: bool) -> None:
    assert measurement(ours, bound=bound).ok is ok


def test_one_ratio_above_its_bound_fails_all() -> None:
    good, bad = measurement(1.0), measurement(2.0)
    assert all_within([good, good])
    assert not all_within([good, bad])


def test_sides_of_different_length_are_a_bug() -> None:
    with pytest.raises(ValueError):
        _ = measurement(1.0, 1.0, theirs=(1.0,)).ratio


def test_the_table_shows_both_medians_the_ratio_its_range_and_the_verdict() -> None:
    rows = [measurement(0.5, 0.6, 0.7), measurement(2.0, 4.0, theirs=(1.0, 1.0), note="nothing special")]
    assert render_table(rows).splitlines() == [
        "benchmark  ours    theirs  ratio (min … max)   bound  ok",
        "some       0.60 s  1.00 s  0.60 (0.50 … 0.70)  1.20   yes",
        "some       3.00 s  1.00 s  3.00 (2.00 … 4.00)  1.20   NO",
        "some: nothing special",
    ]


def test_the_document_has_every_round() -> None:
    assert measurement(1.23456, 1.0, note="a note").as_json() == {
        "name": "some",
        "ok": True,
        "ratio": 1.12,
        "bound": 1.2,
        "ratios": [1.235, 1.0],
        "ours_seconds": [1.2346, 1.0],
        "theirs_seconds": [1.0, 1.0],
        "note": "a note",
    }


def test_every_benchmark_has_a_unique_name_and_a_row_in_the_documentation() -> None:
    names = [each.name for each in BENCHMARKS]
    assert len(set(names)) == len(names) > 0
    page = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \|.*\| (\d\.\d) \|$", page, re.MULTILINE)
    assert rows == [(each.name, f"{each.bound:.1f}") for each in BENCHMARKS]


def test_the_synthetic_schema_has_the_size_asked_for_and_is_the_same_each_time() -> None:
    schema = synthetic_schema(30, 10)
    assert len(schema) == 300
    assert len({path.rpartition("/")[0] for path in schema}) == 30
    assert sum("\nservice " in text for text in schema.values()) == 60
    assert schema == synthetic_schema(30, 10)


def test_the_synthetic_schema_imports_only_what_it_has_and_across_packages_in_no_circle() -> None:
    schema = synthetic_schema(5, 4)
    imports = {path: set(re.findall(r'^import "(synthetic/[^"]+)";$', text, re.M)) for path, text in schema.items()}
    assert set().union(*imports.values()) <= set(schema)
    packages: dict[str, set[str]] = {}
    for path, imported in imports.items():
        package = path.split("/")[1]
        packages.setdefault(package, set()).update(each.split("/")[1] for each in imported)
    others = {package: sorted(found - {package}) for package, found in packages.items()}
    assert others == {
        "area00": [],
        "area01": ["area00"],
        "area02": ["area00", "area01"],
        "area03": ["area00", "area01"],
        "area04": ["area00", "area02"],
    }
