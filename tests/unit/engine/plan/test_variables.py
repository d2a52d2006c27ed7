from __future__ import annotations

import pytest

from nox_rings.engine.plan.variables import counted_variables, reaching_variables

PATTERNS = (
    "NODE_ENV",
    "UV_*",
    "npm_config_*",
    "*_SKIP_DOWNLOAD",
    "ENV_FILE@",
    "!UV_CACHE_DIR",
    "!*_config_*auth*",
    "!CI",
)


@pytest.mark.parametrize(
    ("name", "counts", "reaches"),
    [
        ("NODE_ENV", True, True),
        ("node_env", False, False),  # a whole name is itself
        ("NODE_ENVIRONMENT", False, False),
        ("UV_INDEX_URL", True, True),
        ("UV_", True, True),
        ("UV_CACHE_DIR", False, True),
        ("uv_cache_dir", False, True),
        ("NPM_CONFIG_REGISTRY", True, True),
        ("npm_config_//registry.example.com/:_authToken", False, True),
        ("npm_config__AUTH", False, True),
        ("PUPPETEER_SKIP_DOWNLOAD", True, True),
        ("_SKIP_DOWNLOAD", True, True),
        ("SKIP_DOWNLOAD", False, False),
        ("ENV_FILE", True, True),
        ("CI", False, True),
        ("HOME", False, False),
    ],
)
def test_a_variable_counts_and_reaches_its_tools_by_its_name(name: str, counts: bool, reaches: bool) -> None:
    assert (name in counted_variables(PATTERNS, [name])) is counts
    assert (name in reaching_variables(PATTERNS, [name])) is reaches


def test_a_whole_name_counts_whatever_is_excepted() -> None:
    assert counted_variables((*PATTERNS, "UV_CACHE_DIR"), ["UV_CACHE_DIR"]) == {"UV_CACHE_DIR": False}


def test_it_is_told_which_values_name_files_in_the_order_of_names() -> None:
    found = counted_variables(PATTERNS, ["UV_B", "NODE_ENV", "ENV_FILE", "HOME"])
    assert list(found.items()) == [("ENV_FILE", True), ("NODE_ENV", False), ("UV_B", False)]


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [("A*B*C", "AxBxC", True), ("A*B*C", "ABC", True), ("A*B*C", "AC", False), ("A*A", "A", False), ("*", "x", True)],
)
def test_a_star_is_any_text_and_texts_do_not_overlap(pattern: str, name: str, fits: bool) -> None:
    assert bool(counted_variables((pattern,), [name])) is fits
