from __future__ import annotations

from dataclasses import replace

import pytest

from nox_rings.ecosystems.model import MemberSubject
from nox_rings.ecosystems.pypi.environment import environment_of
from nox_rings.engine.plan.graph import graph_of
from nox_rings.members.capability import MEMBERS
from nox_rings.workspace.config import MemberConfig
from nox_rings.workspace.model import InstallRoot, Workspace
from unit.reference import PNPM, REFERENCE, UV, derived, member, schema, targets, template, view_of


def test_a_member_reads_its_folder_but_not_what_is_built_there_nor_its_images() -> None:
    inputs = targets(REFERENCE)["service:graph"].inputs
    assert inputs.folders == ("services/graph",)
    assert {"services/graph/dist", "services/graph/node_modules"} <= set(inputs.excludes)
    assert {"services/graph/Dockerfile.dev", "services/graph/Dockerfile.release"} <= set(inputs.excludes)
    configured = ("tsconfig.json", "tsconfig.base.json")
    assert inputs.files == (*(f"services/{name}" for name in configured), *configured, "pnpm-lock.yaml")


def test_the_smoke_consumer_of_an_sdk_is_none_of_its_sources_and_any_other_folder_of_that_name_is_one() -> None:
    found = targets(REFERENCE)
    assert "sdk/ts/smoke" in found["sdk:ts"].inputs.excludes
    assert "services/graph/smoke" not in found["service:graph"].inputs.excludes
    assert "sdk/go/smoke" not in found["sdk:go"].inputs.excludes  # `go build ./...` compiles it


def test_a_member_does_not_read_the_members_inside_it() -> None:
    workspace = Workspace(members=(member("outer", "go"), member("outer/inner", "go")))
    assert "outer/inner" in targets(workspace)["package:outer"].inputs.excludes


def test_a_member_reads_of_the_members_inside_it_what_it_names() -> None:
    root = replace(member(".", "pypi"), reads=("examples/a", "lib/b/tsconfig.json"))
    workspace = Workspace(members=(root, *(member(each, "pypi") for each in ("examples/a", "examples/c", "lib/b"))))
    inputs = targets(workspace)["package:root"].inputs
    assert inputs.folders == (".", "examples/a", "lib/b/tsconfig.json")
    assert {"examples/a", "examples/c", "lib/b"} <= {*inputs.excludes}
    configured = targets(workspace, inputs={".": ("examples",)}, files=("examples/c/x.py",))["package:root"].inputs
    assert configured.folders == (".", "examples/a", "lib/b/tsconfig.json", "examples")
    assert {"examples/a", "examples/c"}.isdisjoint(configured.excludes)
    assert "lib/b" in configured.excludes


def test_stubs_in_a_member_that_another_reads_are_made_before_both() -> None:
    root = replace(member(".", "pypi"), reads=("examples/a", "notes.txt"))
    workspace = Workspace(
        schemas=(schema(template("py", "examples/a/gen")),), members=(root, member("examples/a", "pypi"))
    )
    found = targets(workspace)
    assert found["package:root"].dependencies == ("stubs:py",)
    assert found["sdk:py"].dependencies == ("stubs:py",)


def test_what_its_own_build_makes_is_no_input_though_something_names_it() -> None:
    web = replace(member("web", "npm"), outputs=("web/out",), reads=("web/out/a.ts",))
    assert targets(Workspace(members=(web,)))["package:web"].inputs.folders == ("web",)


def test_configured_inputs_are_read_too_listed_ones_from_the_listing_and_ignored_ones_from_the_disk() -> None:
    configured = {"services/agents": ("testdata", ".env", "*.local")}
    agents = targets(REFERENCE, inputs=configured, files=("testdata/a.txt",))["service:agents"]
    assert agents.inputs.folders == ("services/agents", "testdata")
    assert agents.inputs.globs == (".env", "*.local")


def test_a_build_folder_that_is_listed_and_not_made_by_the_build_is_read() -> None:
    files = ("libs/tidy/dist/index.js", "services/graph/dist/main.js")
    found = targets(REFERENCE, files=files)
    assert "libs/tidy/dist" not in found["package:tidy"].inputs.excludes
    assert "services/graph/dist" in found["service:graph"].inputs.excludes  # its build makes it
    assert "libs/tidy/dist" in targets(REFERENCE)["package:tidy"].inputs.excludes


