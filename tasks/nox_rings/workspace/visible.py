"""Which files may describe a part of the workspace, and what discovery passed over. What lies in a folder for test
data, vendored code or templates of new projects describes something else, unless configuration names the folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from nox_rings.engine.paths import is_under

# Their content is input of tests, or somebody else's code.
OTHERS = frozenset({"testdata", "fixtures", "__fixtures__", "node_modules", "bower_components", "vendor"})
# Of cookiecutter, copier, EJS and shells: a folder that is named when a template is filled in.
PLACEHOLDERS = ("{{", "{%", "[[", "<%", "${")


class PassedOver(NamedTuple):
    """What discovery looked at and made nothing of: the file or folder, why, and the line of configuration or the
    command that would change it."""

    path: str
    reason: str
    remedy: str = ""


def hidden_folder(path: str, named: Collection[str]) -> str | None:
    """The topmost folder on the way to `path` that makes it no descriptor; None where there is none. `named` are
    folders that configuration names."""
    parts = path.split("/")[:-1]
    for index, part in enumerate(parts):
        if _is_other(part):
            folder = "/".join(parts[: index + 1])
            if not any(is_under(path, each) and is_under(each, folder) for each in named):
                return folder
    return None


@cache
def _is_other(part: str) -> bool:
    """A leading `_` or `.` is Go's rule (https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns)."""
    return part.startswith(("_", ".")) or part in OTHERS or any(each in part for each in PLACEHOLDERS)


def hidden_descriptors(descriptors: Collection[tuple[str, str]]) -> Iterator[PassedOver]:
    """`descriptors` are pairs of hidden folder and path; a folder is told once."""
    by_folder: dict[str, list[str]] = {}
    for folder, path in descriptors:
        by_folder.setdefault(folder, []).append(path)
    for folder, paths in by_folder.items():
        name = folder.rpartition("/")[2]
        reason = f"what lies below {name} is no part of the workspace: {', '.join(sorted(paths)[:3])}"
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        yield PassedOver(folder, f"{reason}{more}", f'[tool.nox-rings.members."{paths[0].rpartition("/")[0]}"]')
