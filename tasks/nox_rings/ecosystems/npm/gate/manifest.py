"""Rules of the contract gate for an npm tarball (https://docs.npmjs.com/cli/configuring-npm/package-json)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from nox_rings.ecosystems.artifact import Artifact, Facts, Rule, Violation

ROOT = "package/"
MANIFEST = "package/package.json"
RUNTIME_TABLES = ("dependencies", "peerDependencies", "optionalDependencies")
TABLES = (*RUNTIME_TABLES, "devDependencies", "overrides", "resolutions")
LOCAL = ("workspace:", "catalog:", "file:", "link:", "portal:")
SOURCE = re.compile(
    r"(?:src|tests?|__tests__)/.*|(?:.*/)?tsconfig[\w.-]*\.json|.*\.(?:test|spec)\.[cm]?[jt]sx?"
    r"|(?!.*\.d\.(?:[\w-]+\.)?[cm]?ts$).*\.[cm]?tsx?"
)
BUILT = re.compile(r"\.(?:[cm]?js|d\.(?:[\w-]+\.)?[cm]?ts|json|css|wasm|node)$")
Check = Callable[[dict[str, Any], Artifact, Facts], Iterator[Violation]]


def manifest_of(artifact: Artifact) -> dict[str, Any] | None:
    entry = artifact.find(MANIFEST)
    try:
        document = json.loads(entry.content) if entry else None
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def with_manifest(check: Check) -> Callable[[Artifact, Facts], Iterator[Violation]]:
    """The check finds nothing without a manifest, which `npm-manifest` reports."""

    def checked(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
        if (manifest := manifest_of(artifact)) is not None:
            yield from check(manifest, artifact, facts)

    return checked


def _no_manifest(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    if manifest_of(artifact) is None:
        found = "a text that is no JSON object" if artifact.find(MANIFEST) else "nothing"
        yield Violation(MANIFEST, found, "the manifest")


def _unexpected(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        if entry.is_link or not entry.path.startswith(ROOT):
            yield Violation(entry.path, "a link" if entry.is_link else "a member outside", f"files below {ROOT}")


def _requirements(manifest: dict[str, Any], tables: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(table, name, range) of every requirement; overrides may nest."""
    for table in tables:
        waiting = [(table, manifest.get(table))]
        while waiting:
            key_path, value = waiting.pop()
            for name, wanted in value.items() if isinstance(value, dict) else ():
                if isinstance(wanted, str):
                    yield key_path, name, wanted
                else:
                    waiting.append((f"{key_path}.{name}", wanted))


def _local(manifest: dict[str, Any], _: Artifact, __: Facts) -> Iterator[Violation]:
    for table, name, wanted in _requirements(manifest, TABLES):
        if wanted.startswith(LOCAL):
            yield Violation(MANIFEST, f"{table}.{name} = {wanted}", "a range that a registry can resolve")


def _name(manifest: dict[str, Any], _: Artifact, facts: Facts) -> Iterator[Violation]:
    if manifest.get("name") != facts.name:
        yield Violation(MANIFEST, f"name {manifest.get('name')}", facts.name)


def _version(manifest: dict[str, Any], _: Artifact, facts: Facts) -> Iterator[Violation]:
    if manifest.get("version") != facts.version:
        yield Violation(MANIFEST, f"version {manifest.get('version')}", facts.version)


def _siblings(manifest: dict[str, Any], _: Artifact, facts: Facts) -> Iterator[Violation]:
    for table, name, wanted in _requirements(manifest, RUNTIME_TABLES):
        planned = facts.siblings.get(name, wanted)
        if wanted != planned and not wanted.startswith(LOCAL):
            yield Violation(MANIFEST, f"{table}.{name} = {wanted}", f"{planned}, as this release plans")


def _empty(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    built = (entry for entry in artifact.entries if BUILT.search(entry.path) and entry.path != MANIFEST)
    if not any(entry.content for entry in built):
        yield Violation(ROOT, "no script, no declarations and no data", "what was built")


def _sources(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        if SOURCE.fullmatch(entry.path.removeprefix(ROOT)):
            yield Violation(entry.path, "a source, a test or their settings", "only what was built")


def _private(manifest: dict[str, Any], _: Artifact, __: Facts) -> Iterator[Violation]:
    if manifest.get("private"):
        yield Violation(MANIFEST, "private: true", "a package that may be published")


def _license_field(manifest: dict[str, Any], _: Artifact, __: Facts) -> Iterator[Violation]:
    if not isinstance(manifest.get("license"), str) or not manifest["license"]:
        yield Violation(MANIFEST, f"license {manifest.get('license')}", "an SPDX expression, or SEE LICENSE IN LICENSE")


def _unbundled(manifest: dict[str, Any], artifact: Artifact, _: Facts) -> Iterator[Violation]:
    wanted = manifest.get("bundleDependencies", manifest.get("bundledDependencies"))
    names = manifest.get("dependencies", {}) if wanted is True else wanted if isinstance(wanted, list) else ()
    for name in names:
        if artifact.find(path := f"{ROOT}node_modules/{name}/package.json") is None:
            yield Violation(path, "nothing", f"{name}, which bundleDependencies names")


def npm_rule(
    name: str, reason: str, source: str, fix: str, check: Callable[[Artifact, Facts], Iterator[Violation]]
) -> Rule:
    return Rule(name=name, reason=reason, source=source, fix=fix, check=check)


RULES = (
    npm_rule("npm-manifest", "npm installs nothing without it", "package.json", "pack with pnpm pack", _no_manifest),
    npm_rule(
        "npm-layout",
        "npm drops links, and removes the first folder of each path",
        "npm pack; github.com/npm/pacote",
        "pack with pnpm pack",
        _unexpected,
    ),
    npm_rule(
        "npm-local-range",
        "only the workspace it was packed in can resolve it",
        "pnpm.io/workspaces#publishing-workspace-packages, pnpm.io/catalogs#publishing",
        "pack with pnpm pack, which puts versions in their place",
        with_manifest(_local),
    ),
    npm_rule("npm-name", "it would publish another package", "package.json#name", "set `name`", with_manifest(_name)),
    npm_rule(
        "npm-version",
        "it would publish another version, or none",
        "package.json#version",
        "pack the stamped copy",
        with_manifest(_version),
    ),
    npm_rule(
        "npm-sibling-range",
        "an SDK would run with siblings of another release",
        "the release plan",
        "depend on it as workspace:*",
        with_manifest(_siblings),
    ),
    npm_rule("npm-dist", "the build was forgotten", "issue 5", "build, and list its folder in `files`", _empty),
    npm_rule(
        "npm-no-source",
        "sources and tests are no part of the tested package, and editors open them instead of dist",
        "package.json#files",
        'set `files` to ["dist"]',
        _sources,
    ),
    npm_rule(
        "npm-not-private", "npm refuses to publish it", "package.json#private", "drop it", with_manifest(_private)
    ),
    npm_rule(
        "npm-bundled",
        "npm installs no dependency that a package claims to bring",
        "package.json#bundledependencies",
        "pnpm: set `nodeLinker: hoisted`; or require it without bundling it",
        with_manifest(_unbundled),
    ),
    npm_rule(
        "npm-license-field",
        "registries and license scanners read the field, not the file",
        "package.json#license",
        "set `license`",
        with_manifest(_license_field),
    ),
)
