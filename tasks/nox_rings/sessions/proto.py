"""Ring 0."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from nox_rings.domain.targets import Kind
from nox_rings.errors import WorkspaceInvalidError
from nox_rings.sessions.arguments import Parser, add_run_options
from nox_rings.sessions.frame import Selection, run_targets

if TYPE_CHECKING:
    import nox

    from nox_rings.run.workbench import Workbench


def proto(session: nox.Session) -> None:
    """Lint the schema and generate the stubs into the SDK trees (ring 0)."""
    parser = Parser("proto", "Lint the schema, generate the stubs, prune what nothing generates any more.")
    add_run_options(parser)
    run_targets(session, parser, _select)


def _select(bench: Workbench, arguments: Namespace) -> Selection:
    ids = bench.graph.of_kind(Kind.PROTO, Kind.STUBS)
    if not ids:
        raise WorkspaceInvalidError(("found no buf.yaml in this workspace, expected one",), hint="buf config init")
    return Selection(ids)
