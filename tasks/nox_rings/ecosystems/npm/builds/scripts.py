"""Which programs the scripts of a package call, as far as their text tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nox_rings.engine.paths import is_under, joined

SEPARATOR = re.compile(r"&&|\|\||[;|&\n]")
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=\S*")
# Options of node, and of tools that pass theirs on (https://nodejs.org/api/cli.html#--env-fileconfig).
ENVIRONMENT_FILE = re.compile(r"--env-file(?:-if-exists)?[\s=]+[\"']?([^\s\"']+)")
# Of programs that load one: `dotenv -e FILE`, `env-cmd -f FILE`, and the shell's own.
LOADED = re.compile(r"\b(?:dotenv|dotenvx|env-cmd)\s(?:[^;&|]*?\s)??(?:-[ef]|--file)[\s=]+[\"']?([^\s\"']+)")
SOURCED = re.compile(r"(?:^|[;&|(])\s*(?:source|\.)\s+[\"']?([^\s\"';&|]+)")
COPIERS = frozenset({"cp", "cpy", "cpx", "cpx2", "copyfiles", "rsync", "ncp"})
WRAPPERS = frozenset({"cross-env", "cross-env-shell", "env", "npx", "bunx", "time", "command", "exec", "--"})
MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
RUN, EXEC = frozenset({"run", "run-script"}), frozenset({"exec", "x", "dlx"})
RUN_SEVERAL = frozenset({"run-s", "run-p", "npm-run-all", "npm-run-all2"})
UNKNOWN = "?"
TEST_RUNNER = "node --test"
# They read neither variables of a framework nor settings above the package, but for those of the compiler, which
# name each other (tsconfig.py).
PLAIN = frozenset(
    {"tsc", "tsgo", "vue-tsc", TEST_RUNNER, "publint", "attw", "buf", "rm", "rimraf", "del-cli", "shx", "mkdir", "cp"}
    | {"mv", "cpy", "cpx", "cpx2", "copyfiles", "chmod", "echo", "true", "exit", "cd", "test", "ls", "cat"}
)


def reached(scripts: Mapping[str, str], checks: Sequence[str]) -> tuple[str, ...]:
    """The texts of the scripts that are run with `checks`: those before and after them, and those they call."""
    found: dict[str, str] = {}
    waiting = [*checks]
    while waiting:
        name = waiting.pop()
        for each in (f"pre{name}", name, f"post{name}"):
            if each in scripts and each not in found:
                found[each] = scripts[each]
                waiting += _called_scripts(scripts[each], scripts)
    return tuple(found.values())


def programs(texts: Sequence[str], scripts: Mapping[str, str]) -> frozenset[str]:
    """The names of the programs that scripts call; UNKNOWN is among them where that cannot be told."""
    return frozenset(each for text in texts for words in _commands(text) for each in _programs(words, scripts))


def called_packages(texts: Sequence[str]) -> Iterator[str]:
    """Names of other packages whose scripts a manager is told to run: `--filter NAME`, `-w NAME`, `workspace NAME`."""
    for words in (words for text in texts for words in _commands(text)):
        if words[0] in (*MANAGERS, "turbo"):
            yield from (re.sub(r"^.*=|\.\.\.|\^|[\"']", "", word) for word in words[1:])


def environment_files(texts: Sequence[str], folder: str) -> tuple[str, ...]:
    """Paths of the files with variables that scripts in `folder` name."""
    patterns = (ENVIRONMENT_FILE, LOADED, SOURCED)
    found = (joined(folder, each) for text in texts for pattern in patterns for each in pattern.findall(text))
    return tuple(dict.fromkeys(each for each in found if not each.startswith(("/", ".."))))


def copied_files(texts: Sequence[str], folder: str) -> tuple[str, ...]:
    """Paths outside of `folder` that its scripts copy from, with wildcards as they are."""
    found = dict[str, None]()
    for words in (words for text in texts for words in _commands(text)):
        words = words[1:] if words[0] == "shx" else words
        paths = [word.strip("\"'") for word in words[1:] if not word.startswith("-")]
        if words[:1] and words[0].rpartition("/")[2] in COPIERS:
            found |= dict.fromkeys(joined(folder, each) for each in paths[:-1] if "$" not in each)
    return tuple(
        each for each in found if not (each.startswith(("/", "..")) or is_under(each, folder) or is_under(folder, each))
    )


def _commands(text: str) -> Iterator[list[str]]:
    for command in SEPARATOR.split(text):
        words = command.split()
        while words and (words[0] in WRAPPERS or ASSIGNMENT.fullmatch(words[0])):
            words = words[1:]
        if words:
            yield words


def _called_scripts(text: str, scripts: Mapping[str, str]) -> Iterator[str]:
    for words in _commands(text):
        yield from _scripts_of(words, scripts)


def _scripts_of(words: Sequence[str], scripts: Mapping[str, str]) -> Iterator[str]:
    """The scripts of this package that a command runs."""
    if words[0] in RUN_SEVERAL:
        for word in words[1:]:
            beginning, star, _ = word.partition("*")
            yield from (each for each in scripts if each == word or (star and each.startswith(beginning)))
    elif words[0] in MANAGERS and len(words) > 1:
        named = words[2:3] if words[1] in RUN else words[1:2]
        yield from (each for each in named if each in scripts)


def _programs(words: Sequence[str], scripts: Mapping[str, str]) -> Iterator[str]:
    name = words[0].rpartition("/")[2]
    if name in RUN_SEVERAL or name in MANAGERS:
        if not any(_scripts_of(words, scripts)):
            is_named = name != "npm" and len(words) > 1 and re.fullmatch(r"[\w@][\w@/-]*", words[1])
            called = words[2:] if len(words) > 2 and words[1] in EXEC else words[1:] if is_named else []
            yield from _programs(called, scripts) if called and called[0] not in MANAGERS | RUN | EXEC else (UNKNOWN,)
    elif name == "node":
        yield TEST_RUNNER if "--test" in words else UNKNOWN
    else:
        yield name if re.fullmatch(r"[\w@.-]+", name) else UNKNOWN
