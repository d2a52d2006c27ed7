"""What npm lists for `workspaces` in package.json: a unit test compares ours with these rows,
tests/real/test_npm_dialects.py compares the rows with the map-workspaces of npm."""

from __future__ import annotations

# Each holds a package.
FOLDERS = (
    *("a", "lib", "lib-a", "lib-b", "lib-c", "libs", "libs/units", "libs/test/t", "libs/units/node_modules/x"),
    *("apps/site", "apps/site/deep", "apps/.hidden", "apps/.hidden/in", "node_modules/z", "v1", "v2", "v3"),
    *("packages/a", "packages/b", "packages/b/a", "packages/b/c"),
)
VS = ("v1", "v2", "v3")
PACKAGES = ("packages/a", "packages/b", "packages/b/a", "packages/b/c")
ALL = ("a", "lib", "lib-a", "lib-b", "lib-c", "libs", "libs/units", "libs/test/t", "apps/site", "apps/site/deep")

ROWS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("apps/*",), ("apps/site",)),
    (("./apps/*",), ("apps/site",)),
    (("/apps/*",), ("apps/site",)),
    (("apps/*/",), ("apps/site",)),
    (("apps/site",), ("apps/site",)),
    (("apps/**",), ("apps/site", "apps/site/deep")),
    (("libs/**",), ("libs", "libs/units", "libs/test/t")),
    (("**",), (*ALL, *VS, *PACKAGES)),
    (("**/deep",), ("apps/site/deep",)),
    (("apps/.hidden",), ("apps/.hidden",)),
    (("apps/.*",), ("apps/.hidden",)),
    (("lib-?",), ("lib-a", "lib-b", "lib-c")),
    (("lib-[ab]",), ("lib-a", "lib-b")),
    (("lib-[!a]",), ("lib-b", "lib-c")),
    (("lib-{a,b}",), ("lib-a", "lib-b")),
    (("{apps,libs}/*",), ("apps/site", "libs/units")),
    (("{a,lib-{a,c}}",), ("a", "lib-a", "lib-c")),
    (("v{1..2}",), ("v1", "v2")),
    (("lib-@(a|c)",), ("lib-a", "lib-c")),
    (("lib-!(a)",), ("lib-b", "lib-c")),
    (("lib-*", "!lib-b"), ("lib-a", "lib-c")),
    (("!lib-b", "lib-*"), ("lib-a", "lib-c")),
    (("packages/**", "!packages/b/**"), ("packages/a",)),
    (("packages/**", "!packages/b/**", "packages/b/a"), PACKAGES),
    (("packages/*", "!packages/b"), ("packages/a",)),
    (("nothing/*",), ()),
    (("libs/*/node_modules/*",), ()),
)
