"""go.mod and go.work as values (https://go.dev/ref/mod#go-mod-file-grammar), for discovery and pins, which may start no
process. The lexer follows golang.org/x/mod/modfile v0.40; tests/real/test_go_manifest.py compares the two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# A comment, a quoted string, a character that stands for itself, or a word up to one of those or to a space. Strings in
# backquotes are for a later go: the one we follow refuses them.
TOKEN = re.compile(r'//.*|"(?:\\.|[^"\\])*"|[()\[\]{},]|(?:(?!//)[^\s()\[\]{},])+')
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
ESCAPE = re.compile(r"\\(.)")
# https://go.dev/doc/toolchain#version
GO_VERSION = re.compile(r"[1-9][0-9]*\.(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))?([a-z]+[0-9]+)?")
# Directive → how many words follow it, where that is the same for all.
MOD_VERBS: Mapping[str, int] = {
    **{"module": 1, "go": 1, "toolchain": 1, "require": 2, "exclude": 2, "tool": 1, "ignore": 1},
    **{"replace": 0, "retract": 0, "godebug": 0},
}
WORK_VERBS: Mapping[str, int] = {"go": 1, "toolchain": 1, "use": 1, "replace": 0, "godebug": 0}
EXPECTED: Mapping[str, str] = {
    "module": "module PATH",
    "go": "go VERSION, such as go 1.25",
    "toolchain": "toolchain NAME",
    "require": "require MODULE VERSION",
    "exclude": "exclude MODULE VERSION",
    "replace": "replace MODULE [VERSION] => FOLDER, or MODULE VERSION",
    "tool": "tool PACKAGE",
    "ignore": "ignore FOLDER",
    "use": "use FOLDER",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """`indirect` is go's own diagnostic: no package of the main module imports this one."""

    module: str
    version: str
    indirect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """`version` is empty where every version of `module` is replaced, `target_version` where `target` is a folder."""

    module: str
    target: str
    version: str = ""
    target_version: str = ""

    @property
    def is_folder(self) -> bool:
        return self.target in (".", "..") or self.target.startswith(("./", "../", "/"))


@dataclass(frozen=True, slots=True)
class Refused:
    """What go refuses: a line from 1 (0 where it is no line), what was found there and what was expected."""

    line: int
    found: str
    expected: str

    def sentence(self, path: str) -> str:
        place = f"{path}:{self.line}" if self.line else path
        return f"{place}: found {self.found}, expected {self.expected}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoMod:
    """`go` is the language version; `tools` are import paths of packages; `refused` is why go does not read it."""

    module: str = ""
    go: str = ""
    requires: tuple[Requirement, ...] = ()
    replaces: tuple[Replacement, ...] = ()
    tools: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoWork:
    """`uses` are folders, relative to that of the file; `use_lines` the lines they stand at. `settings` are the words
    of all other lines, sorted."""

    go: str = ""
    settings: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    replaces: tuple[Replacement, ...] = ()
    use_lines: tuple[int, ...] = field(default=(), compare=False)
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A directive: inside a block each line has the verb of the block. `comment` is what follows `//`; `is_open`:
    a block without an end."""

    number: int
    verb: str
    words: tuple[str, ...]
    comment: str = ""
    is_open: bool = False


def parse_go_mod(text: str) -> GoMod:
    """A line that go would refuse is left out, and named in `refused`."""
    lines = list(_lines(text))
    refused = [*_refused(lines, MOD_VERBS)]
    if not any(line.verb == "module" for line in lines):
        refused.append(Refused(0, "no module line", EXPECTED["module"]))
    return GoMod(
        module=_first(lines, "module"),
        go=_first(lines, "go"),
        requires=tuple(
            Requirement(module=line.words[0], version=line.words[1], indirect=_is_indirect(line.comment))
            for line in lines
            if line.verb == "require" and len(line.words) == 2
        ),
        replaces=tuple(_replacements(lines)),
        tools=tuple(line.words[0] for line in lines if line.verb == "tool" and len(line.words) == 1),
        refused=tuple(refused),
    )


def parse_go_work(text: str) -> GoWork:
    """A line that go would refuse is left out, and named in `refused`."""
    lines = list(_lines(text))
    uses = [line for line in lines if line.verb == "use" and len(line.words) == 1]
    return GoWork(
        go=_first(lines, "go"),
        settings=tuple(sorted(" ".join((line.verb, *line.words)) for line in lines if line.verb != "use")),
        uses=tuple(line.words[0] for line in uses),
        replaces=tuple(_replacements(lines)),
        use_lines=tuple(line.number for line in uses),
        refused=tuple(_refused(lines, WORK_VERBS)),
    )


def _refused(lines: Sequence[Line], verbs: Mapping[str, int]) -> Iterator[Refused]:
    once = set[str]()
    for line in lines:
        shown = " ".join((line.verb, *line.words))[:80]
        if line.is_open:
            yield Refused(line.number, f"`{line.verb} (` without an end", "`)` on a line of its own")
        elif line.verb not in verbs:
            yield Refused(line.number, f"`{shown}`", f"one of {', '.join(verbs)}")
        elif line.verb in once or not _is_accepted(line, verbs[line.verb]):
            yield Refused(
                line.number,
                f"`{shown}`",
                f"`{EXPECTED[line.verb]}`, once" if line.verb in once else f"`{EXPECTED[line.verb]}`",
            )
        once |= {line.verb} & {"module", "go", "toolchain"}


def _is_accepted(line: Line, count: int) -> bool:
    if any(word.startswith('"') for word in line.words):  # without an end
        return False
    if line.verb == "replace":
        return any(True for _ in _replacements([line]))
    if line.verb == "go":
        return len(line.words) == 1 and GO_VERSION.fullmatch(line.words[0]) is not None
    return not count or len(line.words) == count


def _lines(text: str) -> Iterator[Line]:
    block, began = "", 0
    for number, raw in enumerate(text.split("\n"), 1):
        tokens = TOKEN.findall(raw)
        comment = tokens.pop().removeprefix("//") if tokens and tokens[-1].startswith("//") else ""
        if not tokens:
            continue
        if block:
            if tokens == [")"]:
                block = ""
            else:
                yield Line(number, block, _unquoted(tokens), comment)
        elif tokens[-1] == "(":
            block, began = " ".join(tokens[:-1]), number
        elif tokens[-2:] != ["(", ")"]:  # an empty block
            yield Line(number, tokens[0], _unquoted(tokens[1:]), comment)
    if block:
        yield Line(began, block, (), is_open=True)


def _unquoted(tokens: Sequence[str]) -> tuple[str, ...]:
    """A string without an end keeps its quote."""
    return tuple(ESCAPE.sub(r"\1", token[1:-1]) if QUOTED.fullmatch(token) else token for token in tokens)


def _first(lines: Sequence[Line], verb: str) -> str:
    return next((line.words[0] for line in lines if line.verb == verb and len(line.words) == 1), "")


def _replacements(lines: Sequence[Line]) -> Iterator[Replacement]:
    """`OLD [VERSION] => NEW [VERSION]`."""
    for line in lines:
        if line.verb == "replace" and "=>" in line.words:
            arrow = line.words.index("=>")
            old, new = line.words[:arrow], line.words[arrow + 1 :]
            if len(old) in (1, 2) and len(new) in (1, 2):
                found = Replacement(
                    module=old[0], version="".join(old[1:]), target=new[0], target_version="".join(new[1:])
                )
                if found.is_folder != bool(found.target_version):
                    yield found


def _is_indirect(comment: str) -> bool:
    words = comment.split()
    return words == ["indirect"] or (len(words) > 1 and words[0] == "indirect;")
