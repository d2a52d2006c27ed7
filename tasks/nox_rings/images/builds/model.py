"""How files of the workspace say that a Dockerfile is built."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nox_rings.engine.paths import joined
from nox_rings.engine.reading import NotAFileError
from nox_rings.workspace.sources import Sources, folder_of

REMOTE = re.compile(r"\w[\w+.-]*://|[\w-]+@[\w.-]+:|github\.com/")
# The value of a named context that is another build of the same file.
BUILD_PREFIX = "build:"


def remedy(name: str, key: str) -> str:
    """The line of configuration that says what a file does not."""
    return f"[tool.nox-rings.images.{name}] {key}"


def files_by_folder(sources: Sources, suffixes: tuple[str, ...], name: re.Pattern[str]) -> dict[str, list[str]]:
    """Folder → the listed files in it whose whole name matches, in order. `suffixes` are all that such names end with:
    most files are told apart by them."""
    folders: dict[str, list[str]] = {}
    for path in sources.files:
        if path.endswith(suffixes) and name.fullmatch(path.rpartition("/")[2]):
            folders.setdefault(folder_of(path), []).append(path)
    return folders


def tell_not_given(sources: Sources, path: str, place: str, keys: Iterable[str]) -> None:
    """Keys of a build that the build of an image does not get."""
    for key in keys:
        sources.pass_over(path, f"{path}: {place}.{key}: not given to the build of the image")


def read_descriptor(sources: Sources, path: str) -> str | None:
    """None, which is told, where there is no file that can be read: a link to a folder, or a submodule."""
    try:
        return sources.loose_text(path)
    except NotAFileError:
        sources.pass_over(path, f"{path}: found a folder, expected a file")
    except OSError as error:
        sources.add_problem(path, f"{path}: found no file that can be read ({error.strerror})")
    return None


class BuildUnreadableError(ValueError):
    """What stands there cannot be made a build of: a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """`origin` is the file and the place in it, `key` names the build for other builds. `context` and `dockerfile` are
    relative to the workspace; an empty context is to be found. `passed_args` get their values from the environment.
    `contexts` are names → folders of the workspace, `docker-image://…`, `oci-layout://…` or BUILD_PREFIX and a key.
    `suffix` is what its file's name adds to the usual one (`prod` of docker-compose.prod.yml). `replaces` is the key of
    a build that this one is laid over. `configured`: the configuration says so."""

    origin: str
    key: str
    name: str
    dockerfile: str
    context: str
    stage: str = ""
    args: tuple[tuple[str, str], ...] = ()
    passed_args: tuple[str, ...] = ()
    contexts: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    suffix: str = ""
    replaces: str = ""
    configured: bool = False

    @property
    def settings(self) -> tuple[object, ...]:
        """What decides about the image: builds that agree in it are one."""
        name = self.name if self.configured else ""
        return (name, self.dockerfile, self.context, self.stage, self.args, self.passed_args, self.contexts)


def folder_at(folder: str, path: str, what: str) -> str:
    """`path` as seen from `folder`, relative to the workspace. Raises BuildUnreadableError."""
    if REMOTE.match(path):
        raise BuildUnreadableError(f"its {what} is {path}, expected a path in the workspace")
    found = joined(folder, path)
    if found.startswith(("/", "..")):
        raise BuildUnreadableError(f"its {what} {path} lies outside of the workspace")
    return found


def named_context(folder: str, value: str) -> str:
    """A folder becomes relative to the workspace. Raises BuildUnreadableError for what only a network has."""
    if value.startswith(("docker-image://", "oci-layout://", BUILD_PREFIX)):
        return value
    return folder_at(folder, value, "named context")
