"""What a push to a schema registry consists of: modules with a name, a label, and what they need from the registry."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nox_rings.engine.paths import is_under, joined
from nox_rings.workspace.schemas import DOCUMENTATION, LICENSE

LONGEST_LABEL = 250  # buf.registry.module.v1.Label.name
PROTO = ".proto"
_NAME = re.compile(r"[A-Za-z0-9.-]+(?::\d+)?/[a-z0-9-]+/[a-z0-9._-]+")
_IMPORT = re.compile(r'^\s*import\s+(?:public\s+|weak\s+)?"([^"]+)"\s*;', re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaModule:
    """One module of a buf.yaml in the folder `path`. `name` is REGISTRY/OWNER/MODULE, or empty; `files` are what buf
    uploads of it. A vendored one is a copy of what its owner pushes: it comes from the registry there."""

    path: str
    name: str = ""
    files: tuple[str, ...] = ()
    vendored: bool = False

    @property
    def registry(self) -> str:
        return self.name.partition("/")[0]

    @property
    def protos(self) -> tuple[str, ...]:
        return tuple(file for file in self.files if file.endswith(PROTO))

    @property
    def is_pushed(self) -> bool:
        return bool(self.name) and not self.vendored


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaPush:
    """What one `buf push` takes: the modules of the buf.yaml in `folder` that have a name and no other owner.
    `dependencies` are REGISTRY/OWNER/MODULE[:REF]; `lock` is the path of a buf.lock that pins all of them, or empty."""

    folder: str
    modules: tuple[SchemaModule, ...]
    dependencies: tuple[str, ...] = ()
    lock: str = ""

    @property
    def registry(self) -> str:
        return self.modules[0].registry

    @property
    def paths(self) -> tuple[str, ...]:
        """Files and folders that decide what is pushed."""
        own = [joined(self.folder, name) for name in ("buf.yaml", "buf.lock")]
        for module in self.modules:
            own += [module.path, *module.files]
        return tuple(own)


def label_problem(label: str) -> str:
    """What is wrong with a label, or nothing. `buf push --label` reads a list in CSV: a comma makes two labels."""
    if not label:
        return "found an empty label, expected a name such as main"
    if label.startswith("-"):
        return f"found the label {label}, which looks like an option"
    if len(label) > LONGEST_LABEL:
        return f"found a label of {len(label)} characters, expected {LONGEST_LABEL} at most"
    odd = next((each for each in label if each in ',"' or each.isspace() or not each.isprintable()), "")
    return f"found the label {label!r}, expected one without {odd!r}" if odd else ""


def is_module_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def module_files(
    path: str, listing: Sequence[str], folder: str, *, includes: Sequence[str] = (), excludes: Sequence[str] = ()
) -> tuple[str, ...]:
    """What buf uploads of the module in `path`: its .proto files, one file of documentation and the license. Those two
    come from the folder of the buf.yaml where the module has none."""
    chosen = [
        file
        for file in listing
        if file.endswith(PROTO)
        and is_under(file, path)
        and (not includes or any(is_under(file, each) for each in includes))
        and not any(is_under(file, each) for each in excludes)
    ]
    beside = (_first(listing, (path, folder), names) for names in (DOCUMENTATION, LICENSE))
    return (*chosen, *filter(None, beside))


def _first(listing: Sequence[str], folders: Sequence[str], names: Sequence[str]) -> str:
    wanted = [name if folder == "." else f"{folder}/{name}" for folder in folders for name in names]
    known = frozenset(listing)
    return next((file for file in wanted if file in known), "")


def needed_dependencies(modules: Sequence[SchemaModule], declared: Sequence[str]) -> tuple[str, ...]:
    """What `deps:` lists, and what is vendored here under the name it has on a registry. A vendored module that `deps:`
    names as well is taken as written there, which may include the version: `…/protovalidate:v1.2.0`."""
    named = {dependency_name(each) for each in declared}
    pushed = {module.name for module in modules if module.is_pushed}
    vendored = (module.name for module in modules if module.vendored and module.name not in named)
    return (*(each for each in declared if dependency_name(each) not in pushed), *filter(None, vendored))


def dependency_name(reference: str) -> str:
    """`REGISTRY/OWNER/MODULE:REF` without its REF; a registry may have a port."""
    registry, slash, rest = reference.partition("/")
    return f"{registry}{slash}{rest.partition(':')[0]}"


def imported_files(text: str) -> tuple[str, ...]:
    return tuple(_IMPORT.findall(text))


def push_problems(file: str, modules: Sequence[SchemaModule], imports: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Why the modules of `file`, a buf.yaml, cannot be pushed. `imports` are those of the pushed modules by path."""
    pushed = [module for module in modules if module.is_pushed]
    for module in pushed:
        if not is_module_name(module.name):
            yield f"{file}: found the name {module.name}, expected REGISTRY/OWNER/MODULE"
        if not module.protos:
            yield f"{file}: found no {PROTO} file in {module.path}, expected those of {module.name}"
    if len({module.registry for module in pushed}) > 1:
        registries = " and ".join(sorted({module.registry for module in pushed}))
        yield f"{file}: found modules of {registries}, expected those of one registry: buf pushes them together"
    for nameless in (module for module in modules if not module.name):
        own = {proto.removeprefix(f"{nameless.path}/") for proto in nameless.protos}
        for module in pushed:
            if needed := sorted(own & set(imports.get(module.path, ()))):
                yield (
                    f"{file}: found no name for the module {nameless.path}, expected one, as {module.name} imports "
                    f"{needed[0]}: a registry knows modules by their names only"
                )
