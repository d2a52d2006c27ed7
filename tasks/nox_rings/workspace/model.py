"""What a workspace consists of, as its own files describe it. Identity is a folder, never a package's name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nox_rings.workspace.language import Language
from nox_rings.workspace.schemas import BufWorkspace


class Flavour(StrEnum):
    """Which of a folder's two Dockerfiles: ring 1 or ring 2."""

    DEV = "dev"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A folder whose lockfile installs members: a pnpm workspace or package, a uv workspace or project."""

    folder: str
    language: Language
    lockfile: str
    files: tuple[str, ...]
    groups: tuple[str, ...] = ()

    def installs(self, member: Member) -> bool:
        return (self.folder, self.language) == (member.home, member.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A package (npm, PyPI) or module (Go). `home` is the folder that installs it, `depends_on` folders of members.

    `checks` are what its manifest offers to build and to prove it: npm scripts, or `test` where tests exist.
    `in_workspace`: a go.work uses the module."""

    folder: str
    language: Language
    name: str
    home: str
    depends_on: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    in_workspace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFile:
    """A Dockerfile: its build context, the paths its COPY and ADD lines read, its FROM names and their lines, what is
    ignored."""

    dockerfile: str
    name: str
    flavour: Flavour
    context: str
    sources: tuple[str, ...]
    bases: tuple[str, ...]
    base_lines: tuple[int, ...] = ()
    build_args: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """`foreign_templates` are `buf.gen*.yaml` where no schema is: in a service, or far from any buf.yaml."""

    buf: tuple[BufWorkspace, ...] = ()
    foreign_templates: tuple[str, ...] = ()
    homes: tuple[Home, ...] = ()
    members: tuple[Member, ...] = ()
    images: tuple[ImageFile, ...] = ()

    @property
    def generated_roots(self) -> tuple[str, ...]:
        """Folders that templates generate into, each once."""
        outs = (out for schema in self.buf for template in schema.templates for out in template.outs)
        return tuple(dict.fromkeys(outs))

    def siblings(self, member: Member) -> tuple[Member, ...]:
        """The members of its language that it depends on."""
        found = (self.member_at(folder, member.language) for folder in member.depends_on)
        return tuple(sibling for sibling in found if sibling is not None)

    def member_at(self, folder: str, language: Language) -> Member | None:
        return next((each for each in self.members if (each.folder, each.language) == (folder, language)), None)
