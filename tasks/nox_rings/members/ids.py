"""Ids of members and of what installs them: short where nothing else is meant, whole paths where two would agree."""

from __future__ import annotations

from collections import Counter

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.paths import short_names
from nox_rings.engine.plan.targets import Kind, TargetId
from nox_rings.members.kinds import INSTALL, PACKAGE, SDK, SERVICE
from nox_rings.workspace.model import InstallRoot, Member


class MemberIds:
    """Made once from the whole workspace, because whether a short name is enough depends on all the others."""

    def __init__(self, view: WorkspaceView) -> None:
        self._view, self._index = view, view.index
        workspace = view.index.workspace
        self._names = short_names(dict.fromkeys(member.folder for member in workspace.members))
        self._roots = Counter(self._installer(root) for root in workspace.install_roots)

    def kind(self, member: Member) -> Kind:
        """An SDK where a template generates into it, a service beside a Dockerfile, else a package."""
        if self._index.is_sdk(member):
            return SDK
        return SERVICE if member.folder in self._index.image_folders else PACKAGE

    def member(self, member: Member) -> TargetId:
        """`sdk:ts` for the only SDK of an ecosystem, else the kind and the folder's name."""
        kind = self.kind(member)
        language = self._view.ecosystem_of(member).language
        if kind == SDK and self._index.sdk_count[member.ecosystem] == 1:
            return SDK.id(language)
        shared = f"-{language}" if self._index.members_in[member.folder] > 1 else ""
        return kind.id(f"{self._names[member.folder]}{shared}")

    def install(self, root: InstallRoot) -> TargetId:
        installer = self._installer(root)
        return INSTALL.id(installer if self._roots[installer] == 1 else f"{installer}:{root.folder}")

    def _installer(self, root: InstallRoot) -> str:
        return self._view.ecosystems[root.ecosystem].installer_of(root)
