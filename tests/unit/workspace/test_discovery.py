"""Small workspaces of shapes other than Ameide's, and everything that can be wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.sessions.discovery import discover_workspace
from nox_rings.workspace.config import Config, ImageConfig
from nox_rings.workspace.model import ImageVariant, InstallRoot, Workspace
from unit.conftest import WriteTree

BY_NAME = {each.name: each for each in ECOSYSTEMS}
BUF = "version: v2\n"
GO_MOD = "module example.com/{0}\n\ngo 1.25\n"
GO = {"main.go": "package main\n"}


def discover(write_tree: WriteTree, texts: Mapping[str, str], config: Config | None = None) -> Workspace:
    return discover_workspace(write_tree(texts), tuple(sorted(texts)), config or Config(), BY_NAME)


def members(workspace: Workspace) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Folder → ecosystem, install root, local dependencies."""
    return {each.folder: (each.ecosystem, each.install_root, each.depends_on) for each in workspace.members}


def test_a_folder_without_any_descriptor_is_an_empty_workspace(write_tree: WriteTree) -> None:
    assert discover(write_tree, {"README.md": "hello\n"}) == Workspace()


def test_a_typescript_workspace_takes_its_members_from_the_globs(write_tree: WriteTree) -> None:
    workspace = discover(
        write_tree,
        {
            "package.json": '{"name": "root", "private": true}',
            "pnpm-workspace.yaml": 'packages: ["packages/*", "!packages/old"]\n',
            "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
            "packages/a/package.json": '{"name": "@x/a", "scripts": {"build": "tsc", "test": "vitest", "dev": "vite"}}',
            "packages/b/package.json": '{"name": "@x/b", "dependencies": {"@x/a": "workspace:*"}}',
            "packages/old/package.json": '{"name": "@x/old"}',
            "elsewhere/package.json": '{"name": "@x/elsewhere"}',
        },
    )
    assert members(workspace) == {"packages/a": ("npm", ".", ()), "packages/b": ("npm", ".", ("packages/a",))}
    assert [member.checks for member in workspace.members] == [("build", "test"), ()]
    assert workspace.install_roots == (
        InstallRoot(
            folder=".",
            ecosystem="npm",
            lockfile="pnpm-lock.yaml",
            files=(
                *("package.json", "packages/a/package.json", "packages/b/package.json"),
                *("pnpm-lock.yaml", "pnpm-workspace.yaml"),
            ),
            manager="pnpm",
            installed=(
                *("node_modules/", "node_modules/@x/"),
                *("packages/a/node_modules/", "packages/b/node_modules/", "packages/b/node_modules/@x/"),
            ),
            parted=(
                *("package.json", "packages/a/package.json", "packages/b/package.json"),
                *("pnpm-lock.yaml", "pnpm-workspace.yaml"),
            ),
        ),
    )


