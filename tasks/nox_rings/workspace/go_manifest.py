"""go.mod and go.work as values (https://go.dev/ref/mod#go-mod-file-grammar), for discovery and pins, which may start no
process. The lexer follows golang.org/x/mod/modfile v0.40; tests/real/test_go_manifest.py compares the two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A comment, a quoted string, a character that stands for itself, or a word up to one of those or to a space. Strings in
# backquotes are for a later go: the one we follow refuses them.
TOKEN = re.compile(r'//.*|"(?:\\.|[^"\\])*"|[()\[\]{},]|(?:(?!//)[^\s()\[\]{},])+')
ESCAPE = re.compile(r"\\(.)")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class GoMod:
    """`go` is the language version; `tools` are import paths of packages."""

    module: str = ""
    go: str = ""
    requires: tuple[Requirement, ...] = ()
    replaces: tuple[Replacement, ...] = ()
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoWork:
    """`uses` are folders, relative to that of the file."""

    go: str = ""
    uses: tuple[str, ...] = ()
    replaces: tuple[Replacement, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A directive: inside a block each line has the verb of the block. `comment` is what follows `//`."""

    verb: str
    words: tuple[str, ...]
    comment: str = ""


def parse_go_mod(text: str) -> GoMod:
    """A line that go would refuse is left out: go names it better."""
    lines = list(_lines(text))
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
    )


def parse_go_work(text: str) -> GoWork:
    """A line that go would refuse is left out."""
    lines = list(_lines(text))
    uses = tuple(line.words[0] for line in lines if line.verb == "use" and len(line.words) == 1)
    return GoWork(go=_first(lines, "go"), uses=uses, replaces=tuple(_replacements(lines)))


def _lines(text: str) -> Iterator[Line]:
    block = ""
    for raw in text.split("\n"):
        tokens = TOKEN.findall(raw)
        comment = tokens.pop().removeprefix("//") if tokens and tokens[-1].startswith("//") else ""
        if not tokens:
            continue
        if block:
            if tokens == [")"]:
                block = ""
            else:
                yield Line(block, _unquoted(tokens), comment)
        elif tokens[-1] == "(":
            block = " ".join(tokens[:-1])
        elif tokens[-2:] != ["(", ")"]:  # an empty block
            yield Line(tokens[0], _unquoted(tokens[1:]), comment)


def _unquoted(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(ESCAPE.sub(r"\1", token[1:-1]) if token[0] == '"' else token for token in tokens)


def _first(lines: Sequence[Line], verb: str) -> str:
    return next((line.words[0] for line in lines if line.verb == verb and len(line.words) == 1), "")


def _replacements(lines: Sequence[Line]) -> Iterator[Replacement]:
    """`OLD [VERSION] => NEW [VERSION]`."""
    for line in lines:
        if line.verb == "replace" and "=>" in line.words:
            arrow = line.words.index("=>")
            old, new = line.words[:arrow], line.words[arrow + 1 :]
            if len(old) in (1, 2) and len(new) in (1, 2):
                yield Replacement(
                    module=old[0], version="".join(old[1:]), target=new[0], target_version="".join(new[1:])
                )


def _is_indirect(comment: str) -> bool:
    words = comment.split()
    return words == ["indirect"] or (len(words) > 1 and words[0] == "indirect;")
