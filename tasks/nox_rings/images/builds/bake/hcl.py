"""HCL as bake files use it (https://docs.docker.com/build/bake/reference/): blocks, attributes and the expressions that
need no builder: templates, variables, lists, objects, conditions, comparisons, and the functions of hcl_values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nox_rings.images.builds.bake.hcl_evaluation import ATTEMPTS, evaluated
from nox_rings.images.builds.bake.hcl_functions import FUNCTIONS
from nox_rings.images.builds.bake.hcl_loops import Loops
from nox_rings.images.builds.bake.hcl_templates import HEREDOC, Entries, Expression, constant, rounds
from nox_rings.images.builds.bake.hcl_text import LINES, NAME, SPACES
from nox_rings.images.builds.bake.hcl_values import (
    OPERATORS,
    HclError,
    Unknown,
    UnknownError,
    as_boolean,
    as_number,
    as_text,
    indexed,
)

NUMBER = re.compile(r"\d+(\.\d+)?([eE][-+]?\d+)?")
INDEX = re.compile(r"\d+")
FOR = re.compile(r"\s*for\s")
BRACKETS = re.compile(r"[()\[\]{}]|\"(?:\\.|[^\"\\])*\"")
CONSTANTS = {"true": True, "false": False, "null": None}
# In the order in which they bind, the loosest first.
PRECEDENCE = (("||",), ("&&",), ("==", "!="), ("<=", ">=", "<", ">"), ("+", "-"), ("*", "/", "%"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`problem` is why its attributes are not read; empty where they are."""

    kind: str
    labels: tuple[str, ...]
    attributes: dict[str, Expression] = field(default_factory=dict)
    problem: str = ""


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
    parser = _Parser(text)
    return parser.template(lambda: parser.at >= len(text), raw=True)


class _Parser(Loops):
    """What stands where the cursor is, read from left to right. `spread`: the last arguments that were read end with
    `...`."""

    spread = False

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
                labels.append(as_text(evaluated(self._quoted(), {})))
            else:
                labels.append(self.name())
            self.skip(SPACES)
        start = self.at
        try:
            return Block(kind=name, labels=tuple(labels), attributes=self._attributes())
        except HclError as error:
            if not self._leave(start):
                raise
            return Block(kind=name, labels=tuple(labels), problem=str(error))

    def _attributes(self) -> dict[str, Expression]:
        depth, self.depth = self.depth, 0
        attributes: dict[str, Expression] = {}
        self.skip(LINES)
        while not self.take("}"):
            found = self.statement()
            if isinstance(found, tuple):
                attributes[found[0]] = found[1]
            self.skip(LINES)
        self.depth = depth
        return attributes

    def _leave(self, start: int) -> bool:
        """Go on behind the bracket that ends the block whose text begins at `start`; not where there is none."""
        depth, self.at = 1, start
        while depth:
            found = BRACKETS.search(self.text, self.at)
            if not found:
                return False
            self.at = found.end()
            depth += 1 if found[0] in "([{" else -1 if found[0] in ")]}" else 0
        self.depth = 0
        return True

    def _quoted(self) -> Expression:
        return self.template(lambda: self.take('"'))

    def expression(self) -> Expression:
        condition = self._operation(0)
        if not self.take_next("?"):
            return condition
        yes = self.expression()
        if not self.take_next(":"):
            raise self.error("`:`")
        no = self.expression()
        return lambda values: yes(values) if as_boolean(condition(values)) else no(values)

    def _operation(self, level: int) -> Expression:
        if level == len(PRECEDENCE):
            return self._unary()
        left = self._operation(level + 1)
        while operator := next((each for each in PRECEDENCE[level] if self.take_next(each)), None):
            left = self._applied(OPERATORS[operator], left, self._operation(level + 1))
        return left

    @staticmethod
    def _applied(apply: Callable[[Any, Any], Any], left: Expression, right: Expression) -> Expression:
        return lambda values: apply(left(values), right(values))

    def _unary(self) -> Expression:
        if self.take_next("!"):
            inner = self._unary()
            return lambda values: not as_boolean(inner(values))
        if self.take_next("-"):
            inner = self._unary()
            return lambda values: -as_number(inner(values))
        found = self._primary()
        while True:
            if self.text.startswith("...", self.at):
                return found
            if self.take("."):
                found = self._part(found, self._key())
            elif self.rest() == "[":
                self.at += 1
                index = self._single("]")
                found = self._indexed(found, index)
            else:
                return found

    def _key(self) -> str:
        number = INDEX.match(self.text, self.at)
        if number:
            self.at = number.end()
            return number[0]
        return self.name()

    @staticmethod
    def _part(of: Expression, name: str) -> Expression:
        return lambda values: indexed(of(values), name)

    @staticmethod
    def _indexed(of: Expression, index: Expression) -> Expression:
        return lambda values: indexed(of(values), index(values))

    def _primary(self) -> Expression:
        self.skip(LINES if self.depth else SPACES)
        if self.take('"'):
            return self._quoted()
        if heredoc := HEREDOC.match(self.text, self.at):
            return self.heredoc(heredoc, template)
        if self.take("("):
            return self._single(")")
        if self.take("["):
            return self._list()
        if self.take("{"):
            return self._object()
        if number := NUMBER.match(self.text, self.at):
            self.at = number.end()
            return constant(as_number(Decimal(number[0])))
        name = self.name()
        if name in CONSTANTS:
            return constant(CONSTANTS[name])
        return self._call(name) if self.take("(") else self._variable(name)

    @staticmethod
    def _variable(name: str) -> Expression:
        def find(values: Mapping[str, Any]) -> Any:
            if name not in values:
                raise HclError(f"it needs {name}, which has no value here")
            if values[name] is Unknown:
                raise UnknownError(f"it needs {name}, which has no value here")
            return values[name]

        return find

    def _call(self, name: str) -> Expression:
        arguments = self._inside(")")
        spread = self.spread
        if name in ATTEMPTS:
            return lambda values: ATTEMPTS[name](arguments, values)

        def call(values: Mapping[str, Any]) -> Any:
            function = values.get(f"{name}()") or FUNCTIONS.get(name)
            if not function:
                raise UnknownError(f"it needs bake's function {name}")
            given = [each(values) for each in arguments]
            return function(*given[:-1], *given[-1]) if spread else function(*given)

        return call

    def _list(self) -> Expression:
        if FOR.match(self.text, self.at):
            names, collection = self.for_head()
            value = self.expression()
            chosen = self.chosen("]")
            return lambda values: [value(each) for each in rounds(names, collection, values) if chosen(each)]
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
        spread = False
        self.skip(LINES)
        while not self.take(end):
            found.append(self.expression())
            self.skip(LINES)
            spread = self.take("...")
            self.skip(LINES)
            if not self.take(",") and self.rest() != end:
                raise self.error(f"`{end}`")
            self.skip(LINES)
        self.depth -= 1
        self.spread = spread
        return found

    def _object(self) -> Expression:
        """Its entries stand on lines or have commas in between; a bare name is a key."""
        if FOR.match(self.text, self.at):
            return self.object_loop()
        depth, self.depth = self.depth, 0
        entries: list[tuple[Expression, Expression]] = []
        self.skip(LINES)
        while not self.take("}"):
            name = NAME.match(self.text, self.at)
            if name:
                self.at = name.end()
                key = constant(name[0])
            else:
                key = self._primary()
            if not (self.take_next("=") or self.take_next(":")):
                raise self.error("`=`")
            entries.append((key, self.expression()))
            self.skip(SPACES)
            self.take(",")
            self.skip(LINES)
        self.depth = depth
        return Entries(tuple(entries))
