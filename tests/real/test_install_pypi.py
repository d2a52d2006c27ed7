"""Packed wheels in a clean environment: errors of a consumer are found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from packed_sets import PackedByHand

GOOD = {"acme_a/__init__.py": "def a() -> int:\n    return 1\n", "acme_a/py.typed": ""}


@pytest.fixture
def packed(tmp_path: Path) -> PackedByHand:
    return PackedByHand(tmp_path, "pypi")


def sibling(packed: PackedByHand) -> None:
    packed.wheel("acme_b", (), {"acme_b/__init__.py": "class B: ...\n", "acme_b/py.typed": ""})


def test_siblings_that_use_each_other_are_good_and_come_from_the_set(packed: PackedByHand) -> None:
    """What has to be private is not imported, and what is behind an extra has what the extra brings."""
    extra = {
        "acme_a/more.py": "import acme_b\n\n\ndef b() -> acme_b.B:\n    return acme_b.B()\n",
        "acme_a/_own/deep.py": "x = 1\n",
        "acme_a/__main__.py": "raise SystemExit\n",
    }
    packed.wheel("acme_a", ("acme-b==1.2.3; extra == 'more'",), {**GOOD, **extra}, "Provides-Extra: more\n")
    sibling(packed)
    said = packed.check("acme-a", "acme-b")
    assert (said.findings, said.notes) == ([], [])
    assert said.proof == "2 modules, mypy --strict; 1 modules, mypy --strict"
    program = (packed.root / "place/acme_a/consumer/every_module.py").read_text()
    assert program == "import acme_a\nimport acme_a.more\n"


def test_a_wheel_without_py_typed_is_found_by_each_import(packed: PackedByHand) -> None:
    packed.wheel("acme_a", (), {"acme_a/__init__.py": "", "acme_a/more.py": "x: int = 1\n"})
    first, second = packed.check("acme-a").findings
    assert first == (
        'acme_a-1.2.3-py3-none-any.whl: consumer-error: import acme_a.more: found \'Skipping analyzing "acme_a.more": '
        "module is installed, but missing library stubs or py.typed marker', expected no error of mypy --strict "
        "(import-untyped)"
    )
    assert "consumer-error: import acme_a: found" in second


def test_an_annotation_with_what_is_not_required_is_found(packed: PackedByHand) -> None:
    """A consumer's mypy gives it the type Any, and reports nothing."""
    bad = {**GOOD, "acme_a/more.py": "import acme_b\n\n\ndef b() -> acme_b.B:\n    return acme_b.B()\n"}
    packed.wheel("acme_a", (), bad)
    sibling(packed)
    (finding,) = packed.check("acme-a", "acme-b").findings
    assert finding == (
        "acme_a-1.2.3-py3-none-any.whl!acme_a/more.py:1: consumer-error: found 'Cannot find implementation or library "
        'stub for module named "acme_b"\', expected no error of mypy (import-not-found)'
    )


BAD_NAME = "def f(x: Nothing) -> int:\n    return 1\n"


@pytest.mark.parametrize(
    ("generated", "found"),
    [
        ((), ['acme_a-1.2.3-py3-none-any.whl!acme_a/gen/x_pb2.pyi:1: consumer-error: found \'Name "Nothing" is not ']),
        (("acme_a/src/acme_a/gen",), []),
    ],
)
def test_an_annotation_that_names_nothing_is_found_where_it_was_written_by_hand(
    tmp_path: Path, generated: tuple[str, ...], found: list[str]
) -> None:
    packed = PackedByHand(tmp_path, "pypi", generated_roots=generated)
    packed.wheel("acme_a", (), {**GOOD, "acme_a/gen/__init__.py": "", "acme_a/gen/x_pb2.pyi": BAD_NAME})
    findings = packed.check("acme-a").findings
    assert [each[: len(start)] for each, start in zip(findings, found, strict=True)] == found


def test_an_annotation_that_the_own_program_contradicts_is_found(packed: PackedByHand) -> None:
    wrong = {**GOOD, "acme_a/__init__.py": "def a() -> str: ...\n"}
    packed.wheel("acme_a", (), wrong)
    packed.sources(
        "acme_a", {"smoke/smoke.py": "import acme_a\nimport no_types_of_mine  # type: ignore\n\nx: int = acme_a.a()\n"}
    )
    (finding,) = packed.check("acme-a").findings
    assert finding.startswith("acme_a-1.2.3-py3-none-any.whl: consumer-error: acme_a/smoke/smoke.py:4: found ")
    assert finding.endswith("expected no error of mypy --strict (assignment)")


@pytest.mark.parametrize(("wanted", "absent"), [("acme-b==9", ()), ("acme-b<1", ()), ("idna>=3", ("idna",))])
def test_a_sibling_that_is_not_in_the_set_is_not_taken_from_an_index(
    tmp_path: Path, wanted: str, absent: tuple[str, ...]
) -> None:
    packed = PackedByHand(tmp_path, "pypi", absent=absent)
    packed.wheel("acme_a", (wanted,), GOOD)
    sibling(packed)
    (finding,) = packed.check("acme-a", "acme-b").findings
    assert finding.startswith("acme_a-1.2.3-py3-none-any.whl: uninstallable: found ")
    assert "No solution found" in finding


def test_imports_of_untyped_distributions_are_printed_and_skipped(packed: PackedByHand) -> None:
    """pypiserver ships no types, and no stubs exist for it."""
    packed.wheel("acme_a", ("pypiserver==2.4.2",), {**GOOD, "acme_a/more.py": "import pypiserver\n\nx: int = 1\n"})
    said = packed.check("acme-a")
    assert said.findings == []
    (note,) = said.notes
    assert note.startswith("acme-a: consumers see Any for what it takes from these: ") and '"pypiserver"' in note


def test_without_a_checker_the_wheel_is_installed_and_the_missing_check_is_reported(tmp_path: Path) -> None:
    packed = PackedByHand(tmp_path, "pypi", pinned=False)
    packed.wheel("acme_a", (), GOOD)
    said = packed.check("acme-a")
    told = "NOT type-checked: no dependency group of the workspace pins mypy"
    assert (said.findings, said.notes, said.proof) == ([], [told], told)
    assert [*(tmp_path / "place/acme_a/venv").glob("lib/python*/site-packages/acme_a/py.typed")]


def test_a_wheel_without_a_public_module_is_a_finding(packed: PackedByHand) -> None:
    packed.wheel("acme_a", (), {"_acme/__init__.py": ""})
    (finding,) = packed.check("acme-a").findings
    assert finding.startswith("acme_a-1.2.3-py3-none-any.whl: nothing-inspected: ")
