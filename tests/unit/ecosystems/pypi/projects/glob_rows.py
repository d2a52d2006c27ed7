"""What uv lists for `members` and `exclude` of [tool.uv.workspace]: a unit test compares our globs with these rows,
tests/real/test_member_globs.py compares the rows with uv."""

from __future__ import annotations

# Each holds a project: uv refuses a workspace whose globs match a folder without one.
FOLDERS = (
    *("a", "pkgs", "pkgs/a", "pkgs/b", "pkgs/b/c", "pkgs/.h", "pkgs/.h/in", "pkgs/é", "pkgs/node_modules"),
    *(".top", ".top/x", "sp ace", "sp ace/x", "br[a]ck", "br[a]ck/x", "{a,b}", "{a,b}/x", "q?", "q?/x", "UP", "UP/x"),
    *("lib-a", "lib-b", "lib-c", "lib-c/d", "lib--", "lib-]", "lib-^"),
)
BESIDE = ("pkgs/.h", "pkgs/a", "pkgs/b", "pkgs/node_modules", "pkgs/é")
DEEP = (*BESIDE, "pkgs/.h/in", "pkgs/b/c")
REFUSED = None


def without(*folders: str) -> tuple[str, ...]:
    return tuple(folder for folder in DEEP if folder not in folders)


ROWS: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...] | None], ...] = (
    (("pkgs/*",), (), BESIDE),
    (("pkgs",), (), ("pkgs",)),
    (("pkgs/**",), (), DEEP),
    (("pkgs/**/*",), (), DEEP),
    (("pkgs/**/c",), (), ("pkgs/b/c",)),
    (("pkgs/**/b/**",), (), ("pkgs/b/c",)),
    (("pkgs/**/**/c",), (), ("pkgs/b/c",)),
    (("**/c",), (), ("pkgs/b/c",)),
    (("**",), (), FOLDERS),
    (("lib-*/**",), (), ("lib-c/d",)),
    (("*/x",), (), (".top/x", "UP/x", "br[a]ck/x", "q?/x", "sp ace/x", "{a,b}/x")),
    (("nothing/*",), (), ()),
    # Paths are tidied first; one that begins with a slash is no folder of the workspace.
    (("./pkgs/*",), (), BESIDE),
    (("pkgs/*/",), (), BESIDE),
    (("pkgs//*",), (), BESIDE),
    (("pkgs/../a",), (), ("a",)),
    (("lib-c/./d",), (), ("lib-c/d",)),
    (("/a",), (), ()),
    ((" pkgs/*",), (), ()),
    (("up/*",), (), ()),
    # Characters.
    (("lib-?",), (), ("lib--", "lib-]", "lib-^", "lib-a", "lib-b", "lib-c")),
    (("lib-[ab]",), (), ("lib-a", "lib-b")),
    (("lib-[a-b]",), (), ("lib-a", "lib-b")),
    (("lib-[!a-b]",), (), ("lib--", "lib-]", "lib-^", "lib-c")),
    (("lib-[^a]",), (), ("lib-^", "lib-a")),
    (("lib-[]a]",), (), ("lib-]", "lib-a")),
    (("lib-[!]a]",), (), ("lib--", "lib-^", "lib-b", "lib-c")),
    (("lib-[a-]",), (), ("lib--", "lib-a")),
    (("lib-[-a]",), (), ("lib--", "lib-a")),
    (("lib-[c-a]",), (), ()),
    (("br[a]ck/*",), (), ()),
    (("br[[]a]ck/*",), (), ("br[a]ck/x",)),
    (("q[?]/*",), (), ("q?/x",)),
    (("q\\?/*",), (), ()),
    (("{a,b}/*",), (), ("{a,b}/x",)),
    (("{a,pkgs}/*",), (), ()),
    (("pkgs/a", "!pkgs/a"), (), ("pkgs/a",)),
    (("lib-[a",), (), REFUSED),
    (("lib-[]",), (), REFUSED),
    (("pk**/c",), (), REFUSED),
    (("pkgs/***",), (), REFUSED),
    # In `exclude`, wildcards match slashes as well.
    (("pkgs/**",), ("pkgs/*",), ()),
    (("pkgs/**",), ("*",), ()),
    (("pkgs/**",), ("**",), ()),
    (("pkgs/**",), ("pkgs/**/*",), ()),
    (("pkgs/**",), ("pkgs/b",), without("pkgs/b")),
    (("pkgs/**",), ("./pkgs/b/",), without("pkgs/b")),
    (("pkgs/**",), ("pkgs/a/../b",), without("pkgs/b")),
    (("pkgs/**",), ("pkgs/b/*",), without("pkgs/b/c")),
    (("pkgs/**",), ("pkgs/b/**",), without("pkgs/b/c")),
    (("pkgs/**",), ("*/c",), without("pkgs/b/c")),
    (("pkgs/**",), ("**/c",), without("pkgs/b/c")),
    (("pkgs/**",), ("pkgs/b?c",), without("pkgs/b/c")),
    (("pkgs/**",), ("pkgs/?",), without("pkgs/a", "pkgs/b", "pkgs/é")),
    (("pkgs/*",), ("pkgs/.*",), ("pkgs/a", "pkgs/b", "pkgs/node_modules", "pkgs/é")),
    (("pkgs/*",), ("pkgs/[!ab]",), ("pkgs/.h", "pkgs/a", "pkgs/b", "pkgs/node_modules")),
    (("pkgs/*",), ("b",), BESIDE),
    (("pkgs/*",), ("/pkgs/a",), BESIDE),
    (("pkgs/*",), ("pkgs/[a",), REFUSED),
)
