"""Parsed output of compilers, checkers and installers."""

from __future__ import annotations

from pathlib import Path

from nox_rings.ecosystems.consumer import Diagnostic
from nox_rings.ecosystems.go import go_consumer
from nox_rings.ecosystems.npm import pnpm, tsc
from nox_rings.ecosystems.pypi import mypy, uv_pip


def test_diagnostics_of_tsc_have_a_position_or_none_and_may_continue() -> None:
    output = """nodenext.ts(2,25): error TS7016: Could not find a declaration file for module '@a/b'.
  Try `npm i --save-dev @types/a__b`.
node_modules/.pnpm/@a+x@1.2.3_(peer)/node_modules/@a/x/a.d.ts(1,24): error TS2307: Cannot find module.
error TS5102: Option 'x' has been removed.
"""
    assert list(tsc.parse_diagnostics(output)) == [
        Diagnostic(
            file="nodenext.ts",
            line=2,
            code="TS7016",
            message="Could not find a declaration file for module '@a/b'.",
        ),
        Diagnostic(
            file="node_modules/.pnpm/@a+x@1.2.3_(peer)/node_modules/@a/x/a.d.ts",
            line=1,
            code="TS2307",
            message="Cannot find module.",
        ),
        Diagnostic(file="", line=0, code="TS5102", message="Option 'x' has been removed."),
    ]


def test_errors_of_mypy_are_read_without_its_notes_and_failures() -> None:
    output = """{"file": "a.py", "line": 3, "column": 0, "message": "No", "code": "misc", "severity": "error"}
{"file": "a.py", "line": 3, "column": 0, "message": "Hint", "code": null, "severity": "note"}
Package 'a' cannot be type checked due to missing py.typed marker.
"""
    assert list(mypy.parse_diagnostics(output)) == [Diagnostic(file="a.py", line=3, code="misc", message="No")]


def test_mypy_ignores_settings_and_module_paths_of_the_machine() -> None:
    command = mypy.check_command(Path("/p/venv/bin/python"), Path("/p"), "--strict", ".")
    assert command.argv[:4] == ("mypy", "--config-file", "", "--cache-dir=/dev/null")
    assert command.argv[-2:] == ("--strict", ".")
    assert command.env["MYPYPATH"] is None


def test_the_cause_of_a_failed_installation_is_the_message_of_the_installer() -> None:
    ndjson = '$ pnpm install\n{"level":"debug","message":"x"}\n{"level":"error","message":"Could not\\n\\ninstall"}\n'
    assert pnpm.cause_of(ndjson) == "Could not install"
    assert uv_pip.cause_of("Using Python 3.11\nerror: No solution found\n  cause: Because\n") == (
        "No solution found cause: Because"
    )
    lines = "$ go get x\ngo: downloading y v1\ngo: added z v2\ngo: x@v1: not found\n"
    assert go_consumer.cause_of(lines) == "go: x@v1: not found"


def test_a_go_consumer_takes_the_packed_set_first_then_downloaded_modules_then_the_setting_of_the_machine() -> None:
    found = go_consumer.proxies_of("https://proxy.example,direct\n/cache/mod\n", [Path("/dist/a"), Path("/dist/b")])
    assert found == "file:///dist/a,file:///dist/b,file:///cache/mod/cache/download,https://proxy.example,direct"
    shown = go_consumer.shown_proxies([Path("/dist/a")])
    assert shown == "file:///dist/a,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)"


def test_a_go_consumer_has_a_cache_of_its_own_and_asks_no_checksum_server_for_the_set() -> None:
    consumer = go_consumer.Consumer(
        name="example.com/Acme",
        version="v1.2.3",
        home=Path("/p/consumer"),
        cache=Path("/p/modcache"),
        proxies="file:///dist",
        modules=("example.com/Acme", "example.com/b"),
    )
    command = consumer.command("build", "./...")
    assert command.env == {
        "GOWORK": "off",
        "GOFLAGS": "-modcacherw -trimpath -mod=mod",
        "GOGC": "400",
        "GOMODCACHE": "/p/modcache",
        "GONOSUMDB": "example.com/Acme,example.com/b",
        "GOPRIVATE": None,
        "GONOPROXY": "none",
        "GOPROXY": "file:///dist",
    }
    assert consumer.unpacked == Path("/p/modcache/example.com/!acme@v1.2.3")
