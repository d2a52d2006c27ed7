"""Which files of a folder compose reads by itself (compose-go, cli/options.go)."""

from __future__ import annotations

import re
from collections.abc import Sequence

# In the order of the docker command, which takes the first that is there, and the first of the others over it.
FIRST = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = tuple(f"{stem}.override.{ending}" for stem in ("compose", "docker-compose") for ending in ("yml", "yaml"))
SUFFIX = re.compile(r"(?!(?:docker|compose|ya?ml)(?:[.\-_]|$))(?<![^.\-_])[^.\-_]+")


def base_files(paths: Sequence[str]) -> tuple[list[str], list[str]]:
    """The files of the project, and overrides that another one keeps from being read. Overrides without a first file
    are read alone."""
    by_name = {path.rpartition("/")[2]: path for path in paths}
    first = [by_name[name] for name in FIRST if name in by_name][:1]
    overrides = [by_name[name] for name in OVERRIDES if name in by_name]
    return [*first, *overrides[:1]], overrides[1:]


def bake_files(paths: Sequence[str]) -> list[str]:
    """Those that `docker buildx bake` reads beside its own, without overrides (buildx, bake/bake.go)."""
    by_name = {path.rpartition("/")[2]: path for path in paths}
    return [by_name[name] for name in FIRST if name in by_name]
