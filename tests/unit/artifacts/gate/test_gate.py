"""The contract gate's self-test: good artifacts pass, and exactly one rule reports each known-bad artifact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nox_rings.artifacts.gate import every_kind
from nox_rings.artifacts.gate.model import contract_findings
from nox_rings.ecosystems import artifact as kinds
from nox_rings.ecosystems.artifact import Entry, Violation
from nox_rings.ecosystems.findings import FindingKind
from nox_rings.engine.findings import Finding
from unit.artifacts.gate.gate_artifacts import (
    COMMIT,
    DIST_INFO,
    GO,
    GO_PREFIX,
    GOOD,
    KINDS,
    NPM,
    SDIST,
    SDIST_FOLDER,
    WHEEL,
    Packed,
    go_mod,
    rules_of,
)

# Kind → all the rules for it.
RULES = {kind: (*every_kind.RULES, *rules_of(kind)) for kind in KINDS}
# Kind → the folder in which members of its content lie.
CONTENT = {"npm": "package/dist", "wheel": "acme_sdk", "sdist": SDIST_FOLDER, "go": GO_PREFIX.rstrip("/")}
LICENSES = {"npm": "package", "wheel": f"{DIST_INFO}/licenses", "sdist": SDIST_FOLDER, "go": GO_PREFIX.rstrip("/")}
# In two parts, so that no scanner takes this file for a leak.
TOKENS = {
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "an npm token": "npm_" + "a1B2" * 9,
    "a PyPI token": "pypi-AgE" + "a1B2" * 15,
    "an AWS access key": "AKIA" + "A1B2" * 4,
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----\n" + "a1B2" * 16,
    "an npm login": "//registry.example.org/" + ":_authToken=" + "a1B2" * 9,
}


def findings(packed: Packed) -> list[Finding]:
    return list(contract_findings(packed.artifact, packed.facts, rules_of(packed.artifact.kind)))


def whole(packed: Packed) -> Packed:
    """Wheels get a RECORD of what was put into them, so that the change is the only thing wrong."""
    return packed.recorded() if packed.artifact.kind is kinds.WHEEL else packed


def bad_everywhere(kind: str, good: Packed) -> Iterator[tuple[str, str, Packed]]:
    """(violation, the rule that must report it, the artifact)."""
    folder, license_file = CONTENT[kind], f"{LICENSES[kind]}/LICENSE"
    yield "truncated", "readable", replace(good, artifact=replace(good.artifact, entries=(), problem="half a file"))
    yield "a member twice", "one-of-a-name", good.add(good.artifact.entries[0])
    yield "a path out", "stays-inside", good.put(f"{folder}/../../../../../evil.txt")
    late = Entry(path=f"{folder}/late.txt", time_seconds=COMMIT + 1)
    yield "newer than the commit", "not-newer-than-commit", good.add(late)
    yield "the packer's folder", "no-machine-path", good.put(f"{folder}/a.txt", "1\nat /home/builder/work/src/a\n")
    yield "the packer's home", "no-machine-path", good.put(f"{folder}/a.txt", "file:///root/.cache/x")
    yield "an empty license", "license", good.put(license_file, "\n")
    yield "settings with a token", "no-secret-file", good.put(f"{folder}/.npmrc", "")
    yield "an environment", "no-secret-file", good.put(f"{folder}/.env.production", "")
    yield "a certificate's key", "no-secret-file", good.put(f"{folder}/server.pem", "")
    for what, token in TOKENS.items():
        yield what, "no-secret-text", good.put(f"{folder}/a.txt", f"x = '{token}'\n")


def bad_npm() -> Iterator[tuple[str, str, Packed]]:
    yield "no manifest", "npm-manifest", NPM.drop("package/package.json")
    yield "a broken manifest", "npm-manifest", NPM.put("package/package.json", "{")
    yield "a list for a manifest", "npm-manifest", NPM.put("package/package.json", "[]")
    yield "beside the package", "npm-layout", NPM.put("other/readme.md")
    yield "a link", "npm-layout", NPM.put("package/dist/a.js", b"", is_link=True, target="index.js")
    for protocol in ("workspace:*", "catalog:", "file:../core", "link:../core"):
        changed = NPM.manifest(lambda it, to=protocol: it["dependencies"].update({"@acme/core": to}))  # type: ignore[misc]
        yield f"{protocol} left over", "npm-local-range", changed
    for table in ("devDependencies", "peerDependencies", "optionalDependencies", "overrides"):
        changed = NPM.manifest(lambda it, at=table: it.update({at: {"x": "catalog:dev"}}))  # type: ignore[misc]
        yield f"catalog: in {table}", "npm-local-range", changed
    nested = NPM.manifest(lambda it: it.update(overrides={"a": {"b": "link:../b"}}))
    yield "link: in a nested override", "npm-local-range", nested
    yield "another name", "npm-name", NPM.manifest(lambda it: it.update(name="@acme/other"))
    yield "the version of the sources", "npm-version", NPM.manifest(lambda it: it.update(version="0.0.0"))
    loose = NPM.manifest(lambda it: it["dependencies"].update({"@acme/core": "^1.0.0"}))
    yield "a loose sibling", "npm-sibling-range", loose
    yield "main is gone", "npm-entry", NPM.manifest(lambda it: it.update(main="./dist/gone.js"))
    yield "types are gone", "npm-entry", NPM.manifest(lambda it: it.update(types="./dist/gone.d.ts"))
    yield "an export is gone", "npm-entry", NPM.drop("package/dist/node.js")
    yield "a condition is gone", "npm-entry", NPM.drop("package/dist/types.d.ts")
    yield "a pattern fits nothing", "npm-entry", NPM.manifest(lambda it: it["exports"].update({"./x/*": "./x/*.js"}))
    yield "a program is gone", "npm-entry", NPM.manifest(lambda it: it.update(bin={"acme": "bin/acme.js"}))
    nothing = NPM.manifest(lambda it: (it.pop("exports"), it.pop("main")))
    yield "no entry at all", "npm-entry", nothing
    yield "an export without types", "npm-types", NPM.drop("package/dist/node.d.ts")
    unbuilt = NPM.of(*(each for each in NPM.artifact.entries if "/dist/" not in each.path))
    yield "no build", "npm-dist", unbuilt.manifest(lambda it: (it.pop("main"), it.update(exports="./package.json")))
    for path in ("src/index.js", "dist/index.ts", "test/a.js", "tsconfig.build.json", "dist/a.test.js", "a.tsx"):
        yield f"{path} inside", "npm-no-source", NPM.put(f"package/{path}")
    yield "private", "npm-not-private", NPM.manifest(lambda it: it.update(private=True))
    yield "bundled", "npm-bundled", NPM.manifest(lambda it: it.update(bundleDependencies=["x"]))
    yield "no license told", "npm-license-field", NPM.manifest(lambda it: it.pop("license"))


def bad_python(good: Packed) -> Iterator[tuple[str, str, Packed]]:
    is_wheel = good.artifact.kind is kinds.WHEEL
    metadata = f"{DIST_INFO}/METADATA" if is_wheel else f"{SDIST_FOLDER}/PKG-INFO"
    content = "" if is_wheel else f"{SDIST_FOLDER}/src/"
    yield "no metadata", "py-metadata", good.drop(metadata)
    yield "metadata of no version", "py-metadata", good.edit(metadata, "Version: 1.2.3\n", "")
    yield "another name", "py-name", good.edit(metadata, "Name: acme-sdk", "Name: acme-other")
    yield "the version of the sources", "py-version", good.edit(metadata, "\nVersion: 1.2.3", "\nVersion: 0.0.0")
    yield "another file name", "py-file-name", good.named(good.artifact.name.replace("acme_sdk", "acme.sdk"))
    direct = "acme-core @ file:///w/core"
    yield "a sibling by its path", "py-local-requirement", good.edit(metadata, "acme-core==1.2.3", direct)
    yield "no requirement", "py-local-requirement", good.edit(metadata, "grpcio>=1.85", "grpcio>=")
    yield "a sibling without bounds", "py-sibling-bound", good.edit(metadata, "acme-core==1.2.3", "acme-core")
    yield "a loose sibling", "py-sibling-bound", good.edit(metadata, "acme-core==1.2.3", "acme-core>=1.2.3")
    yield "no private stubs", "py-required-member", good.drop(f"{content}acme_sdk/_proto/a/v1/a_pb2.py")
    yield "no public stubs", "py-required-member", good.drop(f"{content}acme_sdk/proto/a/v1/a_pb2.py")
    yield "no py.typed", "py-typed", good.drop(f"{content}acme_sdk/py.typed")
    cached = f"{content}acme_sdk/__pycache__/a.cpython-311.pyc"
    yield "a cache", "py-no-bytecode", good.put(cached, b"\0")
    yield "no license told", "py-license-told", good.edit(metadata, "License-Expression: MIT\n", "")
    yield "a license that is not there", "py-license-told", good.edit(metadata, "File: LICENSE", "File: NOTICE")
    linked = good.put(f"{content}acme_sdk/a.py", b"", is_link=True, target="../../../../../etc/passwd")
    yield "a link out", "stays-inside", linked
    yield "a link to the root", "stays-inside", good.put(f"{content}acme_sdk/a", b"", is_link=True, target="/etc")


def bad_wheel() -> Iterator[tuple[str, str, Packed]]:
    """RECORD is left unchanged."""
    yield "no RECORD", "wheel-record", WHEEL.drop(f"{DIST_INFO}/RECORD")
    yield "edited after it was packed", "wheel-record", WHEEL.put("acme_sdk/__init__.py", "import os\n")
    yield "put in after it was packed", "wheel-record", WHEEL.put("acme_sdk/more.py")
    yield "taken out after it was packed", "wheel-record", WHEEL.drop("acme_sdk/__init__.py")
    record = f"{DIST_INFO}/RECORD"
    yield "a weak digest", "wheel-record", WHEEL.edit(record, "py.typed,sha256=", "py.typed,md5=")
    yield "a wrong size", "wheel-record", WHEEL.edit(f"{DIST_INFO}/RECORD", ",6\n", ",7\n")
    yield "tests at the top", "wheel-stray", WHEEL.put("tests/test_sdk.py").recorded()
    yield "a module at the top", "wheel-stray", WHEEL.put("setup.py").recorded()
    yield "a .pth file", "wheel-no-pth", WHEEL.put("acme.pth").recorded()
    yield "tests in the package", "wheel-no-test", WHEEL.put("acme_sdk/tests/test_sdk.py").recorded()
    yield "no WHEEL", "wheel-tag", WHEEL.drop(f"{DIST_INFO}/WHEEL").recorded()
    yield "another tag", "wheel-tag", WHEEL.named("acme_sdk-1.2.3-cp311-cp311-linux_x86_64.whl")


def bad_sdist() -> Iterator[tuple[str, str, Packed]]:
    yield "beside its folder", "sdist-layout", SDIST.put("other/readme.md")
    yield "no pyproject.toml", "sdist-project", SDIST.drop(f"{SDIST_FOLDER}/pyproject.toml")


def bad_go() -> Iterator[tuple[str, str, Packed]]:
    # What golang.org/x/mod says of a zip is asked in tests/real/test_go_module.py.
    yield "what golang.org/x/mod refuses", "go-zip", GO.planned(reported=(Violation("a:b.go", "a colon", "none"),))
    yield "no go.mod", "go-manifest", GO.drop(f"{GO_PREFIX}go.mod")
    yield "another .mod beside it", "go-manifest", GO.planned(go_mod="module example.org/acme/sdk\n")
    yield "another module", "go-module-path", go_mod(lambda text: text.replace("acme/sdk", "acme/other"))
    yield "no module", "go-module-path", go_mod(lambda text: text.partition("\n")[2])
    yield "a replace", "go-no-replace", go_mod(lambda text: text + "replace example.org/acme/core => ../core\n")
    block = "replace (\n\texample.org/acme/core v1.2.3 => ../core\n)\n"
    yield "a replace in a block", "go-no-replace", go_mod(lambda text: text + block)
    yield "a sibling of another release", "go-sibling-version", GO.planned(siblings={"example.org/acme/core": "v1.2.4"})
    yield "no stub", "go-required-member", GO.planned(required_members=("client.go", "gen/order.pb.go"))
    yield "no go.sum", "go-sum", GO.drop(f"{GO_PREFIX}go.sum")
    sums = f"{GO_PREFIX}go.sum"
    yield "a sibling not in go.sum", "go-sum", GO.edit(sums, "example.org/acme/core v1.2.3 h1:a=\n", "")
    yield (
        "an indirect one not in go.sum",
        "go-sum",
        GO.edit(sums, "golang.org/x/text v0.42.0", "golang.org/x/text v0.1.0"),
    )


def known_bad() -> Iterator[tuple[str, str, str, Packed]]:
    for kind, good in GOOD.items():
        yield from ((kind, what, rule, whole(bad)) for what, rule, bad in bad_everywhere(kind, good))
    for good in (WHEEL, SDIST):
        yield from ((str(good.artifact.kind), what, rule, whole(bad)) for what, rule, bad in bad_python(good))
    tables = {"npm": bad_npm(), "wheel": bad_wheel(), "sdist": bad_sdist(), "go": bad_go()}
    for kind, table in tables.items():
        yield from ((kind, what, rule, bad) for what, rule, bad in table)


BAD = {f"{kind}: {what}": (kind, rule, bad) for kind, what, rule, bad in known_bad()}


@pytest.mark.parametrize("good", GOOD.values(), ids=list(GOOD))
def test_a_good_artifact_passes(good: Packed) -> None:
    assert findings(good) == []


@pytest.mark.parametrize(("kind", "rule", "bad"), BAD.values(), ids=list(BAD))
def test_a_known_bad_artifact_is_caught_by_exactly_its_rule(kind: str, rule: str, bad: Packed) -> None:
    found = findings(bad)
    assert {finding.rule for finding in found} == {rule}
    assert {finding.kind for finding in found} == {FindingKind.CONTRACT}
    assert all(finding.path.split("!")[0] == bad.artifact.name and finding.fix for finding in found)


def test_every_rule_of_every_kind_has_a_known_bad_artifact() -> None:
    """Both ways: a rule without a bad artifact is untested, and a bad artifact without its rule passed."""
    assert {(kind, rule) for kind, rule, _ in BAD.values()} == {
        (str(kind), rule.name) for kind, rules in RULES.items() for rule in rules
    }


def test_a_rule_has_a_unique_name_a_reason_and_a_source() -> None:
    for kind, rules in RULES.items():
        assert len({rule.name for rule in rules}) == len(rules), kind
        assert all(rule.reason and rule.source and rule.fix for rule in rules)


def test_the_documentation_lists_every_rule_as_it_is() -> None:
    documented = (Path(__file__).parents[4] / "docs/contract-gate.md").read_text(encoding="utf-8")
    rows = {line for line in documented.splitlines() if line.startswith("| `")}
    assert rows == {f"| `{rule.name}` | {rule.reason} | {rule.source} |" for rules in RULES.values() for rule in rules}


def test_a_finding_names_artifact_member_found_and_expected() -> None:
    bad = NPM.manifest(lambda it: it["dependencies"].update({"@acme/core": "workspace:*"}))
    assert findings(bad) == [
        Finding(
            kind=FindingKind.CONTRACT,
            path="acme-sdk-1.2.3.tgz!package/package.json",
            message="found dependencies.@acme/core = workspace:*, expected a range that a registry can resolve",
            rule="npm-local-range",
            fix="pack with pnpm pack, which puts versions in their place",
        )
    ]


def test_a_secret_is_never_quoted() -> None:
    for what, token in TOKENS.items():
        (finding,) = findings(NPM.put("package/dist/a.js", token))
        assert what in finding.message
        assert "a1B2" not in str(finding.as_json()) and "A1B2" not in str(finding.as_json())


def test_all_violations_of_an_artifact_are_reported_at_once() -> None:
    bad = (
        NPM.manifest(lambda it: it.update(private=True, version="0.0.0"))
        .put("package/src/a.ts")
        .drop("package/LICENSE")
    )
    assert [finding.rule for finding in findings(bad)] == ["license", "npm-version", "npm-no-source", "npm-not-private"]


# Not every oddity is a violation.
FINE = {
    "constant times": NPM.of(*(replace(each, time_seconds=499162500) for each in NPM.artifact.entries)).planned(
        time_seconds=1
    ),
    "an example of an environment": NPM.put("package/dist/.env.example"),
    "a path in a binary": NPM.put("package/dist/a.wasm", b"\0/home/builder/work"),
    "a token from a variable": NPM.put("package/dist/a.txt", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}"),
    "a short name for another package": NPM.manifest(lambda it: it.update(imports={"#deep": "@acme/core/deep"})),
    "a declaration with a suffix": NPM.put("package/dist/a.d.json.ts"),
    "a link inside of an sdist": SDIST.put(f"{SDIST_FOLDER}/a", b"", is_link=True, target="src/acme_sdk"),
    "a module of its name": WHEEL.planned(packages=("acme_sdk", "acme_extra")).put("acme_extra.py").recorded(),
}


@pytest.mark.parametrize("fine", FINE.values(), ids=list(FINE))
def test_unusual_but_valid_artifacts_pass(fine: Packed) -> None:
    assert findings(fine) == []
