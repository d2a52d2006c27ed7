"""Bake files as `buildx bake --print` reads them: every value that discovery knows is the one that bake would give."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nox_rings.images.builds.bake.targets import find_bake_builds
from nox_rings.workspace.sources import Sources

EXPRESSIONS = (
    *("1.0", "1.20", "1e3", "3/2", "0.1+0.2", "-7%3", "N*1.5", '"${1.50}"', "true", "T", '"3" > 2', '"1" == 1'),
    *('T ? "a" : "b"', '"false" ? "a" : "b"', "!T", "N > 2 && T", '"${L[0]}${M.a}"', "L.1", 'M["b"]', "null"),
    *('"%{ if T }yes%{ else }no%{ endif }"', '"a %{~ if N > 2 ~} b %{~ endif ~} c"', '"$${x} %%{y}"', '"\\u00e9"'),
    *('"%{ for i, x in L }${i}${x},%{ endfor }"', '"%{ for k, v in M }${k}=${v};%{ endfor }"'),
    *('join(",", [for x in L : upper(x) if x != "y"])', "{for k, v in M : v => k}[1]", "max([1, 2]...)"),
    *('join(",", {for i, v in L : v => i...}["x"])', 'jsonencode({b = 1, a = ["x", true, null], c = "<&>"})'),
    *('substr("hello", -3, 2)', 'split(",", "a,b")[1]', 'coalesce(null, "", "x")', 'sanitize("a/b:c.d")', "pow(2, 3)"),
    *('sha256("x")', "element(L, 4)", "slice(L, 0, 2)[1]", 'lookup(M, "c", "d")', "ceil(1.2)", 'dirname("a/b/c")'),
    *('try(N.x, "none")', 'try(NO, "none")', "try(L[0], 1)", 'can(L[7]) ? "y" : "n"', "can(L[0])", "LATER", "TRIED"),
    *(
        'format("%s-%03d", "a", 7)',
        'format("%5.2f|%-5s|%x|%t|%q|%v|%%", 1.5, "a", 255, true, "x", [1])',
        'title("ab cd")',
    ),
    *(
        'formatlist("%s!", ["a", "b"])[1]',
        'regex("b+", "abbc")',
        'regex("(a)(b)", "ab")[1]',
        'regex("(?P<n>b)", "ab").n',
    ),
    *('regexall("b", "abbc")[1]', 'regex_replace("v1.2", "v(\\\\d+)[.]", "<$1>")', 'regex_replace("ab", "b", "$$")'),
    *(
        'urlencode("a b/é")',
        "chunklist([1, 2, 3], 2)[1][0]",
        "hasindex(L, 9)",
        'sethaselement(L, "x")',
        'indent(2, "a\\nb")',
    ),
    *('join(",", setunion(["b"], ["a"]))', "BAKE_CMD_CONTEXT"),
    *("<<EOT\nline ${N}\n%{ if T ~}\nyes\n%{ endif ~}\nend\nEOT", "<<-EOT\n    one\n      two\n    EOT", "inc(2)"),
)
HEAD = """
variable "L" { default = ["x", "y", "x"] }
variable "M" { default = { b = "2", a = "1" } }
variable "T" { default = "true" }
variable "N" { default = 3 }
variable "TRIED" { default = try(LATER, "no") }
variable "LATER" { default = "${N}!" }
function "inc" {
  params = [n]
  result = n + 1
}
"""
PROJECTS: dict[str, dict[str, str]] = {
    "an override": {
        "docker-bake.hcl": 'target "web" {\n  context = "a"\n  target = "t"\n  args = { X = "1", Y = 2.0, Z = "0" }\n'
        '  contexts = { p = "docker-image://p", q = "docker-image://q" }\n  tags = ["t1"]\n}\n',
        "docker-bake.override.hcl": 'target "web" {\n  target = null\n  args = { X = "3", Z = null }\n'
        '  contexts = { q = "docker-image://r" }\n  tags = ["t2"]\n}\n',
    },
    "json and hcl": {
        "docker-bake.json": '{"target": {"web": {"context": "a", "args": {"X": 1.0, "Y": "${1+1}", "Z": null}}}}',
        "docker-bake.hcl": 'target "web" {\n  args = { X = "3" }\n}\n',
    },
    "compose beneath": {
        "compose.yaml": "services: {web: {build: {context: a, target: t, args: {A: 1.0, B: yes, C: 12:30}}}}",
        "docker-compose.yml": "services: {web: {build: {args: {D: off}}}}",
        "compose.override.yaml": "services: {web: {build: {args: {E: 1}}}}",
        "docker-bake.hcl": 'target "web" {\n  args = { X = "1", A = "2" }\n}\n',
    },
    "inherits": {
        "docker-bake.hcl": 'target "b1" {\n  args = { A = "1", B = "1" }\n}\n'
        'target "web" {\n  inherits = ["b1"]\n  args = { C = "3" }\n}\n',
        "docker-bake.override.hcl": 'target "b3" {\n  context = "a"\n  args = { B = "4", C = "9" }\n}\n'
        'target "web" {\n  inherits = ["b3"]\n}\n',
    },
    "a matrix beneath": {
        "docker-bake.hcl": 'target "base" {\n  name = "base-${s}"\n  matrix = { s = ["l", "r"] }\n'
        "  args = { S = s }\n}\n"
        'target "none" {}\n'
        'target "web" {\n  context = "a"\n  inherits = ["base-l"]\n  args = { S = target.none.context, N = "1" }\n}\n',
        "docker-bake.override.hcl": 'target "base-l" {\n  target = "t"\n}\ntarget "base" {\n  target = "no"\n}\n',
    },
    "expressions": {
        "docker-bake.hcl": HEAD
        + 'target "web" {\n  context = "a"\n  args = {\n'
        + "".join(f"    V{number} = {text}\n" for number, text in enumerate(EXPRESSIONS))
        + "  }\n}\n"
    },
}


@pytest.fixture(scope="module")
def buildx() -> str:
    """The program of an earlier pin, or the plugin of a Docker that is installed."""
    pinned = Path(os.environ.get("NOX_RINGS_TOOLS_DIR", "none")).glob("go-images-*/bin/buildx")
    plugins = Path("/usr/libexec/docker/cli-plugins/docker-buildx"), Path("/usr/lib/docker/cli-plugins/docker-buildx")
    found = [str(each) for each in (*pinned, *plugins) if each.exists()] or [shutil.which("buildx") or ""]
    if not found[0]:
        pytest.skip("NOT PROVED: what bake prints needs buildx, found none")
    return found[0]


@pytest.mark.parametrize("name", PROJECTS)
def test_discovery_has_the_values_that_bake_prints(name: str, buildx: str, tmp_path: Path) -> None:
    for path, text in PROJECTS[name].items():
        (tmp_path / path).write_text(text)
    argv = [buildx, "bake", "--print", "web"]
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    printed = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, env=home, check=False)
    assert printed.returncode == 0, printed.stderr
    target: dict[str, Any] = json.loads(printed.stdout)["target"]["web"]
    sources = Sources(root=tmp_path, files=tuple(sorted(PROJECTS[name])))
    (build,) = (each for each in find_bake_builds(sources) if each.name == "web")
    args = {key: value.replace("$${", "${").replace("%%{", "%{") for key, value in target["args"].items()}
    assert dict(build.args) == args
    assert (build.context, build.stage) == (target["context"], target.get("target", ""))
    assert dict(build.contexts) == target.get("contexts", {})
    assert list(build.tags) == target.get("tags", [])