@pytest.mark.parametrize("table", ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"])
def test_every_table_of_dependencies_counts(write_tree: WriteTree, table: str) -> None:
    texts = {
        "pnpm-workspace.yaml": "packages: ['*']\n",
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
        "a/package.json": '{"name": "a"}',
        "b/package.json": f'{{"name": "b", "{table}": {{"a": "workspace:*"}}}}',
    }
    assert members(discover(write_tree, texts))["b"] == ("npm", ".", ("a",))


def test_a_single_typescript_package_is_its_own_install_root(write_tree: WriteTree) -> None:
    texts = {"web/package.json": '{"name": "web"}', "web/pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}
    assert members(discover(write_tree, texts)) == {"web": ("npm", "web", ())}


def test_a_pnpm_workspace_file_that_holds_settings_only_leaves_the_package_beside_it(write_tree: WriteTree) -> None:
    texts = {
        "package.json": '{"name": "web", "scripts": {"build": "tsc"}}',
        "pnpm-workspace.yaml": "onlyBuiltDependencies: [esbuild]\n",
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    }
    assert members(discover(write_tree, texts)) == {".": ("npm", ".", ())}


def test_go_modules_without_a_go_work_stand_alone_or_follow_their_replace_lines(write_tree: WriteTree) -> None:
    texts = {
        "lib/go.mod": GO_MOD.format("lib"),
        "lib/lib.go": "package lib\n",
        "app/go.mod": GO_MOD.format("app") + "require example.com/lib v0.0.0\nreplace example.com/lib => ../lib\n",
        "app/main.go": "package main\n",
        "other/go.mod": GO_MOD.format("other"),
        "other/main.go": "package main\n",
        "tools/go.mod": GO_MOD.format("tools") + "tool example.com/x\n",
    }
    assert members(discover(write_tree, texts)) == {
        "app": ("go", "app", ("lib",)),
        "lib": ("go", "lib", ()),
        "other": ("go", "other", ()),
    }


def test_a_go_work_makes_its_modules_find_each_other(write_tree: WriteTree) -> None:
    texts = {
        "go.work": "go 1.25\n\nuse (\n\t./lib // the library\n\t./app\n)\n",
        "lib/go.mod": GO_MOD.format("lib"),
        "lib/lib.go": "package lib\n",
        "app/go.mod": GO_MOD.format("app") + "require example.com/lib v1.2.3\nrequire example.com/apart v1.2.3\n",
        "app/go.sum": "",
        "app/main.go": "package main\n",
        "apart/go.mod": GO_MOD.format("apart") + "require example.com/lib v1.2.3\n",
        "apart/go.sum": "",
        "apart/main.go": "package main\n",
    }
    assert members(discover(write_tree, texts)) == {
        "apart": ("go", "apart", ()),
        "app": ("go", ".", ("lib",)),
        "lib": ("go", ".", ()),
    }


def test_a_replacement_in_go_work_holds_for_its_modules_before_their_own(write_tree: WriteTree) -> None:
    required = "require example.com/lib v1.2.3\nreplace example.com/lib => ../old\n"
    texts = {
        "work/go.work": "go 1.25\nuse ./app\nreplace example.com/lib v1.2.3 => ../lib\n",
        "work/app/go.mod": GO_MOD.format("app") + required,
        "work/app/main.go": "package main\n",
        "work/old/go.mod": GO_MOD.format("lib"),
        "work/old/lib.go": "package lib\n",
        "lib/go.mod": GO_MOD.format("lib"),
        "lib/lib.go": "package lib\n",
        "alone/go.mod": GO_MOD.format("alone") + "require example.com/lib v1.2.3\nreplace example.com/lib => ../lib\n",
        "alone/main.go": "package main\n",
    }
    assert members(discover(write_tree, texts)) == {
        "alone": ("go", "alone", ("lib",)),
        "lib": ("go", "lib", ()),
        "work/app": ("go", "work", ("lib",)),
        "work/old": ("go", "work/old", ()),
    }


def test_a_go_file_belongs_to_the_nearest_go_mod(write_tree: WriteTree) -> None:
    texts = {
        "go.mod": GO_MOD.format("all"),
        "tools/go.mod": GO_MOD.format("tools") + "tool example.com/x\n",
        "app/go.mod": GO_MOD.format("app"),
        "app/internal/deep/deep.go": "package deep\n",
    }
    assert members(discover(write_tree, texts)) == {"app": ("go", "app", ())}


def test_a_single_python_project_with_a_lock_is_its_own_install_root(write_tree: WriteTree) -> None:
    texts = {
        "pyproject.toml": '[project]\nname = "tool"\nversion = "0"\n[dependency-groups]\ndev = ["pytest"]\n',
        "uv.lock": "version = 1\n",
        "tests/test_tool.py": "",
    }
    workspace = discover(write_tree, texts)
    assert members(workspace) == {".": ("pypi", ".", ())}
    assert workspace.members[0].checks == ("test",)
    assert workspace.install_roots[0].groups == ("dev",)
    assert workspace.install_roots[0].files == ("pyproject.toml", "uv.lock")


def test_a_python_workspace_knows_its_members_and_their_sources(write_tree: WriteTree) -> None:
    texts = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["py/*"]\nexclude = ["py/old"]\n',
        "uv.lock": "version = 1\n",
        "py/sdk/pyproject.toml": '[project]\nname = "My_Sdk"\n',
        "py/app/pyproject.toml": '[project]\nname = "app"\ndependencies = ["my-sdk>=1", "httpx[http2]"]\n'
        "[tool.uv.sources]\nmy-sdk = { workspace = true }\n",
        "py/job/pyproject.toml": '[project]\nname = "job"\n[project.optional-dependencies]\nall = ["my.sdk"]\n'
        '[tool.uv.sources]\n"my.sdk" = { workspace = true }\n',
        "py/plain/pyproject.toml": '[project]\nname = "plain"\ndependencies = ["my-sdk"]\n',
        "py/old/pyproject.toml": '[project]\nname = "old"\n',
    }
    assert members(discover(write_tree, texts)) == {
        "py/old": ("pypi", "py/old", ()),  # excluded from the workspace, and a project all the same
        "py/app": ("pypi", ".", ("py/sdk",)),
        "py/job": ("pypi", ".", ("py/sdk",)),
        "py/plain": ("pypi", ".", ()),
        "py/sdk": ("pypi", ".", ()),
    }


def test_two_buf_modules_each_have_their_templates(write_tree: WriteTree) -> None:
    template = "version: v2\nplugins:\n  - local: protoc-gen-es\n    out: {0}\n"
    texts = {
        "api/buf.yaml": BUF,
        "api/buf.gen.yaml": template.format("../web/gen"),
        "events/buf.yaml": "version: v2\nmodules:\n  - path: proto\n",
        "events/buf.gen.ts.yaml": template.format("gen"),
    }
    found = discover(write_tree, texts).schemas
    assert [(buf.folder, buf.modules) for buf in found] == [("api", ("api",)), ("events", ("events/proto",))]
    assert [[template.outs for template in buf.templates] for buf in found] == [[("web/gen",)], [("events/gen",)]]


@pytest.mark.parametrize(
    ("copy", "context"),
    [
        ("COPY main.go ./", "services/api"),
        ("COPY services/api/main.go ./", "."),
        ("COPY . .", "services/api"),
        ("RUN true", "services/api"),
        ("COPY go.mod /", "."),
        ("COPY services/*/main.go ./", "."),
    ],
)
def test_the_context_of_an_image_is_its_folder_when_all_it_copies_is_there(
    write_tree: WriteTree, copy: str, context: str
) -> None:
    texts = {
        "go.mod": GO_MOD.format("root"),
        "services/api/main.go": "package main\n",
        "services/api/Dockerfile": f"FROM golang:1.25\n{copy}\n",
    }
    (image,) = discover(write_tree, texts).images
    assert (image.name, image.variant, image.context) == ("api", ImageVariant.RELEASE, context)


def test_a_configured_context_wins(write_tree: WriteTree) -> None:
    texts = {"services/api/Dockerfile.dev": "FROM golang:1.25\nCOPY . .\n"}
    (image,) = discover(write_tree, texts, Config(images={"api": ImageConfig(context=".")})).images
    assert (image.variant, image.context, image.sources) == (ImageVariant.DEV, ".", (".",))


def test_the_ignore_file_beside_the_dockerfile_wins_over_that_of_the_context(write_tree: WriteTree) -> None:
    texts = {
        ".dockerignore": "# root\n\nnode_modules\n",
        "a/Dockerfile": "FROM scratch\nCOPY a/x /x\n",
        "a/x": "",
        "b/Dockerfile": "FROM scratch\nCOPY b/x /x\n",
        "b/Dockerfile.dockerignore": "*\n!b\n",
        "b/x": "",
    }
    images = discover(write_tree, texts).images
    assert [image.ignore for image in images] == [("node_modules",), ("*", "!b")]


@pytest.mark.parametrize("name", ["Dockerfile.release", "Dockerfile.main", "Dockerfile"])
def test_each_name_of_a_release_dockerfile_is_found(write_tree: WriteTree, name: str) -> None:
    (image,) = discover(write_tree, {f"api/{name}": "FROM scratch\n"}).images
    assert (image.dockerfile, image.variant) == (f"api/{name}", ImageVariant.RELEASE)


def test_hidden_folders_and_ignored_paths_hold_nothing_of_the_workspace(write_tree: WriteTree) -> None:
    texts = {
        ".devcontainer/Dockerfile": "FROM scratch\nCOPY no /no\n",
        "examples/go.mod": GO_MOD.format("example"),
        "examples/main.go": "package main\n",
    }
    found = discover(write_tree, texts, Config(ignore=("examples",)))
    assert (found.members, found.images, found.problems) == ((), (), {})


def test_a_listed_file_that_is_deleted_on_the_disk_is_skipped(write_tree: WriteTree) -> None:
    root = write_tree({"README.md": ""})
    assert discover_workspace(root, ("README.md", "gone/go.mod"), Config(), BY_NAME) == Workspace()


PROBLEMS: dict[str, tuple[dict[str, str], str]] = {
    "no pnpm lock": (
        {"pnpm-workspace.yaml": "packages: [a]\n"},
        "pnpm-workspace.yaml: found no pnpm-lock.yaml beside it, "
        "expected a committed lockfile (run `pnpm install` in .)",
    ),
    "no uv lock": (
        {"py/pyproject.toml": '[project]\nname = "x"\n[tool.uv]\npackage = false\n'},
        "py/pyproject.toml: found no uv.lock beside it, expected a committed lockfile (run `uv lock` in py)",
    ),
    "no go.sum": (
        {"go/go.mod": GO_MOD.format("x") + "require example.com/far v1.0.0\n", "go/x.go": "package x\n"},
        "go/go.mod: found no go.sum beside it, expected a committed lockfile (run `go mod tidy` in go)",
    ),
    "unknown workspace dependency": (
        {
            "ts/pnpm-workspace.yaml": "packages: [a]\n",
            "ts/pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
            "ts/a/package.json": '{"name": "a", "devDependencies": {"@x/none": "workspace:^"}}',
        },
        "ts/a/package.json:1: devDependencies.@x/none: found workspace:^, "
        "expected the name of a package of this workspace",
    ),
    "broken JSON": (
        {"js/package.json": "{", "js/pnpm-lock.yaml": "lockfileVersion: '9.0'\n"},
        "js/package.json: found text that is not JSON",
    ),
    "broken TOML": ({"toml/pyproject.toml": "[project\n"}, "toml/pyproject.toml: found text that is not TOML"),
    "broken YAML": ({"yaml/buf.yaml": "version: [v2\n"}, "yaml/buf.yaml: found text that is not YAML"),
    "YAML without a mapping": ({"list/buf.yaml": "- v2\n"}, "list/buf.yaml: found a list at the top, expected a YAML"),
    "go.work of nothing": (
        {"work/go.work": "go 1.25\nuse ./none\n"},
        "work/go.work:2: found `use ./none`, expected a folder with a go.mod",
    ),
}


def problems_of(write_tree: WriteTree, texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(each for found in discover(write_tree, texts).problems.values() for each in found)


@pytest.mark.parametrize(("texts", "problem"), PROBLEMS.values(), ids=list(PROBLEMS))
def test_a_problem_names_its_path_what_was_found_and_what_was_expected(
    write_tree: WriteTree, texts: dict[str, str], problem: str
) -> None:
    (found,) = problems_of(write_tree, texts)
    assert found.startswith(problem)


def test_every_problem_of_a_workspace_is_found_at_once(write_tree: WriteTree) -> None:
    texts = {path: text for case, _ in PROBLEMS.values() for path, text in case.items()}
    del texts["pnpm-workspace.yaml"]  # it would make the packages below members of a workspace at the root
    del texts["list/buf.yaml"]
    found = problems_of(write_tree, texts)
    wanted = [problem for name, (case, problem) in PROBLEMS.items() if set(case) <= set(texts)]
    assert len(wanted) == 7
    assert len(found) == 7
    assert all(any(each.startswith(problem) for each in found) for problem in wanted)


def test_the_error_has_a_line_for_each_problem() -> None:
    error = WorkspaceInvalidError(("a: x", "b: y"), hint="fix them")
    assert str(error) == "2 problems in this workspace:\n  a: x\n  b: y\n  try: fix them"
    assert str(WorkspaceInvalidError(("a: x",))) == "a: x"


@pytest.mark.parametrize(
    ("texts", "private"),
    [
        ({"a/package.json": '{"name": "a", "private": true}', "a/package-lock.json": "{}"}, True),
        ({"a/package.json": '{"name": "a", "private": false}', "a/package-lock.json": "{}"}, False),
        ({"a/package.json": '{"name": "a"}', "a/package-lock.json": "{}"}, False),
        ({"a/pyproject.toml": '[project]\nname = "a"\nclassifiers = ["Private :: Do Not Upload"]\n'}, True),
        ({"a/pyproject.toml": '[project]\nname = "a"\nclassifiers = ["Typing :: Typed"]\n'}, False),
    ],
)
def test_a_manifest_can_say_that_its_package_is_never_published(
    write_tree: WriteTree, texts: dict[str, str], private: bool
) -> None:
    assert [each.private for each in discover(write_tree, texts).members] == [private]


STRANGE: dict[str, tuple[dict[str, str], dict[str, tuple[str, str, tuple[str, ...]]]]] = {
    "a pattern of .gitignore that git cannot read": (
        {
            ".gitignore": "*[a-\n**[\n[z-a]\n",
            "a/package.json": '{"scripts": {"build": "x"}}',
            "a/package-lock.json": "{}",
        },
        {"a": ("npm", "a", ())},
    ),
    "a file of the repository that no root installs": (
        {
            "a/package.json": '{"dependencies": {"b": "file:../third/b"}}',
            "a/package-lock.json": "{}",
            "third/b/package.json": '{"name": "b", "dependencies": {"c": "1"}}',
        },
        {"a": ("npm", "a", ())},
    ),
    "a package alone": (
        {
            "a/package.json": '{"dependencies": {"b": "file:../b"}}',
            "a/package-lock.json": "{}",
            "b/package.json": '{"name": "b", "scripts": {"test": "x"}}',
        },
        {"a": ("npm", "a", ("b",)), "b": ("npm", "b", ())},
    ),
    "a broken manifest of a project without uv": (
        {"a/pyproject.toml": "[project\n", "a/a.py": "", "tests/data/pyproject.toml": "[project\n"},
        {"a": ("pypi", "a", ())},
    ),
}


@pytest.mark.parametrize(("texts", "expected"), STRANGE.values(), ids=list(STRANGE))
def test_what_is_strange_stops_nothing_and_is_a_member_all_the_same(
    write_tree: WriteTree, texts: dict[str, str], expected: dict[str, tuple[str, str, tuple[str, ...]]]
) -> None:
    assert members(discover(write_tree, texts)) == expected


def test_a_folder_that_a_package_requires_and_no_root_installs_is_read(write_tree: WriteTree) -> None:
    texts, _ = STRANGE["a file of the repository that no root installs"]
    (found,) = discover(write_tree, texts).members
    assert found.reads == ("third/b",)


def test_an_npmrc_in_latin_1_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "a"}')
    (tmp_path / "pnpm-workspace.yaml").write_text("packages: []\n")
    (tmp_path / ".npmrc").write_bytes(b"# \xfcber uns\n")
    files = (".npmrc", "package.json", "pnpm-workspace.yaml")
    found = discover_workspace(tmp_path, files, Config(), BY_NAME)
    assert [each.folder for each in found.members] == ["."]
