"""Packing: one commit makes the same bytes in every checkout, and no tracked file is changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from checkout import REPOSITORY, Answer, Checkout, environment, make_checkout
from go_programs import pack_module
from nox_rings.artifacts.kinds import ARTIFACT
from nox_rings.artifacts.recipe import artifact_steps
from nox_rings.ecosystems.model import ArtifactSubject
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.steps import Action, StepContext
from nox_rings.sessions.run import Run
from sdks import Sdks

PACK = ("-s", "sdk", "--", "--pack")
ATTEMPTS = 5
FOLDERS = ("dist/npm/ts", "dist/go/go", "dist/pypi/py")
PACKAGES = ("packages/ameide_sdk_ts", "packages/ameide_sdk_go", "packages/ameide_sdk_python")
# Commands that print each perturbation that is not in the files.
PERTURBED = ("umask", "date +%z", "echo $LC_ALL", "echo $HOME", "echo $USER", "pwd")


@dataclass(frozen=True)
class Packer:
    """A checkout and the settings of the user who packs there."""

    checkout: Checkout
    umask: str
    settings: dict[str, str]
    jobs: str

    def ask(self, *argv: str) -> Answer:
        return self.checkout.command("sh", "-c", f'umask {self.umask}; exec "$@"', "sh", *argv, **self.settings)

    def nox(self, *arguments: str) -> Answer:
        return self.ask(str(self.checkout.root / "scripts" / "nox"), *arguments)

    def pack(self, *options: str) -> None:
        answer = self.nox(*PACK, "--jobs", self.jobs, *options)
        assert answer.exit_code == 0, answer.out[-4000:] + answer.err[-4000:]

    def tracked(self) -> list[Path]:
        return [self.checkout.root / path for path in self.checkout.git("ls-files", "-z").split("\0") if path]


@pytest.fixture(scope="module")
def packers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Packer, Packer]:
    """Two checkouts of one commit in which everything else differs, both packed. Caches are those of this machine:
    what is downloaded is not what is tested."""
    folder = tmp_path_factory.mktemp("pack")
    source = make_checkout(folder / "source")
    caches = machine_caches()
    usual = Packer(Checkout(folder / "one"), "022", {"TZ": "UTC", "LC_ALL": "C", "USER": "one", **caches}, "4")
    strange = Packer(
        Checkout(folder / "deep er" / "another"),
        "077",
        {"TZ": "Asia/Kolkata", "LC_ALL": "C.UTF-8", "USER": "another", "HOME": str(folder / "home"), **caches},
        "1",
    )
    (folder / "home").mkdir()
    (folder / "home" / ".npmrc").write_text("pack-gzip-level=1\n")
    (folder / "deep er").mkdir()
    for packer in (usual, strange):
        source.command("sh", "-c", f'umask {packer.umask}; git clone -q . "$0"', str(packer.checkout.root))
    for number, path in enumerate(strange.tracked()):
        os.utime(path, (981173106 + number, 981173106 + number), follow_symlinks=False)
    # What git ignores and a build by hand leaves.
    for package in PACKAGES:
        strange.checkout.write(f"{package}/dist/left-here.txt", "by hand\n")
    usual.pack()
    strange.pack()
    return usual, strange


def machine_caches() -> dict[str, str]:
    found = environment()
    home = Path(found["HOME"])
    caches = {
        "UV_CACHE_DIR": home / ".cache/uv",
        "GOMODCACHE": Path(found.get("GOPATH", home / "go")) / "pkg/mod",
        "GOCACHE": home / ".cache/go-build",
        "PNPM_CONFIG_STORE_DIR": home / ".local/share/pnpm/store",
    }
    return {name: found.get(name, str(path)) for name, path in caches.items()}


def digests(checkout: Checkout) -> dict[str, str]:
    """Path below `dist` → SHA-256."""
    dist = checkout.root / "dist"
    files = [path for path in dist.rglob("*") if path.is_file()]
    return {str(path.relative_to(dist)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_perturbations_are_there(packers: tuple[Packer, Packer]) -> None:
    usual, strange = packers
    for one, other in zip(usual.tracked(), strange.tracked(), strict=True):
        if one.is_symlink():
            continue  # it has the mode of nothing
        before, after = one.lstat(), other.lstat()
        assert before.st_mtime_ns != after.st_mtime_ns, one
        assert before.st_mode & 0o044 == 0o044 and after.st_mode & 0o077 == 0, one
    message = [[packer.ask("sh", "-c", words).out for words in PERTURBED] for packer in packers]
    assert all(first != second for first, second in zip(*message, strict=True)), message
    assert usual.jobs != strange.jobs
    assert usual.checkout.git("rev-parse", "HEAD") == strange.checkout.git("rev-parse", "HEAD")


def test_two_checkouts_of_one_commit_pack_the_same_bytes(packers: tuple[Packer, Packer]) -> None:
    usual, strange = (digests(packer.checkout) for packer in packers)
    assert usual == strange
    kinds = {path.rpartition(".")[2] for path in usual}
    assert {"tgz", "whl", "gz", "zip", "mod", "info"} <= kinds
    assert not any("left-here" in name for packer in packers for _, name, _ in members(packer.checkout))


def test_artifacts_of_edited_sources_are_marked_as_uncommitted(packers: tuple[Packer, Packer]) -> None:
    """Elsewhere `uncommitted` is empty, and the bytes are those of the commit."""
    checkout = packers[1].checkout
    manifest = checkout.root / "dist/go/go/manifest.json"
    before = digests(checkout)
    assert json.loads(manifest.read_text())["uncommitted"] == []
    new = "packages/ameide_sdk_go/new.txt"
    checkout.write(new, "not in git\n")
    answer = packers[1].nox("-s", "sdk-go", "--", "--pack")
    (checkout.root / new).unlink()
    assert answer.exit_code == 0, answer.out[-4000:]
    assert "1 uncommitted" in answer.out
    assert json.loads(manifest.read_text())["uncommitted"] == [new]
    assert any(name.endswith("/new.txt") for _, name, _ in members(checkout))
    packers[1].pack()
    assert digests(checkout) == before


def test_the_folder_of_the_version_has_the_sealed_files(packers: tuple[Packer, Packer]) -> None:
    root = packers[0].checkout.root
    (view,) = (root / "dist").glob("0.1.0-dev.*")
    for folder in FOLDERS:
        rows = json.loads((root / folder / "manifest.json").read_text())["artifacts"]
        assert rows, folder
        for row in rows:
            shown = view / Path(folder).relative_to("dist") / row["name"]
            assert shown.samefile(root / folder / row["name"])
            content = shown.read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (row["size"], row["sha256"])


def test_no_artifact_contains_a_path_of_its_checkout(packers: tuple[Packer, Packer]) -> None:
    for packer in packers:
        found = [*members(packer.checkout)]
        assert len(found) > 100 and sum(archive.endswith(".cdx.json") for archive, _, _ in found) == 4
        words = [str(packer.checkout.root).encode(), packer.settings["UV_CACHE_DIR"].encode()]
        assert not [(archive, name) for archive, name, content in found if any(word in content for word in words)]


def members(checkout: Checkout) -> Iterator[tuple[str, str, bytes]]:
    """Archive, member and content of everything packed."""
    for folder in FOLDERS:
        for path in sorted((checkout.root / folder).rglob("*")):
            if path.name.endswith((".tgz", ".tar.gz")):
                with tarfile.open(path) as tar:
                    for member in tar:
                        if read := tar.extractfile(member):
                            yield path.name, member.name, read.read()
            elif path.name.endswith(".cdx.json"):
                yield path.name, path.name, path.read_bytes()
            elif path.suffix in (".whl", ".zip"):
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        yield path.name, name, archive.read(name)


def test_tracked_files_are_as_they_were_after_packing_and_after_kill_9_in_the_middle_of_it(
    packers: tuple[Packer, Packer],
) -> None:
    packer = packers[0]
    checkout = packer.checkout
    assert checkout.is_clean() and packers[1].checkout.is_clean()
    before = digests(checkout)
    for session, target, folder in zip(("sdk-ts", "sdk-go", "sdk-py"), ("ts", "go", "py"), FOLDERS, strict=True):
        kill_in(checkout, f"artifact:{target}", "-s", session, "--", "--pack", without=folder)
        assert checkout.is_clean()
    packer.pack()
    assert digests(checkout) == before
    assert checkout.is_clean()
    assert not [each for each in reasons(packer.nox) if each.startswith("artifact:")]


def test_a_kill_in_the_install_check_leaves_no_tracked_file_changed_and_the_next_run_completes(
    packers: tuple[Packer, Packer],
) -> None:
    packer = packers[0]
    checkout = packer.checkout
    for language in ("ts", "go", "py"):
        kill_in(checkout, f"install-check:{language}", "-s", f"sdk-{language}", "--", "--pack", "--force")
        assert checkout.is_clean()
    packer.pack()
    assert checkout.is_clean()
    assert not [each for each in reasons(packer.nox) if each.startswith(("artifact:", "install-check:"))]


def kill_in(checkout: Checkout, target_id: str, *arguments: str, without: str = "") -> None:
    """By signal 9. Once more where a busy machine let the target end before the signal came."""
    for _ in range(ATTEMPTS):
        if without:
            shutil.rmtree(checkout.root / without, ignore_errors=True)
        running = checkout.start_until(target_id, *arguments)
        running.kill()
        running.wait()
        if reasons(checkout.nox).get(target_id) == "unfinished":
            return
    raise AssertionError(f"{target_id} was over before it could be killed, {ATTEMPTS} times")


def reasons(nox: Callable[..., Answer]) -> dict[str, str]:
    """Target → reason of everything that would run, with the variables of who asks: TZ is an input."""
    targets = nox("-s", "plan", "--", "--json").json()["targets"]
    return {each["id"]: each["reason"] for each in targets if each["runs"]}


def test_an_artifact_that_was_edited_with_unchanged_times_is_refused_and_made_again(
    packers: tuple[Packer, Packer], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    checkout = packers[0].checkout
    before = digests(checkout)
    (wheel,) = (checkout.root / "dist/pypi/py").glob("*.whl")
    assert "artifact:py" not in reasons(packers[0].nox)  # which also remembers the digests by size and times
    content, times = wheel.read_bytes(), wheel.stat()
    with wheel.open("r+b") as file:
        file.seek(100)
        file.write(bytes([content[100] ^ 1]))
    os.utime(wheel, ns=(times.st_atime_ns, times.st_mtime_ns))
    edited = hashlib.sha256(wheel.read_bytes()).hexdigest()
    sealed = hashlib.sha256(content).hexdigest()
    message = (
        f"dist/pypi/py/{wheel.name}: found {len(content)} bytes of sha256 {edited[:12]}, "
        f"expected {len(content)} bytes of sha256 {sealed[:12]} as sealed in manifest.json"
    )
    monkeypatch.setenv("NOX_RINGS_TOOLS_DIR", environment()["NOX_RINGS_TOOLS_DIR"])
    run = Run(checkout.root, ProcessRunner())
    for target in ("smoke:pypi", "install-check:py"):
        first = run.steps(run.graph.targets[target])[0]
        assert isinstance(first, Action)
        with ExitStack() as closing, (tmp_path / "log").open("w+b") as log, pytest.raises(StepFailedError) as refused:
            first.act(
                StepContext(
                    root=run.layout.root, runner=run.runner, log=log, say=print, closing=closing, environment={}
                )
            )
        assert refused.value.message == f"{checkout.root}/{message}"
    assert reasons(packers[0].nox)["artifact:py"] == "output-edited"  # seen by the time of the inode
    packers[0].pack()
    assert digests(checkout) == before


def test_a_package_requires_its_siblings_in_the_version_of_the_release(
    sdks: Sdks, shared_checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No SDK here has a Python sibling, but the inference service does: packed as one, it is bound to the release."""
    monkeypatch.setenv("NOX_RINGS_TOOLS_DIR", environment()["NOX_RINGS_TOOLS_DIR"])
    runner = ProcessRunner()
    run = Run(shared_checkout.root, runner)
    member = run.view().index.member_at("services/inference", "pypi")
    assert member is not None
    source = run.view().subject(member)
    target = Target(
        id=ARTIFACT.id("inference"),
        kind=ARTIFACT,
        path=member.folder,
        subject=ArtifactSubject(source=source, copied=(member,), released=(member.name,)),
        inputs=run.view().ecosystem_of(member).pack_inputs(source, run.files),
        outputs=("dist/pypi/inference",),
    )
    begin, pack, *_ = artifact_steps(target, run.context)
    assert isinstance(begin, Action) and isinstance(pack, Command)
    with (tmp_path / "log").open("w+b") as log, ExitStack() as closing:
        tools = run.tools().environment("uv", "python")
        context = StepContext(
            root=run.layout.root, runner=runner, log=log, say=print, closing=closing, environment=tools
        )
        begin.act(context)
        context.run(pack)
    runner.close()
    (wheel,) = (run.layout.stage(target.id) / "packed").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    assert f"Requires-Dist: ameide-sdk-python=={run.context.versions.pypi}" in lines
    assert "Requires-Dist: grpcio>=1.85.1" in lines
    assert shared_checkout.is_clean()


