"""Ids of targets: short where nothing else is meant, whole paths where two would agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from nox_rings.engine.paths import is_under, joined, short_names
from nox_rings.engine.plan.targets import Kind
from nox_rings.schema.stubs.drift import PROVENANCE_FILE
from nox_rings.workspace.language import Language
from nox_rings.workspace.model import Home, Member, Workspace
from nox_rings.workspace.schemas import BufWorkspace, StubTemplate

INSTALLER = {Language.TS: "pnpm", Language.PY: "uv"}


class Identities:
    """Worked out once from the whole workspace, because whether a short name is enough depends on all the others."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.outs = {
            out: (buf, template) for buf in workspace.buf for template in buf.templates for out in template.outs
        }
        self._images = {str(PurePosixPath(image.dockerfile).parent) for image in workspace.images}
        # By folder and language: a folder may hold a manifest of each. A service stays one whatever is generated there.
        self.sdks = frozenset(
            (member.folder, member.language)
            for member in workspace.members
            if member.folder not in self._images and any(is_under(out, member.folder) for out in self.outs)
        )
        self._buf_names = short_names(buf.folder for buf in workspace.buf)
        self._member_names = short_names(dict.fromkeys(member.folder for member in workspace.members))
        self._sdk_count = Counter(language for _, language in self.sdks)
        self._home_count = Counter(home.language for home in workspace.homes)
        self._sharing = Counter(member.folder for member in workspace.members)

    def is_sdk(self, member: Member) -> bool:
        return (member.folder, member.language) in self.sdks

    def member(self, member: Member) -> str:
        """`sdk:ts` for the only SDK of a language; `service:NAME` beside a Dockerfile; else `package:NAME`."""
        if self.is_sdk(member):
            if self._sdk_count[member.language] == 1:
                return f"{Kind.SDK}:{member.language}"
            kind = Kind.SDK
        else:
            kind = Kind.SERVICE if member.folder in self._images else Kind.PACKAGE
        shared = f"-{member.language}" if self._sharing[member.folder] > 1 else ""
        return f"{kind}:{self._member_names[member.folder]}{shared}"

    def home(self, home: Home) -> str:
        alone = self._home_count[home.language] == 1
        return f"{Kind.INSTALL}:{INSTALLER[home.language]}" + ("" if alone else f":{home.folder}")

    def proto(self, buf: BufWorkspace) -> str:
        return f"{Kind.PROTO}{self._buf_suffix(buf)}"

    def stubs(self, buf: BufWorkspace, template: StubTemplate) -> str:
        """`stubs:LANGUAGE` where one template feeds the only SDK of a language, else by the template's suffix."""
        fed = [member for member in self._workspace.members for out in template.outs if is_under(out, member.folder)]
        if len({(member.folder, member.language) for member in fed}) == 1:
            only = fed[0]
            if self.member(only) == f"{Kind.SDK}:{only.language}" and self._templates_into(only.folder) == 1:
                return f"{Kind.STUBS}:{only.language}"
        return f"{Kind.STUBS}{self._buf_suffix(buf)}" + (f":{template.suffix}" if template.suffix else "")

    def stubs_in(self, folder: str) -> Iterator[str]:
        """Ids of what generates into `folder` or above it."""
        for out, (buf, template) in self.outs.items():
            if is_under(out, folder) or is_under(folder, out):
                yield self.stubs(buf, template)

    def provenances(self, template: StubTemplate) -> dict[str, tuple[str, ...]]:
        """The provenance file of each SDK that a template feeds, with the roots there: beside the SDK's manifest, and
        named after the template where several feed one SDK."""
        found: dict[str, list[str]] = {}
        for out in template.outs:
            holders = [member.folder for member in self._workspace.members if is_under(out, member.folder)]
            folder = max(holders, key=len, default=out.rpartition("/")[0] or ".")
            alone = self._templates_into(folder) == 1 or not template.suffix
            name = PROVENANCE_FILE if alone else PROVENANCE_FILE.replace(".", f".{template.suffix}.")
            found.setdefault(joined(folder, name), []).append(out)
        return {path: tuple(roots) for path, roots in found.items()}

    def _templates_into(self, folder: str) -> int:
        return len({template.file for out, (_, template) in self.outs.items() if is_under(out, folder)})

    def _buf_suffix(self, buf: BufWorkspace) -> str:
        return "" if len(self._buf_names) == 1 else f":{self._buf_names[buf.folder]}"
