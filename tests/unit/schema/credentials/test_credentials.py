"""Which token is found, who needs one, and that nothing shows it. The twin in shell is tested with the same table."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from nox_rings.schema.credentials.model import (
    BufToken,
    choose_token,
    found_instead,
    has_entry,
    needed_remotes,
    netrc_machines,
    parse_env_file,
    parse_token,
    provided_modules,
)

TABLE = tomllib.loads(Path(__file__).parents[3].joinpath("credentials.toml").read_text(encoding="utf-8"))


def rows(kind: str) -> list[Any]:
    return [pytest.param(row, id=row["name"]) for row in TABLE[kind]]


@pytest.mark.parametrize("row", rows("env_file"))
def test_the_token_of_an_env_file(row: dict[str, str]) -> None:
    token = choose_token(row["text"], "")
    assert (token.text if token else "") == row["token"]


@pytest.mark.parametrize("row", rows("netrc"))
def test_the_machines_of_a_netrc(row: dict[str, Any]) -> None:
    assert netrc_machines(row["text"]) == frozenset(row["machines"])


@pytest.mark.parametrize("row", rows("need"))
def test_the_remotes_that_buf_files_need(row: dict[str, Any]) -> None:
    documents = [yaml.safe_load(text) for text in row["files"].values()]
    provided = frozenset().union(*(provided_modules(document) for document in documents))
    needed = [remote for document in documents for remote in needed_remotes(document, provided)]
    assert needed == ([row["remote"]] if row["remote"] else [])


@pytest.mark.parametrize(
    ("env_file", "variable", "text"),
    [
        ("BUF_TOKEN=one\n", "two", "one"),
        ("BUF_TOKEN=\n", "two", "two"),
        ("", " two\r\n", "two"),
        ("BUF_TOKEN=<your token>\n", "two", "two"),
    ],
    ids=["both", "empty in .env", "blanks around it", "a placeholder in .env"],
)
def test_the_env_file_comes_before_the_environment(env_file: str, variable: str, text: str) -> None:
    assert choose_token(env_file, variable) == BufToken(text=text)


@pytest.mark.parametrize("variable", ["", "   ", "two words", "a@", "<token>"])
def test_without_a_token_there_is_none(variable: str) -> None:
    assert choose_token("OTHER=1\n", variable) is None


def test_a_token_without_remotes_serves_every_remote() -> None:
    token = parse_token("abc")
    assert token and token.serves("buf.build") and token.serves("bsr.example.com")


def test_a_token_for_each_remote_serves_those_alone() -> None:
    token = parse_token("abc@buf.build,def@bsr.example.com:8443")
    assert token and token.remotes == {"buf.build", "bsr.example.com:8443"}
    assert token.serves("bsr.example.com:8443") and not token.serves("bsr.example.com")


def test_what_is_printed_of_a_token_by_accident_does_not_show_it() -> None:
    assert "abc123" not in repr(parse_token("abc123@buf.build"))


@pytest.mark.parametrize(
    ("env_file", "variable", "words"),
    [
        ("", "", "it neither in .env nor in the environment"),
        ("BUF_TOKEN=s e c\n", "", "something in .env that is neither TOKEN nor TOKEN@REMOTE,…"),
        ("", "s e c", "something in the environment that is neither TOKEN nor TOKEN@REMOTE,…"),
        ("BUF_TOKEN=sec@buf.build\n", "", "none but those of other remotes"),
    ],
)
def test_the_value_found_instead_is_reported_without_being_shown(env_file: str, variable: str, words: str) -> None:
    assert found_instead(env_file, variable) == words


@pytest.mark.parametrize(
    ("netrc", "machine", "there"),
    [
        ("machine buf.build login a password b", "buf.build", True),
        ("machine Buf.Build login a password b", "buf.build", True),
        ("machine localhost:8443 login a password b", "localhost:8443", True),
        ("machine localhost login a password b", "localhost:8443", False),
        ("default login a password b", "buf.build", True),
        ("# machine buf.build login a password b", "buf.build", False),
        ("machine github.com login default password buf.build", "buf.build", False),
    ],
)
def test_a_netrc_has_an_entry_for_a_machine(netrc: str, machine: str, there: bool) -> None:
    assert has_entry(netrc, machine) is there


def test_entries_that_are_none_are_left_to_buf() -> None:
    assert needed_remotes({"plugins": ["buf.build/grpc/go", None], "deps": None, "modules": ["src"]}) == ()


def test_a_line_of_many_blanks_is_read_like_any_other() -> None:
    assert parse_env_file("BUF_TOKEN=" + " " * 20_000 + "x y\n" * 2) == "x y"
