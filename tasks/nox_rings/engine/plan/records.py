"""What is known of a target: the facts of now, and the record of its last success."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

# The first character of a name among the extra facts that is one of a variable of the environment.
VARIABLE = "$"
# The first character of what stands for the digest of a file that cannot be read; `:` and the reason are its end.
UNREADABLE = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is there now, for one target.

    `inputs` and `outputs` are content digests by path, `tools` versions by name, `recipe` is the target's own. `extra`
    are facts beyond files that its capability compares, by name, `Inputs.own_parts`, and digests of the variables it
    depends on, by VARIABLE and name; a variable that is not set has none. `passed_on` is compared by dependents too,
    `signs` never: digests by sign."""

    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    recipe: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    passed_on: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was there when the target last succeeded.

    `dependencies` are the digests of their records then. `finished` is False from before the first step until after
    the last one. `exposed` is the target's. `detail` is what it made: digests, versions, printed lines."""

    facts: Facts
    dependencies: Mapping[str, str] = field(default_factory=dict)
    finished: bool = True
    exposed: bool = False
    seconds: float = 0.0
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """Digests of the variables of the environment that it was made with."""
        return {name: digest for name, digest in self.facts.extra.items() if name.startswith(VARIABLE)}

    @property
    def digest(self) -> str:
        """What dependents are compared by: the content of the outputs, and of everything read where nothing is kept or
        dependents may read that too."""
        content = self.facts.outputs
        if self.exposed or not content:
            content = {**self.facts.inputs, **self.dependencies, **self.variables, **content}
        return digest_of(*(f"{path}={digest}" for path, digest in sorted(content.items())), self.facts.passed_on)


def digest_of(*parts: str) -> str:
    """32 hexadecimal digits."""
    return blake2b("\0".join(parts).encode(errors="surrogateescape"), digest_size=16).hexdigest()
