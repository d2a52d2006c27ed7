"""What is packed are the files that the ecosystem's own tool packs in place, and each of them is an input."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from checkout import REPOSITORY, environment
from go_programs import pack_module
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.sessions.run import Run
from nox_rings.toolchain.toolchain import Toolchain
from python_workspaces import uv
from shapes import go_modules, npm_packages, python_projects
from shapes.shape import LICENSE, Shape
from strangers import Stranger, a_stranger

ORDER = 'syntax = "proto3";\n\npackage shop.v1;\n\noption go_package = "example.com/shop/v1;shopv1";\n\n'
PLUGINS = {
    # One that does not take two seconds to start, as those for JavaScript do.
    "npm": "local: [sh, stubs.sh]",
    "py": "protoc_builtin: python",
    "go": "local: protoc-gen-go\n    opt: paths=source_relative",
}
SHAPES: Mapping[str, Mapping[str, Shape]] = {
    "npm": npm_packages.SHAPES,
    "py": python_projects.SHAPES,
    "go": go_modules.SHAPES,
}


ROWS = [(language, name) for language, shapes in SHAPES.items() for name in shapes]


@dataclass
class Packed:
    """The shapes of a language in one repository, packed by one nox call, and a copy of that repository in which the
    tools pack in place."""

    stranger: Stranger
    language: str
    place: Path

    @property
    def shapes(self) -> Mapping[str, Shape]:
        return SHAPES[self.language]

    def name(self, shape: str) -> str:
        """Of its folder and its package."""
        readable = re.sub(r"[^a-z]+", "-", shape.lower())[:24].strip("-")
        if self.language == "py":
            found = re.search(r'name = "(.*)"', self.shapes[shape].texts["pyproject.toml"])
            assert found
            return found[1].replace("_", "-")
        return f"s{list(self.shapes).index(shape):02}-{readable}"

    def folder(self, shape: str) -> str:
        return f"{self.language}/{self.name(shape)}"

    def artifact(self, shape: str, pattern: str) -> Path:
        ecosystem = {"py": "pypi"}.get(self.language, self.language)
        (found,) = (self.stranger.root / "dist" / ecosystem / self.name(shape)).rglob(pattern)
        return found

    def make(self) -> None:
        """Files, lockfiles and a tag."""
        write = self.stranger.write
        write("idl/buf.yaml", "version: v2\n")
        write("idl/shop/v1/order.proto", f"{ORDER}message Order {{\n  string id = 1;\n}}\n")
        write("LICENSE", LICENSE)
        write(".gitignore", "/.nox-rings/\n/dist/\n__pycache__/\nnode_modules/\n")
        declarations = npm_packages.STUB.replace(".js", ".d.ts")
        (self.stranger.root / "idl/stubs.bin").write_bytes(a_response(npm_packages.STUB, declarations))
        write("idl/stubs.sh", "cat > /dev/null\ncat stubs.bin\n")
        plugins = [
            f"  - {PLUGINS[self.language]}\n    out: ../{self.folder(each)}/{self.shapes[each].generated}\n"
            for each in self.shapes
        ]
        write("idl/buf.gen.yaml", "version: v2\nplugins:\n" + "".join(plugins))
        for shape in self.shapes:
            self._write(shape)
        {"npm": self._make_npm, "py": self._make_python, "go": self._make_go}[self.language]()

    def _write(self, shape: str) -> None:
        for path, text in self.shapes[shape].texts.items():
            at = self.stranger.root / self.folder(shape) / path
            at.parent.mkdir(parents=True, exist_ok=True)
            if text.startswith("->"):
                at.symlink_to(text.removeprefix("->"))
            else:
                at.write_text(text.replace("NAME", self.name(shape)), encoding="utf-8")

    def _make_npm(self) -> None:
        self.stranger.pins("npm")
        self.stranger.write("package.json", '{"name": "top", "private": true, "version": "0.0.0"}\n')
        self.stranger.write("pnpm-workspace.yaml", "packages: [npm/*]\n")
        hook = "beforePacking(manifest) { return {...manifest, hooked: true} }"
        self.stranger.write(".pnpmfile.cjs", f"module.exports = {{hooks: {{{hook}}}}}\n")
        ask(self.stranger.root, "pnpm", "install", "--lockfile-only")
        self._commit()

    def _make_python(self) -> None:
        self.stranger.pins()
        self.stranger.write("py/pyproject.toml", '[tool.uv.workspace]\nmembers = ["*"]\n')
        self._commit()
        ask(self.stranger.root / "py", uv(), "lock", "-q")
        self._commit()

    def _make_go(self) -> None:
        self.stranger.pins("go/proto")
        pinned = self.stranger.text("tools/go/proto/go.mod"), self.stranger.text("tools/go/proto/go.sum")
        version = re.search(r"google.golang.org/protobuf (v\S+)", pinned[0])
        assert version
        sums = [line for line in pinned[1].splitlines() if f"/protobuf {version[1]}" in line]
        for shape in self.shapes:
            required = f"require google.golang.org/protobuf {version[1]}\n"
            text = f"module example.com/{self.name(shape)}\n\ngo 1.23\n\n{required}"
            self.stranger.write(f"{self.folder(shape)}/go.mod", text)
            self.stranger.write(f"{self.folder(shape)}/go.sum", "\n".join([*sums, ""]))
        self._commit()

    def _commit(self) -> None:
        self.stranger.commit()
        self.stranger.git("tag", "--force", "v1.4.2")


def a_response(*names: str) -> bytes:
    """A CodeGeneratorResponse (google/protobuf/compiler/plugin.proto) with files of one statement."""
    content = b"export const order = 1\n"
    files = (b"\x0a" + bytes([len(name)]) + name.encode() + b"\x7a" + bytes([len(content)]) + content for name in names)
    return b"\x10\x01" + b"".join(b"\x7a" + bytes([len(each)]) + each for each in files)


@cache
def tools() -> Toolchain:
    folder = Path(environment()["NOX_RINGS_TOOLS_DIR"])
    found = Toolchain(REPOSITORY, folder, ProcessRunner(), source="pinned", announce=print)
    found.require("node", "npm", "pnpm")
    return found


def ask(cwd: Path, *argv: str) -> str:
    """What a command of an ecosystem prints."""
    variables = {**environment(), **tools().environment("node", "npm", "pnpm")}
    done = subprocess.run(argv, cwd=cwd, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def packed_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Packed]:
    @cache
    def make(language: str) -> Packed:
        folder = tmp_path_factory.mktemp(language)
        packed = Packed(a_stranger(folder / "w"), language, folder / "place")
        packed.make()
        packed.stranger.must({"npm": "sdk-ts"}.get(language, f"sdk-{language}"), "--pack", "--keep-going")
        shutil.copytree(
            packed.stranger.root,
            packed.place,
            symlinks=True,
            ignore=shutil.ignore_patterns(".nox-rings", "__pycache__"),
        )
        Stranger(packed.place).commit()  # setuptools-scm takes what is committed
        return packed

    return make


def without_version(path: str) -> str:
    return re.sub(r"^[^/]+(\.dist-info|\.data)(?=/)", r"NAME\1", path)


def members(archive: Path) -> frozenset[str]:
    """Without the folder around them."""
    if archive.suffix == ".whl":
        return frozenset(map(without_version, zipfile.ZipFile(archive).namelist()))
    if archive.suffix == ".zip":
        return frozenset(name.partition("@")[2].partition("/")[2] for name in zipfile.ZipFile(archive).namelist())
    with tarfile.open(archive) as tarball:
        return frozenset(each.name.partition("/")[2] for each in tarball if not each.isdir())


def ours(packed: Packed, shape: str) -> dict[str, frozenset[str]]:
    patterns = {"npm": ("*.tgz",), "py": ("*.whl", "*.tar.gz"), "go": ("*.zip",)}[packed.language]
    return {pattern: members(packed.artifact(shape, pattern)) for pattern in patterns}


def in_place(packed: Packed, shape: str, scratch: Path) -> dict[str, frozenset[str]]:
    folder = packed.place / packed.folder(shape)
    if packed.language == "py":
        ask(folder, uv(), "build", "-q", "--no-sources", "--out-dir", str(scratch), ".")
        found = [*scratch.glob("*.whl"), *scratch.glob("*.tar.gz")]
        return {f"*{'.whl' if each.suffix == '.whl' else '.tar.gz'}": members(each) for each in found}
    if packed.language == "go":
        pack_module(folder, scratch, f"example.com/{packed.name(shape)}", "v1.4.2")
        (archive,) = scratch.rglob("*.zip")
        return {"*.zip": members(archive)}
    publish = json.loads((folder / "package.json").read_text()).get("publishConfig", {})
    printed = ask(folder / publish.get("directory", "."), "npm", "pack", "--dry-run", "--json", "--loglevel=silent")
    document = json.loads(printed)
    (answer,) = document if isinstance(document, list) else document.values()
    return {"*.tgz": frozenset(each["path"] for each in answer["files"])}


@pytest.mark.parametrize(("language", "shape"), ROWS, ids=[f"{one}: {other}" for one, other in ROWS])
def test_the_files_of_an_artifact_are_those_that_the_tool_packs_in_place(
    language: str, shape: str, packed_of: Callable[[str], Packed], tmp_path: Path
) -> None:
    packed = packed_of(language)
    told, found, wanted = packed.shapes[shape], ours(packed, shape), in_place(packed, shape, tmp_path)
    assert found.keys() == wanted.keys()
    for pattern, files in found.items():
        assert (files - wanted[pattern], wanted[pattern] - files) == (told.added, told.left), pattern
    installed = next(iter(found.values()))
    assert installed >= {*told.packed}
    assert not installed & {*told.absent}


def sources(packed: Packed, shape: str) -> list[str]:
    """The files of the workspace that went into the artifact as they are: the paths in an sdist, a tarball and a module
    zip are those in the package."""
    root, folder = packed.stranger.root, packed.folder(shape)
    if packed.language == "npm":
        publish = json.loads((root / folder / "package.json").read_text()).get("publishConfig", {})
        folder = f"{folder}/{publish['directory']}" if "directory" in publish else folder
    files = list(ours(packed, shape).values())[-1]
    found = [f"{folder}/{path}" for path in files if (root / folder / path).is_file()]
    return sorted([*found, *(["LICENSE"] if "LICENSE" in files and f"{folder}/LICENSE" not in found else [])])


@contextmanager
def edited(root: Path, paths: Iterable[str]) -> Iterator[None]:
    """Each with a line more, for the length of a block."""
    before = {path: (root / path).read_bytes() for path in paths}
    for path, content in before.items():
        (root / path).write_bytes(content + b"\n")
    yield
    for path, content in before.items():
        (root / path).write_bytes(content)


@pytest.mark.parametrize(("language", "shape"), ROWS, ids=[f"{one}: {other}" for one, other in ROWS])
def test_every_file_that_is_packed_is_an_input_of_the_artifact(
    language: str, shape: str, packed_of: Callable[[str], Packed], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link is one by its text, and what it leads to is another."""
    monkeypatch.setenv("NOX_RINGS_TOOLS_DIR", environment()["NOX_RINGS_TOOLS_DIR"])
    packed = packed_of(language)
    root, paths = packed.stranger.root, sources(packed, shape)
    assert len(paths) >= 3
    runner = ProcessRunner()
    run = Run(root, runner)
    target = run.graph.targets[f"artifact:{packed.name(shape)}"]
    before = run.planner().facts(target).inputs
    with edited(root, paths):
        after = run.planner().facts(target).inputs
    runner.close()
    resolved = {path: (root / path).resolve().relative_to(root.resolve()).as_posix() for path in paths}
    assert [path for path, at in resolved.items() if before.get(at) == after.get(at)] == []


