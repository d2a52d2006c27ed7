"""Images that start from other images of the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nox_rings.engine.reach import reached
from nox_rings.images.builds.model import BUILD_PREFIX
from nox_rings.workspace.model import ImageFile, ImageVariant, LocalImage
from nox_rings.workspace.sources import Sources

Key = tuple[ImageVariant, str]
IMAGE = "docker-image://"
# Without a tag these mean the images of the hub, whatever a folder of the workspace is called.
OF_THE_HUB = frozenset(("alpine", "busybox", "debian", "golang", "node", "python", "ubuntu"))


def with_local_bases(
    sources: Sources, images: Sequence[ImageFile], keys: Mapping[str, Key], sent_elsewhere: frozenset[str]
) -> tuple[ImageFile, ...]:
    """`keys` are builds by the key that named contexts have; `sent_elsewhere` are FROM names that configuration has an
    answer for. An edge that would close a cycle is none, and told."""
    named = _by_reference(images)
    edges: dict[Key, list[Key]] = {}
    found = []
    for image in images:
        own = (image.variant, image.name)
        starts = []
        for local in _wanted(image, named, keys, sent_elsewhere):
            target = (local.variant, local.name)
            if target == own:
                continue
            if _reaches(edges, target, own):
                reason = f"{image.dockerfile}: {local.reference} would be the image {local.name}, which starts from it"
                sources.pass_over(image.dockerfile, reason, f'[tool.nox-rings.bases] "{local.reference}"')
                continue
            edges.setdefault(own, []).append(target)
            starts.append(local)
        linked = {each.reference for each in starts}
        contexts = tuple(
            (name, value) for name, value in image.contexts if name not in linked and not value.startswith(BUILD_PREFIX)
        )
        found.append(replace(image, contexts=contexts, starts_from=tuple(starts)))
    return tuple(found)


def _wanted(
    image: ImageFile, named: Mapping[str, Sequence[Key]], keys: Mapping[str, Key], sent_elsewhere: frozenset[str]
) -> list[LocalImage]:
    """By their own references, or by named contexts."""
    contexts = dict(image.contexts)
    found: dict[str, Key | None] = {}
    for name, value in contexts.items():
        if value.startswith(BUILD_PREFIX):
            found[name] = keys.get(value.removeprefix(BUILD_PREFIX))
        elif value.startswith(IMAGE) and name not in sent_elsewhere:
            found[name] = _known(image, value.removeprefix(IMAGE), named, sent_elsewhere)
    for base in image.bases:
        if base not in contexts:
            found[base] = _known(image, base, named, sent_elsewhere)
    return [LocalImage(reference=name, name=key[1], variant=key[0]) for name, key in found.items() if key]


def _known(
    image: ImageFile, reference: str, named: Mapping[str, Sequence[Key]], sent_elsewhere: frozenset[str]
) -> Key | None:
    """The image that a reference means; of the same ring where there are two."""
    if reference in sent_elsewhere or "*" in reference:
        return None
    others = [each for each in named.get(normalized(reference), ()) if each != (image.variant, image.name)]
    return min(others, key=lambda each: each[0] is not image.variant, default=None)


def _by_reference(images: Sequence[ImageFile]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    for image in images:
        references = {normalized(tag) for tag in image.tags}
        if image.name not in OF_THE_HUB:
            references.add(image.name)
        if image.variant is ImageVariant.DEV:
            references.add(f"{image.name}:dev")
        for reference in references:
            found.setdefault(reference, []).append((image.variant, image.name))
    return found


def normalized(reference: str) -> str:
    """Without what is implied."""
    return reference.removeprefix("docker.io/").removeprefix("library/").removesuffix(":latest")


def _reaches(edges: Mapping[Key, Sequence[Key]], start: Key, goal: Key) -> bool:
    return goal in reached([start], lambda each: edges.get(each, ()))
