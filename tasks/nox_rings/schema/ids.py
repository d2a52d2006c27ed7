"""Ids of the targets of ring 0: short where nothing else is meant."""

from __future__ import annotations

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.paths import short_names
from nox_rings.engine.plan.targets import TargetId
from nox_rings.schema.kinds import PROTO, STUBS
from nox_rings.workspace.model import Member
from nox_rings.workspace.schemas import BufWorkspace, StubTemplate


class SchemaIds:
    """Made once from the whole workspace, because whether a short name is enough depends on all the others."""

    def __init__(self, view: WorkspaceView) -> None:
        self._view, self._index = view, view.index
        self._names = short_names(schema.folder for schema in view.index.workspace.schemas)

    def proto(self, schema: BufWorkspace) -> TargetId:
        return PROTO.id(self._suffix(schema))

    def stubs(self, schema: BufWorkspace, template: StubTemplate) -> TargetId:
        """`stubs:LANGUAGE` where one template feeds the only SDK of a language, else by the template's suffix."""
        fed = dict.fromkeys(member for out in template.outs for member in self._index.members_holding(out))
        if len(fed) == 1:
            (only,) = fed
            if self._is_only_sdk(only) and self.templates_into(only.folder) == 1:
                return STUBS.id(self._view.ecosystem_of(only).language)
        return STUBS.id(":".join(filter(None, (self._suffix(schema), template.suffix))))

    def stubs_touching(self, path: str) -> list[TargetId]:
        """What generates into `path` or above it."""
        return [self.stubs(each.schema, each.template) for each in self._index.stubs_touching(path)]

    def stubs_into(self, folder: str) -> list[TargetId]:
        return [self.stubs(each.schema, each.template) for each in self._index.stubs_into(folder)]

    def templates_into(self, folder: str) -> int:
        return len({each.template.file for each in self._index.stubs_into(folder)})

    def _is_only_sdk(self, member: Member) -> bool:
        return self._index.is_sdk(member) and self._index.sdk_count[member.ecosystem] == 1

    def _suffix(self, schema: BufWorkspace) -> str:
        return "" if len(self._names) == 1 else self._names[schema.folder]
