"""The part of a cache key that is neither file nor tool: what a target is made from, and the version of its recipe.

No prose: a reworded description changes no key. The commands of a recipe follow from the subject and from its code."""

from __future__ import annotations

import json
from dataclasses import dataclass

from nox_rings.engine.plan.records import digest_of


@dataclass(frozen=True, slots=True)
class Recipe:
    """`version` rises when the recipe does something else: what it made before is stale then. `source` is a digest of
    its code, compared by tests/unit/test_recipe_versions.py, so that no change of the code goes by unnoticed."""

    version: int
    source: str


def recipe_key(subject: object, *recipes: Recipe) -> str:
    """`recipes` are the capability's, and that of the ecosystem it uses."""
    import msgspec

    values = msgspec.to_builtins(subject, order="deterministic")
    # By json, because a path that is not UTF-8 has no form that msgspec would write.
    return digest_of(*(str(recipe.version) for recipe in recipes), json.dumps(values))
