"""The workspace with the questions that targets are derived by, each answered from an index made once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from nox_rings.engine.path_index import PathIndex
from nox_rings.workspace.model import TESTS_ALONE, ImageFile, InstallRoot, Member, Workspace
from nox_rings.workspace.schemas import BufWorkspace, StubTemplate


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated root, and the template of a schema that generates into it."""

    root: str
    schema: BufWorkspace
    template: StubTemplate


class WorkspaceIndex:
    """Immutable once made. Where a folder holds members of several ecosystems, each is one of its own."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.generated = tuple(
            Generated(out, schema, template)
            for schema in workspace.schemas
            for template in schema.templates
            for out in template.outs
        )
        self.image_folders = frozenset(image.folder for image in workspace.images if not image.optional)
        self._members = {(each.folder, each.ecosystem): each for each in workspace.members}
        self._roots = {(each.folder, each.ecosystem): each for each in workspace.install_roots}
        self._members_by_path = PathIndex((each.folder, each) for each in workspace.members)
        self._generated_by_path = PathIndex((each.root, each) for each in self.generated)
        self._generated_in: dict[str, list[Generated]] = {}
        for each in self.generated:
            if (owner := self.owner_of(each.root)) is not None:
                self._generated_in.setdefault(owner, []).append(each)
        self._images_by_path = PathIndex((each.dockerfile, each) for each in workspace.images)
        self._images_by_source = PathIndex((path, image) for image in workspace.images for path in image.sources)
        # A service stays one whatever is generated there.
        self.sdks = tuple(
            member
            for member in workspace.members
            if member.folder not in self.image_folders and member.folder in self._generated_in
        )
        self._sdk_keys = frozenset((each.folder, each.ecosystem) for each in self.sdks)
        self.sdk_count = Counter(each.ecosystem for each in self.sdks)
        self.members_in = Counter(each.folder for each in workspace.members)

    def owner_of(self, path: str) -> str | None:
        """The folder of the nearest member that holds `path`."""
        folders = (each.folder for each in self.members_holding(path))
        return max(folders, key=lambda each: 0 if each == "." else len(each), default=None)

    def is_sdk(self, member: Member) -> bool:
        """Whether a template generates into it and no Dockerfile lies beside its manifest."""
        return (member.folder, member.ecosystem) in self._sdk_keys

    def member_at(self, folder: str, ecosystem: str) -> Member | None:
        return self._members.get((folder, ecosystem))

    def members_in_folder(self, folder: str) -> list[Member]:
        return self._members_by_path.at(folder)

    def members_under(self, folder: str) -> list[Member]:
        """Members in `folder` or below it."""
        return self._members_by_path.below(folder)

    def members_holding(self, path: str) -> list[Member]:
        """Members whose folder is `path` or lies above it."""
        return self._members_by_path.covering(path)

    def siblings(self, member: Member) -> tuple[Member, ...]:
        """The members of its ecosystem that it depends on."""
        found = (self.member_at(folder, member.ecosystem) for folder in member.depends_on)
        return tuple(sibling for sibling in found if sibling is not None)

    def install_root_of(self, member: Member) -> InstallRoot | None:
        return self._roots.get((member.install_root, member.ecosystem))

    def parts_of(self, member: Member) -> Mapping[str, str]:
        """The part of a lockfile that reaches it; empty where nothing is told apart there."""
        return {name: part for name, part in self._parts(member).items() if not name.endswith(TESTS_ALONE)}

    def settings_of(self, member: Member) -> Mapping[str, str]:
        """The parts of other files that it reads."""
        return {name: self.workspace.settings[name] for name in member.settings}

    def parts_of_tests(self, member: Member) -> Mapping[str, str]:
        """What its tests need beside that."""
        return {name: part for name, part in self._parts(member).items() if name.endswith(TESTS_ALONE)}

    def _parts(self, member: Member) -> Mapping[str, str]:
        return self.workspace.parts.get((member.folder, member.ecosystem), {})

    def parted_files(self, member: Member) -> tuple[str, ...]:
        """The files of which it has its part: where they lie in its folder, they count as that alone."""
        return tuple(dict.fromkeys(name.partition("#")[0] for name in self.parts_of(member)))

    def whole_lockfile(self, member: Member) -> tuple[str, ...]:
        """The lockfile, where nothing says which part of it reaches the member."""
        root = None if self.parts_of(member) else self.install_root_of(member)
        return (root.lockfile,) if root else ()

    def stubs_into(self, folder: str) -> list[Generated]:
        """Generated roots that the member in `folder` holds, no member inside of it."""
        return self._generated_in.get(folder, [])

    def stubs_touching(self, path: str) -> list[Generated]:
        """Generated roots in `path` or above it."""
        return self._generated_by_path.touching(path)

    def images_under(self, folder: str) -> list[ImageFile]:
        return self._images_by_path.below(folder)

    def images_reading(self, path: str) -> list[ImageFile]:
        """Images that copy `path`, a folder above it or something in it, each once. What a .dockerignore leaves out
        is not subtracted."""
        return list(dict.fromkeys(self._images_by_source.touching(path)))
