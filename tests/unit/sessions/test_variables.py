"""Variables of this process as facts of targets, and the tables of the ecosystems."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.engine.plan.variables import counted_variables, reaching_variables
from nox_rings.engine.process.environment import NOT_INHERITED, overlaid_environment
from nox_rings.sessions.variables import inherited_patterns, patterns_of, variable_facts

BY_NAME = {each.name: each for each in ECOSYSTEMS}
COUNT: dict[str, tuple[str, ...]] = {
    "@npm": (
        *("NODE_ENV", "NODE_OPTIONS", "NODE_PATH", "npm_config_registry", "NPM_CONFIG_OMIT", "pnpm_config_node_linker"),
        *("YARN_NODE_LINKER", "BUN_CONFIG_REGISTRY", "BABEL_ENV", "TZ", "CC", "CYPRESS_INSTALL_BINARY"),
    ),
    "@npm:install": ("NODE_ENV", "npm_config_ignore_scripts", "PUPPETEER_SKIP_DOWNLOAD", "CXXFLAGS"),
    "@pypi": (
        *("PYTHONPATH", "PYTHONOPTIMIZE", "PYTHONHASHSEED", "PYTHONWARNINGS", "PYTEST_ADDOPTS", "UV_INDEX_URL"),
        *("UV_NO_BINARY", "UV_CONSTRAINT", "UV_ENV_FILE", "PIP_INDEX_URL", "CFLAGS", "DJANGO_SETTINGS_MODULE"),
        *("SETUPTOOLS_SCM_PRETEND_VERSION_FOR_X", "CMAKE_ARGS", "COVERAGE_RCFILE", "TZ"),
    ),
    "@pypi:install": ("UV_EXTRA_INDEX_URL", "UV_RESOLUTION", "PIP_CONSTRAINT", "LDFLAGS"),
    "@go": (
        *("GOFLAGS", "GOTOOLCHAIN", "CGO_ENABLED", "CGO_CFLAGS", "GOOS", "GOARCH", "GOARM", "GOAMD64", "GOEXPERIMENT"),
        *("GOWORK", "GODEBUG", "CC", "CXX", "GOENV", "GOFIPS140", "PKG_CONFIG_PATH"),
    ),
}
MAKE_NO_DIFFERENCE: dict[str, tuple[str, ...]] = {
    "@npm": (
        *("npm_config_cache", "npm_config_//r.example.com/:_authToken", "NPM_CONFIG__AUTH", "npm_config_https_proxy"),
        *("npm_config_proxy", "npm_config_noproxy", "npm_config_cafile", "NPM_TOKEN", "YARN_CACHE_FOLDER"),
        *("YARN_NPM_AUTH_TOKEN", "npm_config_user_agent", "npm_config_loglevel", "NODE_EXTRA_CA_CERTS"),
        *("JEST_WORKER_ID", "PLAYWRIGHT_BROWSERS_PATH", "pnpm_config_store_dir", "npm_config_local_prefix"),
    ),
    "@npm:install": ("npm_config_cache", "NODE_AUTH_TOKEN", "npm_config_strict_ssl"),
    "@pypi": (
        *("UV_CACHE_DIR", "UV_LINK_MODE", "UV_INDEX_INTERNAL_PASSWORD", "UV_INDEX_INTERNAL_USERNAME"),
        *("UV_PUBLISH_TOKEN", "UV_HTTP_TIMEOUT", "UV_PYTHON_INSTALL_DIR", "UV_RUN_RECURSION_DEPTH", "PIP_CACHE_DIR"),
        *("PIP_PROXY", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTEST_CURRENT_TEST", "UV_COMPILE_BYTECODE"),
        *("COVERAGE_FILE", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "PYTHONHOME"),
    ),
    "@pypi:install": ("UV_KEYRING_PROVIDER", "UV_CONCURRENT_DOWNLOADS"),
    "@go": ("GOPROXY", "GOCACHE", "GOMODCACHE", "GOPRIVATE", "GOSUMDB", "GOMAXPROCS", "GOPATH", "GOTMPDIR"),
}


@pytest.mark.parametrize(("name", "variable"), [(name, each) for name, found in COUNT.items() for each in found])
def test_what_changes_a_result_counts(name: str, variable: str) -> None:
    assert variable in counted_variables(patterns_of((name,), BY_NAME), [variable])


@pytest.mark.parametrize(
    ("name", "variable"), [(name, each) for name, found in MAKE_NO_DIFFERENCE.items() for each in found]
)
def test_caches_credentials_and_the_like_reach_the_tools_and_make_no_difference(name: str, variable: str) -> None:
    patterns = tuple(patterns_of((name,), BY_NAME))
    assert counted_variables(patterns, [variable]) == {}
    assert reaching_variables(patterns, [variable]) == (variable,)


@pytest.mark.parametrize("name", COUNT)
def test_what_belongs_to_the_machine_is_no_variable_of_an_ecosystem(name: str) -> None:
    machine = [
        "HOME",
        "PATH",
        "HTTPS_PROXY",
        "https_proxy",
        "SSL_CERT_FILE",
        "LANG",
        "NOX_RINGS_TOOLS_DIR",
        "CI",
        "USER",
    ]
    assert counted_variables(patterns_of((name,), BY_NAME), machine) == {}


def test_what_no_command_inherits_does_not_count() -> None:
    for name in COUNT:
        assert counted_variables(patterns_of((name,), BY_NAME), NOT_INHERITED) == {}


def test_facts_have_a_digest_of_each_variable_that_is_set_and_never_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGION", "north")
    monkeypatch.delenv("NODE_ENV", raising=False)
    north = variable_facts(("REGION", "NODE_ENV"), BY_NAME, tmp_path)
    assert list(north) == ["$REGION"]
    assert "north" not in str(north)
    monkeypatch.setenv("REGION", "south")
    assert variable_facts(("REGION",), BY_NAME, tmp_path) != north


def test_a_variable_that_names_files_counts_with_their_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_ENV_FILE", f"a.env {tmp_path}/b.env none.env")
    (tmp_path / "a.env").write_text("A=1")
    seen = [variable_facts(("UV_ENV_FILE@",), BY_NAME, tmp_path)["$UV_ENV_FILE"]]
    for path, text in (("b.env", "B=1"), ("a.env", "A=2"), ("none.env", "")):
        (tmp_path / path).write_text(text)
        seen.append(variable_facts(("UV_ENV_FILE@",), BY_NAME, tmp_path)["$UV_ENV_FILE"])
    assert len(set(seen)) == 4


def test_a_strict_environment_has_what_is_declared_and_what_every_command_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = ("GOFLAGS", "GOPROXY", "REGION", "HOME", "https_proxy", "LC_TIME", "NOX_RINGS_TOOLS_DIR", "SECRET", "CI")
    for name in given:
        monkeypatch.setenv(name, "x")
    found = overlaid_environment({"GOWORK": "off"}, (), inherited_patterns(("@go", "REGION"), BY_NAME))
    assert {name for name in given if name in found} == set(given) - {"SECRET", "CI"}
    assert found["GOWORK"] == "off"
