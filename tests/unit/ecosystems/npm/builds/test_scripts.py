from __future__ import annotations

import pytest

from nox_rings.ecosystems.npm.builds.scripts import environment_files, programs, reached

SCRIPTS = {
    "prebuild": "rimraf dist",
    "build": "run-s build:*",
    "build:js": "tsc -p . && NODE_ENV=production vite build --mode staging",
    "build:css": "npx postcss src -d dist",
    "test": "npm run lint && node --test --env-file=test.env | cat",
    "lint": "eslint . ; pnpm exec biome check",
    "start": "next dev",
}


def test_scripts_are_reached_through_those_that_call_them_and_those_around_them() -> None:
    assert set(reached(SCRIPTS, ("build",))) == {
        SCRIPTS[each] for each in ("prebuild", "build", "build:js", "build:css")
    }
    assert set(reached(SCRIPTS, ("test",))) == {SCRIPTS["test"], SCRIPTS["lint"]}
    assert reached({"build": "npm run build"}, ("build",)) == ("npm run build",)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("tsc -b", {"tsc"}),
        ("tsc && node --test", {"tsc", "node --test"}),
        ("node build.mjs", {"?"}),
        ("cross-env A=1 B=2 vite build", {"vite"}),
        ("node_modules/.bin/vitest run", {"vitest"}),
        ("npm run lint", set()),
        ("npm run absent", {"?"}),
        ("pnpm -r build", {"?"}),
        ("pnpm exec jest --ci", {"jest"}),
        ("yarn jest", {"jest"}),
        ("pnpm lint", set()),
        ("turbo run build", {"turbo"}),
        ('"$TOOL" build', {"?"}),
        ("", set()),
    ],
)
def test_programs_are_told_by_the_text_and_what_is_not_understood_is_unknown(text: str, called: set[str]) -> None:
    assert programs((text,), {"lint": "eslint ."}) == called


def test_files_with_variables_that_scripts_name_lie_in_the_repository() -> None:
    texts = ("node --env-file=a.env --env-file-if-exists='../b.env' x.js", "node --env-file ../../../../out.env x.js")
    assert environment_files(texts, "services/web") == ("services/web/a.env", "services/b.env")
