"""Our parser of go.mod and go.work beside the go command's own (golang.org/x/mod/modfile)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from go_programs import ask
from nox_rings.workspace.go_manifest import GoMod, GoWork, Replacement, Requirement, parse_go_mod, parse_go_work

MODULE = "module example.com/m\n"
MANIFESTS = {
    "nothing but a module": MODULE,
    "a quoted module": 'module "example.com/m"\n',
    "a module in a block": "module (\n\texample.com/m\n)\n",
    "no newline at the end": "module example.com/m",
    "windows newlines": "module example.com/m\r\n\r\ngo 1.25\r\n\r\nrequire (\r\n\tx.y/z v1.0.0\r\n)\r\n",
    "a diagnostic right after": "module example.com/m//diagnostic\n",
    "a deprecation": "// Deprecated: use another.\nmodule example.com/m // Deprecated: too\n",
    "spaces and tabs": "  module\texample.com/m \n\tgo   1.25\t\n",
    "a go line": MODULE + "go 1.27.0\n",
    "a release candidate": MODULE + "go 1.27rc1\n",
    "a toolchain": MODULE + "go 1.25\ntoolchain go1.27.3\n",
    "godebug": MODULE + "go 1.25\ngodebug default=go1.21\ngodebug (\n\tpanicnil=1\n)\n",
    "one requirement": MODULE + "require x.y/z v1.0.0\n",
    "a quoted requirement": MODULE + 'require "x.y/z" "v1.0.0"\n',
    "a block": MODULE + "require (\n\tx.y/z v1.0.0\n\n\tx.y/w v0.1.0-pre\n)\n",
    "a block with diagnostics": MODULE + "require ( // head\n\t// above\n\tx.y/z v1.0.0 // beside\n) // tail\n",
    "an empty block": MODULE + "require ()\nrequire (\n)\n",
    "indirect": MODULE + "require x.y/z v1.0.0 // indirect\n",
    "indirect without a space": MODULE + "require x.y/z v1.0.0 //indirect\n",
    "indirect and why": MODULE + "require x.y/z v1.0.0 // indirect; for a test\n",
    "indirect among words": MODULE + "require x.y/z v1.0.0 // not indirect\n",
    "indirect with more": MODULE + "require x.y/z v1.0.0 // indirect too\n",
    "indirect in a block": MODULE + "require (\n\tx.y/z v1.0.0 // indirect\n\tx.y/w v1.0.0\n)\n",
    "a pseudo-version": MODULE + "require x.y/z v0.0.0-20260101000000-0123456789ab\n",
    "incompatible": MODULE + "require x.y/z v2.0.0+incompatible\n",
    "a major version": "module example.com/m/v2\nrequire x.y/z/v3 v3.1.0\n",
    "gopkg.in": MODULE + "require gopkg.in/yaml.v3 v3.0.1\n",
    "capitals": MODULE + "require github.com/Azure/sdk v1.0.0\n",
    "a replacement by a folder": MODULE + "require x.y/z v1.0.0\nreplace x.y/z => ../z\n",
    "of one version": MODULE + "replace x.y/z v1.0.0 => ./z\n",
    "by another module": MODULE + "replace x.y/z => x.y/fork v1.2.3\n",
    "of one version by another module": MODULE + "replace x.y/z v1.0.0 => x.y/fork v1.2.3\n",
    "replacements in a block": MODULE + "replace (\n\tx.y/z => ./z // here\n\tx.y/w v1.0.0 => x.y/v v1.0.0\n)\n",
    "a quoted folder": MODULE + 'replace x.y/z => "../with space"\n',
    "a folder of odd characters": MODULE + 'replace x.y/z => "../(old) {z}//[1],2"\n',
    "escapes": MODULE + 'replace x.y/z => "../a\\"b"\n',
    "an absolute folder": MODULE + "replace x.y/z => /opt/z\n",
    "an arrow in a word": MODULE + "replace x.y/z => ./a=>b\n",
    "an exclusion": MODULE + "exclude x.y/z v1.0.0\nexclude (\n\tx.y/w v1.0.0\n)\n",
    "a retraction": MODULE + "retract v1.0.0 // broken\n",
    "retracted intervals": MODULE + "retract (\n\t// both\n\t[v1.0.0, v1.0.5]\n\tv1.1.0\n)\n",
    "a retraction on one line": MODULE + "retract [v1.0.0,v1.0.5]\n",
    "a tool": MODULE + "tool x.y/z/cmd\n",
    "tools in a block": MODULE + "tool (\n\tx.y/z/cmd\n\t// why\n\tx.y/w/cmd/v2\n)\n",
    "ignored folders": MODULE + "ignore ./node_modules\nignore (\n\tstatic\n)\n",
    "all at once": MODULE
    + "go 1.26\ntool x.y/z/cmd\nrequire x.y/z v1.0.0 // indirect\nreplace x.y/z => ./z\nretract v0.1.0\nignore ./a\n",
}
WORKS = {
    "one use": "go 1.25\nuse ./a\n",
    "itself": "go 1.25\nuse .\n",
    "a block": "go 1.25\n\nuse (\n\t./a\n\t./b // second\n\n\t// none\n\t../c\n)\n",
    "both forms": "go 1.25\nuse ./a\nuse (\n\t./b\n)\nuse ./c\n",
    "an empty block": "go 1.25\nuse ()\n",
    "quoted": 'go 1.25\nuse "./with space"\n',
    "no dot": "go 1.25\nuse a/b\n",
    "a diagnostic right after": "go 1.25\nuse ./a//first\n",
    "windows newlines": "go 1.25\r\nuse (\r\n\t./a\r\n)\r\n",
    "a toolchain": "go 1.25\ntoolchain go1.27.3\ngodebug default=go1.21\nuse ./a\n",
    "a replacement": "go 1.25\nuse ./a\nreplace x.y/z => ./z\n",
    "replacements": "go 1.25\nreplace (\n\tx.y/z v1.0.0 => ./z\n\tx.y/w => x.y/v v1.2.3\n)\nuse ./a\n",
    "nothing used": "go 1.27.0\n",
}


def asked(verb: str, text: str, folder: Path, name: str) -> Mapping[str, Any]:
    (folder / name).write_bytes(text.encode())
    answer = ask("go", verb, "edit", "-json", name, cwd=folder)
    assert answer.exit_code == 0, answer.stderr
    document = json.loads(answer.stdout)
    assert isinstance(document, dict)
    return document


def replacements(document: Mapping[str, Any]) -> tuple[Replacement, ...]:
    listed: Sequence[Mapping[str, Mapping[str, str]]] = document.get("Replace") or ()
    return tuple(
        Replacement(
            module=each["Old"]["Path"],
            version=each["Old"].get("Version", ""),
            target=each["New"]["Path"],
            target_version=each["New"].get("Version", ""),
        )
        for each in listed
    )


@pytest.mark.parametrize("text", MANIFESTS.values(), ids=list(MANIFESTS))
def test_a_go_mod_is_read_as_go_reads_it(text: str, tmp_path: Path) -> None:
    document = asked("mod", text, tmp_path, "go.mod")
    assert parse_go_mod(text) == GoMod(
        module=document["Module"]["Path"],
        go=document.get("Go", ""),
        requires=tuple(
            Requirement(module=each["Path"], version=each["Version"], indirect=each.get("Indirect", False))
            for each in document.get("Require") or ()
        ),
        replaces=replacements(document),
        tools=tuple(each["Path"] for each in document.get("Tool") or ()),
    )


@pytest.mark.parametrize("text", WORKS.values(), ids=list(WORKS))
def test_a_go_work_is_read_as_go_reads_it(text: str, tmp_path: Path) -> None:
    document = asked("work", text, tmp_path, "go.work")
    uses = tuple(each["DiskPath"] for each in document.get("Use") or ())
    go = document.get("Go", "")
    settings = tuple(sorted(work_settings(document)))
    assert parse_go_work(text) == GoWork(go=go, uses=uses, settings=settings, replaces=replacements(document))


def work_settings(document: Mapping[str, Any]) -> Iterator[str]:
    """All that it says beside the modules used, as lines."""
    yield from (f"{key.lower()} {document[key]}" for key in ("Go", "Toolchain") if document.get(key))
    yield from (f"godebug {each['Key']}={each['Value']}" for each in document.get("Godebug") or ())
    for each in document.get("Replace") or ():
        old, new = (" ".join(filter(None, (one["Path"], one.get("Version")))) for one in (each["Old"], each["New"]))
        yield f"replace {old} => {new}"
