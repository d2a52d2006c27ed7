"""Settings above a package that the programs of its scripts find by themselves, and variables that frameworks put into
what they build."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from nox_rings.ecosystems.npm.builds.scripts import PLAIN
from nox_rings.engine.paths import at_or_above
from nox_rings.engine.patterns import name_matcher
from nox_rings.workspace.sources import Sources, folder_of

PRETTIER = (".prettierrc", ".prettierrc.*", "prettier.config.*", ".prettierignore", ".editorconfig")
ESLINT = ("eslint.config.*", ".eslintrc", ".eslintrc.*", ".eslintignore", *PRETTIER)
BIOME = ("biome.json", "biome.jsonc", ".editorconfig")
BROWSERS = (".browserslistrc", "browserslist")
BABEL = ("babel.config.*", ".babelrc", ".babelrc.*", *BROWSERS)
SWC = (".swcrc", *BROWSERS)
STYLES = ("postcss.config.*", ".postcssrc", ".postcssrc.*", "tailwind.config.*", *BROWSERS)
VITE = ("vite.config.*", "vitest.config.*", "vitest.workspace.*", "vitest.shared.*", "vitest.setup.*", *STYLES, *BABEL)
JEST = ("jest.config.*", "jest.preset.*", "jest.setup.*", *BABEL, *SWC)
# By the program that reads them. Every other program may read all of them, and OTHERS.
READ_BY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(PLAIN, ()),
    "eslint": ESLINT,
    "prettier": PRETTIER,
    "biome": BIOME,
    "vite": VITE,
    "vitest": VITE,
    "jest": JEST,
    "babel": BABEL,
    "swc": SWC,
}
OTHERS = (
    *(".mocharc.*", "ava.config.*", "rollup.config.*", "webpack.config.*", "rspack.config.*", "rsbuild.config.*"),
    *("tsup.config.*", "tsdown.config.*", "esbuild.config.*", "next.config.*", "nuxt.config.*", "astro.config.*"),
    *("svelte.config.*", "metro.config.*", "cypress.config.*", "playwright.config.*", "karma.conf.*", "stylelint.*"),
    *(".stylelintrc", ".stylelintrc.*", "turbo.json", "nx.json", "lerna.json", ".env.defaults", ".env.schema"),
)
ALL = (*dict.fromkeys(name for names in READ_BY.values() for name in names), *OTHERS)
# The packages of the frameworks by whose prefix variables are put into what is built.
FRAMEWORKS: Mapping[str, tuple[str, ...]] = {
    "VITE_*": ("vite",),  # https://vite.dev/guide/env-and-mode
    "NEXT_PUBLIC_*": ("next",),  # https://nextjs.org/docs/app/guides/environment-variables
    "PUBLIC_*": (
        "astro",
        "@sveltejs/kit",
        "@rsbuild/core",
    ),  # https://docs.astro.build/en/guides/environment-variables/
    "REACT_APP_*": ("react-scripts",),  # https://create-react-app.dev/docs/adding-custom-environment-variables/
    "NUXT_*": ("nuxt",),  # https://nuxt.com/docs/guide/going-further/runtime-config
    "EXPO_PUBLIC_*": ("expo",),  # https://docs.expo.dev/guides/environment-variables/
    "GATSBY_*": ("gatsby",),  # https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/
    "VUE_APP_*": ("@vue/cli-service",),  # https://cli.vuejs.org/guide/mode-and-env.html
}
# They load `.env` and its like without being a framework.
LOADERS = ("dotenv", "dotenv-cli", "@dotenvx/dotenvx", "@next/env", "env-cmd")


class SettingsFiles:
    """Those of a repository, by folder."""

    def __init__(self, sources: Sources) -> None:
        matches = name_matcher(ALL)
        self._in: dict[str, list[str]] = {}
        for path in sources.all_files:
            if matches(path.rpartition("/")[2]):
                self._in.setdefault(folder_of(path), []).append(path)

    def above(self, folder: str, programs: Collection[str]) -> Iterator[str]:
        """What programs that run in `folder` read in the folders above it."""
        names = tuple(sorted({name for each in programs for name in READ_BY.get(each, ALL)}))
        if names:
            matches = name_matcher(names)
            above = (each for each in at_or_above(folder) if each != folder)
            yield from (path for each in above for path in self._in.get(each, ()) if matches(path.rpartition("/")[2]))


def is_plain(programs: Collection[str]) -> bool:
    """Whether no program among them reads variables of a framework, or files with such."""
    return all(each in PLAIN or each in ("eslint", "prettier", "biome") for each in programs)


def installed_frameworks(lockfile: str | None) -> tuple[str, ...]:
    """The prefixes of the frameworks that a lockfile, a text, has packages of; all of them where there is none."""
    return tuple(
        prefix for prefix, packages in FRAMEWORKS.items() if lockfile is None or _names_any(lockfile, packages)
    )


def loads_environment_files(lockfile: str | None) -> bool:
    """Whether a package is installed that reads `.env` and its like."""
    return bool(installed_frameworks(lockfile)) or lockfile is None or _names_any(lockfile, LOADERS)


def _names_any(lockfile: str, packages: Collection[str]) -> bool:
    return any(re.search(rf"(?<![\w.-]){re.escape(each)}(?![\w.-])", lockfile) for each in packages)
