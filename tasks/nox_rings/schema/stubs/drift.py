"""What committed stubs were generated from, and why they differ from what the schema generates now.

The provenance of an SDK names the template, plugins and schema its stubs were made from. It holds content only: no
time, no machine, no digest of the stubs, so that it changes exactly when its parts do."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from nox_rings.engine.differences import Differences
from nox_rings.engine.findings import Finding
from nox_rings.schema.findings import FindingKind

PROVENANCE_FILE = "proto-provenance.json"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginVersion:
    """What generated, exactly: `digest` is the lockfile's own for `package` (`h1:…`, `sha512-…`, `sha256:…`), or of
    the files of a plugin that lies in the workspace. Empty for a program from PATH, and for a remote plugin."""

    name: str
    version: str
    package: str = ""
    digest: str = ""

    @property
    def shown(self) -> str:
        """`python (grpcio-tools)`: the package where the program's name does not show it."""
        return self.name if not self.package or self.name in self.package else f"{self.name} ({self.package})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """`roots` are relative to the folder of the SDK that holds the file, `mixed` those of them in which others write
    too, `files` what is generated there."""

    template: str
    template_digest: str
    schema_digest: str
    plugins: tuple[PluginVersion, ...]
    roots: tuple[str, ...]
    mixed: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def render_provenance(provenance: Provenance) -> str:
    plugins = [
        {name: value for name in ("name", "package", "version", "digest") if (value := getattr(plugin, name))}
        for plugin in provenance.plugins
    ]
    document: dict[str, Any] = {
        "template": provenance.template,
        "template_digest": provenance.template_digest,
        "schema_digest": provenance.schema_digest,
        "plugins": plugins,
        "roots": list(provenance.roots),
    }
    if provenance.mixed:
        document |= {"mixed": list(provenance.mixed), "files": list(provenance.files)}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def parse_provenance(text: str) -> Provenance | None:
    """None for a text that is no provenance."""
    try:
        document: dict[str, Any] = json.loads(text)
        return Provenance(
            template=_typed(document["template"], str),
            template_digest=_typed(document["template_digest"], str),
            schema_digest=_typed(document["schema_digest"], str),
            plugins=tuple(
                PluginVersion(**{name: _typed(value, str) for name, value in _typed(plugin, dict).items()})
                for plugin in _typed(document["plugins"], list)
            ),
            roots=tuple(_typed(root, str) for root in _typed(document["roots"], list)),
            mixed=tuple(_typed(root, str) for root in _typed(document.get("mixed", []), list)),
            files=tuple(_typed(path, str) for path in _typed(document.get("files", []), list)),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _typed(value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"found {value!r}, expected {kind.__name__}")
    return value


def drift_findings(
    path: str,
    recorded_text: str | None,
    now: Provenance,
    differences: Differences,
    *,
    tracked: Collection[str],
    fix: str,
) -> Iterator[Finding]:
    """Why the tree is not what was generated, by kind. `path` is the provenance file and `recorded_text` its content.

    A file that differs while schema, template and plugins are those recorded was edited by hand. Where one of them
    changed, the files that follow from it are counted, not listed; a file that git does not know is unexpected all the
    same, and one that git knows is missed. `tracked` are the paths in git's index."""
    recorded = parse_provenance(recorded_text) if recorded_text is not None else None
    drifts = list(_drifts(recorded, now)) if recorded else []
    if recorded is None:
        found = "nothing" if recorded_text is None else "no provenance"
        message = f"found {found} here, expected the provenance of the stubs"
        yield Finding(kind=FindingKind.MISSING, path=path, message=message, fix=fix)
    elif not drifts and recorded_text != render_provenance(now):
        message = "found the provenance in another form than it is written in"
        yield Finding(kind=FindingKind.HAND_EDIT, path=path, message=message, fix=fix)
    explained = f" ({len(differences)} stubs differ)" if len(differences) != 1 else " (1 stub differs)"
    for kind, key, before, text in drifts:
        lines = [number for number, each in enumerate((recorded_text or "").splitlines(), 1) if key in each]
        line = lines[before] if before < len(lines) else 0
        yield Finding(kind=kind, path=path, line=line, message=f"{text}{explained}", fix=fix)
    yield from _file_findings(differences, tracked, fix, explained=bool(drifts))


def _file_findings(
    differences: Differences, tracked: Collection[str], fix: str, *, explained: bool
) -> Iterator[Finding]:
    for path, line in differences.edited.items():
        if not explained:
            message = "found another content than the schema generates"
            yield Finding(kind=FindingKind.HAND_EDIT, path=path, line=line, message=message, fix=fix)
    for path in differences.unexpected:
        if path not in tracked or not explained:
            state = "a" if path in tracked else "an untracked"
            message = f"found {state} file that nothing generates"
            yield Finding(kind=FindingKind.STRAY_FILE, path=path, message=message, fix=fix)
    for path in differences.missing:
        if path in tracked or not explained:
            yield Finding(kind=FindingKind.MISSING, path=path, message="found nothing, expected a stub", fix=fix)


def _drifts(then: Provenance, now: Provenance) -> Iterator[tuple[FindingKind, str, int, str]]:
    """Kind, the text by which its line is found, on how many lines that stands before, and the message."""
    if then.schema_digest != now.schema_digest:
        yield FindingKind.SCHEMA_DRIFT, '"schema_digest"', 0, "the schema changed since the stubs were generated"
    if (then.template, then.template_digest, then.roots) != (now.template, now.template_digest, now.roots):
        yield FindingKind.TEMPLATE_DRIFT, '"template"', 0, f"{now.template} changed since the stubs were generated"
    before, after = _numbered(then.plugins), _numbered(now.plugins)
    for name, number in sorted(before.keys() | after.keys()):
        old, new = before.get((name, number)), after.get((name, number))
        if old != new and (shown := old or new):
            yield FindingKind.PLUGIN_DRIFT, f'"name": "{name}"', number, f"{shown.shown} {_step(old, new)}"


def _numbered(plugins: Iterable[PluginVersion]) -> dict[tuple[str, int], PluginVersion]:
    """By name, and by how many of that name come before: scripts of two folders may have the same."""
    found: dict[tuple[str, int], PluginVersion] = {}
    for plugin in plugins:
        found[plugin.name, sum(name == plugin.name for name, _ in found)] = plugin
    return found


def _step(old: PluginVersion | None, new: PluginVersion | None) -> str:
    """`1.0→1.1`, or the digests where only they differ."""
    versions = tuple(each.version if each else "none" for each in (old, new))
    if versions[0] != versions[1]:
        return "→".join(versions)
    return "→".join(f"{versions[0]} {(each.digest if each else '')[:19] or 'without digest'}" for each in (old, new))
