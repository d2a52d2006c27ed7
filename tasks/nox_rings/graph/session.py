"""The main job, its part without images, and the plan of it."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from nox_rings.engine.errors import UsageError
from nox_rings.images.kinds import IMAGE_DEV
from nox_rings.sessions.arguments import Parser, add_run_options, nearest
from nox_rings.sessions.frame import Selection, open_run, planned, reported_errors, run_targets

if TYPE_CHECKING:
    import nox

    from nox_rings.sessions.run import Run


RELEASE = 2  # the ring
MEMBERS = "a buf.yaml, a package of pnpm-workspace.yaml, of a uv workspace or of go.work"


def rings(session: nox.Session) -> None:
    """Run every ring: stubs, SDKs, services, images, artifacts, smoke installs; then sum up."""
    parser = Parser("rings", "Everything from the schema to smoke-tested SDKs and images; what is fresh is skipped.")
    add_run_options(parser)
    empty = f"found nothing to build: expected {MEMBERS}, or a Dockerfile"
    run_targets(session, parser, lambda run, _: Selection(tuple(run.graph.targets), empty))


def check(session: nox.Session) -> None:
    """Check the schema, generate the stubs, build and test every SDK, package and service (rings 0 and 1)."""
    parser = Parser("check", "What a pull request must pass, as far as it takes no images; bare `nox` runs it.")
    add_run_options(parser)
    empty = f"found nothing to build: expected {MEMBERS}"
    run_targets(session, parser, lambda run, _: Selection(_checked(run), empty))


def _checked(run: Run) -> tuple[str, ...]:
    """Images are slow and need an engine; what is packed is for a release."""
    targets = run.graph.targets.items()
    return tuple(each for each, target in targets if target.kind.ring < RELEASE and target.kind != IMAGE_DEV)


def plan(session: nox.Session) -> None:
    """Print what would run and why, of everything or of `-- TARGET…`."""
    parser = Parser("plan", "What would run, in order, and why. A TARGET is an id (sdk:ts) or a kind (image-dev).")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="ids or kinds (default: all)")
    add_run_options(parser)
    with reported_errors(session, as_json="--json" in session.posargs):
        arguments = parser.parse(session.posargs)
        if not arguments.help_shown:
            _print_plan(arguments)


def _print_plan(arguments: Namespace) -> None:
    from nox_rings.engine.run.show import print_plan

    with open_run(arguments) as run:
        found = planned(run, arguments, _select(run, arguments))
        if arguments.dry_run:
            from nox_rings.engine.run.dry_run import print_dry_run

            print_dry_run(run, run.layout.root, found, as_json=arguments.json)
        else:
            print_plan(found, as_json=arguments.json)


def _select(run: Run, arguments: Namespace) -> Selection:
    targets = run.graph.targets
    chosen: list[str] = []
    for word in arguments.targets:
        found = [each for each, target in targets.items() if word in (each, target.kind.name)]
        if not found:
            known = [*targets, *{target.kind.name for target in targets.values()}]
            raise UsageError(f"plan: found no target {word}; {nearest(word, known)}", hint="nox -s plan")
        chosen.extend(found)
    return Selection(tuple(dict.fromkeys(chosen or targets)))
