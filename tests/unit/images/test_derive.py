from __future__ import annotations

from dataclasses import replace

from nox_rings.engine.plan.graph import graph_of
from nox_rings.workspace.model import ImageVariant, LocalImage, Workspace
from unit.reference import REFERENCE, derived, image, targets, view_of

RELEASE = ImageVariant.RELEASE


def test_an_image_reads_what_it_copies_and_comes_after_its_member_and_the_dev_image() -> None:
    release = targets(REFERENCE)["image-release:graph"]
    assert release.inputs.globs == (".",)
    assert release.inputs.ignore == ("**/node_modules", "**/dist")
    assert release.after == ("service:graph", "image-dev:graph")
    assert targets(REFERENCE)["image-dev:agents"].inputs.files == (
        "services/agents/Dockerfile.dev",
        "services/agents/Dockerfile.dev.dockerignore",
        "services/agents/.dockerignore",
    )


def test_what_an_image_comes_after_is_made_before_it_though_it_does_not_need_it() -> None:
    graph, _ = graph_of(derived(view_of(REFERENCE)))
    order = graph.ordered(["image-release:graph", "image-dev:graph", "service:graph"])
    assert order == ("service:graph", "image-dev:graph", "image-release:graph")
    assert not {"service:graph", "image-dev:graph"} & graph.closure(["image-release:graph"])


def test_an_image_that_copies_a_build_needs_its_member_first() -> None:
    copied = replace(image("services/graph", ImageVariant.RELEASE, "services/graph/dist"), ignore=("**/node_modules",))
    workspace = replace(REFERENCE, images=(copied,))
    assert targets(workspace)["image-release:graph"].dependencies == ("service:graph",)


def test_an_image_needs_the_images_that_it_starts_from_and_reads_named_folders_whole() -> None:
    base, web = image("base", ImageVariant.DEV), image("web", ImageVariant.DEV, "web")
    start = LocalImage(reference="acme/base", name="base", variant=ImageVariant.DEV)
    web = replace(web, starts_from=(start,), contexts=(("far", "docker-image://x"), ("lib", "lib")), optional=True)
    target = targets(Workspace(images=(base, web)))["image-dev:web"]
    assert (target.dependencies, target.inputs.whole, target.optional) == (("image-dev:base",), ("lib",), True)


def test_the_environment_that_arguments_are_taken_from_counts() -> None:
    web = replace(image("web", ImageVariant.DEV), passed_args=("TOKEN",))
    assert targets(Workspace(images=(web,)))["image-dev:web"].environment[:2] == ("TOKEN", "DOCKER_DEFAULT_PLATFORM")


def test_a_release_image_waits_for_its_dev_image_only_where_there_is_one_that_starts_from_no_release_image() -> None:
    base, web, dev = (image(*each) for each in (("base", RELEASE), ("web", RELEASE), ("web", ImageVariant.DEV)))
    assert targets(Workspace(images=(base, web, dev)))["image-release:web"].after == ("image-dev:web",)
    dev = replace(dev, starts_from=(LocalImage(reference="web", name="web", variant=RELEASE),))
    found = targets(Workspace(images=(base, web, dev)))
    assert [found[each].after for each in ("image-release:base", "image-release:web")] == [(), ()]
    graph, problems = graph_of(found.values())
    assert (graph.ordered(tuple(found))[-1], problems) == ("image-dev:web", ())


def test_two_images_of_one_dockerfile_need_what_each_copies() -> None:
    copied = image("services/graph", RELEASE, "services/graph/dist")
    both = (replace(copied, ignore=()), replace(copied, ignore=("**/dist",), name="other"))
    found = targets(replace(REFERENCE, images=both))
    assert found["image-release:graph"].dependencies == ("service:graph",)
    assert found["image-release:other"].dependencies == ()
