"""git ≥ 2.30: every command that nox-rings gives it, as a value. No other module spells one.

The minimum is where `git rev-parse --verify` understands `--end-of-options`
(https://github.com/git/git/blob/master/Documentation/RelNotes/2.30.0.txt). What the options are for:

- `-c core.fsmonitor=` and `-c core.hooksPath=/dev/null`: a query runs no program that the repository names
  (https://github.com/justinsteven/advisories, "git buried bare repos and fsmonitor various abuses"), and a file system
  monitor that misses an edit hides nothing. The value is empty because git before 2.36 runs a program named `false`.
- `--no-optional-locks`: a query writes no index, so it disturbs no other git and works in a read-only repository.
- `--literal-pathspecs`: a folder may be named `a*`.
- `--no-show-signature`: with `log.showSignature` gpg's output comes before ours.
- `%(refname:strip=2)`: a tag is `tags/v1` to `refname:short` where a branch has the same name.
- `for-each-ref` where `git tag` would do: it knows no `column.ui` and no `tag.sort`.
- `LC_ALL=C`: what git refuses is passed on in English, as the rest of our sentence is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from nox_rings.engine.process.command import Command

MINIMUM_VERSION = "2.30"
GONE = "R"
# What a git that runs us (a hook, an alias, `rebase --exec`) sets for its own repository, and what would make every git
# below us look there: `git rev-parse --local-env-vars`, and what narrows refs and pathspecs. Settings of the user
# stay: GIT_SSH_COMMAND, GIT_ASKPASS, GIT_CEILING_DIRECTORIES, GIT_CONFIG_GLOBAL and their like, and also
# GIT_CONFIG_COUNT and GIT_CONFIG_PARAMETERS (`git -c`), though git lists these two as local.
REPOSITORY_VARIABLES = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"),
    *("GIT_INTERNAL_SUPER_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE"),
    *("GIT_GRAFT_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_CONFIG", "GIT_NAMESPACE"),
    *("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"),
    "GIT_QUARANTINE_PATH",
)
# Python leaves a compiled noxfile beside it, in every repository that nox runs in.
NEVER_SOURCES = ("--exclude-standard", "--exclude=__pycache__/")
GIT = ("git", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "--no-optional-locks")


def query(root: Path, *arguments: str) -> Command:
    return Command(argv=(*GIT, *arguments), cwd=root, env={"LC_ALL": "C"})


def name_query(root: Path, *arguments: str) -> Command:
    """A query that answers with names of files."""
    return Command(argv=(*GIT, "--literal-pathspecs", *arguments), cwd=root, env={"LC_ALL": "C"}, lists_names=True)


def version_query() -> Command:
    return Command(argv=("git", "--version"), cwd=Path("/"))


def listing_query(root: Path) -> Command:
    """Tracked and untracked files that are not ignored, each after a letter and a space; the tracked files that are
    gone are there again, with the letter GONE (`git ls-files -t`)."""
    return name_query(root, "ls-files", "-z", "-t", "--cached", "--deleted", "--others", *NEVER_SOURCES)


def tracked_query(root: Path, folders: Iterable[str]) -> Command:
    return name_query(root, "ls-files", "-z", "--cached", "--", *folders)


def staged_query(root: Path) -> Command:
    """`MODE SHA STAGE<tab>PATH` of each file of the index."""
    return name_query(root, "ls-files", "-z", "--stage")


def uncommitted_queries(root: Path, paths: Sequence[str]) -> tuple[Command, Command]:
    """The status, whose paths are relative to the top of the repository; and where `root` is in it."""
    status = ("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *paths)
    return name_query(root, *status), name_query(root, "rev-parse", "--show-prefix")


def refs_query(root: Path) -> Command:
    """All refs and HEAD. `git rev-parse` would stop at the first that is missing and print nothing about the others."""
    return query(root, "show-ref", "--head")


def unchecked_refs_queries(root: Path) -> tuple[Command, ...]:
    """The same where `show-ref` ends at a ref that is broken: these read no object."""
    return (
        query(root, "for-each-ref", "--format=%(objectname) %(refname)"),
        query(root, "rev-parse", "--quiet", "--verify", "HEAD"),
        query(root, "symbolic-ref", "--quiet", "HEAD"),
    )


def head_queries(root: Path) -> tuple[Command, Command, Command]:
    """The commit checked out with its time; all tags with what they point at, through a tag object or without; and
    the tags of the commit and of those before it."""
    return (
        query(root, "log", "-1", "--no-show-signature", "--format=%H %ct"),
        query(root, "for-each-ref", "--format=%(refname:strip=2) %(objectname) %(*objectname)", "refs/tags"),
        tags_query(root, "merged", "HEAD"),
    )


def tags_query(root: Path, relation: str, commit: str) -> Command:
    """`relation`: `points-at`, or `merged` for the tags of the commit and of those before it."""
    return query(root, "for-each-ref", "--format=%(refname:strip=2)", f"--{relation}={commit}", "refs/tags")


def gaps_queries(root: Path) -> tuple[Command, Command]:
    """Whether the clone is shallow, and the file that lists where its history is cut; and the settings of remotes by
    which a fetch brings no tags (git-config(1), remote.<name>.tagOpt)."""
    return (
        name_query(root, "rev-parse", "--is-shallow-repository", "--git-path", "shallow"),
        query(root, "config", "--get-regexp", r"^remote\..*\.tagopt$", "^--no-tags$"),
    )


def roots_query(root: Path) -> Command:
    """The commits without a parent that HEAD descends from: in a shallow clone also those that are cut off."""
    return query(root, "rev-list", "--max-parents=0", "HEAD")


def commit_query(root: Path, commit: str) -> Command:
    """As it was written, with the parents that a shallow clone does not have."""
    return query(root, "cat-file", "commit", commit)


def object_query(root: Path, name: str) -> Command:
    return query(root, "rev-parse", "--quiet", "--verify", "--end-of-options", name)


def tree_files_query(root: Path, commit: str) -> Command:
    return name_query(root, "ls-tree", "-r", "-z", "--name-only", commit)


def tree_blobs_query(root: Path, commit: str) -> Command:
    """`MODE TYPE SHA<tab>PATH` of each file."""
    return name_query(root, "ls-tree", "-r", "-z", commit)


def top_query(root: Path) -> Command:
    return name_query(root, "rev-parse", "--show-toplevel")


def snapshot_commands(folder: Path, time_seconds: int) -> tuple[Command, Command, Command]:
    """Make `folder` a repository with one commit of that time. The second reads from its input what is in it, ignored
    or not: names with a zero byte between them. Nothing of the user's configuration counts."""
    nobody = {f"GIT_{who}_{what}": "nox-rings" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {f"GIT_{who}_DATE": f"@{time_seconds} +0000" for who in ("AUTHOR", "COMMITTER")}
    steps = (
        ("init", "-q", "--template=", "--initial-branch=packed"),
        ("add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"),
        ("commit", "-q", "--allow-empty", "--no-verify", "--no-gpg-sign", "-m", "packed"),
    )
    own = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C", **nobody, **dates}
    first, second, third = (
        Command(argv=(*GIT, "--literal-pathspecs", *step), cwd=folder, env=own, description=f"git {step[0]}")
        for step in steps
    )
    return first, second, third


def checkout_commands(
    top: Path, tree: str, folder: Path, index: Path, paths: Sequence[str] = ()
) -> tuple[Command, Command]:
    """Write files of a tree to `folder`, all or those at `paths`, through an index of their own. `git archive` would
    leave out what `export-ignore` names."""
    chosen = ("--", *paths) if paths else ("--all",)
    steps = (("read-tree", tree), ("checkout-index", "--force", f"--prefix={folder}/", *chosen))
    first, second = (
        Command(argv=(*GIT, *step), cwd=top, env={"GIT_INDEX_FILE": str(index)}, description=f"git {step[0]}")
        for step in steps
    )
    return first, second
