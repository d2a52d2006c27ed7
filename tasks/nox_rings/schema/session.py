"""Ring 0."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from nox_rings.engine.errors import UsageError, WorkspaceInvalidError
from nox_rings.engine.plan.plan import Purpose
from nox_rings.schema.kinds import PROTO, STUBS
from nox_rings.sessions.arguments import Parser, add_run_options, nearest
from nox_rings.sessions.frame import Selection, open_run, reported_errors, run_parsed

if TYPE_CHECKING:
    import nox

    from nox_rings.sessions.run import Run

DESCRIPTION = """\
The only session that turns the schema into code: check its format, lint it, compare it with earlier
commits, generate the stubs, replace those in the tree, and remove what nothing generates any more."""
EXAMPLES = """\
examples:
  nox -s proto                       all of it
  nox -s proto -- --check            write nothing; fail on any difference, and name its kind
  nox -s proto -- --fix              format the schema first
  nox -s proto -- --only go --only ts
  nox -s proto -- --against v1.4.0   compare with a release instead of the merge base
  nox -s proto -- --push main --dry-run"""


def proto(session: nox.Session) -> None:
    """Check the schema and generate the stubs into the SDK trees (ring 0)."""
    parser = Parser("proto", DESCRIPTION)
    parser.epilog = EXAMPLES
    purpose = parser.add_mutually_exclusive_group()
    purpose.add_argument(
        "--check", dest="purpose", action="store_const", const=Purpose.CHECK, help="write nothing, find everything"
    )
    purpose.add_argument(
        "--fix", dest="purpose", action="store_const", const=Purpose.FIX, help="format the schema, then go on"
    )
    purpose.add_argument("--push", metavar="LABEL", help="push the named modules to their registry, and nothing else")
    parser.set_defaults(purpose=Purpose.MAKE)
    parser.add_argument("--only", action="append", metavar="LANGUAGE", help="generate only these stubs: go, ts or py")
    parser.add_argument("--against", default="", metavar="REF", help="compare with this commit for breaking changes")
    add_run_options(parser)
    with reported_errors(session, as_json="--json" in session.posargs):
        arguments = parser.parse(session.posargs)
        if arguments.help_shown:
            return
        if arguments.push is None:
            run_parsed(session, arguments, _select)
        else:
            _push(arguments)


def _push(arguments: Namespace) -> None:
    from nox_rings.schema.push.recipe import push_schema

    with open_run(arguments) as run:
        push_schema(
            run.context,
            run.view().index.workspace.schemas,
            arguments.push,
            dry_run=arguments.dry_run,
            as_json=arguments.json,
        )


def _select(run: Run, arguments: Namespace) -> Selection:
    graph = run.graph
    if not graph.of_kind(PROTO):
        raise WorkspaceInvalidError(("found no buf.yaml in this workspace, expected one",), hint="buf config init")
    if not arguments.only:
        return Selection(graph.of_kind(PROTO, STUBS))
    stubs = {each.name: each for each in graph.of_kind(STUBS)}
    for name in arguments.only:
        if name not in stubs:
            raise UsageError(f"proto: found --only {name}; {nearest(name, list(stubs))}", hint="nox -s proto -- --help")
    return Selection(tuple(stubs[name] for name in arguments.only))
