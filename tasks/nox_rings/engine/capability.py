"""A capability: the kinds of targets that one room of nox-rings owns, and everything the engine asks about them.

Adding one touches its own package and the tuple of capabilities. `View` is what targets are derived from, `Context`
what a run offers to recipes; the engine knows neither."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from nox_rings.engine.plan.targets import Kind, Target

if TYPE_CHECKING:
    import nox

    from nox_rings.engine.plan.graph import Graph
    from nox_rings.engine.run.steps import Step

View = TypeVar("View")
Context = TypeVar("Context")


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """A nox session: its name is the function's with hyphens, its line in the menu the first of the docstring.
    `default`: bare `nox` runs it."""

    function: Callable[[nox.Session], None]
    default: bool = False

    @property
    def name(self) -> str:
        return self.function.__name__.replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraFacts:
    """What a capability compares beyond files, by name; a change of `x` is the reason `x-changed`. `passed_on` is what
    dependents compare too."""

    facts: Mapping[str, str] = field(default_factory=dict)
    passed_on: str = ""


NO_EXTRA_FACTS = ExtraFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability(Generic[View, Context]):
    """`derive` yields the targets of its kinds, complete; `steps` makes one of them.

    `facts` are compared beyond files. `output_exists` checks that an existing output is the one this target makes;
    None: it is. `environment` is the overlay for the commands of a target beyond its tools; it raises
    CredentialMissingError, and `secrets` name those of its variables that are never shown. `problems` are sentences
    about settings that name nothing in the workspace. `uncompared` are files by the name of the program that opens them
    and may, though they are no inputs of the target: their content decides nothing, or the recipe or what a dependency
    records has what it decides; asked only where a run is traced. `descriptors` are patterns of the names of
    files that its discovery reads, `sessions` its part of the menu."""

    name: str
    kinds: tuple[Kind, ...] = ()
    derive: Callable[[View], Iterable[Target]] = lambda view: ()
    steps: Callable[[Target, Context], Sequence[Step]] = lambda target, context: ()
    facts: Callable[[Target, Context], ExtraFacts] = lambda target, context: NO_EXTRA_FACTS
    output_exists: Callable[[Path], bool] | None = None
    environment: Callable[[Target, Context], Mapping[str, str]] = lambda target, context: {}
    secrets: tuple[str, ...] = ()
    problems: Callable[[View, Graph], Iterable[str]] = lambda view, graph: ()
    uncompared: Callable[[Target, View], Mapping[str, Collection[str]]] = lambda target, view: {}
    descriptors: tuple[str, ...] = ()
    sessions: tuple[MenuEntry, ...] = ()
