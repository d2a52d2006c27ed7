"""Variables that Node, the package managers and the usual tools of packages obey.

Not among them, or excepted, is what changes nothing that is made: caches, proxies, certificates, credentials, how
output looks, how much runs at once. docs/freshness.md has the table."""

from __future__ import annotations

from nox_rings.ecosystems.variables import COMPILERS

# npm and yarn 1 take `npm_config_…`, in any case of letters (https://docs.npmjs.com/cli/using-npm/config), pnpm
# `pnpm_config_…` too, yarn 2 and later `YARN_…` (https://yarnpkg.com/configuration/yarnrc), bun `BUN_…`.
INSTALLATIONS = (
    *("NODE_ENV", "NODE_OPTIONS", "NODE_PATH", "npm_config_*", "pnpm_config_*", "YARN_*", "BUN_*"),
    # What installation scripts download or compile.
    *("*_SKIP_DOWNLOAD", "*_BINARY_PATH", "CYPRESS_INSTALL_BINARY", "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"),
    *("PRISMA_*", "SHARP_*", "SENTRYCLI_*", "PYTHON", *COMPILERS),
    *("!*_config_cache", "!*_config_cache_*", "!*_config_store_dir", "!*_config_state_dir", "!*_config_tmp"),
    *("!*_config_*auth*", "!*_config_*password", "!*_config_*username", "!*_config_//*", "!*_config_email"),
    *("!*_config_*proxy", "!*_config_ca", "!*_config_cafile", "!*_config_cert*", "!*_config_key*", "!*_config_otp"),
    *("!*_config_strict_ssl", "!*_config_fetch_*", "!*_config_*concurrency", "!*_config_maxsockets"),
    *("!*_config_color", "!*_config_loglevel", "!*_config_logs_*", "!*_config_progress", "!*_config_reporter"),
    *("!*_config_fund", "!*_config_audit*", "!*_config_update_notifier"),
    # What npm exports to scripts: nox may be one.
    *("!*_config_user_agent", "!*_config_npm_version", "!*_config_*prefix", "!*_config_node_gyp", "!*_config_init_*"),
    *("!YARN_*FOLDER", "!YARN_*AUTH*", "!YARN_*PROXY", "!YARN_*TELEMETRY*", "!YARN_HTTPS_*", "!YARN_NETWORK_*"),
    *("!YARN_HTTP_*", "!YARN_ENABLE_COLORS", "!YARN_ENABLE_PROGRESS*", "!YARN_IGNORE_PATH"),
    *("!BUN_INSTALL*", "!BUN_CONFIG_*TOKEN*", "!BUN_RUNTIME_*CACHE*"),
    *("!NPM_TOKEN", "!NODE_AUTH_TOKEN", "!COREPACK_*", "!NODE_EXTRA_CA_CERTS", "!NODE_COMPILE_CACHE"),
    *("!NODE_USE_SYSTEM_CA", "!NODE_TLS_REJECT_UNAUTHORIZED"),
)
MEMBERS = (
    *INSTALLATIONS,
    *("NODE_ICU_DATA", "NODE_PRESERVE_SYMLINKS", "NODE_PRESERVE_SYMLINKS_MAIN", "NODE_PENDING_DEPRECATION"),
    *("BABEL_ENV", "BROWSERSLIST", "BROWSERSLIST_*", "TS_NODE_*", "TSX_*", "SWC_*", "ESBUILD_*", "JEST_*", "VITEST_*"),
    *("CYPRESS_*", "PLAYWRIGHT_*", "STORYBOOK_*", "TZ"),
    *("!JEST_WORKER_ID", "!VITEST_POOL_ID", "!VITEST_WORKER_ID", "!CYPRESS_CACHE_FOLDER", "!CYPRESS_RECORD_KEY"),
    *("!PLAYWRIGHT_BROWSERS_PATH", "!*_MAX_WORKERS", "!*_MAX_THREADS", "!*_MIN_THREADS"),
)
