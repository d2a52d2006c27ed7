"""The steps that build images, compared as values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nox_rings.engine.plan.targets import subject_of
from nox_rings.images.model import ImageSubject
from nox_rings.images.recipe import image_build
from nox_rings.workspace.model import ImageVariant, LocalImage
from unit.contexts import NPM, a_context, shown_steps
from unit.reference import RELEASED, targets

STEPS = {
    "image-dev:graph": """\
# docker buildx build --provenance=false --progress=plain --file=services/graph/Dockerfile.dev --tag=graph:dev \
--load .
""",
    "image-release:graph": """\
# docker buildx build --provenance=false --progress=plain --file=services/graph/Dockerfile.release \
--build-arg=SOURCE_DATE_EPOCH=1700000000 --tag=graph:1.2.3-dev.20231114221320.gaaaaaaaaaaaa --load ., then run it once \
with --version
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
        ("image-release:graph", NPM, f"graph:{NPM}", 1_700_000_000),
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


def test_stage_arguments_and_contexts_go_to_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVEN", "from outside")
    monkeypatch.delenv("UNSET", raising=False)
    target = targets(RELEASED)["image-release:graph"]
    subject = subject_of(target, ImageSubject)
    own = replace(
        subject.image,
        stage="web",
        args=(("SIDE", "left"),),
        passed_args=("GIVEN", "UNSET"),
        contexts=(("far", "docker-image://alpine:3"), ("lib", "libs/x")),
        starts_from=(
            LocalImage(reference="acme/base", name="base", variant=ImageVariant.RELEASE),
            LocalImage(reference="tools", name="tools", variant=ImageVariant.DEV),
        ),
        bases=("node:24", "acme/base", "lib"),
        base_lines=(1, 2, 3),
    )
    build = image_build(target, replace(subject, image=own), a_context(tmp_path))
    assert (build.stage, build.build_args) == ("web", {"SIDE": "left", "GIVEN": "from outside"})
    assert build.named_contexts == {
        "acme/base": "docker-image://base:1.2.3-dev.20231114221320.gaaaaaaaaaaaa",
        "tools": "docker-image://tools:dev",
        "far": "docker-image://alpine:3",
        "lib": str(tmp_path / "libs/x"),
    }
    assert replace(subject, image=own).bases == {"node:24": "services/graph/Dockerfile.release:1"}


@pytest.mark.parametrize(
    ("proof", "shown"),
    [
        (None, ", then run it once with --version\n"),
        ((), " .\n"),
        (("/app", "-v x"), ", then run /app '-v x' in it once\n"),
    ],
)
def test_the_proof_is_shown(proof: tuple[str, ...] | None, shown: str, tmp_path: Path) -> None:
    images = (replace(RELEASED.images[1], proof=proof),)
    target = targets(replace(RELEASED, images=images))["image-release:graph"]
    assert shown_steps(target, a_context(tmp_path)).endswith(shown)
