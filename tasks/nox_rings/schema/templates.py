"""Rules for the templates of ring 0, checked before buf starts: stubs come from the schema's own templates alone, and
where there are SDKs they land there and not in services."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nox_rings.engine.findings import Finding
from nox_rings.engine.paths import is_under
from nox_rings.engine.patterns import is_ignored
from nox_rings.schema.findings import FindingKind
from nox_rings.schema.model import TemplateRules
from nox_rings.workspace.schemas import StubPlugin, StubTemplate


def template_findings(rules: TemplateRules) -> Iterator[Finding]:
    """Of all templates."""
    for path in rules.foreign:
        yield Finding(
            kind=FindingKind.FOREIGN_TEMPLATE,
            path=path,
            message="found a template outside of the schema's own folder, expected stubs to come from an SDK",
            fix=f"move it to the schema, list it in [tool.nox-rings] ignore, or say why it stays: "
            f'[tool.nox-rings.proto.templates."{path}"] skip = "…"',
        )
    for template in rules.templates:
        for plugin in template.plugins:
            if not _is_approved(rules, plugin.out):
                yield _unapproved(rules, template, plugin)


def missing_plugins(template: StubTemplate, *, is_available: Callable[[str], bool]) -> Iterator[Finding]:
    """Of one template: the others can be generated. `is_available` checks that a program can be started."""
    for plugin in template.plugins:
        if plugin.program and not is_available(plugin.program):
            yield Finding(
                kind=FindingKind.MISSING_PLUGIN,
                path=template.file,
                line=plugin.line,
                message=f"found {plugin.program} neither pinned nor on PATH, expected the plugin",
                fix=f"pin {plugin.program} in tools/npm, tools/go/* or the dependency group tools (see nox -s doctor)",
            )


def _unapproved(rules: TemplateRules, template: StubTemplate, plugin: StubPlugin) -> Finding:
    return Finding(
        kind=FindingKind.UNAPPROVED_ROOT,
        path=template.file,
        line=plugin.line,
        message=f"found {plugin.out} in a service as a generated root, expected one in an SDK: {', '.join(rules.sdks)}",
        fix=f"set `out` in {template.file}, or list the folder in [tool.nox-rings.proto] roots",
    )


def _is_approved(rules: TemplateRules, out: str) -> bool:
    """Where there is an SDK, a service takes its stubs from there; or the folder is listed."""
    in_service = any(is_under(out, each) for each in rules.services if each != ".")
    return not (in_service and rules.sdks) or is_ignored(out, rules.approved)
