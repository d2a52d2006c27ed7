"""Siblings of a published Python package are those of its release."""

from __future__ import annotations

from typing import Any

import pytest

from nox_rings.ecosystems.pypi.packing.siblings import bind_siblings, bound_to

SIBLINGS = {"acme-core": "1.4.0", "acme-http": "1.4.0"}


@pytest.mark.parametrize(
    ("requirement", "bound"),
    [
        ("acme-core", "acme-core==1.4.0"),
        ("Acme_Core>=1", "Acme_Core==1.4.0"),
        ("acme.http[tls]; python_version < '3.13'", 'acme.http[tls]==1.4.0; python_version < "3.13"'),
        ("acme-core @ file:///src/core", "acme-core==1.4.0"),
        ("acme-core-extras>=2", "acme-core-extras>=2"),
        ("grpcio >= 1.85", "grpcio >= 1.85"),
        ("no requirement at all", "no requirement at all"),
    ],
)
def test_a_sibling_is_required_in_exactly_the_version_of_the_release(requirement: str, bound: str) -> None:
    assert bound_to(requirement, SIBLINGS) == bound


@pytest.mark.parametrize(
    ("project", "stamped"),
    [
        ({"name": "a"}, {"name": "a"}),
        ({"dependencies": ["acme-core", "rich"]}, {"dependencies": ["acme-core==1.4.0", "rich"]}),
        (
            {"optional-dependencies": {"web": ["acme-http"], "none": []}},
            {"optional-dependencies": {"web": ["acme-http==1.4.0"], "none": []}},
        ),
    ],
)
def test_dependencies_and_extras_of_a_project_are_bound(project: dict[str, Any], stamped: dict[str, Any]) -> None:
    bind_siblings(project, SIBLINGS)
    assert project == stamped
