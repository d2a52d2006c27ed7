"""Dockerfiles of every shape, and what BuildKit makes of them: a unit test holds our parser to this table,
tests/real/test_buildkit.py holds the table to BuildKit."""

from __future__ import annotations

from unit.images.dockerfile.shapes_of_lines import HEREDOCS, LINES
from unit.images.dockerfile.shapes_of_sources import BASES, SOURCES
from unit.images.dockerfile.shapes_of_variables import BUILDS, VARIABLES

SHAPES = (*LINES, *HEREDOCS, *SOURCES, *BASES, *VARIABLES, *BUILDS)
