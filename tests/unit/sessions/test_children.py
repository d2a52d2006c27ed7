"""What the children of a session do not inherit."""

from __future__ import annotations

import pytest

from nox_rings.engine.process.environment import overlaid_environment
from nox_rings.workspace.git.commands import REPOSITORY_VARIABLES

# `git rev-parse --local-env-vars` of git 2.39, without the two that are settings of the user (`git -c`).
LOCAL = (
    *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE"),
    *("GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_PREFIX"),
    *("GIT_REPLACE_REF_BASE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_SHALLOW_FILE", "GIT_COMMON_DIR"),
)
SETTINGS = (
    *("GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0", "GIT_CONFIG_GLOBAL"),
    *("GIT_CONFIG_SYSTEM", "GIT_SSH_COMMAND", "GIT_SSH", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_TERMINAL_PROMPT"),
    *("GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_AUTHOR_NAME"),
)


def test_the_repository_of_a_calling_git_is_not_inherited_and_settings_of_the_user_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in (*LOCAL, *SETTINGS, "GIT_NAMESPACE"):
        monkeypatch.setenv(name, "x")
    found = overlaid_environment({"GIT_INDEX_FILE": "ours"}, REPOSITORY_VARIABLES)
    assert {name: found[name] for name in (*LOCAL, "GIT_NAMESPACE") if name in found} == {"GIT_INDEX_FILE": "ours"}
    assert set(SETTINGS) <= set(found)
