"""The steps that build images, compared as values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nox_rings.engine.plan.targets import subject_of
from nox_rings.images.model import ImageSubject
from nox_rings.images.recipe import image_build
from unit.contexts import a_context, shown_steps
from unit.reference import RELEASED, targets

STEPS = {
    "image-dev:graph": """\
# docker buildx build --provenance=false --progress=plain --file=services/graph/Dockerfile.dev --tag=graph:dev \
--load .
""",
    "image-release:graph": """\
# docker buildx build --provenance=false --progress=plain --file=services/graph/Dockerfile.release \
--build-arg=SOURCE_DATE_EPOCH=1700000000 --tag=graph:1.2.3-dev.20231114221320 --load ., then run it once with \
--version
""",
    "image-dev:agents": """\
# docker buildx build --provenance=false --progress=plain --file=services/agents/Dockerfile.dev --tag=agents:dev \
--load services/agents
""",
}


@pytest.mark.parametrize("target_id", STEPS)
def test_an_image_is_built_by_this_command(target_id: str, tmp_path: Path) -> None:
    assert shown_steps(targets(RELEASED)[target_id], a_context(tmp_path)) == STEPS[target_id]


@pytest.mark.parametrize(
    ("target_id", "version", "tag", "epoch"),
    [
        ("image-dev:graph", "0.0.0-dev", "graph:dev", None),
        ("image-release:graph", "1.2.3-dev.20231114221320", "graph:1.2.3-dev.20231114221320", 1_700_000_000),
    ],
)
def test_the_version_goes_to_images_that_ask_for_it_and_the_time_of_the_commit_to_those_that_are_released(
    target_id: str, version: str, tag: str, epoch: int | None, tmp_path: Path
) -> None:
    target = targets(RELEASED)[target_id]
    subject = subject_of(target, ImageSubject)
    asking = replace(
        subject,
        image=replace(subject.image, build_args=("VERSION", "OTHER")),
        base_images={"node:24": "oci-layout:///b"},
    )
    build = image_build(target, asking, a_context(tmp_path))
    assert (build.build_args, build.tags, build.source_date_epoch) == ({"VERSION": version}, (tag,), epoch)
    assert build.named_contexts == {"node:24": "oci-layout:///b"}
    assert build.layout == tmp_path / ".nox-rings/images" / target.kind.name / "graph"
    assert image_build(target, subject, a_context(tmp_path)).build_args == {}
