"""scripts/lib/buf_netrc.sh: which token it finds, who needs one, and what it leaves of the shell that sources it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from checkout import REPOSITORY, Answer
from house import DONE, SCRIPT, SHELLS, TOKEN, House, make_house, names_in, rows

REMOTE_PLUGIN = "version: v2\nplugins:\n  - remote: buf.build/grpc/go:v1.5.0\n    out: gen\n"
LACKING = (
    "BUF_TOKEN: found it neither in .env nor in the environment, expected a token of buf.build for {} "
    "(https://buf.build/settings/user makes one); try: echo 'BUF_TOKEN=…' >> .env\n"
)


@pytest.fixture(params=SHELLS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    return make_house(tmp_path, request.param)


# --- What is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("env_file"))
def test_the_token_of_an_env_file(house: House, row: dict[str, str]) -> None:
    house.env_file(row["text"])
    answer = house.setup()
    assert answer == DONE
    if not row["token"]:
        assert names_in(house.home) == []
        return
    pairs = [part.partition("@") for part in row["token"].split(",")]
    entries = [f"machine {remote or 'buf.build'} login token password {secret}" for secret, _, remote in pairs]
    assert house.written.read_text().splitlines()[1:] == entries


def test_an_env_file_in_another_encoding_is_read_all_the_same(house: House) -> None:
    (house.workspace / ".env").write_bytes(b"NAME=J\xf6rg\nBUF_TOKEN=" + TOKEN.encode() + b" # f\xfcr uns\n")
    house.setup(LANG="C.UTF-8")
    assert house.copied() == ""


def test_the_env_file_comes_before_the_environment_and_a_difference_is_reported(house: House) -> None:
    house.env_file()
    assert house.setup(BUF_TOKEN=TOKEN).err == ""
    assert house.setup(BUF_TOKEN="0lder").err == (
        "BUF_TOKEN: .env and the environment differ, and buf reads the environment first; try: unset BUF_TOKEN\n"
    )
    assert house.copied() == ""


@pytest.mark.parametrize("text", ["", "BUF_TOKEN=\n", "BUF_TOKEN=<your token>\n"])
def test_else_the_environment(house: House, text: str) -> None:
    house.env_file(text)
    assert house.setup("--required", BUF_TOKEN=f" {TOKEN}\r\n").exit_code == 0
    assert house.copied() == ""


@pytest.mark.parametrize(
    ("path", "call"),
    [
        (".env", "cd deep/er; buf_setup_netrc"),
        ("deep/er/.env", "cd deep/er; buf_setup_netrc"),
        ("deep/er/.env", "buf_setup_netrc deep/er"),
        ("deep/er/.env", 'buf_setup_netrc --required "$PWD/deep/er"'),
        (".env", "cd deep/er; buf_setup_netrc ../.."),
    ],
    ids=["root of the work tree", "current folder", "folder by name", "folder by path", "folder above"],
)
def test_where_the_env_file_is(house: House, path: str, call: str) -> None:
    (house.workspace / ".git").mkdir()
    house.write(house.workspace / "deep/er/x", "")
    house.write(house.workspace / path, f"BUF_TOKEN={TOKEN}\n")
    assert house.run(call).exit_code == 0
    assert house.copied() == ""


def test_an_env_folder_is_no_env_file(house: House) -> None:
    house.write(house.workspace / ".env/pyvenv.cfg", "")
    assert house.setup() == DONE


# --- Who needs a token ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("need"))
def test_without_a_token_only_a_workspace_that_needs_one_fails(house: House, row: dict[str, Any]) -> None:
    for path, text in row["files"].items():
        house.write(house.workspace / path, text)
    answer = house.setup()
    if row["remote"]:
        assert answer.exit_code == 1
        assert f"expected a token of {row['remote']} for {row['file']} (https://{row['remote']}/" in answer.err
        assert answer.err.count("\n") == 1
    else:
        assert answer == DONE
    assert names_in(house.home) == []


def test_what_others_have_written_needs_nothing(house: House) -> None:
    for folder in ("node_modules/x", ".cache", "a/node_modules", ".nox-rings/stage"):
        house.write(house.workspace / folder / "buf.gen.yaml", REMOTE_PLUGIN)
    assert house.setup() == DONE


def test_a_missing_token_is_one_sentence(house: House) -> None:
    house.write(house.workspace / "my proto/buf.gen.yaml", REMOTE_PLUGIN)
    assert house.setup() == Answer(exit_code=1, out="", err=LACKING.format("my proto/buf.gen.yaml"))
    assert house.setup("'my proto'").err == LACKING.format("buf.gen.yaml")
    assert house.run("IFS=:/.; buf_setup_netrc").err == LACKING.format("my proto/buf.gen.yaml")
    assert house.setup("--required").err == LACKING.format("this workspace")


def test_a_cdpath_leads_to_no_other_workspace(house: House) -> None:
    house.write(house.workspace / "proto/buf.gen.yaml", REMOTE_PLUGIN)
    house.write(house.home / "proto/x", "")
    assert house.run("CDPATH=$HOME; buf_setup_netrc proto").err == LACKING.format("buf.gen.yaml")


def test_failing_leaves_the_shell_that_asked_alive(house: House) -> None:
    answer = house.run("buf_setup_netrc --required || echo failed with $?; echo still here, ${NETRC-no NETRC}")
    assert (answer.exit_code, answer.out) == (0, "failed with 1\nstill here, no NETRC\n")
    assert house.run("buf_setup_netrc --required\necho still here").out == ""


def test_a_value_that_is_no_token_is_reported_without_showing_it(house: House) -> None:
    house.env_file(f"BUF_TOKEN=the {TOKEN}\n")
    answer = house.setup("--required")
    assert (answer.exit_code, answer.out) == (1, "")
    assert answer.err.startswith(
        "BUF_TOKEN: found something in .env that is neither TOKEN nor TOKEN@REMOTE,…, expected"
    )


def test_tokens_of_other_remotes_only_are_not_enough(house: House) -> None:
    house.env_file(f"BUF_TOKEN={TOKEN}@bsr.example.com\n")
    assert house.setup("--required").exit_code == 0
    house.write(house.workspace / "buf.gen.yaml", REMOTE_PLUGIN)
    answer = house.setup()
    assert (answer.exit_code, answer.out) == (1, "")
    assert answer.err.startswith("BUF_TOKEN: found none but those of other remotes, expected a token of buf.build for")


@pytest.mark.parametrize("entry", ["machine buf.build login anna password p\n", "default login anna password p\n"])
def test_whoever_has_logged_in_needs_no_token(house: House, entry: str) -> None:
    house.write(house.workspace / "buf.gen.yaml", REMOTE_PLUGIN)
    house.write(house.home / ".netrc", entry)
    assert house.setup("--required") == DONE
    assert house.run("buf_setup_netrc; echo ${NETRC-no NETRC}").out == "no NETRC\n"
    assert names_in(house.home) == [".netrc"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("buf_setup_netrc --requird", "buf_setup_netrc: found --requird, expected [--required] [FOLDER]\n"),
        ("buf_setup_netrc 'no such'", "no such: found no such folder, expected a workspace\n"),
        ("unset HOME; buf_setup_netrc", "HOME: found it unset, expected your home folder\n"),
    ],
)
def test_a_call_that_cannot_be_meant_is_one_sentence(house: House, call: str, message: str) -> None:
    house.env_file()
    assert house.run(call) == Answer(exit_code=1, out="", err=message)


# --- The shell that sources it ----------------------------------------------------------------------------------------

OPTIONS = {
    "bash": "set -aC; shopt -s nullglob expand_aliases nocasematch",
    "dash": "set -aCf",
    "zsh": "setopt allexport noclobber extended_glob ksh_arrays rc_quotes err_return glob_subst warn_create_global",
}
# Whoever has an alias has it in the shells of people, too.
ALIASES = "alias mv='mv -i' rm='rm -i' grep='grep --color=always' cd='cd -P'"


def test_nothing_of_the_shell_changes_but_netrc(house: House) -> None:
    house.env_file()
    state = "{ set -o; umask; trap; pwd; alias; } >$1.state; set >$1.set"
    more = {"bash": "shopt >$1.more; declare -F >>$1.more", "zsh": "setopt >$1.more; typeset +f >>$1.more"}
    show = f"show() {{ {state}; {more.get(house.shell, ':')}; }}"
    tmp = house.folder
    script = f"show '{tmp}/after'\nbuf_setup_netrc\nshow '{tmp}/later'\necho \"$NETRC\"\necho $IFS | /bin/cat"
    before = f"trap 'echo bye' EXIT; IFS=:x; {OPTIONS[house.shell]}; {ALIASES}\nset -eu\n{show}\nshow '{tmp}/before'"
    answer = house.run(f". '{SCRIPT}'\n{script}", before=before)
    assert answer.exit_code == 0, answer.err
    assert answer.out.startswith(f"{house.written}\n") and answer.out.endswith("bye\n")
    assert house.copied() == ""
    texts = {path.name: path.read_text() for path in tmp.glob("*.*")}
    assert texts["before.state"] == texts["after.state"] == texts["later.state"]
    assert names_set(texts["later.set"]) - names_set(texts["before.set"]) <= {"NETRC", "_"}
    added = set(texts.get("later.more", "").splitlines()) - set(texts.get("before.more", "").splitlines())
    assert {line.split()[-1] for line in added if "_buf_" not in line} <= {"buf_setup_netrc"}


def names_set(listing: str) -> set[str]:
    return set(re.findall(r"^([A-Za-z_]\w*)=", listing, flags=re.MULTILINE))


def test_patterns_mean_what_they_mean_elsewhere(house: House) -> None:
    house.env_file(f"BUF_TOKEN={TOKEN}\nbuf_token=other\nEXPORT BUF_TOKEN=other\n")
    own_ways = {"bash": "shopt -s failglob nocasematch", "zsh": "setopt nomatch nocasematch"}
    house.run("buf_setup_netrc", before=own_ways.get(house.shell, ""))
    assert house.copied() == ""


def test_a_traced_shell_does_not_show_the_token(house: House) -> None:
    house.env_file()
    answer = house.run("set -xv\nbuf_setup_netrc --required\necho traced")
    assert (answer.exit_code, answer.out) == (0, "traced\n")
    assert "echo traced" in answer.err
    assert house.copied() == ""


def test_the_environment_of_programs_is_free_of_the_token_where_all_is_exported(house: House) -> None:
    house.env_file()
    house.run("set -a\nbuf_setup_netrc")
    assert f"{house.written}.tmp." in house.record("arguments")


@pytest.mark.parametrize("call", ["buf_setup_netrc; buf_setup_netrc", "(buf_setup_netrc)", "echo x | buf_setup_netrc"])
def test_it_works_wherever_it_is_called(house: House, call: str) -> None:
    house.env_file()
    assert house.run(call).exit_code == 0
    assert house.copied() == ""


def test_a_script_of_the_devcontainer_can_stop_at_once(house: House) -> None:
    house.write(house.workspace / "buf.gen.yaml", REMOTE_PLUGIN)
    answer = house.raw(f". '{SCRIPT}'\nbuf_setup_netrc || exit\necho goes on")
    assert (answer.exit_code, answer.out) == (1, "")


def test_the_reference_workspace_needs_no_token(house: House) -> None:
    assert house.setup(f"'{REPOSITORY}'") == DONE
