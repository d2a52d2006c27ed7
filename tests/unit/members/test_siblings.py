from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.pypi.environment import source_path
from unit.conftest import WriteTree

SITE = "lib/python3.13/site-packages"
COPY = '{"url": "file:///w/packages/my%20sdk", "dir_info": {}}'
EDITABLE = '{"url": "file:///w/packages/my%20sdk", "dir_info": {"editable": true}}'


@pytest.mark.parametrize("record", [EDITABLE, COPY], ids=["editable", "a copy"])
@pytest.mark.parametrize("name", ["my-sdk", "my_sdk", "My.SDK"])
def test_a_distribution_from_a_path_names_its_folder_whatever_the_spelling_of_its_name(
    write_tree: WriteTree, name: str, record: str
) -> None:
    root = write_tree({f"{SITE}/my_sdk-0.0.0.dist-info/direct_url.json": record})
    assert source_path(root, name) == Path("/w/packages/my sdk")


@pytest.mark.parametrize(
    "files",
    [
        {f"{SITE}/my_sdk-1.0.dist-info/METADATA": ""},
        {f"{SITE}/my_sdk-1.0.dist-info/direct_url.json": '{"url": "file:///tmp/x.whl", "archive_info": {}}'},
    ],
    ids=["from an index", "from an archive"],
)
def test_any_other_distribution_is_no_workspace_copy(write_tree: WriteTree, files: dict[str, str]) -> None:
    assert source_path(write_tree({"x": "", **files}), "my-sdk") is None


@pytest.mark.parametrize("files", [{f"{SITE}/other-0.0.0.dist-info/direct_url.json": EDITABLE}, {}])
def test_what_is_not_installed_is_no_copy_of_another_place(write_tree: WriteTree, files: dict[str, str]) -> None:
    with pytest.raises(LookupError):
        source_path(write_tree({"x": "", **files}), "my-sdk")
