"""From the text of lockfiles to what they record."""

from __future__ import annotations

import re
from collections.abc import Iterator

TABLES_OF_LOCKS = frozenset({"dependencies", "devDependencies", "optionalDependencies"})


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


def parse_yarn_patterns(text: str) -> frozenset[str]:
    """`NAME@RANGE` of all entries of a lockfile of yarn 1."""
    heads = (line for line in text.splitlines() if line and line[0] not in " #" and line.endswith(":"))
    return frozenset(key for head in heads for key in _keys(head))


def _keys(head: str) -> list[str]:
    return [each.strip().strip('"') for each in head.rstrip().removesuffix(":").strip('"').split(",")]


def parse_yarn_lock(text: str) -> Iterator[tuple[list[str], dict[str, str], dict[str, str]]]:
    """(descriptors, fields, dependencies) of each entry of a lockfile of yarn 2 and later."""
    for block in re.split(r"\n(?=\S)", text):
        head, _, body = block.partition("\n")
        if head.startswith("#") or not head.rstrip().endswith(":"):
            continue
        keys = _keys(head)
        fields: dict[str, str] = {}
        tables: dict[str, dict[str, str]] = {}
        table = ""
        for line in body.splitlines():
            content = line.strip()
            if not content:
                continue
            key, value = _entry(content)
            if line.startswith("    "):
                tables.setdefault(table, {})[key] = value
            else:
                table, fields[key] = key, value
        yield keys, fields, tables.get("dependencies", {})


def _entry(content: str) -> tuple[str, str]:
    """Key and value of a line of YAML; a key in quotes may hold colons."""
    if content[0] in "'\"":
        end = content.find(content[0], 1)
        key, rest = content[1:end], content[end + 1 :].lstrip(":")
    else:
        key, _, rest = content.partition(": ") if ": " in content else (content.rstrip().removesuffix(":"), "", "")
    return key, rest.strip().strip("'\"")