def test_hooks_of_the_workspace_change_the_packed_manifest(packed_of: Callable[[str], Packed]) -> None:
    packed = packed_of("npm")
    with tarfile.open(packed.artifact("no list of files", "*.tgz")) as tarball:
        manifest = tarball.extractfile("package/package.json")
        assert manifest is not None and json.loads(manifest.read())["hooked"] is True


@pytest.mark.parametrize("language", SHAPES)
def test_an_edit_of_a_packed_file_makes_the_artifact_stale_whether_git_lists_it_or_not(
    language: str, packed_of: Callable[[str], Packed]
) -> None:
    packed = packed_of(language)
    listed = frozenset(packed.stranger.git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"))
    names = {f"artifact:{packed.name(shape)}": sources(packed, shape) for shape in packed.shapes}
    reasons = packed.stranger.reasons()
    assert {name: reasons[name] for name in names} == dict.fromkeys(names, "fresh")
    for is_listed in (True, False):
        chosen = {name: [each for each in paths if (each in listed) is is_listed][:1] for name, paths in names.items()}
        stale = [name for name, paths in chosen.items() if paths]
        assert len(stale) >= 3
        with edited(packed.stranger.root, {path for paths in chosen.values() for path in paths}):
            reasons = packed.stranger.reasons()
        assert [name for name in stale if reasons[name] == "fresh"] == []
