"""What the targets of ring 0 are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nox_rings.workspace.config import ProtoException
from nox_rings.workspace.schemas import BufWorkspace, StubTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRules:
    """What the templates of a schema are checked against: where stubs may land.

    `foreign` are templates where no schema is, `approved` globs of more generated roots, `services` folders with a
    Dockerfile that a generated root lies in, `sdks` some folders of members that stubs are generated into and that are
    no services."""

    templates: tuple[StubTemplate, ...] = ()
    foreign: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    sdks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSubject:
    """A schema to check. `default_branch` is a ref, or empty to find it. `require_token`: a registry is not asked
    without one."""

    schema: BufWorkspace
    rules: TemplateRules = TemplateRules()
    exceptions: tuple[ProtoException, ...] = ()
    default_branch: str = ""
    require_token: bool = False

    @property
    def remotes(self) -> tuple[str, ...]:
        """Hosts of the schema registries that its commands ask."""
        return self.schema.remotes


@dataclass(frozen=True, slots=True, kw_only=True)
class StubsSubject:
    """A template to generate. `provenances` are the provenance files it writes, each with the generated roots it
    describes. `shared` are the roots that other templates write to as well, `approved` globs of roots that may be
    replaced whatever they hold. `listing` is the file that names what is its own. `require_token`: a registry is not
    asked without one."""

    schema: BufWorkspace
    template: StubTemplate
    provenances: Mapping[str, tuple[str, ...]]
    shared: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    listing: str = ""
    require_token: bool = False

    @property
    def remotes(self) -> tuple[str, ...]:
        """Hosts of the schema registries that its commands ask."""
        return tuple(dict.fromkeys((*self.schema.remotes, *self.template.remotes)))
