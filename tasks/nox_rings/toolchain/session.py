"""The workstation: what the sessions want, what is there, and how to get the rest."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.sessions.arguments import Parser, add_run_options
from nox_rings.sessions.frame import reported_errors

if TYPE_CHECKING:
    import nox

    from nox_rings.toolchain.doctor import ToolStatus


def doctor(session: nox.Session) -> None:
    """Say which tools the sessions want, which are there, and how to get the others.

    Installs nothing. Ends with 0 only if the sessions can run; pinned tools that are not installed yet do no harm.

        nox -s doctor -- --json
    """
    with reported_errors(session, as_json="--json" in session.posargs):
        parser = Parser(
            "doctor",
            "Tools: wanted, found, where, how to get them. Only looks: --dry-run, --force and --jobs change nothing.",
        )
        add_run_options(parser)
        arguments = parser.parse(session.posargs)
        if arguments.help_shown:
            return
        root = Path.cwd()
        rows = _gather(root, arguments)
        _show(rows, root, as_json=arguments.json)
    from nox_rings.toolchain.doctor import can_run

    if not can_run(rows):
        session.error()


def _gather(root: Path, arguments: Namespace) -> list[ToolStatus]:
    from nox_rings.engine.layout import Layout
    from nox_rings.sessions.children import new_runner
    from nox_rings.toolchain.machine import machine_status
    from nox_rings.toolchain.toolchain import Toolchain

    runner = new_runner()
    tools = Toolchain(
        root, Layout(root).tools, runner, source="system" if arguments.system_tools else "pinned", announce=print
    )
    return [*machine_status(root, runner), tools.system_status("git"), *tools.status()]


def _show(rows: list[ToolStatus], root: Path, *, as_json: bool) -> None:
    from nox_rings.toolchain.doctor import as_json as document
    from nox_rings.toolchain.doctor import table_lines, verdict

    if as_json:
        print(json.dumps(document(rows), indent=2))
        return
    print("\n".join(table_lines(rows, root=str(root))), verdict(rows), sep="\n\n", flush=True)
