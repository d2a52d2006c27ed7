"""Documents of compose files as values: mappings, lists, text, booleans and None, and marks for the tags `!reset` and
`!override` (https://docs.docker.com/reference/compose-file/merge/)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from nox_rings.images.builds.compose.scalars import resolved

if TYPE_CHECKING:
    import yaml

PLAIN = "plain"  # the tag of a scalar that has neither quotes nor a tag
RESOLVED = (PLAIN, *(f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "null", "timestamp")))


class Mark(Enum):
    """`!reset`: nothing stands here, and what files before this one say is dropped. PASSED is the value of an argument
    that the environment has."""

    RESET = "!reset"
    PASSED = "passed"


class Override(NamedTuple):
    """`!override`: the value, in place of what files before this one say."""

    value: Any


class Unread(NamedTuple):
    """What stands for text that cannot be known: why, and the variable that has no value."""

    reason: str
    variable: str = ""


class Place(str):
    """A folder relative to the workspace, or a reference with a scheme: not relative to any file any more."""

    __slots__ = ()


def parse_documents(text: str) -> list[Any]:
    """Each document of a file. Raises yaml.YAMLError, RecursionError."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        def resolve(self, kind: type[yaml.Node], value: object, implicit: Any) -> str:
            if kind is yaml.ScalarNode and implicit[0]:
                return PLAIN
            return str(super().resolve(kind, value, implicit))

    return [_Values(yaml).of(node) for node in yaml.compose_all(text, Loader)]


class _Values:
    """An anchor has one value, wherever it is used."""

    def __init__(self, yaml: Any) -> None:
        self._yaml = yaml
        self._known: dict[int, Any] = {}

    def of(self, node: yaml.Node) -> Any:
        if id(node) not in self._known:
            self._known[id(node)] = self._tagged(node)
        return self._known[id(node)]

    def _tagged(self, node: yaml.Node) -> Any:
        if node.tag == Mark.RESET.value:
            return Mark.RESET
        value = self._untagged(node)
        return Override(value) if node.tag == "!override" else value

    def _untagged(self, node: yaml.Node) -> Any:
        if isinstance(node, self._yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, self._yaml.SequenceNode):
            return [value for each in node.value if (value := self.of(each)) is not Mark.RESET]
        return resolved(node.value) if node.tag in RESOLVED else str(node.value)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        """Names are as they are written: `on` is `on`. What `<<` brings stands behind the mapping's own."""
        own: dict[str, Any] = {}
        brought: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == PLAIN and key.value == "<<":
                listed = value.value if isinstance(value, self._yaml.SequenceNode) else [value]
                for each in filter(lambda found: isinstance(found, dict), map(self.of, listed)):
                    brought = {**each, **brought}
            elif isinstance(key, self._yaml.ScalarNode):
                own[str(key.value)] = self.of(value)
        return {**brought, **own}
