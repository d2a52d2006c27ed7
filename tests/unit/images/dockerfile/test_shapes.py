from __future__ import annotations

import pytest

from nox_rings.images.dockerfile.instructions import DockerfileError
from nox_rings.images.dockerfile.model import parse_dockerfile
from unit.images.dockerfile.shape import Shape
from unit.images.dockerfile.shapes import SHAPES


@pytest.mark.parametrize("shape", SHAPES, ids=lambda each: each.name)
def test_bases_copies_and_errors_are_those_of_buildkit(shape: Shape) -> None:
    if shape.error:
        with pytest.raises(DockerfileError) as raised:
            parse_dockerfile(shape.text)
        assert shape.error[1] in raised.value.reason
        assert shape.error[0] in (0, raised.value.line)
    else:
        parsed = parse_dockerfile(shape.text)
        assert parsed.bases == shape.bases
        assert tuple(path for _, path in parsed.copies) == shape.copies


def test_every_shape_has_a_name_of_its_own() -> None:
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= 60
