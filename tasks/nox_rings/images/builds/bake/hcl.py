"""HCL as bake files use it (https://docs.docker.com/build/bake/reference/): blocks, attributes and the expressions that
need no builder: templates, variables, lists, objects, conditions, comparisons, and the functions of hcl_values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nox_rings.images.builds.bake.hcl_text import LINES, NAME, SPACES, Cursor
from nox_rings.images.builds.bake.hcl_values import COMPARISONS, FUNCTIONS, HclError, as_text

Expression = Callable[[Mapping[str, Any]], Any]

NUMBER = re.compile(r"\d+(\.\d+)?")
HEREDOC = re.compile(r"<<(-?)(\w+)[^\n]*\n")
FOR = re.compile(r"\s*for\s")
BRACKETS = re.compile(r"[()\[\]{}]|\"(?:\\.|[^\"\\])*\"")
CONSTANTS = {"true": True, "false": False, "null": None}
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
# In the order in which they bind, the loosest first.
OPERATORS = (("||",), ("&&",), ("==", "!="), ("<=", ">=", "<", ">"), ("+", "-"), ("*", "/", "%"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    kind: str
    labels: tuple[str, ...]
    attributes: dict[str, Expression] = field(default_factory=dict)


def parse_hcl(text: str) -> tuple[Block, ...]:
    """The blocks at the top; an attribute there is a variable with a default. Blocks in blocks are left out. Raises
    HclError."""
    parser = _Parser(text.removeprefix("\ufeff"))
    blocks: list[Block] = []
    while not parser.at_end():
        found = parser.statement()
        if isinstance(found, tuple):
            found = Block(kind="variable", labels=(found[0],), attributes={"default": found[1]})
        blocks.append(found)
    return tuple(blocks)


def template(text: str) -> Expression:
    """A text with `${…}`, as it stands in a JSON file. Raises HclError."""
    return _Parser(text).template(lambda parser: parser.rest() == "", raw=True)


def evaluated(expression: Expression, variables: Mapping[str, Any]) -> Any:
    """Raises HclError for what needs bake itself."""
    try:
        return expression(variables)
    except HclError:
        raise
    except Exception as error:  # whatever the operands of an expression are
        raise HclError(f"its value cannot be known here ({error})") from error


class _Parser(Cursor):
    """What stands where the cursor is, read from left to right."""

    def statement(self) -> Block | tuple[str, Expression]:
        name = self.name()
        self.skip(SPACES)
        if self.take("="):
            return name, self.expression()
        labels = []
        while not self.take("{"):
            self.skip(SPACES)
            if self.rest() == '"':
                self.at += 1
                labels.append(as_text(evaluated(self.template(lambda parser: parser.take('"')), {})))
            else:
                labels.append(self.name())
            self.skip(SPACES)
        depth, self.depth = self.depth, 0
        attributes: dict[str, Expression] = {}
        self.skip(LINES)
        while not self.take("}"):
            found = self.statement()
            if isinstance(found, tuple):
                attributes[found[0]] = found[1]
            self.skip(LINES)
        self.depth = depth
        return Block(kind=name, labels=tuple(labels), attributes=attributes)

    def expression(self) -> Expression:
        condition = self._operation(0)
        if not self.take_next("?"):
            return condition
        yes = self.expression()
        if not self.take_next(":"):
            raise self.error("`:`")
        no = self.expression()
        return lambda values: yes(values) if condition(values) else no(values)

    def _operation(self, level: int) -> Expression:
        if level == len(OPERATORS):
            return self._unary()
        left = self._operation(level + 1)
        while operator := next((each for each in OPERATORS[level] if self.take_next(each)), None):
            left = self._applied(COMPARISONS[operator], left, self._operation(level + 1))
        return left

    @staticmethod
    def _applied(apply: Callable[[Any, Any], Any], left: Expression, right: Expression) -> Expression:
        return lambda values: apply(left(values), right(values))

    def _unary(self) -> Expression:
        if self.take_next("!"):
            inner = self._unary()
            return lambda values: not inner(values)
        if self.take_next("-"):
            inner = self._unary()
            return lambda values: -inner(values)
        found = self._primary()
        while True:
            if self.take("."):
                found = self._part(found, self._key())
            elif self.rest() == "[":
                self.at += 1
                index = self._single("]")
                found = self._indexed(found, index)
            else:
                return found

    def _key(self) -> str:
        number = NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            return number[0]
        return self.name()

    @staticmethod
    def _part(of: Expression, name: str) -> Expression:
        return lambda values: of(values)[int(name) if name.isdigit() else name]

    @staticmethod
    def _indexed(of: Expression, index: Expression) -> Expression:
        return lambda values: of(values)[index(values)]

    def _primary(self) -> Expression:
        self.skip(LINES if self.depth else SPACES)
        if self.take('"'):
            return self.template(lambda parser: parser.take('"'))
        if heredoc := HEREDOC.match(self.text, self.at):
            return self._heredoc(heredoc)
        if self.take("("):
            return self._single(")")
        if self.take("["):
            return self._list()
        if self.take("{"):
            return self._object()
        if number := NUMBER.match(self.text, self.at):
            self.at = number.end()
            value = json.loads(number[0])
            return lambda _: value
        name = self.name()
        if name in CONSTANTS:
            constant = CONSTANTS[name]
            return lambda _: constant
        return self._call(name) if self.take("(") else self._variable(name)

    @staticmethod
    def _variable(name: str) -> Expression:
        def find(values: Mapping[str, Any]) -> Any:
            if name not in values:
                raise HclError(f"it needs {name}, which has no value here")
            return values[name]

        return find

    def _call(self, name: str) -> Expression:
        arguments = self._inside(")")

        def call(values: Mapping[str, Any]) -> Any:
            if name not in FUNCTIONS:
                raise HclError(f"it needs bake's function {name}")
            return FUNCTIONS[name](*(each(values) for each in arguments))

        return call

    def _list(self) -> Expression:
        if FOR.match(self.text, self.at):
            return self._loop()
        items = self._inside("]")
        return lambda values: [each(values) for each in items]

    def _single(self, end: str) -> Expression:
        found = self._inside(end)
        if len(found) != 1:
            raise self.error("one value in brackets")
        return found[0]

    def _inside(self, end: str) -> list[Expression]:
        """Expressions up to `end`, with commas in between."""
        self.depth += 1
        found: list[Expression] = []
        self.skip(LINES)
        while not self.take(end):
            found.append(self.expression())
            self.skip(LINES)
            if not self.take(",") and self.rest() != end:
                raise self.error(f"`{end}`")
            self.skip(LINES)
        self.depth -= 1
        return found

    def _object(self) -> Expression:
        """Its entries stand on lines or have commas in between; a bare name is a key."""
        if FOR.match(self.text, self.at):
            return self._loop()
        depth, self.depth = self.depth, 0
        entries: list[tuple[Expression, Expression]] = []
        self.skip(LINES)
        while not self.take("}"):
            name = NAME.match(self.text, self.at)
            if name:
                self.at = name.end()
                key = self._constant(name[0])
            else:
                key = self._primary()
            if not (self.take_next("=") or self.take_next(":")):
                raise self.error("`=`")
            entries.append((key, self.expression()))
            self.skip(SPACES)
            self.take(",")
            self.skip(LINES)
        self.depth = depth
        return lambda values: {as_text(key(values)): value(values) for key, value in entries}

    def _loop(self) -> Expression:
        """`for … in …` up to the bracket that ends it."""
        depth = 1
        while depth:
            found = BRACKETS.search(self.text, self.at)
            if not found:
                raise self.error("`]`")
            self.at = found.end()
            depth += 1 if found[0] in "([{" else -1 if found[0] in ")]}" else 0

        def refuse(_: Mapping[str, Any]) -> Any:
            raise HclError("it has a `for`")

        return refuse

    @staticmethod
    def _constant(value: str) -> Expression:
        return lambda _: value

    def _heredoc(self, heredoc: re.Match[str]) -> Expression:
        end = re.compile(rf"^[ \t]*{heredoc[2]}[ \t]*$", re.MULTILINE).search(self.text, heredoc.end())
        if not end:
            raise self.error(heredoc[2])
        body, self.at = self.text[heredoc.end() : end.start()], end.end()
        if heredoc[1]:
            margin = min((len(line) - len(line.lstrip()) for line in body.splitlines() if line.strip()), default=0)
            body = "".join(line[margin:] for line in body.splitlines(keepends=True))
        return template(body)

    def template(self, ends: Callable[[_Parser], bool], *, raw: bool = False) -> Expression:
        """Text and `${…}` up to where `ends` is true; without escapes if `raw`."""
        parts: list[Expression] = []
        text = ""
        while not ends(self):
            char = self.rest()
            if not char:
                raise self.error('`"`')
            if self.text.startswith(("$${", "%%{"), self.at):
                text += self.text[self.at + 1 : self.at + 3]
                self.at += 3
            elif self.text.startswith("%{", self.at):
                raise HclError("it has a directive of a template (%{…})")
            elif self.take("${"):
                parts += [self._constant(text), self._single("}")]
                text = ""
            elif char == "\\" and not raw:
                escaped = self.text[self.at + 1 : self.at + 2]
                text += ESCAPES.get(escaped, escaped)
                self.at += 2
            else:
                text += char
                self.at += 1
        if not parts:
            return self._constant(text)
        parts.append(self._constant(text))
        return lambda values: "".join(as_text(each(values)) for each in parts)
