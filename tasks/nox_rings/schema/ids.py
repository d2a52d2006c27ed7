"""Ids of the targets of ring 0: short where nothing else is meant."""

from __future__ import annotations

from collections import Counter

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.paths import short_names
from nox_rings.engine.plan.targets import TargetId
from nox_rings.schema.kinds import PROTO, STUBS
from nox_rings.workspace.index import Generated
from nox_rings.workspace.model import Member
from nox_rings.workspace.schemas import BufWorkspace, StubTemplate


class SchemaIds:
    """Made once from the whole workspace, because whether a short name is enough depends on all the others."""

    def __init__(self, view: WorkspaceView) -> None:
        self._view, self._index = view, view.index
        schemas = view.index.workspace.schemas
        self._names = short_names(schema.folder for schema in schemas)
        self._sdk_stubs = {each.template.file: found for each in view.index.generated if (found := self._of_sdk(each))}
        others = ((schema, each) for schema in schemas for each in schema.templates if each.file not in self._sdk_stubs)
        named = (self._by_suffix(schema, each) for schema, each in others)
        self._times = Counter([*named, *self._sdk_stubs.values()])

    def proto(self, schema: BufWorkspace) -> TargetId:
        return PROTO.id(self._suffix(schema))

    def stubs(self, schema: BufWorkspace, template: StubTemplate) -> TargetId:
        """`stubs:LANGUAGE` where one template feeds the only SDK of a language, else by the template's suffix; by
        its path where another is called the same."""
        if found := self._sdk_stubs.get(template.file):
            return STUBS.id(found)
        name = self._by_suffix(schema, template)
        return STUBS.id(name if self._times[name] == 1 else template.file)

    def _of_sdk(self, generated: Generated) -> str:
        outs = generated.template.outs
        owners = dict.fromkeys(map(self._index.owner_of, outs))
        fed = [member for each in owners if each for member in self._index.members_in_folder(each)]
        if len(fed) == 1:
            (only,) = fed
            if self._is_only_sdk(only) and self.templates_into(only.folder) == 1:
                return self._view.ecosystem_of(only).language
        return ""

    def _by_suffix(self, schema: BufWorkspace, template: StubTemplate) -> str:
        return ":".join(filter(None, (self._suffix(schema), template.suffix)))

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
