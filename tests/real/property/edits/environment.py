"""Edits of the environment that nox runs in."""

from __future__ import annotations

import random

from property.edits.choose import word
from property.model import Tree


def variable(tree: Tree, rng: random.Random) -> str:
    """Of those that tools obey, or that the configuration of a member names."""
    name = rng.choice(["NODE_ENV", "PROPERTY_FLAG", "PYTHONPATH", "GOFLAGS"])
    if name in tree.variables and rng.random() < 0.4:
        del tree.variables[name]
        return f"unset {name}"
    values = {"NODE_ENV": ["production", "test"], "GOFLAGS": ["-tags=one", "-tags=two"], "PYTHONPATH": ["/nowhere", ""]}
    tree.variables[name] = rng.choice(values.get(name, [word(rng), ""]))
    return f"{name}={tree.variables[name]}"


def other_variable(tree: Tree, rng: random.Random) -> str:
    """Which no tool reads."""
    tree.variables["PROPERTY_OTHER"] = word(rng)
    return "set a variable that nothing reads"


KINDS = {each.__name__: each for each in (variable, other_variable)}