def test_what_is_configured_for_a_member_is_part_of_its_target() -> None:
    configured = MemberConfig(env=("REGION",), needs=("sdk:go",), outputs=("libs/tidy/out",), checks=("...", "make x"))
    tidy = targets(REFERENCE, configured={"libs/tidy": configured})["package:tidy"]
    assert tidy.environment == ("@npm", "REGION")
    assert tidy.dependencies == ("install:pnpm", "sdk:go")
    assert tidy.outputs == ("libs/tidy/out",)
    assert isinstance(tidy.subject, MemberSubject)
    assert tidy.subject.checks == ("...", "make x")


def test_a_skipped_member_makes_nothing_and_stays_a_node() -> None:
    found = targets(REFERENCE, configured={"sdk/ts": MemberConfig(skip="too slow")})
    assert found["sdk:ts"].outputs == ()
    assert "sdk:ts" in found["service:graph"].dependencies


def test_a_member_of_another_ecosystem_inside_is_read_where_files_of_this_one_lie_in_it() -> None:
    workspace = Workspace(members=(member(".", "go"), member("web", "npm"), member("docs", "npm"), member("api", "go")))
    files = ("docs/index.ts", "main.go", "web/embed.go", "web/index.ts")
    excluded = targets(workspace, files=files)["package:root"].inputs.excludes
    assert {"docs", "api"} <= {*excluded}
    assert "web" not in excluded


def test_what_a_go_file_embeds_is_made_by_the_member_that_builds_it_first() -> None:
    go = replace(member("server", "go"), embedded=("server/web/dist", "server/*.json"))
    web = replace(member("server/web", "npm"), outputs=("server/web/dist",))
    found = targets(Workspace(members=(go, web)))["package:server"]
    assert "package:web" in found.dependencies
    assert found.inputs.whole == ("server/web/dist",)
    assert found.inputs.globs == ("server/*.json",)


def test_sources_count_though_git_does_not_list_them_where_the_tools_read_them() -> None:
    found = targets(REFERENCE)
    assert {".go", ".s", ".S", ".c", ".h", ".cxx", ".hh", ".m", ".f90", ".syso"} <= {*found["sdk:go"].inputs.unlisted}
    assert found["sdk:go"].inputs.made == ("node_modules",)
    assert {"node_modules", "build", "dist", "coverage"} <= {*found["sdk:ts"].inputs.made}
    assert {".json", ".css", ".graphql"} <= {*found["sdk:ts"].inputs.data}
    assert {".json", ".so"} <= {*found["package:inference"].inputs.data}
    assert found["package:inference"].inputs.unlisted == (".py", ".pyi", ".pyx")
    assert found["sdk:ts"].inputs.unlisted[:3] == (".js", ".mjs", ".cjs")
    assert found["sdk:ts"].inputs.compiled == (".ts", ".tsx", ".mts", ".cts")
    assert found["sdk:go"].inputs.compiled == ()


@pytest.mark.parametrize("path", ["../x", "/tmp/x", ".", "", "a/../..", ".git", ".nox-rings/x"])
@pytest.mark.parametrize("key", ["inputs", "outputs"])
def test_a_configured_path_lies_below_the_root(key: str, path: str) -> None:
    paths = (path,)
    configured = {"libs/tidy": MemberConfig(inputs=paths) if key == "inputs" else MemberConfig(outputs=paths)}
    view = view_of(REFERENCE, configured=configured)
    shown = path or "nothing"
    assert list(MEMBERS.problems(view, graph_of(derived(view))[0])) == [
        f"pyproject.toml: tool.nox-rings.members.libs/tidy.{key}: found {shown}, expected a path below the root"
    ]


@pytest.mark.parametrize(
    ("check", "found"),
    [("echo 'a", '"echo \'a" (no closing quotation)'), ("a \\", "'a \\\\' (no escaped character)"), (" ", "nothing")],
)
def test_a_configured_check_is_a_command(check: str, found: str) -> None:
    view = view_of(REFERENCE, configured={"libs/tidy": MemberConfig(checks=("...", check))})
    (problem,) = MEMBERS.problems(view, graph_of(derived(view))[0])
    assert problem.startswith(
        f"pyproject.toml: tool.nox-rings.members.libs/tidy.checks: found {found}, expected a comm"
    )


