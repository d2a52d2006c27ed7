"""Lines of [tool.nox-rings] in a pyproject.toml that somebody else wrote."""

from __future__ import annotations

import tomllib

import pytest

from nox_rings.adopt.settings import Setting, with_settings

SEED = Setting(key="seed-version", value="2.3.0", why="No tag.")
BRANCH = Setting(table="proto", key="default-branch", value="trunk", why="No main.")
SEED_LINES = '# No tag.\nseed-version = "2.3.0"\n'
BRANCH_LINES = '# No main.\ndefault-branch = "trunk"\n'
ODD = '# mine\n[project]\nname   =  "x" # spaces\n\n\n[tool.ruff]\nselect = [\n  "E",\n]\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "", f"[tool.nox-rings]\n{SEED_LINES}\n[tool.nox-rings.proto]\n{BRANCH_LINES}", id="no file, or an empty one"
        ),
        pytest.param(
            ODD, f"{ODD}\n[tool.nox-rings]\n{SEED_LINES}\n[tool.nox-rings.proto]\n{BRANCH_LINES}", id="no table yet"
        ),
        pytest.param(
            '[tool.x]\na = 1\n[tool.nox-rings] # ours\nignore = ["y"]\n\n[tool.z]\n',
            f'[tool.x]\na = 1\n[tool.nox-rings] # ours\n{SEED_LINES}ignore = ["y"]\n\n[tool.z]\n\n'
            f"[tool.nox-rings.proto]\n{BRANCH_LINES}",
            id="a table among others",
        ),
        pytest.param(
            '[ tool . "nox-rings" . proto ]\nroots = []\n',
            f'[ tool . "nox-rings" . proto ]\n{BRANCH_LINES}roots = []\n\n[tool.nox-rings]\n{SEED_LINES}',
            id="only the inner table, in another spelling",
        ),
        pytest.param(
            "[project]\nname = 'x'",
            f"[project]\nname = 'x'\n\n[tool.nox-rings]\n{SEED_LINES}\n[tool.nox-rings.proto]\n{BRANCH_LINES}",
            id="no newline at the end",
        ),
        pytest.param(
            "[project]\r\nname = 'x'\r\n[tool.nox-rings]\r\nseed-version = '1.0.0'\r\n",
            "[project]\r\nname = 'x'\r\n[tool.nox-rings]\r\nseed-version = '1.0.0'\r\n\r\n[tool.nox-rings.proto]\r\n"
            '# No main.\r\ndefault-branch = "trunk"\r\n',
            id="CRLF, and a key that is there already",
        ),
    ],
)
def test_lines_are_added_and_nothing_else_changes(before: str, after: str) -> None:
    assert with_settings(before, [SEED, BRANCH]) == after
    assert with_settings(after, [SEED, BRANCH]) == after  # once is enough
    tomllib.loads(after)


@pytest.mark.parametrize(
    "text",
    [
        'tool = { nox-rings = { ignore = ["x"] } }\n',
        '[tool]\nnox-rings = { ignore = ["x"] }\n',
        'tool.nox-rings.ignore = ["x"]\n',
        'text = """\n[tool.nox-rings]\n"""\n[tool]\nnox-rings.ignore = []\n',
    ],
)
def test_a_table_in_another_form_is_left_to_its_owner(text: str) -> None:
    assert with_settings(text, [SEED]) is None


def test_a_text_that_only_looks_like_the_table_is_not_taken_for_it() -> None:
    assert with_settings('text = """\n[tool.nox-rings]\n"""\n', [SEED]) is None
    assert (
        with_settings("[tool.nox-rings-else]\n", [SEED]) == f"[tool.nox-rings-else]\n\n[tool.nox-rings]\n{SEED_LINES}"
    )


def test_without_settings_nothing_changes() -> None:
    assert with_settings(ODD, []) == ODD
