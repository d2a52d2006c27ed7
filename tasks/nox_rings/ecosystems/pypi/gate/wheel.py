"""Rules of the contract gate for a wheel (https://packaging.python.org/specifications/binary-distribution-format/)."""

from __future__ import annotations

import csv
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import new

from nox_rings.ecosystems.artifact import Artifact, Entry, Facts, Rule, Violation

# May be added after RECORD was written, and hold digests of it.
UNRECORDED = ("RECORD", "RECORD.jws", "RECORD.p7s")
TEST = re.compile(r"(?:.*/)?(?:tests?/.*|test_[^/]*\.py|[^/]*_test\.py|conftest\.py)")


def _record(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    record = next((entry for entry in artifact.entries if entry.path.endswith(".dist-info/RECORD")), None)
    if record is None:
        yield Violation("*.dist-info/RECORD", "nothing", "the digests of all members")
        return
    rows = {row[0]: row for row in csv.reader(record.text.splitlines()) if row}
    for entry in artifact.entries:
        if not (".dist-info/" in entry.path and entry.name in UNRECORDED):
            yield from _differences(entry, rows.get(entry.path), record.path)
    for path in rows.keys() - artifact.paths:
        yield Violation(record.path, f"a line for {path}", "lines for members that are there")


def _differences(entry: Entry, row: list[str] | None, record: str) -> Iterator[Violation]:
    if row is None:
        yield Violation(entry.path, "no line in RECORD", "its digest and size")
        return
    algorithm, _, digest = row[1].partition("=") if len(row) > 1 else ("", "", "")
    if algorithm not in ("sha256", "sha384", "sha512"):
        yield Violation(record, f"{entry.path} with {algorithm or 'no digest'}", "sha256 or better")
    elif digest != urlsafe_b64encode(new(algorithm, entry.content).digest()).rstrip(b"=").decode():
        yield Violation(entry.path, "content of another digest than in RECORD", f"{algorithm}={digest}")
    elif len(row) > 2 and row[2] and row[2] != str(len(entry.content)):
        yield Violation(entry.path, f"{len(entry.content)} bytes", f"{row[2]} bytes, as in RECORD")


def _unexpected(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        top = entry.path.partition("/")[0]
        is_ours = top in facts.packages or top.removesuffix(".py") in facts.packages
        if not (is_ours or top.endswith((".dist-info", ".data", ".pth"))):
            expected = " or ".join(facts.packages) or "a package of the member"
            yield Violation(entry.path, f"{top} at the top", expected)


def _startup(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        if entry.name.endswith(".pth"):
            yield Violation(entry.path, "a file that runs at each start of Python", "none")


def _tests(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        # Tests beside the packages are reported by `wheel-stray`.
        if entry.path.partition("/")[0] in facts.packages and TEST.fullmatch(entry.path):
            yield Violation(entry.path, "a test", "only what is imported")


def _tags(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    wheel = next((entry for entry in artifact.entries if entry.path.endswith(".dist-info/WHEEL")), None)
    if wheel is None:
        yield Violation("*.dist-info/WHEEL", "nothing", "the wheel's format and tags")
        return
    tags = set(re.findall(r"^Tag: *(\S+)", wheel.text, re.M))
    python, abi, platform = (part.split(".") for part in artifact.name.removesuffix(".whl").split("-")[-3:])
    named = {f"{one}-{two}-{three}" for one in python for two in abi for three in platform}
    if tags != named:
        yield Violation(wheel.path, f"Tag: {', '.join(sorted(tags))}", ", ".join(sorted(named)))


RULES = (
    Rule(
        name="wheel-record",
        reason="uninstalling and verifying need it; installers refuse a wrong digest",
        source="packaging.python.org, Recording installed projects; check-wheel-contents W101",
        fix="pack with uv build and change nothing afterwards",
        check=_record,
    ),
    Rule(
        name="wheel-stray",
        reason="it is installed into site-packages beside other distributions",
        source="check-wheel-contents W005, W009",
        fix="set the module of the build backend",
        check=_unexpected,
    ),
    Rule(
        name="wheel-no-pth",
        reason="it runs at each start of the interpreter",
        source="docs.python.org/3/library/site.html",
        fix="leave it out",
        check=_startup,
    ),
    Rule(
        name="wheel-no-test",
        reason="tests are not part of the package, and need dependencies that are not installed",
        source="check-wheel-contents W005",
        fix="move the tests out of the package",
        check=_tests,
    ),
    Rule(
        name="wheel-tag",
        reason="installers choose a wheel by its name and trust the tags inside",
        source="packaging.python.org, Binary distribution format",
        fix="pack with uv build",
        check=_tags,
    ),
)
