"""What expressions of bake files may name: variables, attributes of other targets, and functions that the file defines
(https://docs.docker.com/build/bake/reference/)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nox_rings.images.builds.bake.hcl import Block
from nox_rings.images.builds.bake.hcl_evaluation import evaluated
from nox_rings.images.builds.bake.hcl_templates import Expression, constant
from nox_rings.images.builds.bake.hcl_values import HclError, Unknown

Attributes = dict[str, Expression]
# The folder that bake is called in (https://docs.docker.com/build/bake/remote-definition/).
CALLED_IN = "cwd://"


class _Target(dict[str, Any]):
    """Attributes by name, each evaluated when it is asked for."""

    def __init__(self, layers: Sequence[Attributes], values: Mapping[str, Any]) -> None:
        super().__init__()
        self._layers, self._values = layers, values

    def __missing__(self, key: str) -> Any:
        found = [attributes[key] for attributes in self._layers if key in attributes]
        return evaluated(found[-1], self._values) if found else None


class _Targets(dict[str, Any]):
    def __init__(self, targets: Mapping[str, Sequence[Attributes]], values: Mapping[str, Any]) -> None:
        super().__init__()
        self._targets, self._values = targets, values

    def __missing__(self, name: str) -> Any:
        if name not in self._targets:
            raise HclError(f"it needs target.{name}, which is not there")
        return _Target(self._targets[name], self._values)


class _Names(dict[str, Any]):
    """Each name is itself: the parameters of a function are no values."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return name


def variables_of(blocks: Sequence[Block], targets: Mapping[str, Sequence[Attributes]]) -> dict[str, Any]:
    """Variables with their defaults, in whatever order they need each other; one without a known default is Unknown.
    A function is kept as `NAME()`. `targets` may grow after this."""
    values: dict[str, Any] = {"BAKE_CMD_CONTEXT": CALLED_IN, "BAKE_LOCAL_PLATFORM": Unknown}
    values["target"] = _Targets(targets, values)
    waiting: dict[str, Expression] = {}
    for block in blocks:
        if block.kind == "variable" and block.labels:
            name = block.labels[0]
            missing = constant(None if "type" in block.attributes else "")
            waiting[name] = block.attributes.get("default", waiting.get(name, missing))
        elif block.kind == "function" and block.labels and "result" in block.attributes:
            values[f"{block.labels[0]}()"] = _function(block, values)
    values |= dict.fromkeys(waiting, Unknown)
    while waiting:
        found = {name: value for name, default in waiting.items() for value in _known(default, values)}
        if not found:
            break
        values |= found
        waiting = {name: default for name, default in waiting.items() if name not in found}
    return values


def _known(default: Expression, values: Mapping[str, Any]) -> list[Any]:
    try:
        return [evaluated(default, values)]
    except HclError:
        return []  # told with each target that needs it


def _function(block: Block, values: Mapping[str, Any]) -> Callable[..., Any]:
    result, params = block.attributes["result"], block.attributes.get("params")
    names = [str(each) for each in evaluated(params, _Names())] if params else []
    variadic = block.attributes.get("variadic_params")
    rest = str(evaluated(variadic, _Names())) if variadic else ""

    def call(*given: Any) -> Any:
        if len(given) < len(names) or (len(given) > len(names) and not rest):
            raise HclError(f"{block.labels[0]} is given {len(given)} values, expected {len(names)}")
        own = dict(zip(names, given, strict=False))
        return evaluated(result, {**values, **own, **({rest: list(given[len(names) :])} if rest else {})})

    return call
