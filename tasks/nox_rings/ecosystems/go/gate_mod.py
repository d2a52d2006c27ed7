"""Rules of the contract gate for what a packed Go module requires (https://go.dev/ref/mod#go-mod-file)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nox_rings.ecosystems.artifact import Artifact, Facts, Fault, Rule


def go_prefix(facts: Facts) -> str:
    """Each entry of a module zip begins with it."""
    return f"{facts.name}@{facts.version}/"


def _go_mod(artifact: Artifact, facts: Facts) -> str:
    entry = artifact.find(f"{go_prefix(facts)}go.mod")
    return entry.text if entry else ""


def _lines(text: str, verb: str) -> Iterator[str]:
    """The lines of a directive of go.mod, in a block or on their own, without the verb."""
    block = ""
    for line in map(str.strip, text.splitlines()):
        if block:
            if line.startswith(")"):
                block = ""
            elif block == verb and line and not line.startswith("//"):
                yield line
        elif match := re.fullmatch(r"(\w+)\s*\(.*", line):
            block = match[1]
        elif line.split("//")[0].split()[:1] == [verb]:
            yield line.removeprefix(verb).strip()


def _requirements(text: str) -> Iterator[tuple[str, str, bool]]:
    """(module, version, whether it is direct)."""
    for line in _lines(text, "require"):
        words, _, remark = line.partition("//")
        if len(words.split()) == 2:
            module, version = words.split()
            yield module, version, remark.strip() != "indirect"


def _manifest(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    entry = artifact.find(f"{go_prefix(facts)}go.mod")
    if entry is None:
        yield Fault(f"{go_prefix(facts)}go.mod", "nothing", "the manifest")
    elif entry.text != facts.go_mod:
        yield Fault(entry.path, "another text than in the .mod file beside the zip", "the same bytes")


def _module_path(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    for line in _lines(_go_mod(artifact, facts), "module"):
        if line.split("//")[0].strip().strip('"') != facts.name:
            yield Fault(f"{go_prefix(facts)}go.mod", f"module {line}", facts.name)


def _major(_: Artifact, facts: Facts) -> Iterator[Fault]:
    major = facts.version.partition(".")[0]
    own = re.search(r"[./](v\d+)$", facts.name)
    found = own[1] if own else ""
    if facts.name.startswith("gopkg.in/"):
        fits = found == major
    else:
        fits = found == ("" if major in ("v0", "v1") or facts.version.endswith("+incompatible") else major)
    if not fits:
        yield Fault("", f"{facts.name} at {facts.version}", f"a path that ends in the major version {major} from v2 on")


def _replaced(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    for line in _lines(_go_mod(artifact, facts), "replace"):
        yield Fault(f"{go_prefix(facts)}go.mod", f"replace {line}", "none")


def _siblings(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    for module, version, _direct in _requirements(_go_mod(artifact, facts)):
        planned = facts.siblings.get(module, version)
        if version != planned:
            yield Fault(f"{go_prefix(facts)}go.mod", f"require {module} {version}", f"{planned}, as this release plans")


def _sums(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    """Of each requirement its go.mod, of a direct one its content too: what `GOWORK=off go build` verifies."""
    entry = artifact.find(f"{go_prefix(facts)}go.sum")
    known = {tuple(line.split()[:2]) for line in entry.text.splitlines()} if entry else set()
    for module, version, is_direct in _requirements(_go_mod(artifact, facts)):
        wanted = (f"{version}/go.mod", version) if is_direct else (f"{version}/go.mod",)
        for each in wanted:
            if (module, each) not in known:
                yield Fault(
                    f"{go_prefix(facts)}go.sum", f"no line for {module} {each}", "the digest of each requirement"
                )


RULES = (
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
        name="go-major",
        reason="import paths must differ where majors do",
        source="go.dev/ref/mod#major-version-suffixes",
        fix="end the module path in the major version",
        check=_major,
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
