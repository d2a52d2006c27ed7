"""How compose lays one file over another (compose-go, override/merge.go, loader/reset.go): mappings by their keys,
lists by what they do not have yet, and everything else in whole."""

from __future__ import annotations

from typing import Any

from nox_rings.images.builds.compose.values import Mark, Override


def laid_over(base: Any, more: Any) -> Any:
    """`more` over `base`; neither is changed. The marks of both stay, for what the two are laid over."""
    if more is Mark.RESET or isinstance(more, Override):
        return more
    if base is Mark.RESET:
        return Override(more)
    if isinstance(base, Override):
        return Override(laid_over(base.value, more))
    if more is None:
        return base
    if isinstance(base, dict) and isinstance(more, dict):
        return {**base, **{key: laid_over(base[key], more[key]) if key in base else more[key] for key in more}}
    if isinstance(base, list) and isinstance(more, list):
        return [*base, *(each for each in more if each not in base)]
    return more


def without_marks(value: Any) -> Any:
    """What a reader of the whole sees."""
    if isinstance(value, Override):
        return without_marks(value.value)
    if isinstance(value, dict):
        return {key: without_marks(each) for key, each in value.items() if each is not Mark.RESET}
    if isinstance(value, list):
        return [without_marks(each) for each in value]
    return None if value is Mark.RESET else value


def inside(value: Any) -> Any:
    """What `!override` stands before."""
    return inside(value.value) if isinstance(value, Override) else value
