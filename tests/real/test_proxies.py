"""A proxy that a file of the user names is not asked for what is on loopback."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from checkout import REPOSITORY, environment
from nox_rings.ecosystems.model import SmokeConsumer
from nox_rings.ecosystems.npm import pnpm
from nox_rings.ecosystems.npm import smoke as npm_smoke
from nox_rings.ecosystems.pypi import smoke as pypi_smoke
from nox_rings.ecosystems.pypi import uv_pip
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.steps import Action
from nox_rings.toolchain.toolchain import Toolchain
from nox_rings.workspace.model import Member

DEAD = "http://127.0.0.1:9"


@dataclass
class Registry:
    port: int = 0
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def registry() -> Iterator[Registry]:
    """It knows no package, and keeps what it was asked for."""
    found = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a user whose files name a proxy for everything but a host of the company."""
    folder = tmp_path / "home"
    (folder / ".config/uv").mkdir(parents=True)
    (folder / ".npmrc").write_text(f"proxy={DEAD}\nhttps-proxy={DEAD}\nnoproxy=corp.example\n")
    proxies = f'http-proxy = "{DEAD}"\nhttps-proxy = "{DEAD}"\nno-proxy = ["corp.example"]\n'
    (folder / ".config/uv/uv.toml").write_text(proxies)
    monkeypatch.setenv("HOME", str(folder))
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("XDG_"):
            monkeypatch.delenv(name)
    return folder


def consumer(folder: Path, ecosystem: str, name: str, port: int) -> SmokeConsumer:
    member = Member(folder="sdk", ecosystem=ecosystem, name=name, install_root="sdk")
    made = SmokeConsumer(member=member, clean=folder / "clean", artifacts=folder, version="1.0.0", port=port)
    made.home.mkdir(parents=True)
    return made


def ask(command: Command, *tools: str) -> str:
    runner = ProcessRunner()
    toolchain = Toolchain(
        REPOSITORY, Path(environment()["NOX_RINGS_TOOLS_DIR"]), runner, source="pinned", announce=print
    )
    toolchain.require(*tools)
    overlay = {**toolchain.environment(*tools), **command.env}
    answer = runner.ask(Command(argv=command.argv, cwd=command.cwd, env=overlay))
    runner.close()
    return answer.stdout + answer.stderr


def settle(step: object) -> None:
    """Carry out a step that writes settings, and needs nothing of a run."""
    assert isinstance(step, Action)
    step.act(None)  # type: ignore[arg-type]


def nothing(command: object) -> Action:
    return Action(description="", act=lambda _: None)


def test_pnpm_asks_a_throw_away_registry_past_the_proxy_of_the_user(
    registry: Registry, home: Path, tmp_path: Path
) -> None:
    made = consumer(tmp_path, "npm", "@acme/sdk", registry.port)
    settle(npm_smoke.smoke_steps(made, nothing)[0])
    printed = ask(pnpm.add_command("@acme/sdk", "1.0.0", made.home), "pnpm", "node")
    assert registry.asked and "sdk" in registry.asked[0], printed


def test_uv_asks_a_throw_away_index_past_the_proxy_of_the_user(registry: Registry, home: Path, tmp_path: Path) -> None:
    made = consumer(tmp_path, "pypi", "acme-sdk", registry.port)
    settle(pypi_smoke.smoke_steps(made, nothing)[0])
    environment_folder = made.clean / "venv"
    ask(uv_pip.venv_command(environment_folder), "uv")
    command = uv_pip.install_command("acme-sdk", "1.0.0", f"http://127.0.0.1:{registry.port}", environment_folder)
    printed = ask(command, "uv")
    assert registry.asked == ["/simple/acme-sdk/"], printed


@pytest.mark.parametrize(("already", "hosts"), [("corp.example", ["corp.example", "127.0.0.1", "localhost", "::1"])])
def test_hosts_that_need_no_proxy_already_still_need_none(
    already: str, hosts: list[str], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", already)
    made = consumer(tmp_path, "pypi", "acme-sdk", 1)
    settle(pypi_smoke.smoke_steps(made, nothing)[0])
    assert (made.clean / "uv.toml").read_text() == f"no-proxy = {json.dumps(hosts)}\n"
