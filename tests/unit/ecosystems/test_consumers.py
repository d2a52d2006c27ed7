"""Generated programs, manifests and settings that use packed artifacts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from nox_rings.ecosystems import artifact as kinds
from nox_rings.ecosystems.artifact import Artifact, Entry
from nox_rings.ecosystems.consumer import Diagnostic, Location, consumer_finding, install_finding
from nox_rings.ecosystems.go import consumer as consumer_go
from nox_rings.ecosystems.npm import consumer as consumer_npm
from nox_rings.ecosystems.npm.entry_points import Mode
from nox_rings.ecosystems.pypi import consumer as consumer_python


def wheel(*paths: str, metadata: str = "Name: acme-a\n") -> Artifact:
    entries = [Entry(path=path) for path in paths]
    info = Entry(path="acme_a-1.dist-info/METADATA", content=metadata.encode())
    return Artifact(kind=kinds.WHEEL, name="acme_a-1-py3-none-any.whl", entries=(*entries, info))


def test_a_typescript_program_has_one_import_a_line_and_exports_all() -> None:
    assert consumer_npm.render_program(["@a/x", "@a/x/b", "@a/x/package.json"]).splitlines() == [
        'import * as entry1 from "@a/x";',
        'import * as entry2 from "@a/x/b";',
        'import entry3 from "@a/x/package.json" with { type: "json" };',
        "export { entry1, entry2, entry3 };",
    ]
    assert consumer_npm.render_program([]) == "export {  };\n"


@pytest.mark.parametrize(
    ("mode", "resolution"),
    [
        (Mode.NODENEXT, {"module": "nodenext"}),
        (Mode.BUNDLER, {"module": "esnext", "moduleResolution": "bundler"}),
    ],
)
def test_the_compiler_is_strict_and_checks_declarations_too(mode: Mode, resolution: dict[str, str]) -> None:
    document = json.loads(consumer_npm.render_compiler_settings(mode, ["a.ts"], ["node"]))
    assert document["include"] == ["a.ts"]
    strict = {"strict": True, "noEmit": True, "skipLibCheck": False, "types": ["node"]}
    assert document["compilerOptions"].items() >= {**resolution, **strict}.items()
    assert "lib" not in document["compilerOptions"]


MANIFEST: dict[str, Any] = {
    "name": "@a/x",
    "version": "1.2.3",
    "peerDependencies": {"react": ">=19", "@types/node": "*"},
    "peerDependenciesMeta": {"react": {"optional": True}},
    "devDependencies": {"@types/node": "^24", "@types/web": "^1", "vitest": "^5"},
}


@pytest.mark.parametrize(
    ("types", "more"), [((), {"@types/node": "*"}), (("@types/web",), {"@types/node": "*", "@types/web": "^1"})]
)
def test_a_consumer_has_the_package_and_its_peer_dependencies(types: Sequence[str], more: dict[str, str]) -> None:
    document = json.loads(consumer_npm.render_manifest(MANIFEST, types))
    assert document["dependencies"] == {"react": ">=19", "@a/x": "1.2.3", **more}
    assert consumer_npm.type_packages(MANIFEST) == ("@types/node", "@types/web")


def test_a_sibling_is_its_tarball_in_its_version_and_a_missing_file_in_any_other() -> None:
    document = json.loads(consumer_npm.render_settings({"@a/x": ("1.2.3", "packed/a-x.tgz")}, ["tool"]))
    assert document == {
        "overrides": {
            "@a/x@1.2.3": "file:packed/a-x.tgz",
            "@a/x": "file:not-in-the-packed-set/@a+x.tgz",
            "tool": "file:not-in-the-packed-set/tool.tgz",
        },
        "hoist": False,
    }


@pytest.mark.parametrize(
    ("paths", "modules"),
    [
        (("a/__init__.py", "a/py.typed"), ("a",)),
        (("a/__init__.py", "a/b.py", "a/b.pyi", "a/c/d.pyi"), ("a", "a.b", "a.c.d")),
        (("a/_b.py", "a/_c/__init__.py", "_d.py", "a/__main__.py"), ()),
        (("single.py",), ("single",)),
        (("a/not-a-name.py", "a-1.data/scripts/x.py", "a/b.cpython-311.so", "a/x.txt"), ()),
    ],
)
def test_public_modules_have_no_private_part_in_their_name(paths: tuple[str, ...], modules: tuple[str, ...]) -> None:
    assert consumer_python.public_modules(wheel(*paths)) == modules
    assert consumer_python.render_program(modules) == "".join(f"import {each}\n" for each in modules)


def test_mypy_checks_all_that_a_wheel_installs() -> None:
    found = consumer_python.render_own_settings(wheel("a/__init__.py", "_b/c.py", "single.py"))
    assert found == "[mypy]\npackages = _b,a\nmodules = single\n"


def test_a_wheel_is_required_with_all_its_extras_and_siblings_are_those_of_the_set() -> None:
    metadata = "Name: acme-a\nProvides-Extra: z\nProvides-Extra: b\n"
    render = consumer_python.render_requirements
    assert render("acme-a", wheel("a.py", metadata=metadata), "file:///a.whl") == "acme-a[b,z] @ file:///a.whl\n"
    assert render("acme-a", wheel("a.py"), "file:///a.whl") == "acme-a @ file:///a.whl\n"
    found = consumer_python.render_constraints({"acme-a": "file:///a.whl"}, ["tool"])
    assert found == "acme-a @ file:///a.whl\ntool < 0\n"


@pytest.mark.parametrize(
    ("member", "counts"),
    [("a/client.py", True), ("a/gen/x_pb2.pyi", False), ("a/generous.py", True)],
)
def test_undefined_names_count_in_handwritten_modules(member: str, counts: bool) -> None:
    codes = consumer_python.silent_codes(member, ("a/gen",))
    assert ("name-defined" in codes) is counts
    assert "import-not-found" in codes


def listed(path: str, name: str = "x", module: str = "example.com/a") -> dict[str, Any]:
    return {"ImportPath": path, "Name": name, "Module": {"Path": module}}


def test_public_packages_of_a_module_are_neither_programs_nor_internal_nor_those_of_a_module_below_it() -> None:
    found = [
        listed("example.com/a"),
        listed("example.com/a/cmd/tool", "main"),
        listed("example.com/a/internal/x"),
        listed("example.com/a/internals"),
        listed("example.com/a/sub/y", module="example.com/a/sub"),
        {"ImportPath": "example.com/a/broken", "Module": {"Path": "example.com/a"}, "Error": {"Err": "x"}},
    ]
    assert consumer_go.public_packages(found, "example.com/a") == ("example.com/a", "example.com/a/internals")


def test_a_go_program_has_one_import_a_line() -> None:
    found = consumer_go.render_program(["example.com/a", "example.com/a/b"])
    assert found == 'package consumer\n\nimport (\n\t_ "example.com/a"\n\t_ "example.com/a/b"\n)\n'


def test_documents_follow_one_another_without_commas() -> None:
    assert list(consumer_go.parse_documents('{"a": 1}\n{\n\t"b": {"c": 2}\n}\n')) == [{"a": 1}, {"b": {"c": 2}}]
    assert list(consumer_go.parse_documents("\n")) == []


@pytest.mark.parametrize(
    ("error", "diagnostics"),
    [
        ({"Pos": "a.go:5:2", "Err": "no module"}, [("a.go", 5, "no module")]),
        ({"Pos": "", "Err": "# x\n../m/x.go:3:23: cannot use\n../m/x.go:5:9: undefined: y\n"}, [
            ("../m/x.go", 3, "cannot use"), ("../m/x.go", 5, "undefined: y")
        ]),
        ({"Err": "no Go files"}, [("", 0, "no Go files")]),
    ],
)  # fmt: skip
def test_errors_of_go_list_have_a_position_of_their_own_or_in_the_compiler_message(
    error: dict[str, str], diagnostics: list[tuple[str, int, str]]
) -> None:
    found = consumer_go.list_diagnostics([{"ImportPath": "x"}, {"ImportPath": "y", "Error": error}])
    assert [(each.file, each.line, each.message) for each in found] == diagnostics


@pytest.mark.parametrize(
    ("line", "diagnostic"),
    [
        ("./every_package.go:7:2: undefined: x", ("every_package.go", 7, "undefined: x")),
        ("vet: ./a.go:3:4: undefined: x", ("a.go", 3, "undefined: x")),
        ("smoke/main.go:9:27: fmt.Printf format", ("smoke/main.go", 9, "fmt.Printf format")),
        ("package consumer", ("", 0, "package consumer")),
    ],
)
def test_output_of_go_build_and_vet_is_read_by_lines(line: str, diagnostic: tuple[str, int, str]) -> None:
    (found,) = consumer_go.output_diagnostics(f"go: downloading example.com/x v1.0.0\n# consumer\n{line}\n")
    assert (found.file, found.line, found.message) == diagnostic


def test_a_module_of_the_workspace_that_is_not_from_the_packed_set_is_found() -> None:
    manifest = {
        "Require": [
            {"Path": "example.com/a", "Version": "v1.2.3"},
            {"Path": "example.com/b", "Version": "v1.0.0"},
            {"Path": "example.com/tool", "Version": "v0.1.0"},
            {"Path": "golang.org/x/net", "Version": "v0.60.0"},
        ]
    }
    packed = {"example.com/a": "v1.2.3", "example.com/b": "v1.2.3"}
    found = list(consumer_go.foreign_siblings(manifest, packed, ["example.com/tool"]))
    assert found == ["example.com/b v1.0.0", "example.com/tool v0.1.0"]
    assert list(consumer_go.foreign_siblings({"Require": None}, packed, [])) == []


DIAGNOSTIC = Diagnostic(file="x", line=2, code="TS1", message="no types")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (
            Location(artifact="a.tgz", consumer='import "a/b"'),
            "a.tgz: consumer-error: import \"a/b\": found 'no types'",
        ),
        (Location(artifact="a.tgz", member="package/b.d.ts", line=4), "a.tgz!package/b.d.ts:4: consumer-error: found"),
        (Location(artifact="a.tgz"), "a.tgz: consumer-error: found 'no types'"),
    ],
)
def test_a_finding_names_the_artifact_the_import_or_the_member_and_the_message_of_the_checker(
    location: Location, expected: str
) -> None:
    finding = str(consumer_finding(location, DIAGNOSTIC, ["tsc"], "declare it"))
    assert finding.startswith(expected)
    assert finding.endswith("expected no error of tsc (TS1)")


def test_a_finding_of_a_failed_installation_has_the_reason() -> None:
    found = str(install_finding("a.whl", "No solution found", "declare it"))
    assert found == "a.whl: uninstallable: found 'No solution found', expected an installation in an empty folder"
