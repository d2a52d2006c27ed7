from __future__ import annotations

import json
from pathlib import Path

import pytest

from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.store.state import load_state

RECORD = Record(
    facts=Facts(
        inputs={"a.ts": "1"},
        outputs={"dist/ä.js": "2"},
        tools={"node": "24.1.0"},
        recipe="c1",
        extra={"version": "1.0.0"},
        passed_on="1.0.0",
    ),
    dependencies={"stubs:ts": "3"},
    seconds=1.5,
    detail={"version": "1.0.0"},
)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


def test_a_fresh_clone_has_no_state(layout: Layout) -> None:
    state = load_state(layout)
    assert (state.records, state.files, state.snapshot) == ({}, {}, {})


def test_a_record_comes_back_as_it_was(layout: Layout) -> None:
    load_state(layout).save_record("sdk:ts", RECORD)
    assert load_state(layout).records == {"sdk:ts": RECORD}


def test_names_of_files_that_are_no_text_come_back_as_they_were(layout: Layout) -> None:
    state = load_state(layout)
    state.files["odd-\udcff"] = [1, 2, 3, "digest"]
    state.save_record("sdk:ts", Record(facts=Facts(inputs={"odd-\udcff": "1"})))
    found = load_state(layout)
    assert found.files == state.files
    assert found.records["sdk:ts"].facts.inputs == {"odd-\udcff": "1"}


def test_files_and_snapshot_come_back_as_they_were(layout: Layout) -> None:
    state = load_state(layout)
    state.files["a.ts"] = [1, 2, 3, "digest"]
    state.snapshot = {"key": "k", "targets": []}
    state.save_files()
    again = load_state(layout)
    assert again.files == {"a.ts": [1, 2, 3, "digest"]}
    assert again.snapshot == {"key": "k", "targets": []}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"schema": 0, "records": {}, "files": {}, "snapshot": {}}',
        '{"schema": 1}',
        '{"schema": 2, "records": {"a": {"facts": {"unknown": 1}}}, "files": {}, "snapshot": {}}',
        '{"schema": 2, "records": {"a": {}}, "files": {}, "snapshot": {}}',
        '{"schema": 2, "records": {"a": null}, "files": {}, "snapshot": {}}',
        '{"schema": 2, "records": [], "files": {}, "snapshot": {}}',
        "\x00\x01",
    ],
)
def test_an_unreadable_or_older_file_counts_as_none_and_can_be_written_over(layout: Layout, text: str) -> None:
    write_atomically(layout.state_file, text.encode())
    state = load_state(layout)
    assert state.records == {}
    state.save_record("sdk:ts", RECORD)
    assert load_state(layout).records == {"sdk:ts": RECORD}


def test_two_runs_at_once_keep_each_others_records(layout: Layout) -> None:
    one, other = load_state(layout), load_state(layout)
    one.save_record("sdk:ts", RECORD)
    other.save_record("sdk:go", RECORD)
    other.save_files()
    assert set(load_state(layout).records) == {"sdk:ts", "sdk:go"}


def test_a_later_record_replaces_the_earlier_one(layout: Layout) -> None:
    state = load_state(layout)
    state.save_record("sdk:ts", Record(facts=RECORD.facts, finished=False))
    assert not load_state(layout).records["sdk:ts"].finished
    state.save_record("sdk:ts", RECORD)
    assert load_state(layout).records["sdk:ts"] == RECORD


def test_the_file_has_the_shape_its_module_tells(layout: Layout) -> None:
    load_state(layout).save_record("sdk:ts", RECORD)
    assert json.loads(layout.state_file.read_text(encoding="utf-8")) == {
        "schema": 2,
        "records": {
            "sdk:ts": {
                "facts": {
                    "inputs": {"a.ts": "1"},
                    "outputs": {"dist/ä.js": "2"},
                    "tools": {"node": "24.1.0"},
                    "commands": "c1",
                    "version": "1.0.0",
                    "baseline": "",
                },
                "dependencies": {"stubs:ts": "3"},
                "finished": True,
                "seconds": 1.5,
                "detail": {"version": "1.0.0"},
            }
        },
        "files": {},
        "snapshot": {},
        "baselines": {},
    }


def test_a_write_leaves_the_old_content_or_the_new_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "state.json"
    write_atomically(path, b"old")
    inode = path.stat().st_ino
    with path.open("rb") as reader:
        write_atomically(path, b"new")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"
    assert path.stat().st_ino != inode
    assert [each.name for each in path.parent.iterdir()] == ["state.json"]


def test_a_write_that_fails_leaves_the_old_content_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "place"
    (path / "in the way").mkdir(parents=True)
    with pytest.raises(OSError):
        write_atomically(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["place"]
