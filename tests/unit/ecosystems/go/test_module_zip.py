from __future__ import annotations

import pytest

from nox_rings.ecosystems.go.module_zip import MEBIBYTE, module_files, version_problem

NOW = (1, 27)
EARLIER = (1, 23)


@pytest.mark.parametrize(
    ("path", "go_version", "kept"),
    [
        ("a.go", NOW, True),
        ("internal/a b+c.txt", NOW, True),
        ("größe.go", NOW, True),
        (".github/x.yml", NOW, True),
        (".hg_archival.txt", NOW, False),
        ("sub/.hg_archival.txt", NOW, True),
        ("vendor/example.com/x/x.go", NOW, False),
        ("pkg/vendor/x/x.go", NOW, False),
        ("pkg/vendor/x.go", NOW, True),
        ("pkg/vendor/x.go", EARLIER, False),
        ("vendor/modules.txt", NOW, False),
        ("vendor/modules.txt", EARLIER, True),
        ("vendor/x.go", NOW, True),
        ("vendored/x/x.go", NOW, True),
    ],
)
def test_which_files_are_content(path: str, go_version: tuple[int, int], kept: bool) -> None:
    found = module_files({"go.mod": 1, path: 1}, go_version)
    assert found.problems == ()
    assert (path in found.kept) == kept


@pytest.mark.parametrize("name", ["go.mod", "GO.mod"])
def test_a_nested_module_is_left_out_whole(name: str) -> None:
    sizes = {"go.mod": 1, "a/b.go": 1, f"a/n/{name}": 1, "a/n/deep/c.go": 1, "a/name.go": 1}
    assert module_files(sizes, NOW).kept == ("a/b.go", "a/name.go", "go.mod")


def test_a_go_mod_that_is_no_regular_file_makes_no_module() -> None:
    assert module_files({"go.mod": 1, "n/go.mod": None, "n/c.go": 1}, NOW).kept == ("go.mod", "n/c.go")


def test_only_regular_files_are_kept_in_the_order_of_their_names() -> None:
    found = module_files({"z.go": 1, "link.go": None, "a/b.go": 1, "a-b.go": 1, "go.mod": 1}, NOW)
    assert found.kept == ("a-b.go", "a/b.go", "go.mod", "z.go")
    assert found.problems == ()


@pytest.mark.parametrize(
    ("sizes", "problem"),
    [
        ({"Go.Mod": 1}, "Go.Mod: found a go.mod that is not in small letters, expected go.mod"),
        ({"a*b.go": 1}, "a*b.go: found '*', expected characters that every file system takes"),
        ({"a:b.go": 1}, "a:b.go: found ':', expected characters that every file system takes"),
        ({"a\u2028.go": 1}, "a\u2028.go: found '\\u2028', expected characters that every file system takes"),
        ({"x./a.go": 1}, "x./a.go: found 'x.', expected no path element that ends in a dot"),
        ({"x/Con.txt": 1}, "x/Con.txt: found 'Con.txt', expected no name of a Windows device"),
        ({"lpt9/a.go": 1}, "lpt9/a.go: found 'lpt9', expected no name of a Windows device"),
        ({"A.go": 1, "a.go": 1}, "a.go: found A.go too, expected names that differ in more than case"),
        ({"Pkg/a.go": 1, "pkg/b.go": 1}, "pkg: found Pkg too, expected names that differ in more than case"),
        ({"go.mod": 16 * MEBIBYTE + 1}, "go.mod: found 16777217 bytes, expected at most 16777216"),
        ({"LICENSE": 16 * MEBIBYTE + 1}, "LICENSE: found 16777217 bytes, expected at most 16777216"),
        ({"a": 400 * MEBIBYTE, "b": 101 * MEBIBYTE}, "found 525336576 bytes in all, expected at most 524288000"),
    ],
)
def test_what_no_go_command_would_take(sizes: dict[str, int | None], problem: str) -> None:
    assert module_files(sizes, NOW).problems == (problem,)


def test_names_of_one_letter_each_in_another_alphabet_collide_as_well() -> None:
    assert module_files({"Ä.go": 1, "ä.go": 1}, NOW).problems == (
        "ä.go: found Ä.go too, expected names that differ in more than case",
    )
    assert module_files({"ß.go": 1, "ss.go": 1}, NOW).problems == ()


def test_what_is_left_out_may_have_any_name() -> None:
    assert module_files({"n/go.mod": 1, "n/a*b": 1, "vendor/x/A": 1, "vendor/x/a": 1, "go.mod": 1}, NOW).problems == ()


@pytest.mark.parametrize(
    ("module", "version", "problem"),
    [
        ("example.com/m", "v0.1.0", ""),
        ("example.com/m", "v1.2.3", ""),
        ("example.com/m/v2", "v2.0.0", ""),
        ("example.com/m/v12", "v12.0.0", ""),
        ("gopkg.in/m.v1", "v1.0.0", ""),
        ("gopkg.in/m.v3", "v3.0.0-0.20260101000000-0123456789ab", ""),
        ("example.com/m", "v2.0.0", "found the module path example.com/m at v2.0.0, expected example.com/m/v2"),
        ("example.com/m/v2", "v3.0.0", "found the module path example.com/m/v2 at v3.0.0, expected example.com/m/v3"),
        ("example.com/m/v2", "v1.0.0", "found the module path example.com/m/v2 at v1.0.0, expected example.com/m"),
        ("example.com/m/v1", "v1.0.0", "found the module path example.com/m/v1 at v1.0.0, expected example.com/m"),
    ],
)
def test_the_module_path_fits_the_major_version(module: str, version: str, problem: str) -> None:
    assert version_problem(module, version) == problem