def test_what_a_member_of_a_cycle_reads_is_an_input() -> None:
    one = replace(member("a", "npm", "b"), depends_on=(), reads=("b",))
    found = targets(Workspace(members=(one, member("b", "npm", "a"))))
    assert found["package:a"].inputs.folders == ("a", "b")


def test_a_broken_manifest_of_a_member_leaves_the_installation_of_the_others_as_it_is() -> None:
    broken = {"libs/tidy/package.json": ("libs/tidy/package.json: found x",)}
    root = replace(PNPM, files=(*PNPM.files, "libs/tidy/package.json"))
    found = targets(replace(REFERENCE, install_roots=(root, UV), problems=broken))["install:pnpm"]
    assert found.problems == ()
    assert found.inputs.unreadable == ("libs/tidy/package.json",)
    assert "libs/tidy/package.json" not in found.inputs.files
    of_root = {"package.json": ("package.json: found x",)}
    assert targets(replace(REFERENCE, problems=of_root))["install:pnpm"].problems == ("package.json: found x",)


def test_a_problem_belongs_to_the_target_that_is_made_from_its_descriptor() -> None:
    problems = {
        "libs/tidy/package.json": ("libs/tidy/package.json: found x",),
        "pnpm-lock.yaml": ("pnpm-lock.yaml: found y",),
    }
    found = targets(replace(REFERENCE, problems=problems))
    assert {target.id: target.problems for target in found.values() if target.problems} == {
        "package:tidy": ("libs/tidy/package.json: found x",),
        "install:pnpm": ("pnpm-lock.yaml: found y",),
    }


def test_a_folder_with_a_manifest_of_two_languages_has_two_targets() -> None:
    workspace = Workspace(members=(member(".", "npm"), member(".", "pypi", checks=("test",))))
    assert list(targets(workspace)) == ["package:root-ts", "package:root-py"]
    assert graph_of(derived(view_of(workspace)))[1] == ()


def test_names_that_collide_become_paths() -> None:
    workspace = Workspace(members=(member("apps/api", "go"), member("libs/api", "go"), member("libs/log", "go")))
    assert list(targets(workspace)) == ["package:apps/api", "package:libs/api", "package:log"]


def test_several_install_roots_of_one_language_are_distinguished_by_their_folders() -> None:
    other = InstallRoot(folder="docs", ecosystem="pypi", lockfile="docs/uv.lock", files=())
    found = targets(Workspace(install_roots=(UV, other)))
    assert list(found) == ["install:uv:.", "install:uv:docs"]
    assert found["install:uv:docs"].outputs == (".nox-rings/python/docs/pyvenv.cfg",)
    assert environment_of(UV.folder) == ".nox-rings/python/+root"


def test_dependents_compare_what_a_build_leaves_and_the_manifest_that_leads_into_it() -> None:
    found = targets(REFERENCE)
    assert found["sdk:ts"].possible_outputs == ("sdk/ts/dist", "sdk/ts/package.json")
    assert (found["package:tidy"].possible_outputs, found["sdk:ts"].outputs) == ((), ())


def test_what_a_member_reads_are_inputs_and_no_part_of_how_it_is_built() -> None:
    plain = member("libs/tidy", "npm")
    above = replace(plain, reads=("a.json",), embedded=(".env",), settings=("x [tool]",), variables=("VITE_*",))
    workspaces = [Workspace(members=(each,), settings={"x [tool]": "5a7e"}) for each in (plain, above)]
    before, after = (targets(each)["package:tidy"] for each in workspaces)
    assert after.recipe == before.recipe
    assert after.inputs.folders == ("libs/tidy", "a.json")
    assert after.inputs.whole == (".env",)
    assert after.inputs.parts == {"x [tool]": "5a7e"}
    assert after.environment == ("@npm", "VITE_*")


