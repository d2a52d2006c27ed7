"""Rules of the contract gate for artifacts of every ecosystem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from nox_rings.ecosystems.artifact import Artifact, Entry, Facts, Rule, Violation

# Constants that tools write instead of a time that would differ from pack to pack: none, the first day of DOS, and the
# date that npm uses (https://github.com/npm/pacote, tar-create-options.js).
EPOCHS = frozenset({0, 315532800, 499162500})
LICENSE = re.compile(r"(?:LICEN[SC]E|COPYING)(?:[.-][\w.-]+)?", re.I)
SECRET_FILE = re.compile(
    r"\.npmrc|\.pypirc|\.netrc|\.env(?:\.(?!example$|sample$|template$)[\w.-]+)?|\.git-credentials"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|[\w.-]+\.(?:pem|p12|pfx|jks|keystore)"
)
# Prefixes that the issuers document, so that scanners recognise a token.
SECRET_TEXT = {
    "a private key": rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{32}",
    "an npm token": rb"\bnpm_[A-Za-z0-9]{36}\b",
    "a GitHub token": rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})\b",
    "a GitLab token": rb"\bglpat-[A-Za-z0-9_-]{20}\b",
    "a PyPI token": rb"\bpypi-AgE[A-Za-z0-9_-]{50}",
    "an AWS access key": rb"\bAKIA[A-Z0-9]{16}\b",
    "a Slack token": rb"\bxox[abprs]-[0-9A-Za-z-]{20}",
    "an npm login": rb"//[\w.:/-]+:_authToken=[^\s${]{8}",
}
SECRETS = {what: re.compile(pattern) for what, pattern in SECRET_TEXT.items()}


def _unreadable(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    if artifact.problem:
        yield Violation("", artifact.problem, "an archive that opens")


def _duplicates(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    for path, count in Counter(entry.path for entry in artifact.entries).items():
        if count > 1:
            yield Violation(path, f"{count} members of this name", "one")


def _escaping(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        if _leads_out(entry.path):
            yield Violation(entry.path, "a path that leaves the folder it is unpacked in", "a relative path without ..")
        elif entry.is_link and _leads_out(_goal(entry)):
            yield Violation(entry.path, f"a link to {entry.target}", "no link that leaves the artifact")


def _goal(entry: Entry) -> str:
    return join(dirname(entry.path), entry.target)


def _leads_out(path: str) -> bool:
    return path.startswith("/") or "\\" in path or normpath(path).split("/")[0] == ".." or ":" in path.split("/")[0]


def _newer(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        if entry.time_seconds > facts.time_seconds and entry.time_seconds not in EPOCHS:
            late = entry.time_seconds - facts.time_seconds
            yield Violation(entry.path, f"a time {late} s after the commit", "the commit's time or a constant")


def _machine_paths(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    """Whole path components only: `/root` is not in `/rooted`, nor in `example.org/root`."""
    if not facts.machine_paths:
        return
    choices = b"|".join(re.escape(path.encode()) for path in sorted(facts.machine_paths, key=len, reverse=True))
    pattern = re.compile(rb"(?<![\w.-])(?:" + choices + rb")(?![\w.-])")
    for entry in artifact.entries:
        if b"\0" not in entry.content and (match := pattern.search(entry.content)):
            line = entry.content.count(b"\n", 0, match.start()) + 1
            yield Violation(entry.path, f"{match[0].decode()} in line {line}", "no path of the machine that packed it")


def _license(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    """In the topmost folder; of a wheel in its .dist-info, or in `licenses` there (PEP 639)."""
    for entry in artifact.entries:
        is_there = re.fullmatch(artifact.kind.license_folder, dirname(entry.path))
        if is_there and LICENSE.fullmatch(entry.name) and entry.content.strip():
            return
    yield Violation("", "no license", "a file LICENSE that is not empty")


def _secret_files(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        if SECRET_FILE.fullmatch(entry.name):
            yield Violation(entry.path, "a file whose name stands for credentials", "none")


def _secret_texts(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        for what, pattern in SECRETS.items():
            if pattern.search(entry.content):  # never quoted: a finding is printed and kept
                yield Violation(entry.path, what, "no credentials")


READABLE = Rule(
    name="readable",
    reason="a truncated or oversized archive installs nowhere",
    source="the archive's own format; limits in ecosystems/archives.py",
    fix="pack again",
    check=_unreadable,
)
NO_MACHINE_PATH = Rule(
    name="no-machine-path",
    reason="it differs from machine to machine, and identifies the machine of the build",
    source="reproducible-builds.org/docs/build-path",
    fix="make the build write relative paths",
    check=_machine_paths,
)
RULES = (
    READABLE,
    Rule(
        name="one-of-a-name",
        reason="tools differ in which of two members with one name they read",
        source="APPNOTE.TXT 4.4; PyPI refuses such wheels (blog.pypi.org, 2025-08-07)",
        fix="pack each file once",
        check=_duplicates,
    ),
    Rule(
        name="stays-inside",
        reason="unpacking would write or read outside of its folder",
        source="PEP 706, CVE-2007-4559",
        fix="pack files, not links, below the artifact's root",
        check=_escaping,
    ),
    Rule(
        name="not-newer-than-commit",
        reason="such a file does not come from the commit, or the pack is not repeatable",
        source="reproducible-builds.org/docs/source-date-epoch",
        fix="set SOURCE_DATE_EPOCH to the commit's time",
        check=_newer,
    ),
    NO_MACHINE_PATH,
    Rule(
        name="license",
        reason="a package without a license may not be used",
        source="npm package.json#license, PEP 639, pkg.go.dev/license-policy",
        fix="add a LICENSE to the package",
        check=_license,
    ),
    Rule(
        name="no-secret-file",
        reason="a published secret cannot be withdrawn",
        source="docs.npmjs.com, Keeping files out of your package",
        fix="leave it out of the package, and revoke what is in it",
        check=_secret_files,
    ),
    Rule(
        name="no-secret-text",
        reason="a published secret cannot be withdrawn",
        source="docs.github.com, Secret scanning patterns",
        fix="revoke it, then remove it from the sources",
        check=_secret_texts,
    ),
)
