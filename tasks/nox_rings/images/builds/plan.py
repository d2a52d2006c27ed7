"""Which images are made of which Dockerfiles: those that files say how to build, and the others by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nox_rings.engine.paths import joined
from nox_rings.images.builds.files import is_development, label_of, spellings
from nox_rings.images.builds.model import Build
from nox_rings.images.builds.names import NameWish, service_folder, short_name
from nox_rings.workspace.config import Config
from nox_rings.workspace.model import ImageVariant
from nox_rings.workspace.sources import folder_of

DEV, RELEASE = ImageVariant.DEV, ImageVariant.RELEASE
PLAIN = "dockerfile"  # the label of a Dockerfile without one, beside the release Dockerfile


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedImage:
    """One image to be: `builds` are what files say of it (equal settings each), none where nobody says anything."""

    dockerfile: str
    variant: ImageVariant
    wish: NameWish
    builds: tuple[Build, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a Dockerfile is in its folder: `main` is the development or the release Dockerfile of its service."""

    variant: ImageVariant
    label: str
    main: bool
    beside: str = ""


def plan_images(dockerfiles: Sequence[str], builds: Iterable[Build], config: Config) -> Iterator[PlannedImage]:
    """`builds` are those of existing Dockerfiles, first of configuration, then of compose, then of bake."""
    by_file: dict[str, dict[tuple[object, ...], list[Build]]] = {}
    configured: set[tuple[str, str]] = set()
    for build in builds:
        configured |= {(build.dockerfile, build.name)} if build.configured else set()
        if not build.configured and (build.dockerfile, build.name) in configured:
            continue
        by_file.setdefault(build.dockerfile, {}).setdefault(build.settings, []).append(build)
    roles = roles_of(dockerfiles, config)
    for dockerfile in dockerfiles:
        said = [tuple(each) for each in by_file.get(dockerfile, {}).values()]
        yield from _of_file(dockerfile, roles[dockerfile], said)


def without_replaced(builds: Sequence[Build]) -> Iterator[Build]:
    """A service of compose that a bake target is laid over is built as the target says; a stage for development, or
    another Dockerfile, is an image of its own."""
    over = {build.replaces: build for build in builds if build.replaces}
    for build in builds:
        other = over.get(build.key)
        same = other and (other.dockerfile, is_development(other.stage)) == (
            build.dockerfile,
            is_development(build.stage),
        )
        if not same:
            yield build


def roles_of(dockerfiles: Sequence[str], config: Config) -> dict[str, Role]:
    known = frozenset(dockerfiles)
    names = ((DEV, spellings(config.dev_dockerfiles)), (RELEASE, spellings(config.release_dockerfiles)))
    found: dict[str, Role] = {}
    for folder in dict.fromkeys(map(folder_of, dockerfiles)):
        for variant, wanted in names:
            present = [path for name in wanted if (path := joined(folder, name)) in known and path not in found]
            for path in present:
                label = label_of(path.rpartition("/")[2]) or PLAIN
                main = path == present[0]
                found.setdefault(
                    path,
                    Role(variant=variant, label="" if main else label, main=main, beside="" if main else present[0]),
                )
    mains = {(folder_of(path), role.variant) for path, role in found.items() if role.main}
    for path in dockerfiles:
        if path not in found:
            label, folder = label_of(path.rpartition("/")[2]), folder_of(path)
            variant = DEV if is_development(label) else RELEASE
            main = variant is DEV and (folder, DEV) not in mains
            mains |= {(folder, DEV)} if main else set()
            label = label or (PLAIN if (folder, RELEASE) in mains else "")
            found[path] = Role(variant=variant, label="" if main else label, main=main)
    return found


def _of_file(dockerfile: str, role: Role, said: Sequence[tuple[Build, ...]]) -> Iterator[PlannedImage]:
    folder = folder_of(dockerfile)
    wish = NameWish(
        service=service_folder(folder), label=role.label, folder=folder, group=role.variant, rank=int(not role.main)
    )
    images = [_said(dockerfile, role, wish, builds, said) for builds in said]
    # Stages for development, or more images beside it by configuration, leave the service its own image.
    own = [each for each in images if each.variant is role.variant and not each.builds[0].configured]
    if not images or (role.main and not own and not _renamed(images, wish)):
        listed_for_development = role.variant is DEV and bool(role.beside)
        optional = not (role.main or listed_for_development)
        own_wish = replace(wish, rank=2) if optional else wish  # what compose or bake names comes before it
        yield PlannedImage(dockerfile=dockerfile, variant=role.variant, wish=own_wish, optional=optional)
    yield from images


def _said(
    dockerfile: str, role: Role, wish: NameWish, builds: tuple[Build, ...], all_said: Sequence[tuple[Build, ...]]
) -> PlannedImage:
    first = builds[0]
    variant = _variant(role, first)
    rivals = [each[0] for each in all_said if not each[0].configured and _variant(role, each[0]) is variant]
    wish = replace(wish, group=variant)
    if first.configured:
        wish = replace(wish, names=(first.name,), rank=-1)
    elif len(rivals) > 1:
        wish = replace(wish, label=_label(first, rivals, short_name(wish.service)), rank=1)
    elif variant is role.variant:
        wish = replace(wish, names=(first.name,))
    else:
        wish = replace(wish, label=first.stage, names=(first.name,), rank=1)
    return PlannedImage(dockerfile=dockerfile, variant=variant, wish=wish, builds=builds)


def _label(build: Build, rivals: Sequence[Build], service: str) -> str:
    """What tells a build from the others of its Dockerfile: its name, and what its file's name adds where that is not
    enough."""
    if sum(each.name == build.name for each in rivals) == 1 or not build.suffix:
        return build.name
    return build.suffix if build.name == service else f"{build.name}-{build.suffix}"


def _variant(role: Role, build: Build) -> ImageVariant:
    """A stage for development is built in ring 1."""
    return DEV if is_development(build.stage) else role.variant


def _renamed(images: Sequence[PlannedImage], wish: NameWish) -> bool:
    """Whether configuration says how the service's own image is built, by its name."""
    usual: Mapping[str, None] = dict.fromkeys(wish.candidates())
    return any(build.configured and build.name in usual for each in images for build in each.builds)
