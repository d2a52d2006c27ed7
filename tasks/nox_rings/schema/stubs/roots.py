"""Generated roots on disk: which files there are ours. What we did not generate is never removed.

A root is ours as a whole where it was so before, or where nothing but stubs lies in it. In any other root, and in one
that several templates share, ours are the files that the provenance names, and those that are generated now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from nox_rings.engine.differences import Differences
from nox_rings.engine.findings import Finding
from nox_rings.engine.paths import is_under, joined
from nox_rings.engine.patterns import is_ignored
from nox_rings.engine.reading import file_bytes
from nox_rings.engine.store.trees import compare, files_in
from nox_rings.schema.findings import FindingKind
from nox_rings.schema.model import StubsSubject
from nox_rings.schema.stubs.drift import Provenance

# Names that the plugins for protobuf and gRPC give: a.pb.go, a_pb.ts, a_pb2.py, a_pb2_grpc.pyi, a.connect.go.
STUB_NAME = re.compile(r".*(?:\.pb|_pb|_pb2|_pb2_grpc|_grpc_pb|_connect|\.connect|_twirp|\.twirp)(?:\.[\w.]+)$")
# With which generators of stubs make packages of folders.
EMPTY_NAMES = frozenset({"__init__.py", "__init__.pyi", "py.typed", ".gitkeep"})
GENERATED = re.compile(rb"generated|DO NOT EDIT", re.IGNORECASE)
HEAD_BYTES = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A generated root; `difference` is what is to be done there, by paths below it. `others` are files that are there
    and are not generated now."""

    folder: str
    generated: tuple[str, ...]
    difference: Differences
    is_mixed: bool
    others: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """What is generated, relative to the workspace."""
        return tuple(joined(self.folder, path) for path in self.generated)


def outer_roots(outs: Sequence[str]) -> tuple[str, ...]:
    """Without those that lie in another."""
    return tuple(out for out in outs if not any(out != other and is_under(out, other) for other in outs))


def read_roots(source: StubsSubject, stage: Path, root: Path, recorded: Mapping[str, Provenance]) -> list[Root]:
    """`recorded` is provenance as it is in the tree, by the path of its file."""
    return [_root(source, out, stage, root, recorded) for out in outer_roots(source.template.outs)]


def _root(source: StubsSubject, out: str, stage: Path, root: Path, recorded: Mapping[str, Provenance]) -> Root:
    difference = compare(stage / out, root / out)
    others = difference.unexpected
    known = [(path.rpartition("/")[0] or ".", each) for path, each in recorded.items()]
    mixed = {joined(folder, each) for folder, found in known for each in found.mixed}
    whole = {joined(folder, each) for folder, found in known for each in found.roots} - mixed
    named = {joined(folder, each) for folder, found in known for each in found.files}
    strange = [path for path in others if not is_stub(root / out, path)]
    is_shared = any(is_under(each, out) or is_under(out, each) for each in source.shared)
    is_mixed = is_shared or out in mixed or (out not in whole and bool(strange))
    if is_mixed:
        own = tuple(path for path in others if joined(out, path) in named)
        difference = replace(difference, unexpected=own)
    generated = files_in(stage / out)
    return Root(folder=out, generated=generated, difference=difference, is_mixed=is_mixed, others=others)


def is_stub(folder: Path, path: str) -> bool:
    """Whether a file has the name of a stub, or says nothing."""
    name = path.rpartition("/")[2]
    return STUB_NAME.fullmatch(name) is not None or (name in EMPTY_NAMES and _is_empty(folder / path))


def refused_files(
    source: StubsSubject, roots: Sequence[Root], root: Path, recorded: Mapping[str, Provenance]
) -> Iterator[Finding]:
    """Files that keep stubs from landing in a root that has no provenance yet: those that nobody generated where stubs
    would replace them; and, in an SDK that has its stubs elsewhere, those of their kind."""
    known = {joined(path.rpartition("/")[0] or ".", each) for path, found in recorded.items() for each in found.roots}
    for each in roots:
        if each.folder in known or is_ignored(each.folder, source.approved):
            continue
        for path in each.difference.edited:
            if not is_stub(root / each.folder, path) and not _says_generated(root / each.folder / path):
                message = "found a file that does not say it is generated, expected a stub or nothing"
                yield _refused(source, each.folder, path, message)
        if recorded and (written := _written_code(each, root)):
            message = (
                f"found {len(written)} files in {each.folder} that were not generated, expected a folder for stubs"
            )
            yield _refused(source, each.folder, written[0], message)


def _written_code(found: Root, root: Path) -> list[str]:
    """Of the kind of the stubs: beside a go.mod or a README they may lie."""
    kinds = {PurePosixPath(path).suffix for path in found.generated}
    there = (path for path in found.others if PurePosixPath(path).suffix in kinds)
    folder = root / found.folder
    return [path for path in there if not is_stub(folder, path) and not _says_generated(folder / path)]


def _refused(source: StubsSubject, folder: str, path: str, message: str) -> Finding:
    fix = f"set another `out` in {source.template.file}, or list {folder} in [tool.nox-rings.proto] roots"
    return Finding(kind=FindingKind.UNAPPROVED_ROOT, path=joined(folder, path), message=message, fix=fix)


def listing_of(roots: Sequence[Root], provenances: Sequence[str]) -> str:
    """What is this target's own, as the engine reads it."""
    own = [path for each in roots for path in (each.paths if each.is_mixed else (f"{each.folder}/",))]
    return "".join(f"{path}\n" for path in (*own, *provenances))


def mixed_files(source: StubsSubject, roots: Sequence[Root]) -> dict[str, tuple[str, ...]]:
    """For each `out` in a mixed root, the files generated there."""
    found = {}
    for out in source.template.outs:
        for each in roots:
            if each.is_mixed and is_under(out, each.folder):
                found[out] = each.paths if out == each.folder else ()
    return found


def shown(root: Root) -> Iterator[str]:
    yield from (f"removed {joined(root.folder, path)}, which nothing generates" for path in root.difference.unexpected)


def _is_empty(path: Path) -> bool:
    try:
        return not file_bytes(path).strip()
    except OSError:
        return False


def _says_generated(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return GENERATED.search(file.read(HEAD_BYTES)) is not None
    except OSError:
        return False
