"""`for` in lists and objects of HCL (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#for-expressions)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nox_rings.images.builds.bake.hcl_templates import Expression, Templates, constant, rounds
from nox_rings.images.builds.bake.hcl_text import LINES
from nox_rings.images.builds.bake.hcl_values import as_boolean, as_text


class Loops(Templates):
    def for_head(self) -> tuple[list[str], Expression]:
        self.depth += 1
        self.skip(LINES)
        self.name()
        found = self.loop()
        if not self.take_next(":"):
            raise self.error("`:`")
        return found

    def chosen(self, end: str) -> Callable[[Mapping[str, Any]], bool]:
        """`if …` up to the bracket that ends a `for`."""
        condition = self.expression() if self.take_next("if") else constant(True)
        self.skip(LINES)
        if not self.take(end):
            raise self.error(f"`{end}`")
        self.depth -= 1
        return lambda values: as_boolean(condition(values))

    def object_loop(self) -> Expression:
        """`KEY => VALUE`; with `...`, the values of one key are a list."""
        names, collection = self.for_head()
        key = self.expression()
        if not self.take_next("=>"):
            raise self.error("`=>`")
        value = self.expression()
        grouped = self.take_next("...")
        chosen = self.chosen("}")

        def build(values: Mapping[str, Any]) -> Any:
            found: dict[str, Any] = {}
            for each in rounds(names, collection, values):
                if chosen(each):
                    name, one = as_text(key(each)), value(each)
                    found[name] = [*found.get(name, ()), one] if grouped else one
            return found

        return build
