"""The provenance of stubs as it would be now: digests of schema and template, and the plugins' exact versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.engine.paths import below, files_under
from nox_rings.engine.reading import file_bytes
from nox_rings.schema.model import StubsSubject
from nox_rings.schema.stubs.drift import PluginVersion, Provenance
from nox_rings.workspace.schemas import BufWorkspace, StubPlugin, protos_under
from nox_rings.workspace.tools import CONTENT_MARK

if TYPE_CHECKING:
    from nox_rings.workspace.tools import Tools


def provenance_of(
    source: StubsSubject,
    path: str,
    root: Path,
    files: tuple[str, ...],
    toolchain: Tools,
    mixed: Mapping[str, Sequence[str]],
) -> Provenance:
    """Of the provenance file `path`, one of `source.provenances`; `files` is the listing of the workspace, `mixed` are
    the generated roots that hold files of others, with the files in them that are generated."""
    folder = path.rpartition("/")[0]
    plugins = [_tool_version("buf", toolchain)]
    for plugin in source.template.plugins:
        plugins.extend(_plugin_versions(plugin, root, files, toolchain))
    return Provenance(
        template=source.template.file,
        template_digest=_digest(root, (source.template.file,)),
        schema_digest=schema_digest(source.schema, root, files, source.template.inputs),
        plugins=tuple(dict.fromkeys(plugins)),
        roots=tuple(out.removeprefix(f"{folder}/") for out in source.provenances[path]),
        # What lies beside others is named, so that nothing else is ever removed.
        mixed=tuple(out.removeprefix(f"{folder}/") for out in source.provenances[path] if out in mixed),
        files=tuple(
            sorted(below(folder or ".", each) for out in source.provenances[path] for each in mixed.get(out, ()))
        ),
    )


def schema_digest(schema: BufWorkspace, root: Path, files: tuple[str, ...], inputs: Iterable[str] = ()) -> str:
    """Of the .proto files, vendored ones too, and of the lock of what is not vendored: all that buf makes stubs of.
    `inputs` are what a template names beside them."""
    named = (path for each in inputs for path in (*protos_under(files, each), each) if (root / path).is_file())
    protos = (*(path for module in schema.modules for path in schema.protos_of(files, module)), *named)
    lock = "buf.lock" if schema.folder == "." else f"{schema.folder}/buf.lock"
    below = "" if schema.folder == "." else f"{schema.folder}/"
    return _digest(root, sorted({*protos, *(path for path in files if path == lock)}), below)


def _plugin_versions(
    plugin: StubPlugin, root: Path, files: tuple[str, ...], toolchain: Tools
) -> Iterator[PluginVersion]:
    if plugin.remote:
        name, _, version = plugin.name.partition(":")
        yield PluginVersion(name=name, version=version or "latest")
        return
    if plugin.scripts:
        read = (path for script in plugin.scripts for path in files_under(files, script))
        own = dict.fromkeys(path for path in read if not path.endswith("_test.go"))
        yield PluginVersion(name=plugin.name, version="workspace", digest=_digest(root, own))
    if plugin.program:
        yield _tool_version(plugin.program, toolchain)


def _tool_version(name: str, toolchain: Tools) -> PluginVersion:
    pin = toolchain.pin(name)
    if pin is None:
        version = toolchain.versions(name)[name]
        known = version and not version.startswith(CONTENT_MARK)
        return PluginVersion(name=name, version=version if known else "unknown")
    return PluginVersion(name=name, version=pin.version, package=pin.package, digest=pin.digest)


def _digest(root: Path, paths: Iterable[str], below: str = "") -> str:
    """Over paths (relative to `below`) and contents, and nothing else: no times, no modes."""
    total = sha256()
    for path in paths:
        content = file_bytes(root / path)
        total.update(f"{path.removeprefix(below)}\0{len(content)}\0".encode(errors="surrogateescape"))
        total.update(content)
    return f"sha256:{total.hexdigest()}"
