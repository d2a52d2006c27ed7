"""What a workspace consists of, as its own files describe it. Identity is a folder, never a package's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from nox_rings.workspace.schemas import BufWorkspace
from nox_rings.workspace.visible import PassedOver

# The end of the name of a part of a lockfile that only tests of a member need.
TESTS_ALONE = " (tests)"


@dataclass(slots=True)
class Reading:
    """What discovery read: `files` that were opened, with the ecosystem and the text of their outline where only that
    counts, and paths that were or were not `there`."""

    files: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    there: dict[str, bool] = field(default_factory=dict)


class ImageVariant(StrEnum):
    """Which of a folder's two Dockerfiles: ring 1 or ring 2."""

    DEV = "dev"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallRoot:
    """A folder whose lockfile installs members: a workspace of a package manager, or a package of its own.

    `ecosystem` is the name of one; `files` are what its installation reads, `groups` the dependency groups and
    `extras` the optional dependencies that are installed beside what members require. `manager` is the package manager,
    where an ecosystem has several, `program` its own copy in the workspace; `installed` are signs (`Target.signs`) of
    what it installed; `apart`: a workspace above it does not install it. `parted` are those of its files of which each
    member has its part (`Workspace.parts`), `settings` is a digest of what else is in them for all members."""

    folder: str
    ecosystem: str
    lockfile: str
    files: tuple[str, ...]
    groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    manager: str = ""
    program: str = ""
    installed: tuple[str, ...] = ()
    apart: bool = False
    parted: tuple[str, ...] = ()
    settings: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A package or module in `folder`, of the ecosystem of this name.

    `install_root` is the folder that installs it, `depends_on` are folders of members of the same ecosystem, of which
    `development` are needed by its tests or optional: they order nothing where that would close a cycle. `reads` are
    paths outside of its folder that it reads although it is not built after a member there. `checks` are what its
    manifest offers to build it and to test it. `outputs` are folders that its build may leave; `exposed`: other members
    can read more of it than those. `in_workspace`: a file above it names it as a member of a workspace that resolves
    siblings. `embedded` are files, folders and patterns of files that it reads as they are on disk, whether git lists
    them or not. `private`: its manifest says that it is never published. `packed` are files, folders and patterns whose
    content on disk may be published, whether git lists it or not. `variables` are patterns of the variables that its
    build reads beyond those of its ecosystem. `settings` name parts of files that it reads and that may change for
    others (`Workspace.settings`)."""

    folder: str
    ecosystem: str
    name: str
    install_root: str
    depends_on: tuple[str, ...] = ()
    development: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    in_workspace: bool = False
    outputs: tuple[str, ...] = ()
    exposed: bool = False
    embedded: tuple[str, ...] = ()
    private: bool = False
    variables: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    packed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalImage:
    """An image of the workspace, and the `reference` by which another one's FROM or --from names it."""

    reference: str
    name: str
    variant: ImageVariant


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFile:
    """A Dockerfile and one way to build it: its build context, the paths its COPY and ADD lines read, its FROM names
    and their lines, the ARG names it declares, what is ignored.

    `stage` is the last stage that is built, empty for the last of the file; `args` are build arguments, `passed_args`
    names of those that the environment has; `contexts` are named contexts: folders of the workspace, or references with
    a scheme. `starts_from` are bases that are images of the workspace, `tags` references by which others may name this
    one. `optional`: built where it is named. `proof` is the command that shows that a release image runs: None for
    `ENTRYPOINT --version`, empty for none."""

    dockerfile: str
    name: str
    variant: ImageVariant
    context: str
    sources: tuple[str, ...]
    bases: tuple[str, ...]
    base_lines: tuple[int, ...] = ()
    build_args: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    stage: str = ""
    args: tuple[tuple[str, str], ...] = ()
    passed_args: tuple[str, ...] = ()
    contexts: tuple[tuple[str, str], ...] = ()
    starts_from: tuple[LocalImage, ...] = ()
    tags: tuple[str, ...] = ()
    optional: bool = False
    proof: tuple[str, ...] | None = None

    @property
    def context_folders(self) -> tuple[str, ...]:
        """The folders among its named contexts."""
        return tuple(value for _, value in self.contexts if "://" not in value)

    @property
    def folder(self) -> str:
        return self.dockerfile.rpartition("/")[0] or "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """`parts` are those of lockfiles that reach a member, by its folder and ecosystem: digests by `LOCKFILE#FOLDER`,
    and by `LOCKFILE#FOLDER (tests)` of what its tests alone need. `settings` are digests of parts of other files that
    members read, by name. `foreign_templates` are `buf.gen*.yaml` where no schema is: in a service, or far from any
    buf.yaml. `problems` are sentences by the path of the descriptor that has them: what is made from it cannot be
    built."""

    schemas: tuple[BufWorkspace, ...] = ()
    foreign_templates: tuple[str, ...] = ()
    install_roots: tuple[InstallRoot, ...] = ()
    members: tuple[Member, ...] = ()
    parts: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    images: tuple[ImageFile, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    passed_over: tuple[PassedOver, ...] = ()
    reading: Reading = field(default_factory=Reading, compare=False, repr=False)

    def problems_of(self, *paths: str) -> tuple[str, ...]:
        """Of descriptors, each once."""
        return tuple(dict.fromkeys(each for path in paths for each in self.problems.get(path, ())))

    @property
    def generated_roots(self) -> tuple[str, ...]:
        """Folders that templates generate into, each once."""
        outs = (out for schema in self.schemas for template in schema.templates for out in template.outs)
        return tuple(dict.fromkeys(outs))
