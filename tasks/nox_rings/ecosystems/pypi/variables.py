"""Variables that Python, uv, pip, build backends and pytest obey.

Not among them, or excepted, is what changes nothing that is made: caches, proxies, certificates, credentials, how
output looks, how much runs at once; and UV_PYTHON, UV_PROJECT_ENVIRONMENT and PYTHONHOME, which no command gets
(engine/process/environment.py). docs/freshness.md has the table."""

from __future__ import annotations

from nox_rings.ecosystems.variables import COMPILERS

# Build backends and the compilers they start.
BACKENDS = (
    *("SETUPTOOLS_*", "SETUPTOOLS_SCM_*", "HATCH_BUILD_*", "PDM_BUILD_*", "POETRY_DYNAMIC_VERSIONING_*"),
    *("UV_DYNAMIC_VERSIONING_*", "SKBUILD_*", "CMAKE_*", "MATURIN_*", "CYTHON_*", "DISTUTILS_*", "DIST_EXTRA_CONFIG@"),
    *("RUSTFLAGS", "RUSTC", "CARGO_BUILD_*", "CARGO_ENCODED_RUSTFLAGS", "ARCHFLAGS", "LDSHARED", *COMPILERS),
    *("!CMAKE_BUILD_PARALLEL_LEVEL", "!CMAKE_COLOR_DIAGNOSTICS"),
)
# https://docs.astral.sh/uv/reference/environment/; uv itself reads no PIP_…, the programs of a project may.
INSTALLATIONS = (
    *("UV_*", "UV_CONSTRAINT@", "UV_BUILD_CONSTRAINT@", "UV_OVERRIDE@", "UV_EXCLUDE@", "UV_CONFIG_FILE@"),
    *("UV_ENV_FILE@", "PIP_CONSTRAINT@", "PIP_CONFIG_FILE@", "PIP_REQUIREMENT@"),
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_NO_BINARY", "PIP_ONLY_BINARY"),
    *("PIP_PRE", "PIP_NO_BUILD_ISOLATION", "PIP_USE_PEP517"),
    *BACKENDS,
    *("!UV_CACHE_DIR", "!UV_NO_CACHE", "!UV_LINK_MODE", "!UV_COMPILE_BYTECODE*", "!UV_CONCURRENT_*"),
    *("!UV_PYTHON", "!UV_PROJECT_ENVIRONMENT", "!UV_RUN_RECURSION_DEPTH", "!UV_INTERNAL_*", "!UV_ISOLATED"),
    *("!UV_*_USERNAME", "!UV_*_PASSWORD", "!UV_*TOKEN", "!UV_KEYRING_PROVIDER", "!UV_CREDENTIALS_DIR", "!UV_PUBLISH_*"),
    *("!UV_HTTP_*", "!UV_REQUEST_TIMEOUT", "!UV_UPLOAD_*", "!UV_LOCK_TIMEOUT", "!UV_OFFLINE", "!UV_NATIVE_TLS"),
    *("!UV_SYSTEM_CERTS", "!UV_INSECURE_HOST", "!UV_TOOL_*", "!UV_PYTHON_*DIR", "!UV_PYTHON_INSTALL_*"),
    *("!UV_NO_PROGRESS", "!UV_HIDE_BUILD_OUTPUT", "!UV_NO_WRAP", "!UV_LOG_CONTEXT", "!UV_STACK_SIZE"),
    *("!UV_INSTALL_DIR", "!UV_INSTALLER_*", "!UV_NO_MODIFY_PATH", "!UV_UNMANAGED_INSTALL", "!UV_DOWNLOAD_URL"),
    *("!UV_SHOW_RESOLUTION", "!UV_CUSTOM_COMPILE_COMMAND", "!UV_INIT_*", "!UV_TEST_*", "!UV_THREADPOOL_SIZE"),
    *("!PIP_*",),
)
# https://docs.python.org/3/using/cmdline.html#environment-variables,
# https://docs.pytest.org/en/stable/reference/reference.html#environment-variables
MEMBERS = (
    *INSTALLATIONS,
    *("PYTHON*", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"),
    *("COVERAGE_RCFILE@", "COVERAGE_PROCESS_START@", "COVERAGE_CORE", "DJANGO_SETTINGS_MODULE", "HYPOTHESIS_*"),
    *("MYPYPATH", "TZ"),
    *("!PYTHONHOME", "!PYTHONSTARTUP", "!PYTHON_HISTORY", "!PYTHON_BASIC_REPL", "!PYTHONINSPECT"),
    *("!PYTHONDONTWRITEBYTECODE", "!PYTHONPYCACHEPREFIX", "!PYTHONUNBUFFERED", "!PYTHON_COLORS"),
    *("!PYTHONFAULTHANDLER", "!PYTHONPROFILEIMPORTTIME", "!PYTHONVERBOSE", "!PYTHONPERF*", "!PYTHONDUMPREFS*"),
    *("!PYTEST_*", "!MYPY_*", "!RUFF_*", "!COVERAGE_*"),
)
