"""The workstation: what the sessions want, what is there, and how to get the rest."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.engine.errors import NoxRingsError
from nox_rings.sessions.arguments import Parser, add_run_options
from nox_rings.sessions.frame import open_run, reported_errors

if TYPE_CHECKING:
    import nox

    from nox_rings.toolchain.doctor import DoctorReport, ToolStatus
    from nox_rings.toolchain.toolchain import Toolchain


def doctor(session: nox.Session) -> None:
    """Say which tools the targets of this workspace want, which are there, and how to get the others.

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
        report = _gather(Path.cwd(), arguments)
        _show(report, Path.cwd(), as_json=arguments.json)
    if not report.ok:
        session.error()


def _gather(root: Path, arguments: Namespace) -> DoctorReport:
    from nox_rings.engine.layout import Layout
    from nox_rings.images.engine_status import find_engine
    from nox_rings.sessions.children import new_runner
    from nox_rings.toolchain.doctor import DoctorReport
    from nox_rings.toolchain.machine import disk_status, python_status
    from nox_rings.toolchain.toolchain import Source, Toolchain

    runner = new_runner()
    needs = _needs(arguments)
    source: Source = "system" if arguments.system_tools else "pinned"
    tools = Toolchain(root, Layout(root).tools, runner, source=source, announce=print, files=needs.files)
    engine = [find_engine(runner)] if needs.images else []
    names = (*needs.tools, *_pinned(tools, needs))
    rows = (python_status(), *engine, disk_status(root), *tools.status("git", "uv", *_engine_tools(engine), *names))
    return DoctorReport(rows=tuple(rows), problem=needs.problem)


@dataclass(frozen=True, slots=True)
class _Needs:
    """`tools` of all targets; `problem` is why there are none. `files` is the listing of the workspace."""

    files: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    images: bool = False
    problem: str = ""


def _needs(arguments: Namespace) -> _Needs:
    """What the targets of this workspace ask for. A workspace that cannot be read is reported with what can be."""
    from nox_rings.images.kinds import IMAGE_DEV, IMAGE_RELEASE

    try:
        with open_run(arguments) as run:
            targets, files = run.graph.targets.values(), run.files
    except NoxRingsError as error:
        return _Needs(problem=str(error))
    names = sorted({name for target in targets for name in target.tools})
    images = any(target.kind in (IMAGE_DEV, IMAGE_RELEASE) for target in targets)
    return _Needs(files=files, tools=tuple(names), images=images)


def _pinned(tools: Toolchain, needs: _Needs) -> tuple[str, ...]:
    """What the workspace pins beside that."""
    try:
        return tools.pinned_names()
    except NoxRingsError:
        if not needs.problem:
            raise
        return ()


def _engine_tools(engine: list[ToolStatus]) -> tuple[str, ...]:
    from nox_rings.images.embedded.engine import ENGINE_TOOLS

    return ENGINE_TOOLS if any(row.found and row.found != "docker" for row in engine) else ()


def _show(report: DoctorReport, root: Path, *, as_json: bool) -> None:
    from nox_rings.toolchain.doctor import as_json as document
    from nox_rings.toolchain.doctor import table_lines, verdict

    if as_json:
        print(json.dumps(document(report), indent=2))
        return
    print("\n".join(table_lines(report.rows, root=str(root))), verdict(report), sep="\n\n", flush=True)
