"""Packed npm packages in a clean folder: errors of a consumer are found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from packed_sets import PackedByHand

MODES = "tsc --strict (nodenext, bundler)"
EXPORTS = {".": {"types": "./a.d.ts", "import": "./a.js"}, "./package.json": "./package.json"}
GOOD = {"a.js": "export const a = 1;\n", "a.d.ts": "export declare const a: number;\n"}


@pytest.fixture
def packed(tmp_path: Path) -> PackedByHand:
    return PackedByHand(tmp_path, "npm")


def test_siblings_that_use_each_other_are_good_and_come_from_the_set(packed: PackedByHand) -> None:
    uses_b = {**GOOD, "a.d.ts": 'import type { B } from "@acme/b";\nexport declare const a: B;\n'}
    packed.npm("a", {"name": "@acme/a", "exports": EXPORTS, "dependencies": {"@acme/b": "^1.2.3"}}, uses_b)
    packed.npm("b", {"name": "@acme/b", "types": "b.d.ts"}, {"b.js": "", "b.d.ts": "export interface B { b: 1 }\n"})
    said = packed.check("@acme/a", "@acme/b")
    assert (said.findings, said.notes) == ([], [])
    assert said.proof == f"4 imports, {MODES}; 2 imports, {MODES}"


def test_types_that_import_what_is_not_required_are_found(packed: PackedByHand) -> None:
    """Though the sibling is packed too, and its name known."""
    bad = {**GOOD, "a.d.ts": 'import type { B } from "@acme/b";\nexport declare const a: B;\n'}
    packed.npm("a", {"name": "@acme/a", "exports": EXPORTS}, bad)
    packed.npm("b", {"name": "@acme/b", "types": "b.d.ts"}, {"b.js": "", "b.d.ts": "export interface B { b: 1 }\n"})
    (finding,) = packed.check("@acme/a", "@acme/b").findings
    assert finding == (
        "a-1.2.3.tgz!package/a.d.ts:1: consumer-error: found \"Cannot find module '@acme/b' or its corresponding type "
        f'declarations.", expected no error of {MODES} (TS2307)'
    )


def test_types_that_import_what_only_a_dependency_requires_are_found(packed: PackedByHand) -> None:
    """It is installed too, and a package manager that hoists would let it be found."""
    bad = {**GOOD, "a.d.ts": 'import type { CelEnv } from "@bufbuild/cel";\nexport declare const a: CelEnv;\n'}
    dependencies = {"@bufbuild/protovalidate": "^1", "@bufbuild/protobuf": "^2"}
    packed.npm("a", {"name": "@acme/a", "exports": EXPORTS, "dependencies": dependencies}, bad)
    (finding,) = packed.check("@acme/a").findings
    assert finding.startswith("a-1.2.3.tgz!package/a.d.ts:1: consumer-error: found ") and "'@bufbuild/cel'" in finding


def test_types_of_a_platform_that_is_not_required_are_found(packed: PackedByHand) -> None:
    bad = {**GOOD, "a.d.ts": 'import type { Agent } from "node:http";\nexport declare const a: Agent;\n'}
    packed.npm("a", {"name": "@acme/a", "exports": EXPORTS, "devDependencies": {"@types/node": "^24"}}, bad)
    (finding,) = packed.check("@acme/a").findings
    assert finding.startswith("a-1.2.3.tgz!package/a.d.ts:1: consumer-error: found ") and "node:http" in finding


def test_an_entry_point_without_types_is_found_by_its_import(packed: PackedByHand) -> None:
    packed.npm("a", {"name": "@acme/a", "exports": {**EXPORTS, "./b": "./b.js"}}, {**GOOD, "b.js": "export {};\n"})
    (finding,) = packed.check("@acme/a").findings
    assert finding.startswith('a-1.2.3.tgz: consumer-error: import * as entry2 from "@acme/a/b";: found ')
    assert "Could not find a declaration file for module '@acme/a/b'" in finding
    assert finding.endswith(f"expected no error of {MODES} (TS7016)")


def test_an_error_of_a_single_mode_names_the_mode(packed: PackedByHand) -> None:
    """Node wants the suffix of a file where bundlers do not."""
    sloppy = {**GOOD, "a.d.ts": 'export * from "./more";\n', "more.d.ts": "export declare const a: number;\n"}
    packed.npm("a", {"name": "@acme/a", "exports": EXPORTS}, sloppy)
    (finding,) = packed.check("@acme/a").findings
    assert "a-1.2.3.tgz!package/a.d.ts:1: consumer-error" in finding
    assert "expected no error of tsc --strict (nodenext) (TS2834)" in finding


@pytest.mark.parametrize(("wanted", "absent"), [("^9.0.0", ()), ("1.2.2", ()), ("^1.0.0", ("@acme/c",))])
def test_a_sibling_that_is_not_in_the_set_is_not_taken_from_a_registry(
    packed: PackedByHand, wanted: str, absent: tuple[str, ...]
) -> None:
    sibling = absent[0] if absent else "@acme/b"
    packed.npm("a", {"name": "@acme/a", "exports": EXPORTS, "dependencies": {sibling: wanted}}, GOOD)
    packed.npm("b", {"name": "@acme/b", "types": "b.d.ts"}, {"b.js": "", "b.d.ts": "export declare const b: 1;\n"})
    (finding,) = PackedByHand(packed.root, "npm", absent=absent).check("@acme/a", "@acme/b").findings
    assert finding.startswith("a-1.2.3.tgz: uninstallable: found ")
    assert f"not-in-the-packed-set/{sibling.replace('/', '+')}.tgz" in finding


def test_the_own_program_of_a_package_is_checked_with_the_types_it_was_written_with(packed: PackedByHand) -> None:
    packed.npm("a", {"name": "@acme/a", "exports": EXPORTS, "devDependencies": {"@types/node": "^24"}}, GOOD)
    good = 'import { a } from "@acme/a";\nprocess.stdout.write(String(a));\n'
    packed.sources(
        "a", {"smoke/good.ts": good, "smoke/bad.ts": 'import { a } from "@acme/a";\nexport const b: string = a;\n'}
    )
    (finding,) = packed.check("@acme/a").findings
    assert finding == (
        "a-1.2.3.tgz: consumer-error: a/smoke/bad.ts:2: found \"Type 'number' is not assignable to type 'string'.\", "
        f"expected no error of {MODES} (TS2322)"
    )


def test_errors_in_declarations_of_other_packages_are_printed_and_skipped(packed: PackedByHand) -> None:
    """@connectrpc/connect-node takes the types of Node from the package that installs it."""
    taking = {**GOOD, "a.d.ts": 'export { createGrpcTransport } from "@connectrpc/connect-node";\n'}
    dependencies = {"@connectrpc/connect-node": "^2", "@connectrpc/connect": "^2", "@bufbuild/protobuf": "^2"}
    packed.npm("a", {"name": "@acme/a", "exports": EXPORTS, "dependencies": dependencies}, taking)
    said = packed.check("@acme/a")
    assert said.findings == []
    (note,) = said.notes
    assert note.startswith("skipped errors in declarations of other packages: @connectrpc/connect-node/")


def test_without_a_compiler_the_package_is_installed_and_the_missing_check_is_reported(tmp_path: Path) -> None:
    packed = PackedByHand(tmp_path, "npm", pinned=False)
    packed.npm("a", {"name": "@acme/a", "exports": EXPORTS}, GOOD)
    said = packed.check("@acme/a")
    told = "@acme/a NOT type-checked: no typescript in the devDependencies of a/package.json"
    assert (said.findings, said.notes, said.proof) == ([], [told], told)
    assert (tmp_path / "place/a/consumer/node_modules/@acme/a/a.js").exists()


def test_a_package_without_an_entry_point_is_a_finding(packed: PackedByHand) -> None:
    packed.npm("a", {"name": "@acme/a", "exports": {"./b": {"require": "./b.cjs"}}}, {"b.cjs": ""})
    (finding,) = packed.check("@acme/a").findings
    assert finding.startswith("a-1.2.3.tgz: nothing-inspected: found nothing that a consumer could import")
