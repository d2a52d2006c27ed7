"""Rules for the templates of ring 0, checked before buf starts: stubs come from the schema's own templates alone and
land in folders that hold nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nox_rings.engine.findings import Finding
from nox_rings.engine.paths import below, is_under
from nox_rings.engine.patterns import is_ignored
from nox_rings.schema.findings import FindingKind
from nox_rings.schema.model import TemplateRules
from nox_rings.workspace.schemas import StubPlugin, StubTemplate

# Folder names that mean "generated" by convention: everything in such a folder may be replaced.
ROOT_NAMES = frozenset({"_proto", "proto", "gen", "generated"})


def template_findings(rules: TemplateRules, *, is_available: Callable[[str], bool]) -> Iterator[Finding]:
    """`is_available` checks that a program can be started."""
    for path in rules.foreign:
        yield Finding(
            kind=FindingKind.FOREIGN_TEMPLATE,
            path=path,
            message="found a template outside of the schema's own folder, expected stubs to come from an SDK",
            fix=f"rm {path}",
        )
    for template in rules.templates:
        for plugin in template.plugins:
            yield from _plugin_findings(rules, template, plugin, is_available)


def _plugin_findings(
    rules: TemplateRules,
    template: StubTemplate,
    plugin: StubPlugin,
    is_available: Callable[[str], bool],
) -> Iterator[Finding]:
    if not _is_approved(rules, plugin.out):
        yield Finding(
            kind=FindingKind.UNAPPROVED_ROOT,
            path=template.file,
            line=plugin.line,
            message=f"found {plugin.out} as a generated root, expected a folder in an SDK that is named "
            f"{', '.join(sorted(ROOT_NAMES))}",
            fix=f"set `out` in {template.file}, or list the folder in [tool.nox-rings.proto] roots",
        )
    if plugin.program and not is_available(plugin.program):
        yield Finding(
            kind=FindingKind.MISSING_PLUGIN,
            path=template.file,
            line=plugin.line,
            message=f"found {plugin.program} neither pinned nor on PATH, expected the plugin",
            fix=f"pin {plugin.program} in tools/npm, tools/go/* or the dependency group tools (see nox -s doctor)",
        )


def _is_approved(rules: TemplateRules, out: str) -> bool:
    """Below a member that is no service, in a folder whose name means generated; or listed."""
    if is_ignored(out, rules.approved):
        return True
    services = set(rules.services) - {"."}
    holders = {folder for folder in rules.members if is_under(out, folder)}
    inside = below(max(holders - {"."}, key=len, default="."), out).split("/")
    return bool(holders) and not services & holders and bool(ROOT_NAMES & set(inside))
