"""What the targets of ring 0 are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nox_rings.schema.breaking.model import BreakingException
from nox_rings.workspace.schemas import BufWorkspace, StubTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRules:
    """What templates are checked against: all of the workspace, and where stubs may land.

    `foreign` are templates where no schema is, `approved` globs of more generated roots, `services` folders with a
    Dockerfile, `members` folders of members."""

    templates: tuple[StubTemplate, ...] = ()
    foreign: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSubject:
    """A schema to check. `default_branch` is a ref, or empty to find it."""

    schema: BufWorkspace
    rules: TemplateRules = TemplateRules()
    exceptions: tuple[BreakingException, ...] = ()
    default_branch: str = ""

    @property
    def remotes(self) -> tuple[str, ...]:
        """Hosts of the schema registries that its commands ask."""
        return self.schema.remotes


@dataclass(frozen=True, slots=True, kw_only=True)
class StubsSubject:
    """A template to generate. `provenances` are the provenance files it writes, each with the generated roots it
    describes."""

    schema: BufWorkspace
    template: StubTemplate
    provenances: Mapping[str, tuple[str, ...]]

    @property
    def remotes(self) -> tuple[str, ...]:
        """Hosts of the schema registries that its commands ask."""
        return tuple(dict.fromkeys((*self.schema.remotes, *self.template.remotes)))
