from __future__ import annotations

from dataclasses import replace

from nox_rings.engine.plan.graph import graph_of
from nox_rings.workspace.model import ImageVariant
from unit.reference import REFERENCE, derived, image, targets, view_of


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
