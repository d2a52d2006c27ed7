"""What adoption writes, given the files that are there."""

from __future__ import annotations

import pytest

from nox_rings.adopt.model import FileChange, Texts, plan_adoption, registers
from nox_rings.adopt.settings import Setting

OURS = "from nox_rings import register\n\nregister()\n"
SEED = Setting(key="seed-version", value="2.3.0", why="No tag.")


def test_a_repository_without_a_noxfile_gets_one_that_uvx_can_run() -> None:
    (change,) = plan_adoption(Texts(), (), version="0.1.0").changes
    assert (change.path, change.before) == ("noxfile.py", None)
    assert change.after == (
        '"""`nox -l` lists the sessions of nox-rings; `nox -s rings` makes everything that is stale."""\n\n'
        "# What `uvx nox` and a nox of your own install first.\n"
        "# /// script\n"
        '# requires-python = ">=3.11"\n'
        '# dependencies = ["nox", "nox-rings>=0.1.0"]\n'
        "# ///\n\n"
        "from nox_rings import register\n\n"
        "register()\n"
    )
    assert registers(change.after)


def test_a_noxfile_that_is_there_is_never_changed_and_its_owner_gets_the_two_lines() -> None:
    adoption = plan_adoption(Texts(noxfile="import nox\n"), (), version="0.1.0")
    assert adoption.changes == ()
    assert adoption.by_hand == (
        "noxfile.py: it is yours, so it stays as it is; add these two lines to it:\n"
        "    from nox_rings import register\n"
        "    register()",
    )
    assert plan_adoption(Texts(noxfile=OURS), (), version="0.1.0").by_hand == ()


@pytest.mark.parametrize(
    ("noxfile", "known"),
    [
        (OURS, True),
        ("import nox_rings\nnox_rings.register()\n", True),
        ("import nox_rings as rings\nrings.register()\n", True),
        ("def f():\n    from nox_rings import register as r\n    register()\n", True),
        ("# from nox_rings import register\n# register()\n", False),
        ("from nox_rings import register\n", False),
        ("from other import register\nregister()\n", False),
        ("this is no Python", False),
        ("\0", False),
    ],
)
def test_whether_a_noxfile_registers_the_sessions_is_read_from_its_syntax(noxfile: str, known: bool) -> None:
    assert registers(noxfile) is known


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("node_modules\n", "node_modules\n.nox-rings/\n"),
        ("node_modules", "node_modules\n.nox-rings/\n"),
        ("a\r\nb\r\n", "a\r\nb\r\n.nox-rings/\r\n"),
        ("*\n!.nox-rings\n", "*\n!.nox-rings\n.nox-rings/\n"),
        ("", ".nox-rings/\n"),
        ("# .nox-rings\n", "# .nox-rings\n.nox-rings/\n"),
        (".nox-rings/\n", None),
        ("/.nox-rings\n", None),
        ("**/.nox-rings/**\n", None),
        ("*\n!src\n", None),
        (".*\n", None),
    ],
)
def test_an_ignore_file_gets_our_folder_unless_it_ignores_it_already(before: str, after: str | None) -> None:
    texts = Texts(noxfile=OURS, ignore_files={"svc/Dockerfile.dockerignore": before})
    found = plan_adoption(texts, (), version="")
    if after is None:
        assert found.changes == ()
    else:
        assert found.changes == (FileChange(path="svc/Dockerfile.dockerignore", before=before, after=after),)
        again = plan_adoption(Texts(noxfile=OURS, ignore_files={"x": after}), (), version="")
        assert again.changes == ()


def test_settings_go_to_the_pyproject_or_to_their_owner() -> None:
    made = plan_adoption(Texts(noxfile=OURS), (SEED,), version="")
    after = '[tool.nox-rings]\n# No tag.\nseed-version = "2.3.0"\n'
    assert made.changes == (FileChange(path="pyproject.toml", before=None, after=after),)
    assert plan_adoption(Texts(noxfile=OURS, pyproject=after), (SEED,), version="").changes == ()
    left = plan_adoption(Texts(noxfile=OURS, pyproject="[tool]\nnox-rings = {}\n"), (SEED,), version="")
    assert (left.changes, left.by_hand) == (
        (),
        (
            "pyproject.toml: found tool.nox-rings in a form that takes no lines; add these:\n"
            '    [tool.nox-rings]\n    # No tag.\n    seed-version = "2.3.0"',
        ),
    )


def test_a_change_is_shown_as_a_diff() -> None:
    made = FileChange(path="a", before="one\ntwo", after="one\nthree\n")
    assert made.diff == "--- a\n+++ a\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+three\n"
    assert FileChange(path="b", before=None, after="x\n").diff == "--- /dev/null\n+++ b\n@@ -0,0 +1 @@\n+x\n"
