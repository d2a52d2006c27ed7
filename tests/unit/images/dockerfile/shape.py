"""A Dockerfile and what BuildKit makes of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`bases` and `copies` as parse_dockerfile gives them, or `error`: the line, and what the reason contains.
    `left_to_builds` is for what BuildKit refuses and we let pass, since it says nothing of bases and sources."""

    name: str
    text: str
    bases: tuple[str, ...] = ("node:24",)
    copies: tuple[str, ...] = ()
    error: tuple[int, str] | None = None
    left_to_builds: bool = False


def shape(name: str, *lines: str, copies: str = "", bases: str = "node:24", left_to_builds: bool = False) -> Shape:
    return Shape(
        name=name,
        text="\n".join(lines) + "\n",
        bases=tuple(bases.split()),
        copies=tuple(copies.split()),
        left_to_builds=left_to_builds,
    )


def refused(name: str, line: int, reason: str, *lines: str) -> Shape:
    return Shape(name=name, text="\n".join(lines) + "\n", error=(line, reason))


FROM = "FROM node:24"
