"""From Dockerfiles to image targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.paths import joined
from nox_rings.engine.patterns import is_ignored
from nox_rings.engine.plan.keys import recipe_key
from nox_rings.engine.plan.targets import Inputs, Target, TargetId
from nox_rings.images import recipe
from nox_rings.images.kinds import IMAGE_DEV, IMAGE_RELEASE
from nox_rings.images.model import ImageSubject
from nox_rings.members.derive import outputs_of
from nox_rings.members.ids import MemberIds
from nox_rings.schema.ids import SchemaIds
from nox_rings.workspace.model import ImageFile, ImageVariant

# The platform is part of an image. The others say where a builder is, what it caches and how it prints;
# SOURCE_DATE_EPOCH of our own environment is kept from it (images/buildx.py).
READ_BY_BUILDERS = ("DOCKER_DEFAULT_PLATFORM", "!DOCKER_*", "!BUILDX_*", "!BUILDKIT_*")

KIND = {ImageVariant.DEV: IMAGE_DEV, ImageVariant.RELEASE: IMAGE_RELEASE}


def derive_images(view: WorkspaceView) -> Iterator[Target]:
    members, schemas = MemberIds(view), SchemaIds(view)
    copied = _builds_copied(view, members)
    images = view.index.workspace.images
    names = {image.name for image in images if image.variant is ImageVariant.DEV}
    crossed = any(each.variant is not image.variant for image in images for each in image.starts_from)
    for image in images:
        # First the one that is made faster; unless one of the first kind starts from one of the second.
        has_dev = image.variant is ImageVariant.RELEASE and image.name in names and not crossed
        earlier = (IMAGE_DEV.id(image.name),) if has_dev else ()
        yield _image(view, members, schemas, image, (*copied.get(image, ()),), earlier)


def _image(
    view: WorkspaceView,
    members: MemberIds,
    schemas: SchemaIds,
    image: ImageFile,
    builds: Sequence[TargetId],
    earlier: Sequence[TargetId],
) -> Target:
    kind = KIND[image.variant]
    beside = [members.member(each) for each in view.index.members_in_folder(image.folder)]
    read = (*image.sources, *image.context_folders)
    stubs = [stub for source in read for stub in schemas.stubs_touching(source)]
    bases = [KIND[each.variant].id(each.name) for each in image.starts_from]
    configured = {name: view.config.bases[name] for name in image.bases if name in view.config.bases}
    subject = ImageSubject(image=image, base_images=configured)
    return Target(
        id=kind.id(image.name),
        kind=kind,
        path=image.dockerfile,
        subject=subject,
        inputs=Inputs(
            files=(image.dockerfile, f"{image.dockerfile}.dockerignore", joined(image.context, ".dockerignore")),
            globs=image.sources,
            context=image.context,
            ignore=image.ignore,
            whole=image.context_folders,
            modes=True,
        ),
        outputs=(f"{OWN_FOLDER}/images/{kind.name}/{image.name}.json",),
        dependencies=tuple(dict.fromkeys((*stubs, *builds, *bases))),
        after=(*beside, *earlier),
        recipe=recipe_key(subject, recipe.RECIPE),
        environment=(*image.passed_args, *READ_BY_BUILDERS),
        repeat=f"nox -s {kind.name} -- {image.name}",
        problems=view.index.workspace.problems_of(image.dockerfile),
        optional=image.optional,
    )


def _builds_copied(view: WorkspaceView, members: MemberIds) -> Mapping[ImageFile, list[TargetId]]:
    """Image → members whose build it copies instead of making its own."""
    found: dict[ImageFile, list[TargetId]] = {}
    for member in view.index.workspace.members:
        for output in outputs_of(view, member):
            for image in view.index.images_reading(output):
                relative = output if image.context == "." else output.removeprefix(f"{image.context}/")
                if not is_ignored(relative, image.ignore):
                    found.setdefault(image, []).append(members.member(member))
    return found