@pytest.mark.parametrize("name", ["", "@npm", "A B", "A=1", "!NODE_ENV", "A@@"])
def test_a_configured_variable_is_a_name_or_a_pattern(name: str) -> None:
    configured = {"libs/tidy": MemberConfig(env=("REGION", "VITE_*", "UV_ENV_FILE@", "npm_config_//x/:y", name))}
    view = view_of(REFERENCE, configured=configured)
    assert list(MEMBERS.problems(view, graph_of(derived(view))[0])) == [
        f"pyproject.toml: tool.nox-rings.members.libs/tidy.env: found {name or 'nothing'}, "
        "expected the name of a variable, or a pattern"
    ]


def test_a_member_reads_the_part_of_a_lockfile_that_reaches_it_or_all_of_it_where_none_is_told() -> None:
    of_graph = {"pnpm-lock.yaml#services/graph": "1", "pnpm-lock.yaml#services/graph (tests)": "2"}
    found = targets(replace(REFERENCE, parts={("services/graph", "npm"): of_graph}))
    assert found["service:graph"].inputs.own_parts == {"pnpm-lock.yaml#services/graph (tests)": "2"}
    assert found["service:graph"].inputs.parts == {"pnpm-lock.yaml#services/graph": "1"}
    assert "pnpm-lock.yaml" not in found["service:graph"].inputs.files
    assert "pnpm-lock.yaml" in found["service:graph"].inputs.excludes  # it may lie in the folder of a member
    assert found["sdk:ts"].inputs.parts == {}
    assert "pnpm-lock.yaml" in found["sdk:ts"].inputs.files


def test_what_is_packed_checked_and_served_reads_the_same_part() -> None:
    """Of the SDK for its bill of materials and for the compiler, of the server for what it runs with."""
    parts = {(folder, "npm"): {f"pnpm-lock.yaml#{folder}": "1"} for folder in ("sdk/ts", "services/graph")}
    found = targets(replace(REFERENCE, parts=parts))
    of_sdk, of_server = {"pnpm-lock.yaml#sdk/ts": "1"}, {"pnpm-lock.yaml#services/graph": "1"}
    assert found["artifact:ts"].inputs.parts == found["install-check:ts"].inputs.parts == of_sdk
    assert found["smoke:npm"].inputs.parts == of_server
    assert "pnpm-lock.yaml" not in found["artifact:ts"].inputs.files
    whole = targets(REFERENCE)
    for each in ("artifact:ts", "install-check:ts", "smoke:npm"):
        assert "pnpm-lock.yaml" in whole[each].inputs.files


def test_an_installation_has_signs_that_follow_from_the_lockfile_and_are_no_part_of_its_recipe() -> None:
    root = replace(PNPM, installed=("node_modules/",), parted=("pnpm-lock.yaml",))
    found, before = (
        targets(replace(REFERENCE, install_roots=(each, UV)))["install:pnpm"]
        for each in (root, replace(root, installed=()))
    )
    assert found.signs == ("node_modules/",)
    assert found.parted == ("pnpm-lock.yaml",)
    assert found.recipe == before.recipe


def test_tools_open_files_that_are_no_inputs_and_each_is_allowed_to_one_program() -> None:
    mods = (member("sdk/go", "go"), member("services/agents", "go", "sdk/go"), member("alone", "go"))
    in_work = tuple(replace(each, in_workspace=each.folder != "alone", install_root=".") for each in mods)
    workspace = replace(REFERENCE, members=(*in_work, *(each for each in REFERENCE.members if each.ecosystem != "go")))
    view = view_of(workspace, files=("tools/report/README.md", "tools/report/src/a.py", "sdk/ts/README.md"))
    found = {target.id: MEMBERS.uncompared(target, view) for target in MEMBERS.derive(view)}
    shown = {str(each): {program: list(files) for program, files in by.items()} for each, by in found.items()}
    assert shown["service:agents"] == {"go": ["sdk/go/go.mod", "sdk/go/go.sum"]}
    assert shown["package:alone"] == {}
    assert shown["service:graph"] == {"pnpm": ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"]}
    assert shown["package:report"] == {"uv": ["pyproject.toml", "uv.lock"]}
    assert shown["install:uv"] == {"*": ["tools/report/README.md"]}
    assert shown["install:pnpm"] == {}
