"""What a buf command gets on top of its environment, and the one sentence where it gets nothing."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from nox_rings.engine.errors import CredentialMissingError
from nox_rings.schema.credentials.netrc import require_buf_credentials
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
