"""Ring 0 on repositories of other shapes than this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from strangers import Stranger, a_stranger

V2 = "version: v2\n"
MORE = "  string note = 2;\n"


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    made = a_stranger(tmp_path)
    made.pins()
    return made


def template(*entries: tuple[str, str], more: str = "") -> str:
    """Entries are a language of protoc and where its stubs land."""
    plugins = "".join(f"  - protoc_builtin: {language}\n    out: {out}\n" for language, out in entries)
    return f"{V2}{more}plugins:\n{plugins}"


def test_a_schema_reads_its_protos_and_no_other_files(stranger: Stranger) -> None:
    stranger.write("buf.yaml", f"{V2}modules:\n  - path: idl\n    excludes: [idl/old]\n")
    stranger.proto("idl/shop/v1/order.proto")
    stranger.proto("idl/old/v1/order.proto")
    stranger.write("idl/README.md", "hello\n")
    stranger.commit()
    stranger.must("proto")
    assert stranger.reasons() == {"proto": "fresh"}
    stranger.write("idl/README.md", "hello again\n")
    stranger.proto("idl/old/v1/order.proto", MORE)
    assert stranger.reasons() == {"proto": "fresh"}
    stranger.proto("idl/shop/v1/order.proto", MORE)
    assert stranger.reasons() == {"proto": "input-changed"}


@pytest.mark.parametrize("settings", [V2, "version: v1\n"])
def test_a_schema_that_is_the_whole_repository_is_compared_with_its_past_and_not_with_ours(
    stranger: Stranger, settings: str
) -> None:
    stranger.write("buf.yaml", settings)
    stranger.proto("shop/v1/order.proto")
    stranger.commit()
    stranger.must("proto")
    stranger.write("README.md", "hello\n")
    assert stranger.reasons() == {"proto": "fresh"}
    stranger.commit()
    assert stranger.reasons() == {"proto": "fresh"}
    kept = {path.name for path in (stranger.root / ".nox-rings/baselines").rglob("*") if path.is_file()}
    assert kept <= {"order.proto", "buf.yaml", "index", "modules.json", "..binpb"}
    stranger.write("shop/v1/order.proto", stranger.text("shop/v1/order.proto").replace("id = 1", "id = 3"))
    answer = stranger.nox("proto")
    assert answer.exit_code == 1
    assert 'Field "id" on message "Order" has number 3, had 1.' in answer.out


def test_a_root_below_another_root_of_the_same_template_has_the_files_of_both(stranger: Stranger) -> None:
    stranger.write("idl/buf.yaml", V2)
    stranger.proto("idl/shop/v1/order.proto")
    stranger.write("idl/buf.gen.yaml", template(("python", "../gen"), ("pyi", "../gen/types")))
    stranger.commit()
    stranger.must("proto")
    assert stranger.has("gen/shop/v1/order_pb2.py")
    assert stranger.has("gen/types/shop/v1/order_pb2.pyi")
    assert set(stranger.reasons().values()) == {"fresh"}
    stranger.must("proto", "--check")


def test_an_edit_in_any_input_of_a_template_makes_its_stubs_stale(stranger: Stranger) -> None:
    stranger.write("idl/buf.yaml", V2)
    stranger.proto("idl/shop/v1/order.proto")
    stranger.write("common/buf.yaml", V2)
    stranger.proto("common/money/v1/money.proto")
    inputs = "inputs:\n  - directory: .\n  - directory: ../common\n"
    stranger.write("idl/buf.gen.yaml", template(("python", "../gen"), more=inputs))
    stranger.commit()
    stranger.must("proto")
    assert set(stranger.reasons().values()) == {"fresh"}
    stranger.proto("common/money/v1/money.proto", MORE)
    assert stranger.reasons() == {"proto:idl": "fresh", "proto:common": "input-changed", "stubs:idl": "input-changed"}


def test_templates_that_share_a_root_leave_each_others_files_and_those_of_people_alone(stranger: Stranger) -> None:
    gone = 'rule = "FILE_NO_DELETE"\npath = "idl/shop/v2/item.proto"\nreason = "unused"\nuntil = 2099-01-01\n'
    stranger.pins(more=f"[[tool.nox-rings.proto.exceptions]]\n{gone}")
    stranger.write("idl/buf.yaml", V2)
    stranger.proto("idl/shop/v1/order.proto")
    stranger.write("idl/buf.gen.yaml", template(("python", "../gen"), more="clean: true\n"))
    stranger.write("idl/buf.types.gen.yaml", template(("pyi", "../gen"), more="clean: true\n"))
    stranger.write("gen/README.md", "by hand\n")
    stranger.commit()
    stranger.proto("idl/shop/v2/item.proto")
    stranger.write("idl/shop/v2/item.proto", stranger.text("idl/shop/v2/item.proto").replace("shop.v1", "shop.v2"))
    stranger.write("pyproject.toml", stranger.text("pyproject.toml").partition("[[")[0])
    stranger.must("proto")
    made = ("gen/shop/v1/order_pb2.py", "gen/shop/v1/order_pb2.pyi", "gen/shop/v2/item_pb2.py", "gen/README.md")
    assert [path for path in made if not stranger.has(path)] == []
    assert stranger.reasons() == {"proto": "fresh", "stubs": "fresh", "stubs:types": "fresh"}
    stranger.must("proto", "--check")
    (stranger.root / "idl/shop/v2/item.proto").unlink()
    stranger.must("proto")
    assert [stranger.has(path) for path in made] == [True, True, False, True]
    assert not stranger.has("gen/shop/v2/item_pb2.pyi")
    stranger.write("gen/shop/v1/order_pb2.pyi", "edited\n")
    assert stranger.reasons() == {"proto": "fresh", "stubs": "fresh", "stubs:types": "output-edited"}


def test_two_schemas_may_generate_into_one_root(stranger: Stranger) -> None:
    for name in ("a", "b"):
        stranger.write(f"{name}/buf.yaml", V2)
        stranger.proto(f"{name}/{name}/v1/item.proto")
        stranger.write(f"{name}/buf.gen.yaml", template(("python", "../gen")))
    stranger.commit()
    stranger.must("proto")
    assert (stranger.has("gen/a/v1/item_pb2.py"), stranger.has("gen/b/v1/item_pb2.py")) == (True, True)
    assert set(stranger.reasons().values()) == {"fresh"}
    stranger.must("proto", "--check")


def test_stubs_beside_the_protos_replace_nothing_else(stranger: Stranger) -> None:
    stranger.write("idl/buf.yaml", V2)
    stranger.proto("idl/shop/v1/order.proto")
    stranger.write("idl/buf.gen.json", '{\n\t"version": "v1",\n\t"plugins": [{"plugin": "python", "out": "."}]}')
    stranger.commit()
    stranger.must("proto")
    assert (stranger.has("idl/shop/v1/order_pb2.py"), stranger.has("idl/shop/v1/order.proto")) == (True, True)
    assert set(stranger.reasons().values()) == {"fresh"}
    stranger.proto("idl/shop/v1/order.proto", MORE)
    assert stranger.reasons() == {"proto": "input-changed", "stubs": "dependency"}


def test_a_file_that_nobody_generated_is_not_overwritten(stranger: Stranger) -> None:
    stranger.write("idl/buf.yaml", V2)
    stranger.proto("idl/shop/v1/order.proto")
    stranger.write("idl/tool.py", "import sys\n")
    stranger.write("idl/buf.gen.yaml", template(("python", "../src")))
    stranger.write("src/shop/v1/order_pb2.py", "# by hand\n")
    stranger.write("src/shop/v1/main.py", "# by hand\n")
    stranger.commit()
    stranger.must("proto")  # a file of a stub's name is a stub
    assert stranger.text("src/shop/v1/main.py") == "# by hand\n"
    assert stranger.text("src/shop/v1/order_pb2.py") != "# by hand\n"


def test_a_broken_file_of_buf_stops_its_own_target_alone(stranger: Stranger) -> None:
    for name, settings in {"good": V2, "bad": "version: v9\n", "worse": "version: [\n"}.items():
        stranger.write(f"{name}/buf.yaml", settings)
        stranger.proto(f"{name}/{name}/v1/item.proto")
    stranger.write("good/buf.gen.yaml", template(("python", "../gen")))
    stranger.write("good/buf.gen.up.yaml", template(("python", "..")))
    stranger.commit()
    answer = stranger.nox("proto", "--keep-going", "--json")
    assert {each["id"]: each["outcome"] for each in answer.json()["targets"]} == {
        "proto:good": "done",
        "proto:bad": "failed",
        "proto:worse": "failed",
        "stubs:good": "done",
        "stubs:good:up": "failed",
    }
    assert "Traceback" not in answer.err
