"""Files that a tool reads though git ignores them, or though they lie outside of the member: an edit makes stale what
reads them, and what is made then is made from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from strangers import Stranger, a_stranger

C = """
    package main

    // #cgo CFLAGS: -I${SRCDIR}/../include
    // #include "limit.h"
    import "C"

    var Limit = C.LIMIT
    """
EMBEDDED = """
    package main

    import _ "embed"

    var (
    \t//go:embed made.txt
    \ttext string
    )

    func main() { println(text, Limit) }
    """
TEST = """
    package main

    import "testing"

    func TestMade(t *testing.T) {
    \tif text != "one\\n" || Limit != 1 {
    \t\tt.Fatal(text, Limit)
    \t}
    }
    """


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    made = a_stranger(tmp_path)
    made.write(".gitignore", f"{made.text('.gitignore')}made.txt\nlimit.h\n")
    return made


def failed(stranger: Stranger, target: str) -> None:
    answer = stranger.nox("rings", "--json", target)
    assert {each["id"]: each["outcome"] for each in answer.json()["targets"]}[target] == "failed"


def test_go_embeds_in_a_group_and_compiles_a_header_elsewhere_that_git_ignores(stranger: Stranger) -> None:
    stranger.write("app/go.mod", "module example.com/app\n\ngo 1.22\n")
    for name, text in {"limit.go": C, "main.go": EMBEDDED, "main_test.go": TEST}.items():
        stranger.write(f"app/{name}", text)
    stranger.write("app/made.txt", "one\n")
    stranger.write("include/limit.h", "#define LIMIT 1\n")
    stranger.commit()
    stranger.must("rings")
    assert stranger.reasons()["package:app"] == "fresh"
    stranger.write("app/made.txt", "two\n")
    failed(stranger, "package:app")
    stranger.write("app/made.txt", "one\n")
    stranger.must("rings")
    stranger.write("include/limit.h", "#define LIMIT 2\n")  # which the cache of go does not see (golang/go#24355)
    assert stranger.targets()["package:app"]["reason_detail"] == ["include/limit.h"]


def test_tests_import_what_pytest_and_conftest_name(stranger: Stranger) -> None:
    stranger.pins()
    stranger.write(
        "app/pyproject.toml", '[project]\nname = "app"\nversion = "1"\n[dependency-groups]\ndev = ["pytest"]\n'
    )
    stranger.write("app/pytest.ini", "[pytest]\npythonpath = ../shared\n")
    stranger.write(
        "app/tests/conftest.py",
        "from pathlib import Path\n\nTEXT = (Path(__file__).parents[2] / 'data' / 'x').read_text()\n",
    )
    stranger.write(
        "app/tests/test_it.py",
        "import values\nfrom conftest import TEXT\n\n\ndef test_it():\n    assert (values.ONE, TEXT) == (1, 'x')\n",
    )
    stranger.write("shared/values.py", "ONE = 1\n")
    (stranger.root / "data").mkdir()
    (stranger.root / "data/x").write_text("x", encoding="utf-8")
    stranger.commit()
    stranger.must("rings")
    assert stranger.reasons()["package:app"] == "fresh"
    stranger.write("shared/values.py", "ONE = 2\n")
    failed(stranger, "package:app")
    stranger.write("shared/values.py", "ONE = 1\n")
    (stranger.root / "data/x").write_text("y", encoding="utf-8")
    failed(stranger, "package:app")


def test_a_proto_that_git_ignores_is_generated_again(stranger: Stranger) -> None:
    stranger.pins()
    stranger.write(".gitignore", f"{stranger.text('.gitignore')}made.proto\n")
    stranger.write("idl/buf.yaml", "version: v2\n")
    stranger.write("idl/buf.gen.yaml", "version: v2\nplugins:\n  - protoc_builtin: python\n    out: ../gen\n")
    stranger.proto("idl/shop/v1/order.proto")
    stranger.proto("idl/shop/v1/made.proto")
    stranger.commit()
    stranger.must("proto")
    assert stranger.reasons() == {"proto": "fresh", "stubs": "fresh"}
    stranger.proto("idl/shop/v1/made.proto", "  string note = 2;\n")
    stranger.must("proto")
    assert "note" in stranger.text("gen/shop/v1/made_pb2.py")
