"""What a plugin of the workspace reads, from its command line in a template."""

from __future__ import annotations

import pytest

from nox_rings.schema.plugin_files import plugin_files
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

TEXTS = {
    "proto/buf.gen.yaml": "",
    "proto/gen.py": "import words\n",
    "proto/words.py": "",
    "proto/a.proto": "",
    "proto/plugins/gen.mjs": "",
    "proto/plugins/words.txt": "",
    "proto/settings/gen.json": "{}",
    "proto/settings/other.json": "{}",
    "tools/go.mod": "module example.com/tools\n",
    "tools/go.sum": "",
    "tools/cmd/gen/main.go": 'package main\n\nimport (\n\t"fmt"\n\n\t"example.com/tools/names"\n)\n\nfunc main() {}\n',
    "tools/cmd/other/main.go": "package main\n",
    "tools/names/names.go": 'package names\n\nimport _ "embed"\nimport "example.com/tools/names/deep"\n',
    "tools/names/deep/deep.go": 'package deep\n\nimport "example.com/tools/names"\n',
    "tools/names/deep/list.txt": "",
    "go.mod": "module example.com/root\n",
    "cmd/gen/main.go": 'package main\n\nimport "example.com/root/cmd"\n',
    "cmd/cmd.go": "package cmd\n",
    "service/service.go": "package service\n",
}


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (["protoc-gen-go"], []),
        (["node", "plugins/gen.mjs"], ["proto/plugins", "proto/plugins/gen.mjs"]),
        (["python", "./gen.py"], ["proto/words.py", "proto/gen.py"]),
        (["protoc-gen-x", "settings/gen.json"], ["proto/settings/gen.json"]),
        (["python", "nowhere/gen.py"], []),
        (["python", "../../outside/gen.py"], []),
        (
            ["go", "-C", "../tools", "run", "./cmd/gen"],
            ["tools/go.mod", "tools/go.sum", "tools/names/names.go", "tools/names/deep", "tools/cmd/gen"],
        ),
        (["go", "tool", "gen"], ["go.mod"]),
        (["go", "tool", "-modfile=../tools/go.mod", "gen"], ["tools/go.mod", "tools/go.sum"]),
        (["go", "run", "example.com/gen"], ["go.mod"]),
        (["python3", "-m", "plugins"], ["proto/plugins"]),
        (["python3", "-m", "words"], ["proto/words.py"]),
        (["go", "run", "../cmd/gen"], ["go.mod", "cmd/cmd.go", "cmd/gen"]),
    ],
)
def test_a_plugin_reads_what_its_command_names_and_what_that_loads_from_beside_itself(
    write_tree: WriteTree, words: list[str], files: list[str]
) -> None:
    sources = Sources(root=write_tree(TEXTS), files=tuple(sorted(TEXTS)))
    assert list(dict.fromkeys(plugin_files(sources, "proto", words))) == files
