"""The stubs that templates generate into a Go module: their files, and the packages that these make."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nox_rings.ecosystems.model import MemberSubject
from nox_rings.engine.paths import below, is_under, joined
from nox_rings.engine.store.trees import files_in

# Packages in them are no part of `./...` (https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns).
NOT_LISTED = (".", "_")


def stub_files(root: Path, subject: MemberSubject) -> tuple[str, ...]:
    """Relative to the module, without those of modules inside it."""
    made = _made(root, subject.generated)
    own = (path for path in made if not any(is_under(path, each) for each in subject.nested))
    return tuple(dict.fromkeys(below(subject.member.folder, path) for path in own))


def stub_packages(root: Path, folder: str, module: str, generated: Iterable[str]) -> tuple[str, ...]:
    """Import paths of the packages in the folders `generated` of the module in `folder`."""
    inside = (each for each in generated if is_under(each, folder))
    sources = (path for path in _made(root, inside) if path.endswith(".go") and not path.endswith("_test.go"))
    folders = dict.fromkeys(path.rpartition("/")[0] or "." for path in sources)
    found = (below(folder, each) for each in folders if not _is_apart(root, each, folder))
    return tuple(module if each == "." else f"{module}/{each}" for each in found)


def _made(root: Path, generated: Iterable[str]) -> list[str]:
    return [joined(each, path) for each in generated for path in files_in(root / each)]


def _is_apart(root: Path, path: str, module: str) -> bool:
    """Whether a folder is of a module inside, or one that the go command leaves out of `./...`."""
    parts = below(module, path).split("/") if path != module else []
    if any(part.startswith(NOT_LISTED) or part == "testdata" for part in parts):
        return True
    folders = (joined(module, "/".join(parts[:depth])) for depth in range(1, len(parts) + 1))
    return any((root / each / "go.mod").is_file() for each in folders)
