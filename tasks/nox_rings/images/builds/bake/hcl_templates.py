"""Templates of HCL: text with `${…}` and `%{ if … }`, `%{ for … }`, `~` beside a brace eating the blanks there
(https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#templates)."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nox_rings.images.builds.bake.hcl_text import LINES, NAME, Cursor
from nox_rings.images.builds.bake.hcl_values import as_boolean, as_text, entries_of

Expression = Callable[[Mapping[str, Any]], Any]

HEREDOC = re.compile(r"<<(-?)(\w+)[^\n]*\n")
BLANKS = re.compile(r"\s*")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
UNICODE = re.compile(r"u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})")


@dataclass(frozen=True, slots=True)
class Entries:
    """An object, written out."""

    entries: tuple[tuple[Expression, Expression], ...]

    def __call__(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {as_text(key(values)): value(values) for key, value in self.entries}


def constant(value: Any) -> Expression:
    return lambda _: value


class Templates(Cursor):
    """`raw` are texts without escapes."""

    @abstractmethod
    def expression(self) -> Expression: ...

    def template(self, ends: Callable[[], bool], *, raw: bool = False) -> Expression:
        """Up to where `ends` is true. A template of nothing but one `${…}` is its value, whatever it is."""
        parts, _ = self._parts(ends, raw, ())
        return parts[0] if len(parts) == 1 else _joined(parts)

    def _parts(self, ends: Callable[[], bool], raw: bool, stops: tuple[str, ...]) -> tuple[list[Expression], str]:
        """The parts up to the end, or up to a directive among `stops`, and its word."""
        parts: list[Expression] = []
        text = ""
        while not ends():
            if self.text.startswith(("$${", "%%{"), self.at):
                text += self.text[self.at + 1 : self.at + 3]
                self.at += 3
            elif self.text.startswith(("${", "%{"), self.at):
                is_value = self.rest() == "$"
                self.at += 2
                text = text.rstrip() if self.take("~") else text
                parts += [constant(text)] if text else []
                text = ""
                if is_value:
                    parts.append(self._bracketed(self.expression))
                    continue
                word = self._word()
                if word in stops:
                    return parts, word
                parts.append(self._directive(word, ends, raw))
            else:
                text += self._character(raw)
        if stops:
            raise self.error(f"%{{ {stops[-1]} }}")
        return parts + ([constant(text)] if text or not parts else []), ""

    def _character(self, raw: bool) -> str:
        char = self.rest()
        if not char:
            raise self.error('`"`')
        self.at += 1
        if char != "\\" or raw:
            return char
        if number := UNICODE.match(self.text, self.at):
            self.at = number.end()
            return chr(int(number[1] or number[2], 16))
        escaped = self.rest()
        self.at += 1
        return ESCAPES.get(escaped, escaped)

    def _bracketed(self, read: Callable[[], Any]) -> Any:
        """What stands up to `}`, on as many lines as it likes."""
        self.depth += 1
        self.skip(LINES)
        found = read()
        self.skip(LINES)
        self.depth -= 1
        eats = self.take("~")
        if not self.take("}"):
            raise self.error("`}`")
        if eats and (blanks := BLANKS.match(self.text, self.at)):
            self.at = blanks.end()
        return found

    def _word(self) -> str:
        self.skip(LINES)
        word = self.name()
        if word in ("else", "endif", "endfor"):
            self._bracketed(lambda: None)
        return word

    def _directive(self, word: str, ends: Callable[[], bool], raw: bool) -> Expression:
        if word == "if":
            condition = self._bracketed(self.expression)
            yes, stop = self._parts(ends, raw, ("else", "endif"))
            no = self._parts(ends, raw, ("endif",))[0] if stop == "else" else []
            joined = (_joined(yes), _joined(no))
            return lambda values: joined[0](values) if as_boolean(condition(values)) else joined[1](values)
        if word != "for":
            raise self.error("`if` or `for`")
        names, collection = self._bracketed(self.loop)
        body = _joined(self._parts(ends, raw, ("endfor",))[0])
        return lambda values: "".join(as_text(body(each)) for each in rounds(names, collection, values))

    def loop(self) -> tuple[list[str], Expression]:
        """`NAME in …` or `NAME, NAME in …`, after `for`."""
        names: list[str] = []
        while not names or self.take_next(","):
            self.skip(LINES)
            names.append(self.name())
        self.skip(LINES)
        if not self.take("in") or NAME.match(self.text, self.at):
            raise self.error("`in`")
        return names, self.expression()

    def heredoc(self, heredoc: re.Match[str], inner: Callable[[str], Expression]) -> Expression:
        end = re.compile(rf"^[ \t]*{heredoc[2]}[ \t]*$", re.MULTILINE).search(self.text, heredoc.end())
        if not end:
            raise self.error(heredoc[2])
        body, self.at = self.text[heredoc.end() : end.start()], end.end()
        if heredoc[1]:
            margin = min((len(line) - len(line.lstrip()) for line in body.splitlines() if line.strip()), default=0)
            body = "".join(line[margin:] for line in body.splitlines(keepends=True))
        return inner(body)


def rounds(names: list[str], collection: Expression, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The variables of each round of a loop."""
    found = entries_of(collection(values))
    if len(names) == 1:
        return [{**values, names[0]: value} for _, value in found]
    return [{**values, names[0]: key, names[1]: value} for key, value in found]


def _joined(parts: list[Expression]) -> Expression:
    return lambda values: "".join(as_text(each(values)) for each in parts)
