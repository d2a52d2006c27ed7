"""The main job, its part without images, and the plan of it."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from nox_rings.images.kinds import IMAGE_DEV
from nox_rings.sessions.arguments import Parser, add_reading_options, add_run_options
from nox_rings.sessions.frame import Selection, open_run, planned, reported_errors, run_targets
from nox_rings.sessions.selection import add_selection, one_target, selected

if TYPE_CHECKING:
    import nox

    from nox_rings.sessions.run import Run


RELEASE = 2  # the ring
AFFECTED_EXAMPLES = """\
examples:
  nox -s affected                         since the merge base with the default branch, edits included
  nox -s affected -- --base v1.2.0        since the merge base with a tag, branch or commit
  nox -s affected -- --ids --strict       one id a line; fails where history is missing"""
WHY_EXAMPLES = """\
examples:
  nox -s why -- sdk:ts                    what changed since it was last made
  nox -s why -- image-release:graph stubs:go   the path of dependencies between them"""
EMPTY = "found nothing to build, expected a buf.yaml, a package.json, a pyproject.toml, a go.mod or a Dockerfile"


def rings(session: nox.Session) -> None:
    """Run every ring: stubs, SDKs, services, images, artifacts, smoke installs; then sum up."""
    parser = Parser("rings", "Everything from the schema to smoke-tested SDKs and images; what is fresh is skipped.")
    add_selection(parser)
    add_run_options(parser)
    run_targets(session, parser, lambda run, arguments: _select(run, arguments, _everything(run), "rings"))


def _everything(run: Run) -> tuple[str, ...]:
    """Without what is only made where it is named."""
    return tuple(each for each, target in run.graph.targets.items() if not target.optional)


def check(session: nox.Session) -> None:
    """Check the schema, generate the stubs, build and test every SDK, package and service (rings 0 and 1)."""
    parser = Parser("check", "What a pull request must pass, as far as it takes no images; bare `nox` runs it.")
    add_selection(parser)
    add_run_options(parser)
    run_targets(session, parser, lambda run, arguments: _select(run, arguments, _checked(run), "check"))


def _checked(run: Run) -> tuple[str, ...]:
    """Images are slow and need an engine; what is packed is for a release."""
    targets = run.graph.targets
    rings = (each for each in _everything(run) if targets[each].kind.ring < RELEASE)
    return tuple(each for each in rings if targets[each].kind != IMAGE_DEV)


def _select(run: Run, arguments: Namespace, everything: tuple[str, ...], session: str) -> Selection:
    empty = "found nothing to do: everything is skipped" if everything else EMPTY
    return Selection(selected(run.graph, arguments, everything, session=session), empty)


def plan(session: nox.Session) -> None:
    """Print what would run and why, of everything or of `-- TARGET…`; `--unseen` lists what discovery passed over."""
    parser = Parser(
        "plan", "What would run, in order, and why. A TARGET is an id (sdk:ts), a kind (image-dev) or a pattern."
    )
    add_selection(parser)
    parser.add_argument(
        "--unseen", action="store_true", help="list what no target was made of, why, and what would change that"
    )
    add_run_options(parser)
    with reported_errors(session, as_json="--json" in session.posargs):
        arguments = parser.parse(session.posargs)
        if not arguments.help_shown:
            _print_plan(arguments)


def affected(session: nox.Session) -> None:
    """List the targets that a branch and its edits concern: compared with what they were at the merge base."""
    parser = Parser(
        "affected",
        "What a change concerns: every target that compares with something else than at the merge base of HEAD and the "
        "default branch, and all that depends on it. Where nothing can be compared: everything, with the reason.",
    )
    parser.epilog = AFFECTED_EXAMPLES
    parser.add_argument("--base", default="", metavar="REF", help="compare with the merge base of HEAD and this")
    parser.add_argument("--strict", action="store_true", help="fail where nothing can be compared")
    parser.add_argument("--ids", action="store_true", help="print ids alone, one a line")
    add_reading_options(parser)
    with reported_errors(session, as_json="--json" in session.posargs):
        arguments = parser.parse(session.posargs)
        if not arguments.help_shown:
            _print_affected(arguments)


def _print_affected(arguments: Namespace) -> None:
    from nox_rings.graph.show_affected import print_affected
    from nox_rings.sessions.affected import affected_since

    with open_run(arguments) as run:
        base, found, removed = affected_since(run, arguments.base, strict=arguments.strict)
        if arguments.ids and not arguments.json:
            print("".join(f"{each}\n" for each in found), end="")
        else:
            print_affected(run.graph, base, found, removed, as_json=arguments.json)


def why(session: nox.Session) -> None:
    """Say why a target would run: what changed, what led there, what it is made of; `-- A B`: how A depends on B."""
    parser = Parser("why", "Why TARGET would run, or that it is fresh. With two targets: how one depends on the other.")
    parser.epilog = WHY_EXAMPLES
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help="an id, such as sdk:ts (nox -s plan lists them); of two the path between them is printed",
    )
    add_reading_options(parser)
    with reported_errors(session, as_json="--json" in session.posargs):
        arguments = parser.parse(session.posargs)
        if not arguments.help_shown:
            if len(arguments.targets) not in (1, 2):
                parser.error(f"found {len(arguments.targets)} targets, expected TARGET, or two to see the path between")
            _print_why(arguments)


def _print_why(arguments: Namespace) -> None:
    from nox_rings.graph.show_why import print_answer, print_path
    from nox_rings.graph.why import explain, path_between

    with open_run(arguments) as run:
        one, *others = (one_target(run.graph, word, session="why") for word in arguments.targets)
        for other in others:
            print_path(path_between(run.graph, one, other), one, other, as_json=arguments.json)
            return
        with run.digests.one_look():
            planner = run.planner()
            answer = explain(planner.plan((one,)), one, planner.facts, run.state.records)
        print_answer(answer, as_json=arguments.json)


def _print_plan(arguments: Namespace) -> None:
    from nox_rings.engine.run.show import print_plan
    from nox_rings.graph.unseen import print_unseen, unseen_line

    with open_run(arguments) as run:
        if arguments.unseen:
            print_unseen(run.passed_over, as_json=arguments.json)
            return
        _, found = planned(run, arguments, lambda run, chosen: _select(run, chosen, tuple(run.graph.targets), "plan"))
        if arguments.dry_run:
            from nox_rings.engine.run.dry_run import print_dry_run

            print_dry_run(run, run.layout.root, found, as_json=arguments.json)
        else:
            print_plan(found, as_json=arguments.json)
            if not arguments.json:
                print(unseen_line(run.passed_over), end="")
