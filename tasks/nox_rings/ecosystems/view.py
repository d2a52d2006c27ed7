"""What targets are derived from: the workspace with its settings, its ecosystems and the versions of its tools."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nox_rings.workspace.index import WorkspaceIndex
from nox_rings.workspace.model import InstallRoot, Member

if TYPE_CHECKING:
    from nox_rings.ecosystems.base import Ecosystem
    from nox_rings.ecosystems.model import MemberSubject
    from nox_rings.workspace.config import Config
    from nox_rings.workspace.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceView:
    """Immutable, and made before any thread starts. `files` is the sorted listing of the workspace; `ecosystems` are
    by name, in the order of their tuple."""

    index: WorkspaceIndex
    config: Config
    files: tuple[str, ...]
    ecosystems: Mapping[str, Ecosystem]
    tools: Tools
    _versions: dict[str, str] = field(default_factory=dict, init=False, compare=False)

    def ecosystem_of(self, member: Member) -> Ecosystem:
        return self.ecosystems[member.ecosystem]

    def versions(self, *names: str) -> dict[str, str]:
        """Of tools, each asked for once, however many targets it makes."""
        for name in names:
            if name not in self._versions:
                self._versions.update(self.tools.versions(name))
        return {name: self._versions[name] for name in names}

    def pinned(self, *names: str) -> tuple[str, ...]:
        """Those that the workspace pins."""
        return tuple(name for name in names if self.tools.is_own(name))

    def uncompared(self, member: Member) -> Mapping[str, Collection[str]]:
        """Files by the program that opens them though they are no inputs of the member. Looks at all members."""
        others = [
            each for each in self.index.workspace.members if each.ecosystem == member.ecosystem and each != member
        ]
        return self.ecosystem_of(member).uncompared(member, self.index.install_root_of(member), others)

    def uncompared_by_install(self, root: InstallRoot) -> Mapping[str, Collection[str]]:
        workspace = self.index.workspace
        members = [each for each in workspace.members if self.index.install_root_of(each) == root]
        return self.ecosystems[root.ecosystem].uncompared_by_install(root, members, self.files)

    def subject(self, member: Member) -> MemberSubject:
        from nox_rings.ecosystems.model import MemberSubject

        inside = (each for each in self.index.members_under(member.folder) if each.ecosystem == member.ecosystem)
        configured = self.config.member(member.folder)
        return MemberSubject(
            member=member,
            siblings=self.index.siblings(member),
            nested=tuple(each.folder for each in inside if each.folder != member.folder),
            generated=tuple(dict.fromkeys(each.root for each in self.index.stubs_into(member.folder))),
            lockfile=root.lockfile if (root := self.index.install_root_of(member)) else "",
            checks=configured.checks,
            skipped=configured.skip,
        )
