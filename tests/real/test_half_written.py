"""A generation that fails or is killed half-way leaves the stubs as they were, or the next run makes them whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from property.trial import SHAPES, Trial

FAILS = "import sys\nsys.stdin.buffer.read()\nsys.exit('out of ideas')\n"
# The second `out` lies below the first, and its plugin fails after the first has generated.
NESTED = """\
version: v2
plugins:
  - local: [python3, plugins/js/plugin.py]
    out: ../sdk/js/gen
    opt: kind=two
  - local: [python3, plugins/fails.py]
    out: ../sdk/js/gen/deep
"""


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    made = Trial(tmp_path_factory.mktemp("half"), SHAPES["schema"])
    made.prepare()
    return made


def tracked(trial: Trial) -> str:
    return trial.tree.git("status", "--porcelain", "--", "sdk")


@pytest.mark.parametrize("below", [False, True], ids=["one out", "an out below another"])
def test_a_plugin_that_fails_leaves_every_stub_as_it_was(trial: Trial, below: bool) -> None:
    tree = trial.tree
    tree.git("checkout", "-q", "--", ".")
    assert tracked(trial) == ""
    if below:
        tree.write("proto/plugins/fails.py", FAILS)
        tree.write("proto/buf.gen.js.yaml", NESTED)
    else:
        tree.write("proto/plugins/js/plugin.py", FAILS)
    out, err = tree.nox("proto", "--json")
    assert '"ok": false' in out
    assert "out of ideas" in out
    assert "Traceback" not in err
    assert tracked(trial) == ""
    tree.git("checkout", "-q", "--", ".")
    out, err = tree.nox("proto", "--json")
    assert '"ok": true' in out, out + err
    assert tracked(trial) == ""


def test_what_a_killed_run_put_aside_does_not_come_back(trial: Trial) -> None:
    """As after a kill in the middle: half of the stubs are new, and what was before them still lies in the stage."""
    tree = trial.tree
    tree.git("checkout", "-q", "--", ".")
    aside = Path(".nox-rings/stage/stubs-ts.before/1")
    tree.write(str(aside), "of an earlier time\n")
    tree.write("sdk/js/gen/shop/v1/item.mjs", "half\n")
    out, err = tree.nox("proto", "--json")
    assert '"ok": true' in out, out + err
    assert tracked(trial) == ""
    assert not tree.exists(str(aside))
