from __future__ import annotations

import pytest

from nox_rings.ecosystems.npm.builds.scripts import (
    called_packages,
    copied_files,
    environment_files,
    programs,
    reached,
)

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


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("dotenv -e ../vars.env -- vite build", ("services/vars.env",)),
        ("npx dotenvx run -f a.env -- x", ("services/web/a.env",)),
        ("env-cmd -f ./b.env x && eslint -f c.env", ("services/web/b.env",)),
        (". ../vars.sh && x", ("services/vars.sh",)),
        ("x; source 'y.sh'", ("services/web/y.sh",)),
        ("cp . /there", ()),
    ],
)
def test_files_that_a_loader_or_the_shell_is_given_are_read(text: str, files: tuple[str, ...]) -> None:
    assert environment_files((text,), "services/web") == files


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("cp -r ../../assets dist", ("assets",)),
        ("tsc && npx cpx '../../assets/**/*.png' dist", ("assets/**/*.png",)),
        ("shx cp ../a.txt ../b.txt dist", ("services/a.txt", "services/b.txt")),
        ("cp dist/x ../../served && cp -r ../.. dist && cp ../../../far dist && mv ../a dist", ()),
    ],
)
def test_files_that_a_script_copies_from_outside_are_read(text: str, copied: tuple[str, ...]) -> None:
    assert copied_files((text,), "services/web") == copied


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pnpm --filter @x/tokens build && vite build", "@x/tokens"),
        ("pnpm --filter='@x/tokens...' run build", "@x/tokens"),
        ("npm run build -w tokens", "tokens"),
        ("yarn workspace tokens run build", "tokens"),
    ],
)
def test_packages_whose_scripts_a_script_runs_are_named(text: str, name: str) -> None:
    assert name in [*called_packages((text,))]
    assert [*called_packages(("node --filter x",))] == []
