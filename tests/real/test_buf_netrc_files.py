"""scripts/lib/buf_netrc.sh: the netrc it writes, and the line in the shell's rc file."""

from __future__ import annotations

import base64
import netrc
import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from checkout import Answer
from house import DONE, SHELLS, TOKEN, House, make_house, names_in, require_program, rows

RC_LINE = '[ ! -f "$HOME/.netrc_buf" ] || export NETRC="$HOME/.netrc_buf"\n'


@pytest.fixture(params=SHELLS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    return make_house(tmp_path, request.param)


# --- What is written --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("netrc"))
def test_entries_of_other_hosts_are_kept(house: House, row: dict[str, Any]) -> None:
    house.env_file()
    house.write(house.home / ".netrc", row["text"])
    assert house.setup() == DONE
    assert house.copied() == row["kept"]
    assert (house.home / ".netrc").read_bytes() == row["text"].encode()


def test_a_token_for_each_remote_is_an_entry_each(house: House) -> None:
    house.env_file(f"BUF_TOKEN={TOKEN}@bsr.example.com:8443,2nd@buf.build\n")
    house.write(
        house.home / ".netrc", "machine bsr.example.com:8443 login a password b\nmachine c login d password e\n"
    )
    house.setup()
    assert house.written.read_text().splitlines()[1:] == [
        f"machine bsr.example.com:8443 login token password {TOKEN}",
        "machine buf.build login token password 2nd",
        "machine c login d password e",
    ]


def test_python_and_curl_understand_the_file(house: House) -> None:
    house.env_file()
    house.write(
        house.home / ".netrc",
        "# of anna\nmachine github.com\n  login anna\n  password p1\nmachine buf.build login anna password old\n"
        "macdef init\ncd /pub\n\nmachine example.com login anna password p2\ndefault login anonymous password p3\n",
    )
    house.setup()
    parsed = netrc.netrc(house.written)
    assert parsed.hosts == {
        "buf.build": ("token", "", TOKEN),
        "github.com": ("anna", "", "p1"),
        "example.com": ("anna", "", "p2"),
        "default": ("anonymous", "", "p3"),
    }
    assert parsed.macros == {"init": ["cd /pub\n"]}
    hosts = ("buf.build", "github.com", "elsewhere.example.org")
    assert [sent_by_curl(house.written, host) for host in hosts] == [f"token:{TOKEN}", "anna:p1", "anonymous:p3"]


def sent_by_curl(file: Path, host: str) -> str:
    """LOGIN:PASSWORD that curl sends to this host, which is this machine for as long as it takes."""
    seen: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        port = server.server_address[1]
        words = ("-q", "-sS", "--noproxy", "*", "--resolve", f"{host}:{port}:127.0.0.1", "--netrc-file", str(file))
        subprocess.run([require_program("curl"), *words, f"http://{host}:{port}/"], check=True, timeout=30)
    return seen[0]


def test_five_times_is_once(house: House) -> None:
    house.env_file()
    house.write(house.home / ".netrc", "machine c login d password e\n")
    house.write(house.rc, "alias ll='ls -l'\n")
    contents = set()
    for _ in range(5):
        assert house.run("buf_setup_netrc\nbuf_setup_netrc").exit_code == 0
        contents.add((house.written.read_bytes(), house.rc.read_bytes()))
    assert contents == {(house.written.read_bytes(), f"alias ll='ls -l'\n{RC_LINE}".encode())}
    assert house.copied() == "machine c login d password e\n"
    assert names_in(house.home) == sorted([".netrc", ".netrc_buf", house.rc.name])


def test_a_netrc_elsewhere_is_the_users_one_in_later_calls_too(house: House) -> None:
    """NETRC names our file from the first call on, in this shell and, by its rc file, in every other one."""
    house.env_file()
    house.write(house.home / ".netrc", "machine wrong login d password e\n")
    house.write(house.folder / "their netrc", "machine right login d password e\n")
    house.run("buf_setup_netrc\nbuf_setup_netrc", NETRC=str(house.folder / "their netrc"))
    assert house.copied() == "machine right login d password e\n"
    house.setup(NETRC=str(house.written))
    assert house.copied() == "machine right login d password e\n"
    house.setup(NETRC=f"{house.home}/../{house.home.name}/.netrc_buf")
    assert house.copied() == "machine right login d password e\n"
    (house.folder / "their netrc").unlink()
    house.setup(NETRC=str(house.written))
    assert house.copied() == "machine wrong login d password e\n"


def test_our_own_file_of_another_making_is_not_the_users(house: House) -> None:
    house.env_file()
    house.write(house.written, "machine buf.build login a password b\nmachine x login y password z\n")
    house.setup(NETRC=str(house.written))
    assert house.copied() == ""


def test_a_netrc_that_is_a_folder_is_an_error_and_changes_nothing(house: House) -> None:
    house.env_file()
    house.setup()
    old = house.written.read_bytes()
    (house.home / ".netrc").mkdir()
    answer = house.setup()
    assert (answer.exit_code, answer.out) == (1, "")
    assert f"{house.written}: could not write it; it is as it was" in answer.err
    assert (house.written.read_bytes(), house.leftovers()) == (old, [])


STATES = 'echo "$(/usr/bin/stat -c "%a %i %s" "$FILE")" >>"$RECORDS.states"'


@pytest.mark.parametrize("umask", ["000", "022", "077", "0777"])
def test_only_the_user_can_read_it_from_the_first_byte_on(house: House, umask: str) -> None:
    """mktemp reports the state of the empty file, mv that of the complete one: it is the same file."""
    house.env_file()
    house.write(house.written, "old\n")
    house.written.chmod(0o644)
    house.replace_program("mktemp", f'FILE=$("$REAL" "$@") || exit; {STATES}; echo "$FILE"')
    house.replace_program("mv", f'for FILE; do [ ! -f "$FILE" ] || {STATES}; done; exec "$REAL" "$@"')
    assert house.run(f"umask {umask}\nbuf_setup_netrc\numask").exit_code == 0
    states = [line.split() for line in house.record("states").splitlines()]
    (mode, inode, size), (whole_mode, whole_inode, _), (_, _, old_size) = states
    assert (mode, size, whole_mode, whole_inode, old_size) == ("600", "0", "600", inode, "4")
    assert house.written.stat().st_mode & 0o7777 == 0o600
    assert house.written.stat().st_ino == int(inode)


def test_names_of_temporary_files_cannot_be_guessed(house: House) -> None:
    house.env_file()
    house.replace_program("mv", 'printf "%s\\n" "$3" >>"$RECORDS.names"; exec "$REAL" "$@"')
    house.run("buf_setup_netrc\nbuf_setup_netrc")
    names = house.record("names").splitlines()
    assert len({re.sub(r".*\.tmp\.\d+\.", "", name) for name in names}) == 2


@pytest.mark.parametrize("target", ["a file", "a folder", "nothing"])
def test_a_link_at_its_path_is_replaced_and_not_followed(house: House, target: str) -> None:
    house.env_file()
    (house.folder / "a folder").mkdir()
    house.write(house.folder / "a file", "theirs\n")
    house.written.symlink_to(house.folder / target)
    assert house.setup().exit_code == 0
    assert not house.written.is_symlink() and house.copied() == ""
    assert (house.folder / "a file").read_text() == "theirs\n"
    assert names_in(house.folder / "a folder") == [] and not (house.folder / "nothing").exists()


def test_a_folder_at_its_path_is_an_error(house: House) -> None:
    house.env_file()
    house.written.mkdir()
    answer = house.setup()
    assert (answer.exit_code, answer.err) == (1, f"{house.written}: found a folder, expected to write a file there\n")
    assert names_in(house.written) == []


@pytest.mark.parametrize("program", ["mktemp", "mv", "awk"])
def test_a_program_that_fails_leaves_all_as_it_was(house: House, program: str) -> None:
    house.env_file()
    house.write(house.home / ".netrc", "machine c login d password e\n")
    house.setup()
    old = house.written.read_bytes()
    house.write(house.home / ".netrc", "machine f login g password h\n")
    house.replace_program(program, "exit 1")
    answer = house.run("buf_setup_netrc || echo failed with $?")
    assert (answer.out, answer.err) == ("failed with 1\n", f"{house.written}: could not write it; it is as it was\n")
    assert (house.written.read_bytes(), house.leftovers()) == (old, [])


@pytest.mark.parametrize("signal", ["INT", "TERM", "HUP"])
def test_an_interrupted_call_leaves_nothing(house: House, signal: str) -> None:
    house.env_file()
    house.replace_program("mv", f"kill -{signal} $PPID; exit 1")
    answer = house.run("buf_setup_netrc || echo failed with $?")
    assert answer.out == "failed with 1\n"
    assert not house.written.exists() and house.leftovers() == []


def test_what_a_killed_call_leaves_the_next_one_removes(house: House) -> None:
    """Even one that has nothing to write; but not what another call is writing right now."""
    house.env_file()
    house.replace_program("mv", "kill -KILL $PPID; exit 1")
    assert house.run("buf_setup_netrc || echo failed with $?").out == "failed with 1\n"
    (left,) = house.leftovers()
    assert TOKEN in (house.home / left).read_text()
    house.write(house.home / f".netrc_buf.tmp.{os.getpid()}.abcdef", "of a living process\n")
    house.env_file("")
    assert house.run("set -f; buf_setup_netrc").exit_code == 0
    assert house.leftovers() == [f".netrc_buf.tmp.{os.getpid()}.abcdef"]


def test_what_a_killed_call_leaves_is_removed_while_its_shell_lives_on(house: House) -> None:
    house.env_file()
    house.replace_program("mv", "kill -KILL $PPID; exit 1")
    house.run(f"buf_setup_netrc || echo > .env\n/bin/ls -A '{house.home}' >listing\nbuf_setup_netrc")
    assert ".netrc_buf.tmp." in (house.workspace / "listing").read_text()
    assert house.leftovers() == []


# --- The rc file ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, RC_LINE),
        ("", RC_LINE),
        ("alias a=b\n", f"alias a=b\n{RC_LINE}"),
        ("alias a=b", f"alias a=b\n{RC_LINE}"),
        (f"# {RC_LINE}", f"# {RC_LINE}"),
        ('export NETRC="$HOME/.netrc_buf"\n', 'export NETRC="$HOME/.netrc_buf"\n'),
    ],
    ids=["no file", "empty", "one line", "no newline at the end", "turned into a comment", "made by hand"],
)
def test_the_rc_file_gets_one_line(house: House, before: str | None, after: str) -> None:
    house.env_file()
    if before is not None:
        house.write(house.rc, before)
    house.setup()
    house.setup()
    assert house.rc.read_text() == after


