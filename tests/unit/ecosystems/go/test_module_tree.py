from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from nox_rings.ecosystems.go.module_tree import write_module
from nox_rings.engine.errors import StepFailedError
from unit.conftest import WriteTree

NAME = "example.com/Big/m"


def write(module: Path, version: str = "v1.0.0") -> Path:
    write_module(module, module / "proxy", NAME, version, 1700000000)
    return module / "proxy/example.com/!big/m/@v"


def test_a_module_is_a_proxy_tree(write_tree: WriteTree) -> None:
    place = write(write_tree({"go.mod": f"module {NAME}\r\n", "a.go": "package a\n"}))
    assert (place / "list").read_text() == "v1.0.0\n"
    assert (place / "v1.0.0.mod").read_bytes() == f"module {NAME}\r\n".encode()
    assert json.loads((place / "v1.0.0.info").read_text()) == {"Version": "v1.0.0", "Time": "2023-11-14T22:13:20Z"}
    with zipfile.ZipFile(place / "v1.0.0.zip") as archive:
        assert archive.namelist() == [f"{NAME}@v1.0.0/a.go", f"{NAME}@v1.0.0/go.mod"]


def test_nothing_of_a_machine_is_in_the_archive(write_tree: WriteTree) -> None:
    module = write_tree({"go.mod": f"module {NAME}\n", "run.sh": "#!/bin/sh\n"})
    (module / "run.sh").chmod(0o700)
    with zipfile.ZipFile(write(module) / "v1.0.0.zip") as archive:
        facts = {
            (entry.date_time, entry.create_system, entry.external_attr >> 16, entry.compress_type)
            for entry in archive.infolist()
        }
    assert facts == {((1980, 1, 1, 0, 0, 0), 3, 0o100644, zipfile.ZIP_STORED)}


@pytest.mark.parametrize(
    ("texts", "version", "problem"),
    [
        ({"go.mod": f"module {NAME}\n"}, "v2.0.0", f"{NAME}: go.mod: found the module path {NAME} at v2.0.0"),
        ({"go.mod": f"module {NAME}\n", "A": "", "a": ""}, "v1.0.0", f"{NAME}: a: found A too"),
        (
            {"go.mod": f"module {NAME}\nrequire x.y/z v1.0.0\nreplace x.y/z => ../z\n"},
            "v1.0.0",
            f"{NAME}: go.mod: found replace x.y/z, expected none in a module to publish",
        ),
    ],
)
def test_what_nobody_could_use_is_not_written(
    texts: dict[str, str], version: str, problem: str, write_tree: WriteTree
) -> None:
    module = write_tree(texts)
    with pytest.raises(StepFailedError) as caught:
        write(module, version)
    assert caught.value.message.startswith(problem)
    assert not [*module.rglob("*.zip")]


@pytest.mark.parametrize(("line", "kept"), [("go 1.27.0\n", True), ("go 1.23\n", False), ("", False)])
def test_how_vendor_is_read_depends_on_the_go_line(line: str, kept: bool, write_tree: WriteTree) -> None:
    place = write(write_tree({"go.mod": f"module {NAME}\n{line}", "pkg/vendor/x.go": "package vendor\n"}))
    with zipfile.ZipFile(place / "v1.0.0.zip") as archive:
        assert (f"{NAME}@v1.0.0/pkg/vendor/x.go" in archive.namelist()) == kept
