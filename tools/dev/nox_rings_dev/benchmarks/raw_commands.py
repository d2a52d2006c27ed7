"""A plan as a shell script: the commands of its steps, as many at once as its dependencies allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Action, Explained, Inspection, Server, Step
from nox_rings_dev.benchmarks.copies import Copy


@dataclass(frozen=True)
class RawCommands:
    """`selected` are started together. What several of them need is started beside them, without waiting for it; what
    one alone needs it waits for."""

    copy: Copy
    selected: tuple[str, ...]

    def script(self) -> str:
        """For `sh -e` in the root of the copy."""
        return "\n".join(together([*map(self._alone, sorted(self._shared)), *map(self._chain, self.selected)]))

    @property
    def _shared(self) -> frozenset[str]:
        counted = Counter(each for one in self.selected for each in self.copy.run.graph.closure([one]))
        return frozenset(each for each, count in counted.items() if count > 1)

    def _chain(self, target_id: str) -> list[str]:
        needed = [each for each in self.copy.run.graph.targets[target_id].dependencies if each not in self._shared]
        return [*together([self._chain(each) for each in needed]), *self._alone(target_id)]

    def _alone(self, target_id: str) -> list[str]:
        target = self.copy.run.graph.targets[target_id]
        tools = self.copy.run.tools().environment(*target.tools)
        return [line for step in self.copy.run.steps(target) for line in self._lines(step, tools)]

    def _lines(self, step: Step, tools: dict[str, str]) -> Iterator[str]:
        """Nothing for our own actions, such as staging: tools typed by hand write where they should."""
        match step:
            case Command():
                yield self._line(step, tools)
            case Explained():
                yield self._line(step.command, tools)
            case Inspection():
                yield from together([[self._line(command, tools)] for command in step.commands])
            case Action():
                return
            case Server():
                raise AssertionError(f"{step.command.description}: found a server, expected commands that end")

    def _line(self, command: Command, tools: dict[str, str]) -> str:
        typed = replace(command, argv=self._against_git(command), env={**tools, **command.env})
        return f"({typed.render(self.copy.root, with_path=True)})"

    def _against_git(self, command: Command) -> tuple[str, ...]:
        """Nobody who types builds an image of the earlier schema first."""
        if command.argv[:2] != ("buf", "breaking"):
            return command.argv
        folder = command.cwd.relative_to(self.copy.root)
        return ("buf", "breaking", "--against", f"{self.copy.root}/.git#ref=HEAD,subdir={folder}")


def together(scripts: Sequence[Collection[str]]) -> list[str]:
    """Each in a shell of its own, all at once; the first that fails ends the script around them."""
    started = [each for each in scripts if each]
    if len(started) <= 1:
        return [line for each in started for line in each]
    lines: list[str] = []
    for number, script in enumerate(started):
        lines += ["(", *(f"  {line}" for line in script), f") & job{number}=$!"]
    return [*lines, *(f"wait $job{number}" for number in range(len(started)))]
