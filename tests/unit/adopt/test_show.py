"""What `adopt` prints."""

from __future__ import annotations

from nox_rings.adopt.model import Adoption, FileChange, Problem, Survey, ToolOrigin
from nox_rings.adopt.show import as_json, rendered
from nox_rings.workspace.visible import PassedOver

SURVEY = Survey(
    members={"npm": 2, "go": 1, "pypi": 0},
    edges=1,
    schemas=1,
    images=0,
    targets=5,
    problems=(Problem(target="package:a", sentence="a/go.mod: found no module line, expected one"),),
    passed_over=(PassedOver("testdata", "it is a folder of tests", '[tool.nox-rings.members."testdata"]'),),
    tools=(
        ToolOrigin(name="buf", version="1.75.0", origin="the pins of nox-rings"),
        ToolOrigin(name="x", version="", origin="", how="pin it"),
    ),
)
ADOPTION = Adoption(changes=(FileChange(path="noxfile.py", before=None, after="x\n"),), by_hand=("do this",))


def test_everything_that_was_found_is_shown_and_what_would_be_written() -> None:
    assert rendered(SURVEY, ADOPTION, written=False, again="nox -s adopt -- --write").splitlines() == [
        "found 3 members (2 npm, 1 go), 1 edge between them, 1 schema, 0 images: 5 targets",
        "",
        "stopped    why",
        "package:a  a/go.mod: found no module line, expected one",
        "",
        "passed over  why                      what would change that",
        'testdata     it is a folder of tests  [tool.nox-rings.members."testdata"]',
        "",
        "tool  version  comes from",
        "buf   1.75.0   the pins of nox-rings",
        "x     -        missing: pin it",
        "",
        "To pin other versions: a dependency group `tools` with uv.lock, tools/npm, tools/go/*.",
        "",
        "--- /dev/null",
        "+++ noxfile.py",
        "@@ -0,0 +1 @@",
        "+x",
        "",
        "do this",
        "",
        "nothing is written yet: nox -s adopt -- --write",
    ]


def test_the_last_line_says_what_is_written() -> None:
    empty = Survey(members={}, edges=0, schemas=0, images=0, targets=0)
    assert rendered(empty, ADOPTION, written=True, again="").splitlines()[-1] == (
        "written: noxfile.py; next: nox -s rings"
    )
    assert rendered(empty, Adoption(changes=()), written=True, again="").splitlines() == [
        "found 0 members, 0 edges between them, 0 schemas, 0 images: 0 targets",
        "",
        "there is nothing to write",
    ]


def test_json_has_all_of_it() -> None:
    assert as_json(SURVEY, ADOPTION, written=True) == {
        "ok": True,
        "found": {
            "members": 3,
            "members_by_ecosystem": {"npm": 2, "go": 1, "pypi": 0},
            "edges": 1,
            "schemas": 1,
            "images": 0,
            "targets": 5,
        },
        "problems": [{"target": "package:a", "sentence": "a/go.mod: found no module line, expected one"}],
        "passed_over": [
            {
                "path": "testdata",
                "reason": "it is a folder of tests",
                "remedy": '[tool.nox-rings.members."testdata"]',
            }
        ],
        "tools": [
            {"name": "buf", "version": "1.75.0", "origin": "the pins of nox-rings", "how": ""},
            {"name": "x", "version": "", "origin": "", "how": "pin it"},
        ],
        "changes": [
            {"path": "noxfile.py", "action": "create", "diff": "--- /dev/null\n+++ noxfile.py\n@@ -0,0 +1 @@\n+x\n"}
        ],
        "by_hand": ["do this"],
        "written": True,
    }
