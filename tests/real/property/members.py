"""A workspace of pnpm, uv and Go, a chain of three members in each. Every check writes down what it read, and builds
of npm packages make a file of that, so that an input that was missed shows."""

from __future__ import annotations

import json
from textwrap import dedent

from property.observers import BUILD_MJS, GO_LIB, GO_TEST, OBSERVE_PY
from strangers import NOXFILE as NOXFILE

MS = {
    "2.1.2": "sha512-sGkPx+VjMtmA6MX27oA4FBFELFCZZ4S4XqeGOXCv68tT+jb3vk/RyaKWP0PTKyWtmLSM0b+adUTEvbs1PEaH2w==",
    "2.1.3": "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==",
}
IGNORE = "/.nox-rings/\ndist/\n__pycache__/\nnode_modules/\n.venv/\n*_ignored.*\n.env\n"
ROOT = """\
[dependency-groups]
dev = ["pytest"]

[tool.uv.workspace]
members = ["py/*"]

[tool.nox-rings.members."web/base"]
env = ["PROPERTY_FLAG"]
"""
UV_BUILD = '[build-system]\nrequires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"\n'
MEMBERS = ("web/base", "web/mid", "web/top", "py/core", "py/app", "py/tool", "go/lib", "go/app", "go/cmd")
MADE = ("web/base/dist", "web/mid/dist", "web/top/dist")
# In each member, for edits: files whose content nothing parses.
DATA = ("src/a.txt", "src/b.txt", "src/more/c.txt", "src/more/d.txt")


def files() -> dict[str, str]:
    found = {
        ".gitignore": IGNORE,
        ".dockerignore": "node_modules\n",
        "pyproject.toml": ROOT,
        "conftest.py": "# Of all tests in Python.\n",
        "package.json": '{"name": "root", "private": true}\n',
        "pnpm-workspace.yaml": 'packages:\n  - "web/*"\n',
        "pnpm-lock.yaml": pnpm_lock("2.1.3"),
        "tsconfig.base.json": '{"compilerOptions": {"strict": true}}\n',
        "tsconfig.other.json": '{"compilerOptions": {"strict": false}}\n',
        "go.work": "go 1.24\n\nuse (\n\t./go/app\n\t./go/cmd\n\t./go/lib\n)\n",
        "shared/text.txt": "behind a link\n",
        "shared/folder/one.txt": "one\n",
        "shared/folder/two.txt": "two\n",
        "shared/other.txt": "another\n",
        "docs/readme.md": "of no member\n",
        "web/base/Dockerfile.dev": 'FROM scratch\nCOPY src /src\nCMD ["/src/a.txt"]\n',
    }
    for folder, needs in (("base", ""), ("mid", "base"), ("top", "mid")):
        found |= _npm(folder, needs)
    for folder, needs in (("core", ""), ("app", "core"), ("tool", "app")):
        found |= _python(folder, needs)
    found |= _go("lib") | _go("app", "lib") | _go("cmd", "app", "lib")
    for member in MEMBERS:
        below = _sources(member)
        found |= {f"{below}/{each}": f"{member} {each}\n" for each in DATA}
        found[f"{below}/case.txt"] = "case\n"
    return found


def links() -> dict[str, str]:
    """Link → its text."""
    found = {}
    for member in MEMBERS:
        below = _sources(member)
        up = "../" * (below.count("/") + 2)
        found[f"{below}/src/linked.txt"] = f"{up}shared/text.txt"
        found[f"{below}/src/linked"] = f"{up}shared/folder"
    return found


def _sources(member: str) -> str:
    """Where the data of a member lies: in Python and Go beside the manifest too, and read by the tests from there."""
    return member


def _npm(name: str, needs: str) -> dict[str, str]:
    manifest: dict[str, object] = {
        "name": f"@p/{name}",
        "version": "1.0.0",
        "main": "dist/index.json",
        "files": ["dist"],
        "scripts": {"build": "node build.mjs build", "test": "node build.mjs test"},
    }
    dependencies = {f"@p/{needs}": "workspace:*"} if needs else {}
    if name == "mid":
        dependencies["ms"] = "^2.1.2"
    if dependencies:
        manifest["dependencies"] = dependencies
    return {
        f"web/{name}/package.json": json.dumps(manifest, indent=2) + "\n",
        f"web/{name}/build.mjs": BUILD_MJS,
        f"web/{name}/tsconfig.json": '{"extends": "../../tsconfig.base.json"}\n',
    }


def _python(name: str, needs: str) -> dict[str, str]:
    required = f'"{needs}"' if needs else ""
    source = f"[tool.uv.sources]\n{needs} = {{ workspace = true }}\n" if needs else ""
    head = f'[project]\nname = "{name}"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = [{required}]\n\n'
    own = f"import {needs}\n\nNEEDS = [{needs}]\n" if needs else "NEEDS = []\n"
    return {
        f"py/{name}/pyproject.toml": f"{head}{UV_BUILD}{source}",
        f"py/{name}/src/{name}/__init__.py": f"{own}VALUE = 1\n",
        f"py/{name}/src/{name}/data/text.txt": f"data of {name}\n",
        f"py/{name}/tests/test_{name}.py": OBSERVE_PY.replace("NAME", name),
    }


def _go(name: str, *closure: str) -> dict[str, str]:
    """`closure` are all modules that it needs, the one that it requires itself first."""
    needs = closure[0] if closure else ""
    quoted = ", ".join(f'"{each}"' for each in closure)
    required = f"\nrequire example.com/{needs} v0.0.0\n" if needs else ""
    imported = f'\t"example.com/{needs}"\n' if needs else ""
    below = f" + {needs}.Sum()" if needs else ""
    return {
        f"go/{name}/go.mod": f"module example.com/{name}\n\ngo 1.24\n{required}",
        f"go/{name}/{name}.go": GO_LIB.replace("NAME", name).replace("IMPORT", imported).replace(" BELOW", below),
        f"go/{name}/{name}_test.go": GO_TEST.replace("NAME", name).replace("NEEDED", quoted),
        f"go/{name}/data/text.txt": f"embedded in {name}\n",
    }


def pnpm_lock(ms: str, *, more: tuple[str, ...] = ()) -> str:
    extra = "".join(f"\n  {folder}: {{}}\n" for folder in more)
    return dedent("""\
        lockfileVersion: '9.0'

        settings:
          autoInstallPeers: true
          excludeLinksFromLockfile: false

        importers:

          .: {{}}

          web/base: {{}}

          web/mid:
            dependencies:
              '@p/base':
                specifier: workspace:*
                version: link:../base
              ms:
                specifier: ^2.1.2
                version: {ms}

          web/top:
            dependencies:
              '@p/mid':
                specifier: workspace:*
                version: link:../mid
        {extra}
        packages:

          ms@{ms}:
            resolution: {{integrity: {integrity}}}

        snapshots:

          ms@{ms}: {{}}
        """).format(ms=ms, integrity=MS[ms], extra=extra)
