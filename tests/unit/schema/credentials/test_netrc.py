"""What a buf command gets on top of its environment, and the one sentence where it gets nothing."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from nox_rings.engine.errors import CredentialMissingError
from nox_rings.schema.credentials.netrc import offered_buf_credentials, refusal_of, require_buf_credentials
from unit.conftest import WriteTree

BSR = "bsr.example.com"


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_the_env_file_of_the_workspace_comes_first(write_tree: WriteTree) -> None:
    root = write_tree({".env": "\ufeffBUF_TOKEN=one\r\n"})
    assert require_buf_credentials(root, {"BUF_TOKEN": "two"}, [BSR], "x") == {"BUF_TOKEN": "one"}


@pytest.mark.parametrize("files", [{}, {".env": "OTHER=1\n"}, {".env/pyvenv.cfg": ""}], ids=["none", "other", "venv"])
def test_else_the_environment(write_tree: WriteTree, files: dict[str, str]) -> None:
    root = write_tree(files)
    assert require_buf_credentials(root, {"BUF_TOKEN": "two"}, [BSR], "x") == {"BUF_TOKEN": "two"}


class Untouchable(dict[str, str]):
    def get(self, *_: object) -> NoReturn:
        raise AssertionError("the environment was read")


def test_without_remotes_nothing_is_read(write_tree: WriteTree) -> None:
    root = write_tree({".env": "BUF_TOKEN=one\n"})
    assert require_buf_credentials(root, Untouchable(), (), "buf.gen.yaml") == {}


def test_a_token_of_all_remotes_is_enough(write_tree: WriteTree) -> None:
    root = write_tree({".env": "BUF_TOKEN=one\n"})
    assert require_buf_credentials(root, {}, {"buf.build", BSR}, "buf.gen.yaml") == {"BUF_TOKEN": "one"}


def test_a_token_of_each_remote_has_to_be_there(write_tree: WriteTree, home: Path) -> None:
    root = write_tree({".env": f"BUF_TOKEN=one@buf.build,two@{BSR}\n"})
    both = {"BUF_TOKEN": f"one@buf.build,two@{BSR}"}
    assert require_buf_credentials(root, {"HOME": str(home)}, {"buf.build", BSR}, "buf.gen.yaml") == both
    with pytest.raises(CredentialMissingError) as caught:
        require_buf_credentials(root, {"HOME": str(home)}, ["buf.build", "c.example", BSR, "d.example"], "buf.gen.yaml")
    assert caught.value.message == (
        "BUF_TOKEN: found none but those of other remotes, expected a token of c.example and d.example for buf.gen.yaml"
    )


@pytest.mark.parametrize("name", [".netrc", ".netrc_buf"])
def test_a_netrc_with_an_entry_is_enough(tmp_path: Path, home: Path, name: str) -> None:
    (home / name).write_text("machine buf.build login anna password p\n")
    found = require_buf_credentials(tmp_path, {"HOME": str(home)}, ["buf.build"], "buf.gen.yaml")
    assert found == {"NETRC": str(home / name)}


def test_a_netrc_adds_what_the_token_says_nothing_of(write_tree: WriteTree, home: Path) -> None:
    root = write_tree({".env": "BUF_TOKEN=one@buf.build\n"})
    (home / ".netrc").write_text(f"machine {BSR} login anna password p\n")
    found = require_buf_credentials(root, {"HOME": str(home)}, ["buf.build", BSR], "buf.gen.yaml")
    assert found == {"BUF_TOKEN": "one@buf.build", "NETRC": str(home / ".netrc")}


@pytest.mark.parametrize("named", ["own netrc", "not there"])
def test_where_netrc_is_set_no_other_file_counts(tmp_path: Path, home: Path, named: str) -> None:
    (home / ".netrc").write_text("machine buf.build login anna password p\n")
    (home / "own netrc").write_text("machine github.com login anna password p\n")
    environment = {"HOME": str(home), "NETRC": str(home / named)}
    with pytest.raises(CredentialMissingError):
        require_buf_credentials(tmp_path, environment, ["buf.build"], "buf.gen.yaml")


def test_the_sentence_names_variable_remote_and_reader_and_the_hint_is_a_command(tmp_path: Path, home: Path) -> None:
    with pytest.raises(CredentialMissingError) as caught:
        require_buf_credentials(tmp_path, {"HOME": str(home)}, ["buf.build"], "proto/buf.gen.yaml")
    assert caught.value.message == (
        "BUF_TOKEN: found it neither in .env nor in the environment, "
        "expected a token of buf.build for proto/buf.gen.yaml"
    )
    assert caught.value.hint == "echo 'BUF_TOKEN=…' >> .env   # https://buf.build/settings/user makes one"


def test_a_value_that_is_no_token_is_never_shown(write_tree: WriteTree, home: Path) -> None:
    root = write_tree({".env": "BUF_TOKEN=se cret\n"})
    with pytest.raises(CredentialMissingError) as caught:
        require_buf_credentials(root, {"HOME": str(home)}, ["buf.build"], "buf.gen.yaml")
    assert caught.value.message.startswith(
        "BUF_TOKEN: found something in .env that is neither TOKEN nor TOKEN@REMOTE,…"
    )
    assert "cret" not in str(caught.value)


def test_a_public_registry_may_be_asked_without_a_token(tmp_path: Path, home: Path) -> None:
    found = offered_buf_credentials(tmp_path, {"HOME": str(home)}, ["buf.build"], "buf.gen.yaml")
    assert found == ({}, ("buf.build",))


def test_a_public_registry_gets_a_token_where_there_is_one(write_tree: WriteTree) -> None:
    root = write_tree({".env": "BUF_TOKEN=one\n"})
    assert offered_buf_credentials(root, {}, ["buf.build"], "buf.gen.yaml") == ({"BUF_TOKEN": "one"}, ())


@pytest.mark.parametrize(
    ("remotes", "env_file"),
    [([BSR], ""), (["buf.build", BSR], ""), (["buf.build"], "BUF_TOKEN=<your token>\n")],
    ids=["private", "both", "no token"],
)
def test_a_private_registry_and_a_value_that_is_no_token_fail_at_once(
    write_tree: WriteTree, home: Path, remotes: list[str], env_file: str
) -> None:
    root = write_tree({".env": env_file})
    with pytest.raises(CredentialMissingError) as caught:
        offered_buf_credentials(root, {"HOME": str(home)}, remotes, "buf.gen.yaml")
    assert caught.value.message.startswith("BUF_TOKEN: found ")


@pytest.mark.parametrize(
    ("output", "token", "message"),
    [
        (
            "Failure: you are not authenticated for buf.build.",
            "",
            "BUF_TOKEN: it is not set, and buf.build refused to answer",
        ),
        ("Failure: too many requests", "", "BUF_TOKEN: it is not set, and buf.build refused to answer"),
        ("Failure: too many requests", "one", ""),
        ("Failure: plugin x: exit status 1", "", ""),
    ],
)
def test_a_refusal_names_the_variable_where_none_was_set(
    tmp_path: Path, home: Path, output: str, token: str, message: str
) -> None:
    found = refusal_of(tmp_path, {"HOME": str(home), "BUF_TOKEN": token}, ["buf.build"], output)
    assert (found.message if found else "") == message
