"""The client of the embedded BuildKit: its own tests in Go, and the versions of what it shares with the daemon."""

from __future__ import annotations

from checkout import REPOSITORY
from go_programs import ask
from nox_rings.toolchain.providers import GO_BUILD, OWN_SOURCES
from nox_rings.workspace.go_manifest import parse_go_mod

SOURCES = OWN_SOURCES / "images/embedded/buildkitclient"


def test_the_go_tests_of_the_client_pass() -> None:
    answer = ask("go", "test", "-trimpath", "-vet=off", "./...", cwd=SOURCES, **GO_BUILD)
    assert answer.exit_code == 0, answer.stdout + answer.stderr


def test_what_the_client_and_the_daemon_share_is_of_one_version() -> None:
    """Otherwise Go compiles both versions, and the two may not understand each other."""
    daemon, client = (
        {each.module: each.version for each in parse_go_mod((folder / "go.mod").read_text()).requires}
        for folder in (REPOSITORY / "tools/go/images", SOURCES)
    )
    shared = daemon.keys() & client.keys()
    assert "github.com/moby/buildkit" in shared
    assert {name: client[name] for name in shared} == {name: daemon[name] for name in shared}
