"""What git ignores: a unit test compares ours with these rows, tests/real/test_npm_dialects.py compares the rows with
git."""

from __future__ import annotations

# The .gitignore at the root, and the one in libs/a.
ROWS: tuple[tuple[str, str, str, bool], ...] = (
    ("dist\n", "", "libs/a/dist", True),
    ("dist/\n", "", "libs/a/dist", True),
    ("/dist\n", "", "libs/a/dist", False),
    ("/dist\n", "", "dist", True),
    ("libs/a/dist\n", "", "libs/a/dist", True),
    ("a/dist\n", "", "libs/a/dist", False),
    ("**/dist\n", "", "libs/a/dist", True),
    ("libs/*/dist\n", "", "libs/a/dist", True),
    ("libs/**/dist\n", "", "libs/a/dist", True),
    ("libs/**\n", "", "libs/a/dist", True),
    ("libs/a/**/dist\n", "", "libs/a/dist", True),
    ("d?st\n", "", "libs/a/dist", True),
    ("[a-d]ist\n", "", "libs/a/dist", True),
    ("[!a-d]ist\n", "", "libs/a/dist", False),
    ("*.out\n", "", "libs/a/x.out", True),
    ("dist\n!libs/a/dist\n", "", "libs/a/dist", False),
    ("!dist\ndist\n", "", "libs/a/dist", True),
    ("dist\n", "!dist\n", "libs/a/dist", False),
    ("", "/dist\n", "libs/a/dist", True),
    ("", "dist/deep\n", "libs/a/dist/deep", True),
    ("libs/a/\n", "!dist\n", "libs/a/dist", True),
    ("# dist\n", "", "libs/a/dist", False),
    ("dist   \n", "", "libs/a/dist", True),
    ("\\#dist\n", "", "libs/a/#dist", True),
    ("\\!dist\n", "", "libs/a/!dist", True),
    ("dist\r\n", "", "libs/a/dist", True),
    ("", "", "libs/a/dist", False),
)
