"""Lines of [tool.nox-rings] about images that would change nothing: each is an error that names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.paths import joined
from nox_rings.images.builds.files import spellings, unknown_names
from nox_rings.workspace.config import DEV_DOCKERFILES, RELEASE_DOCKERFILES, TABLE, ImageConfig, one_of
from nox_rings.workspace.model import ImageFile, ImageVariant

# Arguments that every build takes, declared or not (https://docs.docker.com/reference/dockerfile/#predefined-args).
PREDEFINED = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY", "SOURCE_DATE_EPOCH", "BUILDKIT_")


def setting_problems(view: WorkspaceView) -> Iterator[str]:
    config = view.config
    present = {path.rpartition("/")[2] for path in view.files}
    for key, configured, usual in (
        ("dev-dockerfiles", config.dev_dockerfiles, DEV_DOCKERFILES),
        ("release-dockerfiles", config.release_dockerfiles, RELEASE_DOCKERFILES),
    ):
        for name in unknown_names(configured, spellings(usual), present):
            yield f"{TABLE}.{key}: found {name}, which no file is called, expected the name of a Dockerfile"
    images: dict[str, list[ImageFile]] = {}
    for image in view.index.workspace.images:
        images.setdefault(image.name, []).append(image)
    files = frozenset(view.files)
    for name, settings in config.images.items():
        yield from _image_problems(view, files, name, settings, images)
    bases = {base for image in view.index.workspace.images for base in image.bases}
    for name in config.bases:
        if name not in bases:
            yield f"{TABLE}.bases.{name}: found no Dockerfile that is FROM it, expected {_bases(bases)}"


def _bases(bases: set[str]) -> str:
    return one_of(bases) if bases else "no entry: no image of this workspace is FROM another"


def _image_problems(
    view: WorkspaceView,
    files: frozenset[str],
    name: str,
    settings: ImageConfig,
    images: Mapping[str, Sequence[ImageFile]],
) -> Iterator[str]:
    key = f"{TABLE}.images.{name}"
    if settings.dockerfile and settings.dockerfile not in files:
        yield f"{key}.dockerfile: found {settings.dockerfile}, which is no file of the workspace, expected a Dockerfile"
        return
    if name not in images:
        yield f"{key}: found no such image, expected {one_of(images)}"
        return
    if settings.context and not _is_folder(files, joined(".", settings.context)):
        yield f"{key}.context: found {settings.context}, which is no folder of the workspace, expected one"
    declared = set(chain.from_iterable(image.build_args for image in images[name]))
    invalid = any(view.index.workspace.problems_of(image.dockerfile) for image in images[name])
    for argument in settings.args:
        if argument not in declared and not argument.upper().startswith(PREDEFINED) and not invalid:
            yield f"{key}.args.{argument}: found no ARG of this name in its Dockerfile, expected {one_of(declared)}"
    if settings.proof is not None and all(image.variant is ImageVariant.DEV for image in images[name]):
        yield f"{key}.proof: found a command, and no release image of this name that it would be run in"


def _is_folder(files: frozenset[str], folder: str) -> bool:
    return folder == "." or any(path.startswith(f"{folder}/") for path in files)
