"""What is known of a target: the facts of now, and the record of its last success."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is there now, for one target.

    `inputs` and `outputs` are content digests by path, `tools` versions by name, `recipe` is the target's own. `extra`
    are facts beyond files that its capability compares, by name, and `Inputs.own_parts`. `passed_on` is compared by
    dependents too, `signs` never: digests by sign."""

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
    def digest(self) -> str:
        """What dependents are compared by: the content of the outputs, and of everything read where nothing is kept or
        dependents may read that too."""
        content = self.facts.outputs
        if self.exposed or not content:
            content = {**self.facts.inputs, **self.dependencies, **content}
        return digest_of(*(f"{path}={digest}" for path, digest in sorted(content.items())), self.facts.passed_on)


def digest_of(*parts: str) -> str:
    """32 hexadecimal digits."""
    return blake2b("\0".join(parts).encode(errors="surrogateescape"), digest_size=16).hexdigest()
