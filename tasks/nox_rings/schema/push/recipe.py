"""Push the schema to the registry that its modules are named after: print what will be pushed, then push it.

A token is looked for before anything touches the network, and none is printed, logged or part of a command line."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.engine.errors import (
    CommandFailedError,
    CredentialMissingError,
    StepFailedError,
    UsageError,
    WorkspaceInvalidError,
)
from nox_rings.engine.paths import below, joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.locks import file_lock
from nox_rings.engine.process.runner import Completed
from nox_rings.engine.store.trees import empty_folder
from nox_rings.schema.credentials.netrc import require_buf_credentials
from nox_rings.schema.push import buf_push
from nox_rings.schema.push.model import SchemaPush, label_problem
from nox_rings.schema.push.plan import (
    PushPlan,
    dry_run_lines,
    plan_document,
    plan_lines,
    pushed_lines,
    uncommitted_message,
)
from nox_rings.workspace.git.worktree import Worktree
from nox_rings.workspace.schemas import BufWorkspace

STAGE = "schema-push"
FAILURE = "Failure: "  # before the sentence with which buf ends badly


def push_schema(
    context: RecipeContext, schemas: Sequence[BufWorkspace], label: str, *, dry_run: bool, as_json: bool
) -> Mapping[str, str]:
    """Push every module of `schemas` that has a name, and return its name → the registry's commit id. With
    `dry_run` only print what would be pushed, without the network and without a token.

    Raises UsageError, WorkspaceInvalidError, CredentialMissingError, CommandFailedError, StepFailedError."""
    if problem := label_problem(label):
        raise UsageError(f"proto --push: {problem}", hint="nox -s proto -- --push main")
    plan = plan_push(context, schemas, label)
    if dry_run:
        plan = replace(plan, token_lacking=_token_lacking(context, plan))
    if not as_json:
        print("\n".join(plan_lines(plan)), flush=True)
    commits = {} if dry_run else _carry_out(context, plan)
    if as_json:
        print(json.dumps({"ok": True, "dry_run": dry_run, **plan_document(plan, commits)}, indent=2))
    else:
        print("\n".join(dry_run_lines(plan) if dry_run else pushed_lines(plan, commits)), flush=True)
    return commits


def plan_push(context: RecipeContext, schemas: Sequence[BufWorkspace], label: str) -> PushPlan:
    """Looks at files and at git only. Raises WorkspaceInvalidError."""
    root = context.layout.root
    pushes = buf_push.find_pushes(root, context.files, schemas)
    if not pushes:
        raise _nothing_named(schemas)
    modules = (module for push in pushes for module in push.modules)
    return PushPlan(
        label=label,
        git_commit=context.commit().sha,
        pushes=pushes,
        sizes={module.path: sum((root / file).stat().st_size for file in module.files) for module in modules},
        uncommitted=Worktree(context.runner, root).list_uncommitted([path for push in pushes for path in push.paths]),
    )


def _nothing_named(schemas: Sequence[BufWorkspace]) -> WorkspaceInvalidError:
    if not schemas:
        return WorkspaceInvalidError(("found no buf.yaml in this workspace, expected one",), hint="buf config init")
    schema = schemas[0]
    path = next((below(schema.folder, module) for module in schema.own_modules), ".")
    where = "" if path == "." else f" below `- path: {path}`"
    return WorkspaceInvalidError(
        (f"{joined(schema.folder, 'buf.yaml')}: found no module of ours with a name, expected one to push",),
        hint=f"add the line `name: buf.build/OWNER/MODULE`{where}",
    )


def _token_lacking(context: RecipeContext, plan: PushPlan) -> str:
    try:
        _credentials(context, plan)
    except CredentialMissingError as error:
        return error.message
    return ""


def _credentials(context: RecipeContext, plan: PushPlan) -> Mapping[str, str]:
    names = " and ".join(module.name for module in plan.modules)
    remotes = {push.registry for push in plan.pushes}
    return require_buf_credentials(context.layout.root, os.environ, remotes, f"the push of {names}")


def _carry_out(context: RecipeContext, plan: PushPlan) -> Mapping[str, str]:
    """The refusals come before anything that may touch the network; installing buf may."""
    if plan.uncommitted:
        raise _not_committed(plan)
    credentials = _credentials(context, plan)
    context.tools().require("buf")
    commits: dict[str, str] = {}
    with file_lock(context.layout.lock(STAGE), waiting=lambda: context.say("waiting for another push")):
        for push in plan.pushes:
            commits |= _push(context, plan, push, credentials)
    return commits


def _not_committed(plan: PushPlan) -> WorkspaceInvalidError:
    """A registry keeps what was pushed: it has to be a state that git knows too."""
    folders = " ".join(shlex.quote(push.folder) for push in plan.pushes)
    return WorkspaceInvalidError(
        (f"{uncommitted_message(plan)}, expected to push the schema of a commit",),
        hint=f"git add {folders} && git commit",
    )


def _push(
    context: RecipeContext, plan: PushPlan, push: SchemaPush, credentials: Mapping[str, str]
) -> Mapping[str, str]:
    stage = empty_folder(context.layout.stage(STAGE))
    try:
        buf_push.write_stage(context.layout.root, stage, push)
        if push.dependencies and not push.lock:
            _ask(context, plan, push, buf_push.pin_command(stage, credentials))
        output = _ask(context, plan, push, buf_push.push_command(stage, plan.label, credentials))
    finally:
        empty_folder(stage)
    commits = buf_push.parse_pushed(output)
    lacking = [module.name for module in push.modules if module.name not in commits]
    if lacking:
        raise StepFailedError(f"{lacking[0]}: buf push printed no commit for it, expected one", hint=plan.repeat)
    return commits


def _ask(context: RecipeContext, plan: PushPlan, push: SchemaPush, command: Command) -> str:
    """What buf answers on standard output; warnings, which may be the registry's, are passed on. There is no second
    try: what the registry did with the first is unknown, and to push again, though harmless, is a person's decision.
    """
    answer = context.runner.ask(replace(command, env={**context.tools().environment("buf"), **command.env}))
    output = _without_tokens(answer.stderr, command.env.get(buf_push.TOKEN) or "")
    if answer.exit_code:
        raise _failed(plan, push, command, answer._replace(stderr=output))
    for line in output.splitlines():
        context.say(line)
    return answer.stdout


def _failed(plan: PushPlan, push: SchemaPush, command: Command, answer: Completed) -> CommandFailedError:
    """With buf's own message, which has the registry's answer."""
    lines = [line.strip() for line in answer.stderr.splitlines() if line.strip()] or ["it printed nothing"]
    message = next((line.removeprefix(FAILURE) for line in lines if line.startswith(FAILURE)), lines[0])
    names = " and ".join(module.name for module in push.modules)
    return CommandFailedError(
        f"{names}: {command.description} failed: {message}",
        repeat=plan.repeat,
        exit_code=answer.exit_code,
        output=answer.stderr,
    )


def _without_tokens(text: str, token: str) -> str:
    """buf repeats a BUF_TOKEN that it cannot read ("invalid token: …"), and the environment's may be such a one."""
    for value in (token, os.environ.get(buf_push.TOKEN, "")):
        for secret in filter(None, (part.partition("@")[0].strip() for part in value.split(","))):
            text = text.replace(secret, "***")
    return text
