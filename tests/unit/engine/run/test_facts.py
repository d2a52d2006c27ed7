"""Which files a target reads, and which it made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nox_rings.engine.plan.graph import graph_of
from nox_rings.engine.plan.targets import Inputs, Target
from nox_rings.engine.run.facts import FileFacts
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.digests import Digests
from unit.conftest import WriteTree
from unit.targets import a_target

FILES = ("idl/README.md", "idl/a.proto", "idl/old/b.proto", "idl/tool/main.go")


def facts(write_tree: WriteTree, target: Target, texts: dict[str, str]) -> tuple[set[str], set[str]]:
    """Paths that it reads, and paths that it made."""
    root = write_tree(texts)
    found = FileFacts(root=root, files=tuple(sorted(texts)), digests=Digests(root, KnownDigests()))
    answer = found.of(target, lambda _: True)
    return set(answer.inputs), set(answer.outputs)


@pytest.mark.parametrize(
    ("inputs", "read"),
    [
        (Inputs(folders=("idl",)), {*FILES}),
        (Inputs(folders=("idl",), suffixes=(".proto",)), {"idl/a.proto", "idl/old/b.proto"}),
        (Inputs(folders=("idl",), suffixes=(".proto",), excludes=("idl/old",)), {"idl/a.proto"}),
        (
            Inputs(folders=("idl",), suffixes=(".proto", ".go"), excludes=("idl/old",)),
            {"idl/a.proto", "idl/tool/main.go"},
        ),
        (Inputs(folders=("idl", "idl/old"), excludes=("idl/old", "idl/tool")), {*FILES} - {"idl/tool/main.go"}),
        (Inputs(folders=(".", "idl/old/b.proto"), excludes=("idl",)), {"idl/old/b.proto"}),
        (
            Inputs(folders=("idl/old",), suffixes=(".proto",), files=("idl/README.md",)),
            {"idl/README.md", "idl/old/b.proto"},
        ),
    ],
)
def test_suffixes_and_excludes_limit_what_is_read_of_a_folder_that_holds_them_and_nothing_else(
    write_tree: WriteTree, inputs: Inputs, read: set[str]
) -> None:
    target = replace(a_target("stubs:a"), inputs=inputs)
    assert facts(write_tree, target, dict.fromkeys(FILES, "x"))[0] == read


def test_parts_of_files_are_inputs_with_the_digests_that_they_had_when_the_target_was_derived(
    write_tree: WriteTree,
) -> None:
    target = replace(a_target("x", inputs=Inputs(files=("a",), parts={"lock#x": "1"})), signs=("modules/", "none/"))
    root = write_tree({"a": "", "lock": "", "modules/b": ""})
    found = FileFacts(root=root, files=("a", "lock"), digests=Digests(root, KnownDigests())).of(target)
    assert found.inputs.keys() == {"a", "lock#x"}
    assert found.inputs["lock#x"] == "1"
    assert found.signs.keys() == {"modules/"}


def test_possible_outputs_are_made_as_far_as_they_are_there(write_tree: WriteTree) -> None:
    target = replace(a_target("package:a"), outputs=("a/out",), possible_outputs=("a/dist", "a/lib"))
    texts = {"a/out/x": "", "a/dist/y": "", "a/src/z": ""}
    assert facts(write_tree, target, texts)[1] == {"a/out/x", "a/dist/y"}


def test_what_lies_behind_a_link_is_read_too_as_far_as_the_workspace_goes(write_tree: WriteTree) -> None:
    texts = {"app/main.py": "", "tables/units.txt": "metre", "tables/deep/more.txt": "", "notes.txt": ""}
    root = write_tree(texts)
    for link, leads_to in {
        "app/tables": "../tables",
        "app/notes": "../notes.txt",
        "tables/back": "../app",
        "app/out": "/etc",
        "app/all": "..",
        "app/none": "nowhere",
        "app/self": "self",
    }.items():
        (root / link).symlink_to(leads_to)
    files = tuple(sorted([*texts, *(f"app/{each}" for each in ("tables", "notes", "out", "all", "none", "self"))]))
    target = replace(a_target("package:app"), inputs=Inputs(folders=("app",)))
    found = FileFacts(root=root, files=(*files, "tables/back"), digests=Digests(root, KnownDigests()))
    assert {*found.of(target, lambda _: True).inputs} == {*files, "tables/back"}
    before = found.of(target, lambda _: True).inputs
    (root / "tables/units.txt").write_text("a yard")
    after = found.of(target, lambda _: True).inputs
    assert [path for path in before if before[path] != after[path]] == ["tables/units.txt"]


def test_sources_on_disk_count_where_the_tools_read_them_and_what_is_made_or_hidden_does_not(
    write_tree: WriteTree,
) -> None:
    made = ("build/b.py", "dist/d.py", "node_modules/n.py", "x.egg-info/e.py", "__pycache__/c.py", ".hidden/h.py")
    others = ("app/note.txt", "app/inner/i.py", "app/env/pyvenv.cfg", "app/env/e.py", *(f"app/{each}" for each in made))
    root = write_tree(dict.fromkeys(("app/listed.py", "app/ignored.py", "app/deep/more.py", *others), "x"))
    inputs = Inputs(
        folders=("app",), excludes=("app/inner",), unlisted=(".py",), made=("build", "dist", "node_modules")
    )
    found = FileFacts(root=root, files=("app/listed.py",), digests=Digests(root, KnownDigests()))
    answer = found.of(replace(a_target("package:app"), inputs=inputs), lambda _: True)
    assert {*answer.inputs} == {"app/listed.py", "app/ignored.py", "app/deep/more.py"}


def test_sources_on_disk_count_in_each_folder_and_by_default_whatever_its_name(write_tree: WriteTree) -> None:
    root = write_tree(dict.fromkeys(("app/build/b.py", "more/m.py", "one.py"), "x"))
    inputs = Inputs(folders=("app", "more", "one.py", "none"), unlisted=(".py",))
    found = FileFacts(root=root, files=("one.py",), digests=Digests(root, KnownDigests()))
    assert sorted(found.read(inputs)) == ["app/build/b.py", "more/m.py", "one.py"]


def test_data_counts_where_sources_lie_but_not_beside_the_manifest(write_tree: WriteTree) -> None:
    texts = ("a.ts", "stats.json", "report/x.json", "src/a.ts", "src/b.json", "src/deep/c.json", "src/d.txt")
    root = write_tree({f"app/{name}": "" for name in texts})
    inputs = Inputs(folders=("app",), unlisted=(".ts",), data=(".json",))
    found = FileFacts(root=root, files=(), digests=Digests(root, KnownDigests()))
    counted = ("a.ts", "src/a.ts", "src/b.json", "src/deep/c.json")
    assert sorted(found.read(inputs)) == [f"app/{name}" for name in counted]


def test_unusual_permissions_count_where_they_go_into_what_is_made(write_tree: WriteTree) -> None:
    root = write_tree({"app/a": "x", "app/b": "x"})
    (root / "app/link").symlink_to("a")
    plain = Inputs(whole=("app",))

    def read(inputs: Inputs) -> dict[str, str]:
        return FileFacts(root=root, files=(), digests=Digests(root, KnownDigests())).read(inputs)

    (root / "app/a").chmod(0o664)
    before = read(replace(plain, modes=True))
    assert before == read(plain)
    (root / "app/a").chmod(0o640)
    after = read(replace(plain, modes=True))
    assert [path for path in before if before[path] != after[path]] == ["app/a"]
    assert read(plain) == before


def test_what_a_compiler_leaves_beside_its_sources_is_none(write_tree: WriteTree) -> None:
    texts = dict.fromkeys(("a.ts", "a.js", "a.d.ts", "b.js", "c.d.ts", "d.test.tsx", "d.test.js", "d.js"), "")
    root = write_tree({f"app/{name}": text for name, text in texts.items()})
    inputs = Inputs(folders=("app",), unlisted=(".js", ".ts", ".tsx"), compiled=(".ts", ".tsx"))
    found = FileFacts(root=root, files=(), digests=Digests(root, KnownDigests()))
    answer = found.of(replace(a_target("package:app"), inputs=inputs), lambda _: True)
    assert sorted(answer.inputs) == [f"app/{name}" for name in ("a.ts", "b.js", "c.d.ts", "d.js", "d.test.tsx")]


def test_a_submodule_is_listed_as_one_path_and_counts_whole(write_tree: WriteTree) -> None:
    root = write_tree({"app/main.py": "", "app/sub/a.txt": "", "app/sub/deep/b.txt": ""})
    target = replace(a_target("package:app"), inputs=Inputs(folders=("app",)))
    found = FileFacts(root=root, files=("app/main.py", "app/sub"), digests=Digests(root, KnownDigests()))
    assert {*found.of(target, lambda _: True).inputs} == {"app/main.py", "app/sub/a.txt", "app/sub/deep/b.txt"}


def test_a_link_to_a_folder_that_git_lists_nothing_of_reads_all_of_it(write_tree: WriteTree) -> None:
    root = write_tree({"app/main.py": "", "made/a.txt": "", "made/deep/b.txt": ""})
    (root / "app/made").symlink_to("../made")
    target = replace(a_target("package:app"), inputs=Inputs(folders=("app",)))
    found = FileFacts(root=root, files=("app/main.py", "app/made"), digests=Digests(root, KnownDigests()))
    assert {*found.of(target, lambda _: True).inputs} == {"app/main.py", "app/made", "made/a.txt", "made/deep/b.txt"}


@pytest.mark.parametrize(
    ("listing", "made"),
    [
        ("gen/a.py\ngen/gone.py\nother.py\n", {"gen/a.py"}),
        ("gen/deep/\n", {"gen/deep/b.py"}),
        ("", set()),
    ],
)
def test_a_target_that_shares_a_folder_made_what_its_listing_has(
    write_tree: WriteTree, listing: str, made: set[str]
) -> None:
    target = replace(a_target("stubs:a", outputs=("gen",)), listing="made.txt")
    texts = {"gen/a.py": "", "gen/b.py": "", "gen/deep/b.py": "", "other.py": "", "made.txt": listing}
    assert facts(write_tree, target, texts)[1] == made


def test_without_its_listing_a_target_made_nothing(write_tree: WriteTree) -> None:
    target = replace(a_target("stubs:a", outputs=("gen",)), listing="made.txt")
    assert facts(write_tree, target, {"gen/a.py": ""})[1] == set()


def shared(first: Target, second: Target) -> list[str]:
    """Ids of the targets that cannot be made because the other writes there."""
    graph, _ = graph_of((first, second))
    return [target.id for target in graph.targets.values() if target.problems]


def test_only_targets_that_list_what_is_their_own_may_share_a_folder() -> None:
    first, second = a_target("stubs:a", outputs=("gen",)), a_target("stubs:b", outputs=("gen/deep",))
    listed = replace(first, listing="a.txt"), replace(second, listing="b.txt")
    assert shared(*listed) == []
    assert shared(listed[0], second) == ["stubs:b"]
    assert shared(first, second) == ["stubs:b"]