def test_a_linked_rc_file_stays_a_link(house: House) -> None:
    house.env_file()
    house.write(house.folder / "settings/rc", "alias a=b")
    house.rc.symlink_to("../settings/rc")
    house.setup()
    assert house.rc.is_symlink()
    assert (house.folder / "settings/rc").read_text() == f"alias a=b\n{RC_LINE}"


def test_an_rc_file_that_cannot_be_written_is_reported_with_the_line(house: House) -> None:
    house.env_file()
    house.rc.mkdir()
    answer = house.setup()
    assert (answer.exit_code, answer.out) == (1, "")
    assert answer.err == f"{house.rc}: could not append to it, expected this line there: {RC_LINE}"
    assert not house.written.exists()


@pytest.mark.parametrize("house", ["zsh"], indirect=True)
def test_zsh_has_its_rc_file_where_zdotdir_says(house: House) -> None:
    house.env_file()
    house.write(house.folder / "z dot/.zshrc", "")
    house.setup(ZDOTDIR=str(house.folder / "z dot"))
    assert (house.folder / "z dot/.zshrc").read_text() == RC_LINE and not house.rc.exists()


def test_the_line_exports_netrc_only_where_the_file_is(house: House) -> None:
    house.env_file()
    house.setup()
    ask = f"set -eu; . '{house.rc}'; echo ${{NETRC-none}}"
    assert house.raw(ask).out == f"{house.written}\n"
    house.written.unlink()
    assert house.raw(ask) == Answer(exit_code=0, out="none\n", err="")
