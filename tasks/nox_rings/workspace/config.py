"""`[tool.nox-rings]` in pyproject.toml: the exceptions to what discovery finds, nothing else.

The types are the whole description of the table: what is validated, and the JSON Schema that editors read."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct

from nox_rings.engine.errors import ConfigInvalidError
from nox_rings.engine.reading import file_bytes, sentence
from nox_rings.workspace.validation import EXPECTED, DocumentInvalidError, convert

TABLE = "pyproject.toml: tool.nox-rings"

# Numbers as workspace/release_tags.py reads them. A lookahead, because $ of Python allows a newline behind it, and \Z
# is none of JSON Schema's.
_VERSION = r"^(0|[1-9][0-9]{0,14})(\.(0|[1-9][0-9]{0,14})){2}$(?!\n)"
_PREFIX = r"^(|[^\s]*[^\s0-9.])$(?!\n)"

DEV_DOCKERFILES = ("Dockerfile.dev",)
RELEASE_DOCKERFILES = ("Dockerfile.release", "Dockerfile.main", "Dockerfile")


class ImageConfig(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """An image by its name, and what is different from what discovery finds."""

    context: Annotated[
        str,
        Meta(
            description="Build context. Empty: that of a compose or bake file, else the nearest folder above the "
            "Dockerfile that holds everything it copies."
        ),
    ] = ""
    dockerfile: Annotated[
        str, Meta(description="Dockerfile, relative to the root. Empty: the one that discovery finds.")
    ] = ""
    target: Annotated[
        str, Meta(description="Last stage to build. Empty: that of a compose or bake file, else the last of the file.")
    ] = ""
    args: Annotated[Mapping[str, str], Meta(description="Build arguments, over those of a compose or bake file.")] = {}
    proof: Annotated[
        tuple[str, ...] | bool | None,
        Meta(
            description="Command that shows that the release image runs; [] or false: none. "
            "Without it: its entry point with --version."
        ),
    ] = None

    @property
    def proof_command(self) -> tuple[str, ...] | None:
        """None for the usual one, empty for none."""
        return (None if self.proof else ()) if isinstance(self.proof, bool) else self.proof


class MemberConfig(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A member of the workspace, by its folder."""

    inputs: Annotated[
        tuple[str, ...], Meta(description="More paths that the member reads, ignored by git or not.")
    ] = ()
    env: Annotated[
        tuple[str, ...],
        Meta(
            description="Environment variables whose values its checks depend on. `*` stands for any text; "
            "`@` at the end says that the value has paths of files, whose content counts too."
        ),
    ] = ()
    checks: Annotated[
        tuple[str, ...],
        Meta(description='Commands that build and test it, run in its folder; "..." stands for those that were found.'),
    ] = ()
    needs: Annotated[tuple[str, ...], Meta(description="Ids of targets that must be done first.")] = ()
    outputs: Annotated[
        tuple[str, ...], Meta(description="Folders that its build makes, relative to the root, instead of those found.")
    ] = ()
    skip: Annotated[str, Meta(description="Why it is neither built nor tested. Empty: it is.")] = ""


NO_MEMBER_CONFIG = MemberConfig()


