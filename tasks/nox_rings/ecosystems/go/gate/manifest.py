"""Rules of the contract gate for what a packed Go module requires (https://go.dev/ref/mod#go-mod-file)."""

from __future__ import annotations

from collections.abc import Iterator

from nox_rings.ecosystems.artifact import Artifact, Facts, Rule, Violation
from nox_rings.workspace.go_manifest import GoMod, parse_go_mod


def go_prefix(facts: Facts) -> str:
    """Each entry of a module zip begins with it."""
    return f"{facts.name}@{facts.version}/"


def _go_mod(artifact: Artifact, facts: Facts) -> GoMod:
    entry = artifact.find(f"{go_prefix(facts)}go.mod")
    return parse_go_mod(entry.text if entry else "")


def _manifest(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    entry = artifact.find(f"{go_prefix(facts)}go.mod")
    if entry is None:
        yield Violation(f"{go_prefix(facts)}go.mod", "nothing", "the manifest")
    elif entry.text != facts.go_mod:
        yield Violation(entry.path, "another text than in the .mod file beside the zip", "the same bytes")


def _module_path(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    manifest = artifact.find(f"{go_prefix(facts)}go.mod")
    if manifest and (module := parse_go_mod(manifest.text).module) != facts.name:
        yield Violation(manifest.path, f"module {module}" if module else "no module", facts.name)


def _replaced(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    for each in _go_mod(artifact, facts).replaces:
        yield Violation(f"{go_prefix(facts)}go.mod", f"replace {each.module} => {each.target}", "none")


def _siblings(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    for each in _go_mod(artifact, facts).requires:
        planned = facts.siblings.get(each.module, each.version)
        if each.version != planned:
            found = f"require {each.module} {each.version}"
            yield Violation(f"{go_prefix(facts)}go.mod", found, f"{planned}, as this release plans")


def _sums(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    """Of each requirement its go.mod, of a direct one its content too: what `GOWORK=off go build` verifies."""
    entry = artifact.find(f"{go_prefix(facts)}go.sum")
    known = {tuple(line.split()[:2]) for line in entry.text.splitlines()} if entry else set()
    for each in _go_mod(artifact, facts).requires:
        manifest, content = f"{each.version}/go.mod", each.version
        for wanted in (manifest,) if each.indirect else (manifest, content):
            if (each.module, wanted) not in known:
                found = f"no line for {each.module} {wanted}"
                yield Violation(f"{go_prefix(facts)}go.sum", found, "the digest of each requirement")


def _required(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    for path in facts.required_members:
        if artifact.find(f"{go_prefix(facts)}{path}") is None:
            yield Violation(f"{go_prefix(facts)}{path}", "nothing", "a required member of this module")


RULES = (
    Rule(
        name="go-required-member",
        reason="programs that import the generated packages do not compile",
        source="issue 11",
        fix="generate into the module itself, no vendor folder and no module inside; then nox -s proto",
        check=_required,
    ),
    Rule(
        name="go-manifest",
        reason="the proxy's .mod and the zip would be two modules, and the checksum fails",
        source="go.dev/ref/mod#goproxy-protocol",
        fix="pack with nox -s sdk-go -- --pack",
        check=_manifest,
    ),
    Rule(
        name="go-module-path",
        reason="the go command refuses a module that calls itself otherwise",
        source="go.dev/ref/mod#go-mod-file-module",
        fix="set `module` in go.mod",
        check=_module_path,
    ),
    Rule(
        name="go-no-replace",
        reason="it holds in the main module alone: who installs this one builds with something else",
        source="go.dev/ref/mod#go-mod-file-replace",
        fix="go mod edit -dropreplace",
        check=_replaced,
    ),
    Rule(
        name="go-sibling-version",
        reason="an SDK would build with siblings of another release",
        source="the release plan",
        fix="go get the sibling at this version in the stamped copy",
        check=_siblings,
    ),
    Rule(
        name="go-sum",
        reason="outside of the workspace the build stops at a missing entry",
        source="go.dev/ref/mod#go-sum-files",
        fix="GOWORK=off go mod tidy",
        check=_sums,
    ),
)
