"""A workspace of one schema, a plugin of its own for each of two templates, and two SDKs, in Python and npm, that the
stubs land in."""

from __future__ import annotations

from property.members import IGNORE, UV_BUILD
from property.observers import BUILD_MJS, OBSERVE_PY

# Writes a stub of each file it is asked for: a digest of the descriptor that buf sends, of its option and of its words.
PLUGIN = """\
import hashlib
import pathlib
import sys


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 2:
            size, at = varint(data, at)
            yield key >> 3, data[at : at + size]
            at += size
        else:
            _, at = varint(data, at)


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at += 1
        if data[at - 1] < 128:
            return value, at
        shift += 7


def written(number, data):
    head = bytes([number << 3 | 2])
    size = len(data)
    while size > 127:
        head += bytes([size & 127 | 128])
        size >>= 7
    return head + bytes([size]) + data


request = list(fields(sys.stdin.buffer.read()))
wanted = [value for number, value in request if number == 1]
option = b"".join(value for number, value in request if number == 2)
words = pathlib.Path(__file__).with_name("words.txt").read_bytes()
answer = bytes([2 << 3, 1])  # proto3 optional is supported
for number, value in request:
    if number == 15:
        name = next(inner for key, inner in fields(value) if key == 1)
        if name in wanted:
            digest = hashlib.sha256(value + option + words).hexdigest()
            text = f"MARK {digest}\\n".encode()
            answer += written(15, written(1, name.replace(b".proto", b".ENDING")) + written(15, text))
sys.stdout.buffer.write(answer)
"""
PROTO = (
    'syntax = "proto3";\n\npackage shop.v1;\n{more}\n// {name} has fields.\nmessage {name} {{\n  string id = 1;\n}}\n'
)
ROOT = """\
[dependency-groups]
dev = ["pytest"]

[tool.uv.workspace]
members = ["sdk/py"]
"""
PNPM_LOCK = """\
lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}

  sdk/js: {}
"""
MADE = ("sdk/js/dist", "sdk/js/gen", "sdk/py/src/shop/gen")
MEMBERS = ("sdk/py", "sdk/js")


def files() -> dict[str, str]:
    return {
        ".gitignore": IGNORE,
        "pyproject.toml": ROOT,
        "package.json": '{"name": "root", "private": true}\n',
        "pnpm-workspace.yaml": 'packages:\n  - "sdk/js"\n',
        "pnpm-lock.yaml": PNPM_LOCK,
        "shared/text.txt": "behind a link\n",
        "shared/folder/one.txt": "one\n",
        "docs/readme.md": "of no member\n",
        "proto/buf.yaml": "version: v2\n",
        "proto/shop/v1/order.proto": PROTO.format(name="Order", more=""),
        "proto/shop/v1/item.proto": PROTO.format(name="Item", more='\nimport "shop/v1/money.proto";\n').replace(
            "string id = 1;", "string id = 1;\n  Money price = 2;"
        ),
        "proto/shop/v1/money.proto": PROTO.format(name="Money", more=""),
        "proto/notes.md": "Of the schema.\n",
        "proto/plugins/py/plugin.py": PLUGIN.replace("ENDING", "py").replace("MARK", "#"),
        "proto/plugins/py/words.txt": "words\n",
        "proto/plugins/js/plugin.py": PLUGIN.replace("ENDING", "mjs").replace("MARK", "//"),
        "proto/plugins/js/words.txt": "words\n",
        "proto/buf.gen.py.yaml": template("py", "../sdk/py/src/shop/gen"),
        "proto/buf.gen.js.yaml": template("js", "../sdk/js/gen"),
        "sdk/py/pyproject.toml": '[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n'
        f'license = "MIT"\nlicense-files = ["LICENSE"]\ndependencies = []\n\n{UV_BUILD}',
        "sdk/py/LICENSE": "Do as you like.\n",
        "sdk/js/LICENSE": "Do as you like.\n",
        "sdk/py/src/shop/py.typed": "",
        "sdk/py/src/shop/__init__.py": "NEEDS = []\nVALUE = 1\n",
        "sdk/py/tests/test_shop.py": OBSERVE_PY.replace("py+NAME", "sdk+py").replace("NAME", "shop"),
        "sdk/py/src/a.txt": "data\n",
        "sdk/py/src/more/c.txt": "data\n",
        "sdk/js/package.json": '{"name": "@p/shop", "version": "1.0.0", "main": "dist/index.json",\n'
        ' "files": ["dist", "gen"], "license": "MIT", "folder": "sdk+js",\n'
        ' "scripts": {"build": "node build.mjs build", "test": "node build.mjs test"}}\n',
        "sdk/js/build.mjs": BUILD_MJS,
        "sdk/js/src/a.txt": "data\n",
        "sdk/js/src/more/c.txt": "data\n",
    }


def links() -> dict[str, str]:
    return {f"{each}/src/linked": "../../../shared/folder" for each in MEMBERS}


def template(name: str, out: str) -> str:
    return f"version: v2\nplugins:\n  - local: [python3, plugins/{name}/plugin.py]\n    out: {out}\n    opt: kind=one\n"