class SmokeConfig(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The server that the smoke tests call."""

    server: Annotated[
        str, Meta(description="Id of a member, such as service:graph. Empty: there are no smoke targets.")
    ] = ""
    command: Annotated[
        tuple[str, ...],
        Meta(description="Starts the server in the folder of the member, with PORT (HTTP/1) and GRPC_PORT set."),
    ] = ()
    health: Annotated[str, Meta(description="Path that answers 200 once the server serves.")] = "/healthz"


class ProtoException(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A breaking change that is allowed for a while."""

    rule: Annotated[
        str,
        Meta(
            pattern=r"\S",
            description="Rule of buf, such as FIELD_NO_DELETE.",
            extra={EXPECTED: "a text: every exception has a rule"},
        ),
    ]
    path: Annotated[
        str,
        Meta(
            pattern=r"\S",
            description="The .proto file, relative to the root.",
            extra={EXPECTED: "a text: every exception has a path"},
        ),
    ]
    reason: Annotated[
        str,
        Meta(
            pattern=r"\S",
            description="Why it is allowed.",
            extra={EXPECTED: "a text: every exception has a reason"},
        ),
    ]
    until: Annotated[date, Meta(description="The last day on which it is allowed, such as 2027-01-31.")]
    message: Annotated[
        str, Meta(description="Allow only the finding with exactly this message. Empty: every finding of the rule.")
    ] = ""


class TemplateConfig(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A template of stubs, by its path."""

    paths: Annotated[
        tuple[str, ...],
        Meta(description="Folders and .proto files that it generates from, relative to the root. Empty: all."),
    ] = ()
    skip: Annotated[str, Meta(description="Why nothing is generated with it. Empty: it is.")] = ""


class ProtoConfig(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The schema of the workspace."""

    roots: Annotated[tuple[str, ...], Meta(description="Globs of more folders that may hold stubs.")] = ()
    default_branch: Annotated[
        str,
        Meta(
            description="Ref that breaking changes are compared with. "
            "Empty: what origin calls its HEAD, else main or master."
        ),
    ] = ""
    exceptions: Annotated[
        tuple[ProtoException, ...], Meta(description="Breaking changes that are allowed for a while.")
    ] = ()
    templates: Annotated[Mapping[str, TemplateConfig], Meta(description="Templates by path.")] = {}
    require_token: Annotated[
        bool,
        Meta(description="Fail at once where a schema registry needs BUF_TOKEN and it is unset. Else it is asked."),
    ] = False


class Config(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Exceptions to what nox-rings discovers in the workspace."""

    ignore: Annotated[
        tuple[str, ...], Meta(description="Paths that discovery skips; patterns as in .dockerignore.")
    ] = ()
    dev_dockerfiles: Annotated[tuple[str, ...], Meta(description="File names of Dockerfiles of ring 1.")] = (
        DEV_DOCKERFILES
    )
    release_dockerfiles: Annotated[
        tuple[str, ...],
        Meta(
            description="File names of Dockerfiles of ring 2, in order: the first of them in a folder is the release "
            "image of its service."
        ),
    ] = RELEASE_DOCKERFILES
    images: Annotated[Mapping[str, ImageConfig], Meta(description="Images by name.")] = {}
    members: Annotated[Mapping[str, MemberConfig], Meta(description="Members by folder.")] = {}
    bases: Annotated[
        Mapping[str, str],
        Meta(
            description="FROM name → what the embedded engine uses for it: oci-layout://… or docker-image://…. "
            "A name that is missing is made from packages."
        ),
    ] = {}
    seed_version: Annotated[
        str,
        Meta(
            pattern=_VERSION,
            description="Base version of a repository without release tags.",
            extra={EXPECTED: "X.Y.Z"},
        ),
    ] = "0.1.0"
    tag_prefix: Annotated[
        str,
        Meta(
            pattern=_PREFIX,
            description='What release tags start with, before X.Y.Z: "" for 1.2.3, "app@" for app@1.2.3.',
            extra={EXPECTED: "a text without spaces that ends in neither a digit nor a dot"},
        ),
    ] = "v"
    pre_release_tags: Annotated[
        bool, Meta(description="Tags vX.Y.Z-alpha.N, -beta.N and -rc.N are pre-releases, with versions of their own.")
    ] = False
    smoke: Annotated[SmokeConfig, Meta(description="The server that the smoke tests call.")] = SmokeConfig()
    proto: Annotated[ProtoConfig, Meta(description="The schema of the workspace.")] = ProtoConfig()

    @property
    def contexts(self) -> dict[str, str]:
        """Image name → build context."""
        return {name: image.context for name, image in self.images.items()}

    def member(self, folder: str) -> MemberConfig:
        """What is configured for the member in this folder."""
        return self.members.get(folder, NO_MEMBER_CONFIG)


def one_of(known: Collection[str]) -> str:
    """What was expected where a name is unknown."""
    return f"one of {', '.join(sorted(known))}" if known else "none, for there is none"


def load_config(root: Path) -> Config:
    """Read the table of the workspace at `root`; no pyproject.toml or no table is the empty configuration.

    Raises ConfigInvalidError with every problem: the key, what was found and what was expected."""
    path = root / "pyproject.toml"
    try:
        document = tomllib.loads(file_bytes(path).decode("utf-8-sig").replace("\r\n", "\n"))
    except (FileNotFoundError, IsADirectoryError):
        return Config()
    except OSError as error:
        raise ConfigInvalidError((sentence("pyproject.toml", error),)) from error
    except (ValueError, RecursionError) as error:  # of TOML or of UTF-8, or nested without end
        raise ConfigInvalidError((f"pyproject.toml: found text that is not TOML ({error})",)) from error
    tool = document.get("tool", {})
    if not isinstance(tool, dict):
        raise ConfigInvalidError((f"pyproject.toml: tool: found {tool!r}, expected a table",))
    return parse_config(tool.get("nox-rings", {}))


def parse_config(table: Any) -> Config:
    """Raises ConfigInvalidError."""
    try:
        return convert(table, Config, TABLE, mapping="table")
    except DocumentInvalidError as error:
        raise ConfigInvalidError(error.problems) from error
