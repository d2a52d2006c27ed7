"""From the text of lockfiles to what they record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

TABLES_OF_LOCKS = frozenset({"dependencies", "devDependencies", "optionalDependencies"})
# Of an entry of pnpm-lock.yaml: what says nothing of the package, or only that others need it.
REMARKS = frozenset({"deprecated", "transitivePeerDependencies", "optional", "dev"})
# `name: "range"` since yarn 2, `name "range"` before.
YARN_LINE = re.compile(r'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]+?)):?(?:\s+"?(?P<value>.*?)"?)?')


@dataclass(slots=True)
class Block:
    """An entry of `packages` or `snapshots` of a pnpm-lock.yaml: its text, and what it gets: name → version."""

    text: str = ""
    needs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class YarnEntry:
    """`keys` are descriptors (`NAME@RANGE`), `needs` ranges by name, `optional` the names of those that may be
    missing."""

    keys: tuple[str, ...]
    fields: Mapping[str, str]
    needs: Mapping[str, str]
    optional: frozenset[str] = frozenset()


def parse_pnpm_lock(text: str) -> dict[str, dict[str, str]]:
    """`importers` of every document; before lockfile 6 a package alone has its tables at the top. Read by lines,
    because a YAML parser takes a second for 20,000 of them (https://github.com/pnpm/spec/tree/master/lockfile)."""
    importers: dict[str, dict[str, str]] = {}
    section = importer = table = name = ""
    for line in text.splitlines():
        content = line.lstrip(" ")
        if not content or content.startswith("#"):
            continue
        depth = len(line) - len(content)
        key, value = _entry(content)
        if depth == 0:
            section, importer = key, "."
            table = key if key in TABLES_OF_LOCKS else ""
            name = ""
            continue
        if section == "importers":
            if depth == 2:
                importer, table = key, ""
                importers.setdefault(importer, {})
                continue
            if depth == 4:
                table = key if key in TABLES_OF_LOCKS else ""
                continue
            depth -= 4
        if not table:
            continue
        if depth == 2:
            name = key
            if value:
                importers.setdefault(importer, {})[name] = value
        elif depth == 4 and key == "version":
            importers.setdefault(importer, {})[name] = value
    return importers


def parse_pnpm_blocks(text: str) -> dict[str, Block]:
    """The entries of `packages` and `snapshots` by their keys."""
    blocks: dict[str, Block] = {}
    lines: dict[str, list[str]] = {}
    section = key = name = ""
    for line in text.splitlines():
        content = line.lstrip(" ")
        if not content or content.startswith("#"):
            continue
        depth = len(line) - len(content)
        if depth == 0:
            section = content.rstrip().removesuffix(":")
        elif section not in ("packages", "snapshots"):
            continue
        elif depth == 2:
            key, value = _entry(content)
            blocks.setdefault(key, Block())
            lines.setdefault(key, []).append(value)
        else:
            name = _entry(content)[0] if depth == 4 else name
            if name not in REMARKS:
                lines[key].append(content.rstrip())
            if depth == 6 and name in TABLES_OF_LOCKS:
                needed, version = _entry(content)
                blocks[key].needs[needed] = version
    for key, block in blocks.items():
        block.text = " ".join(lines[key])
    return blocks


def parse_yarn_patterns(text: str) -> frozenset[str]:
    """`NAME@RANGE` of all entries of a lockfile of yarn 1."""
    heads = (line for line in text.splitlines() if line and line[0] not in " #" and line.endswith(":"))
    return frozenset(key for head in heads for key in _keys(head))


def _keys(head: str) -> list[str]:
    return [each.strip().strip('"') for each in head.rstrip().removesuffix(":").strip('"').split(",")]


def parse_yarn_lock(text: str) -> Iterator[YarnEntry]:
    """The entries of a lockfile of any version of yarn."""
    for block in re.split(r"\n(?=\S)", text):
        head, _, body = block.partition("\n")
        if head.startswith("#") or not head.rstrip().endswith(":"):
            continue
        fields: dict[str, str] = {}
        tables: dict[str, dict[str, str]] = {}
        table = ""
        for line in body.splitlines():
            if (found := YARN_LINE.fullmatch(line.strip())) is None:
                continue
            key, value = found["quoted"] or found["plain"], found["value"] or ""
            if line.startswith("    "):
                tables.setdefault(table, {})[key] = value
            else:
                table, fields[key] = key, value
        optional = tables.get("optionalDependencies", {})
        needs = {**tables.get("dependencies", {}), **optional}
        aside = frozenset({*optional, *tables.get("dependenciesMeta", {})})
        yield YarnEntry(tuple(_keys(head)), fields, needs, aside)


def _entry(content: str) -> tuple[str, str]:
    """Key and value of a line of YAML; a key in quotes may hold colons."""
    if content[0] in "'\"":
        end = content.find(content[0], 1)
        key, rest = content[1:end], content[end + 1 :].lstrip(":")
    else:
        key, _, rest = content.partition(": ") if ": " in content else (content.rstrip().removesuffix(":"), "", "")
    return key, rest.strip().strip("'\"")
