"""A shape of package: its files, and how the list of what we pack may differ from that of the ecosystem's own tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LICENSE = "Anybody may do anything with this.\n"


@dataclass(frozen=True)
class Shape:
    """`texts` are its files by their paths in the package, a link where a text begins with `->`; `generated` is the
    folder that a template generates into. `packed` are files that must be in the artifact, whatever both lists say, and
    `absent` files that must not. `added` and `left` are files that only we pack, and that only the tool packs: each is
    explained in docs/artifacts.md."""

    texts: Mapping[str, str]
    generated: str
    packed: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    added: frozenset[str] = field(default_factory=frozenset)
    left: frozenset[str] = field(default_factory=frozenset)
