"""Edits of protos, of what checks them, and of what makes stubs of them."""

from __future__ import annotations

import random

from property.edits.choose import all_files, one, word
from property.model import Tree


def _protos(tree: Tree) -> list[str]:
    return [each for each in all_files(tree) if each.endswith(".proto")]


def field(tree: Tree, rng: random.Random) -> str:
    """A new one, formatted as buf would."""
    path = one([each for each in _protos(tree) if tree.read(each).endswith("}\n")], rng)
    if not path:
        return ""
    text, number = tree.read(path), 10 + rng.randrange(5000)
    tree.write(path, f"{text[:-2]}  string {word(rng)} = {number};\n}}\n")
    return f"a field in {path}"


def proto_comment(tree: Tree, rng: random.Random) -> str:
    path = one(_protos(tree), rng)
    if not path:
        return ""
    tree.write(path, tree.read(path).replace(" has fields", f" has {word(rng)} fields", 1))
    return f"a comment in {path}"


def new_proto(tree: Tree, rng: random.Random) -> str:
    name = word(rng)
    text = f'syntax = "proto3";\n\npackage shop.v1;\n\nmessage {name.capitalize()} {{\n  string id = 1;\n}}\n'
    tree.write(f"proto/shop/v1/{name}.proto", text)
    return f"add proto/shop/v1/{name}.proto"


def removed_proto(tree: Tree, rng: random.Random) -> str:
    path = one([each for each in _protos(tree) if "money" not in each], rng)
    if not path:
        return ""
    tree.remove(path)
    return f"delete {path}"


def unformatted(tree: Tree, rng: random.Random) -> str:
    path = one(_protos(tree), rng)
    if not path:
        return ""
    text = tree.read(path)
    tree.write(
        path,
        text.replace("  string id", "     string id")
        if "     string" not in text
        else text.replace("     string id", "  string id"),
    )
    return f"the format of {path}"


def template_option(tree: Tree, rng: random.Random) -> str:
    path = rng.choice(["proto/buf.gen.py.yaml", "proto/buf.gen.js.yaml"])
    lines = [f"    opt: kind={word(rng)}" if "opt:" in each else each for each in tree.read(path).splitlines()]
    tree.write(path, "\n".join(lines) + "\n")
    return f"an option in {path}"


def plugin(tree: Tree, rng: random.Random) -> str:
    """The script, or what it reads beside itself."""
    path = f"proto/plugins/{rng.choice(['py', 'js'])}/{rng.choice(['plugin.py', 'words.txt'])}"
    if not tree.exists(path):
        return ""
    tree.write(path, f"{tree.read(path)}# {word(rng)}\n")
    return f"edit {path}"


def excluded(tree: Tree, rng: random.Random) -> str:
    """A folder of the module that buf leaves out, or its rules."""
    choices = [
        "version: v2\n",
        "version: v2\nmodules:\n  - path: .\n    excludes:\n      - shop/old\n",
        "version: v2\nlint:\n  use:\n    - MINIMAL\n",
    ]
    tree.write("proto/buf.yaml", rng.choice(choices))
    return "another proto/buf.yaml"


def edited_stub(tree: Tree, rng: random.Random) -> str:
    path = one([each for each in all_files(tree) if "/gen/" in each and each.endswith((".py", ".mjs"))], rng)
    if not path:
        return ""
    if rng.random() < 0.4:
        tree.remove(path)
    else:
        tree.write(path, f"{tree.read(path)}# by hand\n")
    return f"spoil {path}"


def unexpected_stub(tree: Tree, rng: random.Random) -> str:
    path = f"sdk/{rng.choice(['py/src/shop/gen/shop/v1/more.py', 'js/gen/shop/v1/more.mjs'])}"
    if not tree.path(path).parent.is_dir():
        return ""
    tree.write(path, f"# {word(rng)}\n")
    return f"add {path}, which nothing generates"


KINDS = {
    each.__name__: each
    for each in (
        *(field, proto_comment, new_proto, removed_proto, unformatted, template_option, plugin, excluded),
        *(edited_stub, unexpected_stub),
    )
}
