from __future__ import annotations

import pytest

from nox_rings.ecosystems.npm.builds.gitignore import GitIgnore
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree
from unit.ecosystems.npm.builds.ignore_rows import ROWS


@pytest.mark.parametrize(("root", "own", "folder", "ignored"), ROWS)
def test_a_folder_is_ignored_where_git_says_so(
    write_tree: WriteTree, root: str, own: str, folder: str, ignored: bool
) -> None:
    texts = {".gitignore": root, "libs/a/.gitignore": own}
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    assert GitIgnore(sources).ignores(folder) is ignored
