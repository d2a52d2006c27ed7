"""Kinds of edits. Each takes a tree and a source of random numbers, changes something, and returns what it did; an
empty text where the tree has nothing of the kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from property.edits import content, descriptors, environment, git_state, names, schema_edits, shapes
from property.model import Tree

Edit = Callable[[Tree, random.Random], str]

COMMON: Mapping[str, Edit] = {
    **content.KINDS,
    **names.KINDS,
    **shapes.KINDS,
    **git_state.KINDS,
    **environment.KINDS,
}
OF_MEMBERS: Mapping[str, Edit] = {**COMMON, **descriptors.KINDS}
OF_SCHEMA: Mapping[str, Edit] = {**COMMON, **schema_edits.KINDS}