GO_MODULE = {
    "go.mod": "module example.com/Odd\n\ngo 1.27\n",
    "odd.go": "package odd\n",
    "LICENSE": "free\n",
    "name with space.txt": "x\n",
    "vendor/modules.txt": "# none\n",
    "vendor/example.com/x/x.go": "package x\n",
    "pkg/vendor/kept.go": "package vendor\n",
    "nested/go.mod": "module example.com/Odd/nested\n",
    "nested/deep/nested.go": "package deep\n",
}
KEPT = ("LICENSE", "go.mod", "name with space.txt", "odd.go", "pkg/vendor/kept.go")


def test_go_downloads_and_verifies_a_module_without_its_excluded_files(tmp_path: Path) -> None:
    module = Checkout(tmp_path / "module")
    for path, text in GO_MODULE.items():
        module.write(path, text)
    (module.root / "link.go").symlink_to("odd.go")
    pack_module(module.root, tmp_path / "proxy", "example.com/Odd", "v1.2.3")
    user = Checkout(tmp_path / "user")
    user.write("go.mod", "module user\n\ngo 1.27\n\nrequire example.com/Odd v1.2.3\n")
    user.write("user.go", 'package user\n\nimport _ "example.com/Odd"\n')
    proxy = (tmp_path / "proxy").as_uri()
    settings = {"GOPROXY": proxy, "GONOSUMDB": "*", "GOFLAGS": "-mod=mod -modcacherw", "GOWORK": "off"}
    tools = Sdks(Checkout(REPOSITORY))
    answers = [
        tools.run(("go", *words), cwd=user.root, GOMODCACHE=str(tmp_path / "cache"), **settings)
        for words in (("mod", "download", "-json", "all"), ("mod", "verify"), ("vet", "."))
    ]
    assert answers[1] == "all modules verified\n"
    downloaded = json.loads(answers[0])
    assert sorted(files_of(Path(downloaded["Dir"]))) == sorted(KEPT)
    assert json.loads(Path(downloaded["Info"]).read_text())["Time"] == "2023-11-14T22:13:20Z"


def files_of(folder: Path) -> Sequence[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
