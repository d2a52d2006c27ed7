"""Targets: what can be made, as frozen values. The capabilities define the kinds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self, TypeVar

from nox_rings.engine.once import DECODING

S = TypeVar("S")


class TargetId(str):
    """`KIND:NAME`, or `KIND` alone where the name is empty. The text is what users type and what the store keeps; the
    parts are typed, so nothing takes the text apart."""

    __slots__ = ("kind", "name")
    kind: str
    name: str

    def __new__(cls, kind: str, name: str = "") -> Self:
        made = super().__new__(cls, f"{kind}:{name}" if name else kind)
        made.kind, made.name = kind, name
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of target that a capability owns.

    `ring` is 0 (schema), 1 (development) or 2 (release); `rank` orders kinds that could run at the same time.
    `adds_sources`: making such a target may add or remove files that git lists. `beside_others`: runs whatever
    `--jobs` allows, unless that is 1, because it waits for programs of its own."""

    name: str
    ring: int
    rank: int
    adds_sources: bool = False
    beside_others: bool = False

    def id(self, name: str = "") -> TargetId:
        return TargetId(self.name, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Files a target reads, as paths relative to the workspace.

    The listed files below `folders`, each without what `excludes` names inside of it, and only those that end with one
    of `suffixes` where there are any; single `files`; everything on disk below `globs` except what the patterns
    `ignore` (relative to `context`) leave out; and everything on disk below `whole`. `unreadable` are files that it
    cannot read as they are now: what was made before stays good, until they can be read again. `unlisted` are suffixes
    of files below `folders` that count though git does not list them, without what lies in folders with one of the
    names `made`, or beside a file of the same name that ends with one of `compiled`: it was made of that; and so do
    files that end with one of `data` at or below a folder with such a file, but for the topmost. `parts` are digests of
    parts of files, by `FILE#PART`: of these files nothing else is read; of `own_parts` dependents see nothing. `modes`:
    permissions count beyond who may execute a file."""

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    context: str = "."
    ignore: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    own_parts: Mapping[str, str] = field(default_factory=dict)
    compiled: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    modes: bool = False


@dataclass(frozen=True, slots=True)
class Encoded:
    """A subject as the store gives it back: the text of a JSON document, decoded where it is asked for. A plan needs
    few subjects, and they are the larger part of a graph."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One node of the graph, complete: nothing about it is kept elsewhere.

    `path` is the folder of the manifest or the path of the file that describes it, `language` the short name of its
    ecosystem, where it has one. `subject` is the part of the workspace it is made from, a frozen value of its
    capability. `outputs` are files or whole folders; where others write to these folders too, the file `listing` has
    what is this target's own, a path a line, a whole folder with a slash at its end. `possible_outputs` may be there
    after it is made, and count from then on; `exposed`: dependents compare what it read beside what it made.
    `dependencies` must be done first and make this stale when they change; `after` only orders. `tools` are the
    versions of the tools that make it, by name. `recipe` is the digest of the subject and of the recipe's version.
    `environment` are patterns of the variables whose values it depends on (variables.py), and names of sets of them
    (`@NAME`), which are kept apart because many targets share them. `repeat` is the call that repeats a target whose
    commands need more than themselves (an engine, a registry, a server). `problems` are why it cannot be made: it fails
    with them when its turn comes. `optional`: made where it is named or needed, and no part of all targets.

    `parted` are inputs of which each dependent has its part among its own (`Inputs.parts`): where nothing else changed,
    no dependent waits for this one. `signs` show that what was made is still there: a file, or the names in a folder
    (with a slash at its end) as far as they are not hidden. They are compared as outputs are, and no dependent sees
    them."""

    id: TargetId
    kind: Kind
    path: str
    language: str = ""
    subject: object = None
    inputs: Inputs = field(default_factory=Inputs)
    outputs: tuple[str, ...] = ()
    listing: str = ""
    dependencies: tuple[TargetId, ...] = ()
    after: tuple[TargetId, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    recipe: str = ""
    possible_outputs: tuple[str, ...] = ()
    exposed: bool = False
    environment: tuple[str, ...] = ()
    repeat: str = ""
    problems: tuple[str, ...] = ()
    optional: bool = False
    parted: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    @property
    def ring(self) -> int:
        return self.kind.ring

    @property
    def rank(self) -> tuple[int, int, str]:
        """The order among targets that could run at the same time: the same on every machine."""
        return (self.kind.ring, self.kind.rank, self.id)


def subject_of(target: Target, expected: type[S]) -> S:
    """The subject as the type its capability gave it. Raises TypeError for another type, which is a bug."""
    subject = target.subject
    if isinstance(subject, Encoded):
        import msgspec  # only targets that run need their subjects

        with DECODING:
            return msgspec.convert(json.loads(subject.text), expected)
    if not isinstance(subject, expected):
        raise TypeError(f"{target.id}: found a subject of type {type(subject).__name__}, expected {expected.__name__}")
    return subject
