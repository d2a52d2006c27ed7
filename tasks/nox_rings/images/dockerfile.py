"""Dockerfiles (https://docs.docker.com/reference/dockerfile/): what they start from and what they read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nox_rings.engine.patterns import glob_regex


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    line: int
    verb: str
    words: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dockerfile:
    """`bases` are FROM names that are no stage of the file, `base_lines` where each stands first; `copies` are (line,
    path) of files of the context."""

    bases: tuple[str, ...]
    copies: tuple[tuple[int, str], ...]
    build_args: tuple[str, ...]
    base_lines: tuple[int, ...] = field(default=(), compare=False)


def parse_dockerfile(text: str) -> Dockerfile:
    stages: set[str] = set()
    values: dict[str, str] = {}
    bases: dict[str, int] = {}
    copies: list[tuple[int, str]] = []
    arguments: list[str] = []
    for step in _instructions(text):
        if step.verb in ("ARG", "ENV"):
            assigned = _assigned(step.words)
            arguments.extend(assigned if step.verb == "ARG" else ())
            for name, value in assigned.items():
                if value is not None and (step.verb == "ENV" or name not in values):
                    values[name] = _substituted(value, values)
        elif step.verb == "FROM":
            pattern = glob_regex(_substituted(step.words[0], values, unknown="*").lower())
            name = _substituted(step.words[0], values)
            if name != "scratch" and not any(map(pattern.fullmatch, stages)):
                bases.setdefault(name, step.line)
            if len(step.words) == 3:
                stages.add(step.words[2].lower())
        elif step.verb in ("COPY", "ADD") and not any(flag.startswith("--from=") for flag in step.flags):
            sources = [word for word in _paths(step)[:-1] if not re.match(r"<<|\w+://|git@", word)]
            copies.extend((step.line, _substituted(word, values, unknown="*")) for word in sources)
        elif step.verb == "RUN":
            copies.extend((step.line, _substituted(word, values, unknown="*")) for word in _mounted(step))
        if step.verb in ("COPY", "RUN"):
            named = re.findall(r"(?:--from=|[,=]from=)([^\s,]+)", " ".join(step.flags))
            for name in named:
                if name.lower() not in stages and not name.isdigit():
                    bases.setdefault(name, step.line)
    return Dockerfile(
        bases=tuple(bases),
        copies=tuple(copies),
        build_args=tuple(dict.fromkeys(arguments)),
        base_lines=tuple(bases.values()),
    )


def _assigned(words: tuple[str, ...]) -> dict[str, str | None]:
    """`NAME=value` words, `NAME` alone (no value), and ENV's old form `NAME value`."""
    if len(words) > 1 and "=" not in words[0]:
        return {words[0]: " ".join(words[1:])}
    parts = [word.partition("=") for word in words]
    return {name: value.strip("\"'") if equals else None for name, equals, value in parts}


def _mounted(step: Instruction) -> Iterator[str]:
    """What `RUN --mount` binds from the context; without a source that is all of it."""
    for flag in step.flags:
        if flag.startswith("--mount="):
            fields = dict(field.partition("=")[::2] for field in flag.removeprefix("--mount=").split(","))
            if fields.get("type", "bind") == "bind" and "from" not in fields:
                yield fields.get("source") or fields.get("src") or "."


def _instructions(text: str) -> Iterator[Instruction]:
    """Logical lines: comments dropped, continuations joined, here-documents passed over."""
    escape = "`" if re.match(r"#\s*escape\s*=\s*`", text) else "\\"
    pending, first = "", 0
    ends: list[str] = []
    for number, raw in enumerate(text.splitlines(), 1):
        if ends:
            if raw.strip() == ends[0]:
                ends.pop(0)
            continue
        if raw.lstrip().startswith("#") or (not raw.strip() and pending):
            continue
        first = first if pending else number
        if raw.rstrip().endswith(escape):
            pending += raw.rstrip()[:-1] + " "
            continue
        line, pending = (pending + raw).strip(), ""
        if not line:
            continue
        verb, *words = line.split()
        if verb.upper() in ("RUN", "COPY", "ADD"):
            ends = [match[1] for word in words if (match := re.match(r"\d*<<-?[\"']?(\w+)", word))]
        count = next((index for index, word in enumerate(words) if not word.startswith("--")), len(words))
        if words[count:]:  # BuildKit says better what an instruction without any lacks
            yield Instruction(line=first, verb=verb.upper(), words=tuple(words[count:]), flags=tuple(words[:count]))


def _paths(step: Instruction) -> list[str]:
    text = " ".join(step.words)
    if text.startswith("["):
        try:
            return [str(word) for word in json.loads(text)]
        except json.JSONDecodeError:
            return list(step.words)
    return list(step.words)


def _substituted(word: str, values: Mapping[str, str], *, unknown: str = "") -> str:
    """With variables in their places; `unknown` stands for one that only a build knows."""

    def value(match: re.Match[str]) -> str:
        return values.get(match[1] or match[2]) or match[3] or unknown

    return re.sub(r"\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})", value, word)
