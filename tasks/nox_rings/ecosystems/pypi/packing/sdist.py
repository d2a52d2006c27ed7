"""An sdist with the time of the commit. setuptools gives the files that it generates the time of the build, whatever
SOURCE_DATE_EPOCH says (https://github.com/pypa/setuptools/issues/2133)."""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path

# These set every time in an sdist to SOURCE_DATE_EPOCH.
REPRODUCIBLE = ("uv_build", "hatchling.build", "flit_core.buildapi", "poetry.core.masonry.api", "pdm.backend")


def level_times(sdist: Path, time_seconds: int) -> None:
    """No file is newer than `time_seconds`, and none has an owner."""
    leveled = sdist.with_name(f".{sdist.name}")
    with (
        tarfile.open(sdist) as source,
        leveled.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=time_seconds) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as target,
    ):
        for entry in sorted(source.getmembers(), key=lambda each: each.name):
            entry.mtime = min(int(entry.mtime), time_seconds)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.pax_headers = {}
            target.addfile(entry, source.extractfile(entry) if entry.isfile() else None)
    leveled.replace(sdist)
