"""What is kept below `.nox-rings/state`, with real files."""

from __future__ import annotations

import json
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.store.lines import render_line
from nox_rings.engine.store.state import State, load_state

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
UNFINISHED = replace(RECORD, finished=False)
SNAPSHOT = {
    "key": "k",
    "targets": [{"id": "proto"}],
    "versions": ["0.1.0", "v", False],
    "passed_over": [["a", "b", "c"]],
}
BASELINES = {"key": "k", "of": {"proto": [{"tree": "t"}]}}
NOT_UTF_8 = os.fsdecode(b"caf\xe9.txt")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


def filled(layout: Layout) -> State:
    state = load_state(layout)
    state.save_record("sdk:ts", RECORD)
    state.files.remember("a.ts", "1 2 3", "digest")
    state.save_snapshot(SNAPSHOT)
    state.baselines = BASELINES
    state.save_baselines()
    return state


def record_file(layout: Layout) -> Path:
    return load_state(layout).records.path("sdk:ts")


def content(state: State) -> tuple[Any, ...]:
    return dict(state.records), state.files.entries, state.snapshot, state.baselines


NOTHING: tuple[Any, ...] = ({}, {}, {}, {})
EVERYTHING = ({"sdk:ts": RECORD}, {"a.ts": "1 2 3 digest"}, SNAPSHOT, BASELINES)


def test_a_fresh_clone_has_no_state_and_looking_makes_none(layout: Layout) -> None:
    assert content(load_state(layout)) == NOTHING
    assert not layout.own.exists()


def test_what_was_saved_comes_back_as_it_was(layout: Layout) -> None:
    filled(layout)
    assert content(load_state(layout)) == EVERYTHING


def test_a_later_record_replaces_the_earlier_one(layout: Layout) -> None:
    state = load_state(layout)
    state.save_record("sdk:ts", UNFINISHED)
    assert not load_state(layout).records["sdk:ts"].finished
    state.save_record("sdk:ts", RECORD)
    assert dict(load_state(layout).records) == {"sdk:ts": RECORD}


def test_a_run_killed_between_two_steps_leaves_its_target_unfinished_and_the_rest_as_it_was(layout: Layout) -> None:
    state = filled(layout)
    state.save_record("sdk:go", RECORD)
    state.save_record("sdk:ts", UNFINISHED)
    record = record_file(layout)
    # What a kill in the middle of writing the next record leaves behind.
    (record.parent / f".{record.name}.123.tmp").write_bytes(b'["0123456789abcdef",{"schema":')
    assert dict(load_state(layout).records) == {"sdk:ts": UNFINISHED, "sdk:go": RECORD}


def test_a_kill_in_the_middle_of_the_digests_loses_the_last_of_them_only(layout: Layout) -> None:
    filled(layout)
    log = layout.state / "digests.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + render_line({"b.ts": "1 2 3 digest"})[:-5])
    state = load_state(layout)
    assert state.files.entries == {"a.ts": "1 2 3 digest"}
    state.files.remember("c.ts", "1 2 3", "digest")
    state.save_files()
    assert load_state(layout).files.entries == {"a.ts": "1 2 3 digest", "c.ts": "1 2 3 digest"}


def test_names_that_are_not_utf_8_are_kept(layout: Layout) -> None:
    record = replace(RECORD, facts=replace(RECORD.facts, inputs={NOT_UTF_8: "1"}))
    state = load_state(layout)
    state.files.remember(NOT_UTF_8, "1 2 3", "digest")
    state.save_record(f"package:{NOT_UTF_8}", record)
    again = load_state(layout)
    assert dict(again.records) == {f"package:{NOT_UTF_8}": record}
    assert again.files.entries == {NOT_UTF_8: "1 2 3 digest"}


@pytest.mark.parametrize("other", ["sdk-ts", "SDK:ts", "sdk:ts/", "sdk:t s", "sdk:" + 300 * "x"])
def test_ids_with_the_same_file_name_have_separate_records(layout: Layout, other: str) -> None:
    state = load_state(layout)
    state.save_record("sdk:ts", RECORD)
    state.save_record(other, UNFINISHED)
    assert dict(load_state(layout).records) == {"sdk:ts": RECORD, other: UNFINISHED}
    assert state.records.path(other).name.lower() != state.records.path("sdk:ts").name.lower()


def test_the_record_of_another_target_under_the_name_of_this_one_counts_as_none(layout: Layout) -> None:
    state = filled(layout)
    state.records.path("sdk:ts").rename(state.records.path("sdk:go"))
    assert "sdk:go" not in load_state(layout).records


def changed(**fields: Any) -> bytes:
    """A whole record of a shape that ours does not have; a value of None is a field that is not there."""
    facts = {"inputs": {}, "outputs": {}, "tools": {}, "recipe": "", "extra": {}, "passed_on": "", "signs": {}}
    record = {"facts": facts, "dependencies": {}, "finished": True, "exposed": False, "seconds": 1, "detail": {}}
    document: dict[str, Any] = {"schema": 4, "id": "sdk:ts", "record": record}
    for name, value in fields.items():
        owner = next((each for each in (document, record, facts) if name in each), record)
        owner[name] = value
    for owner in (document, record, facts):
        for name in [name for name, value in owner.items() if value is None]:
            del owner[name]
    return render_line(document)


def test_the_record_that_the_damaged_ones_are_made_from_is_a_good_one(layout: Layout) -> None:
    filled(layout)
    record_file(layout).write_bytes(changed())
    assert load_state(layout).records["sdk:ts"] == Record(facts=Facts(), seconds=1)


def with_checksum(text: bytes) -> bytes:
    return b'["' + blake2b(text, digest_size=8).hexdigest().encode() + b'",' + text + b"]"


def test_the_checksum_of_the_damaged_ones_is_a_good_one() -> None:
    assert with_checksum(b'{"a":1}') + b"\n" == render_line({"a": 1})


DAMAGED = {
    "empty": b"",
    "garbage": bytes(range(256)) * 50,
    "one bracket": b"{",
    "another document": b'{"schema": 2, "records": {}, "files": {}, "snapshot": {}, "baselines": {}}',
    "UTF-16": render_line({"schema": 4}).decode().encode("utf-16"),
    "brackets": 200_000 * b"[",
    "brackets with a good checksum": with_checksum(200_000 * b"[" + 200_000 * b"]"),
    "half a document with a good checksum": with_checksum(b'{"schema": 4, '),
    "a list": render_line([]),
    "a number": render_line(1),
    "null": render_line(None),
    "the older schema": changed(schema=3),
    "an id that is a list": changed(id=[]),
    "a record that is a list": changed(record=[]),
    "no facts": changed(facts=None),
    "facts that are a list": changed(facts=[]),
    "an unknown fact": changed(facts={"unknown": "1"}),
    "inputs that are a list": changed(inputs=["a"]),
    "inputs that hold numbers": changed(inputs={"a": 1}),
    "a recipe that is a number": changed(recipe=1),
    "dependencies that are a text": changed(dependencies="sdk:go"),
    "finished that is a text": changed(finished="no"),
    "seconds that are true": changed(seconds=True),
    "detail with nested values": changed(detail={"a": {}}),
    "no detail": changed(detail=None),
    "an unknown field": changed(unknown=1),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_whatever_is_in_a_file_of_the_state_counts_as_never_built_and_is_replaced(layout: Layout, data: bytes) -> None:
    filled(layout)
    files = [path for path in layout.state.rglob("*") if path.is_file()]
    assert len(files) == 4
    for path in files:
        path.write_bytes(data)
    assert content(load_state(layout)) == NOTHING
    filled(layout)
    assert content(load_state(layout)) == EVERYTHING


@pytest.mark.parametrize("position", range(0, 300, 7))
def test_a_flipped_bit_in_a_record_is_noticed(layout: Layout, position: int) -> None:
    filled(layout)
    data = bytearray(record_file(layout).read_bytes())
    data[position % len(data)] ^= 1
    record_file(layout).write_bytes(data)
    assert "sdk:ts" not in load_state(layout).records


def replace_by_folder(path: Path) -> None:
    path.unlink()
    (path / "something" / "inside").mkdir(parents=True)


def replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def replace_by_dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere/at/all")


@pytest.mark.parametrize("spoil", [replace_by_folder, replace_by_pipe, replace_by_dangling_link])
def test_what_is_no_file_counts_as_none_and_is_replaced(layout: Layout, spoil: Callable[[Path], None]) -> None:
    filled(layout)
    for path in [path for path in layout.state.rglob("*") if path.is_file()]:
        spoil(path)
    assert content(load_state(layout)) == NOTHING
    filled(layout)
    assert content(load_state(layout)) == EVERYTHING


@pytest.mark.parametrize("folder", ["state", "state/records"])
@pytest.mark.parametrize("shape", ["file", "link"])
def test_what_is_no_folder_is_replaced_by_one(layout: Layout, folder: str, shape: str) -> None:
    path = layout.own / folder
    path.parent.mkdir(parents=True)
    if shape == "file":
        path.write_bytes(b"garbage")
    else:
        path.symlink_to("nowhere")
    assert content(load_state(layout)) == NOTHING
    filled(layout)
    assert content(load_state(layout)) == EVERYTHING


def test_files_that_may_only_be_read_are_replaced(layout: Layout) -> None:
    """Root may write them anyhow, so this has a meaning for everybody else."""
    filled(layout)
    for path in [path for path in layout.state.rglob("*") if path.is_file()]:
        path.chmod(0o444)
    state = load_state(layout)
    state.files.remember("b.ts", "1 2 3", "digest")
    state.save_record("sdk:ts", UNFINISHED)
    again = load_state(layout)
    assert dict(again.records) == {"sdk:ts": UNFINISHED}
    assert again.files.entries == {"a.ts": "1 2 3 digest", "b.ts": "1 2 3 digest"}


@pytest.mark.parametrize("shape", ["file", "folder"])
def test_the_file_that_kept_the_state_before_goes_with_the_first_write(layout: Layout, shape: str) -> None:
    former = layout.own / "state.json"
    if shape == "file":
        layout.own.mkdir()
        former.write_text("{}", encoding="utf-8")
    else:
        (former / "inside").mkdir(parents=True)
    state = load_state(layout)
    assert former.exists()
    state.save_record("sdk:ts", RECORD)
    assert not former.exists()


def test_a_file_instead_of_our_folder_is_one_sentence(layout: Layout) -> None:
    layout.own.write_text("a file", encoding="utf-8")
    state = load_state(layout)
    assert content(state) == NOTHING
    with pytest.raises(StepFailedError):
        state.save_record("sdk:ts", RECORD)


@pytest.fixture
def full_disk() -> Any:
    """No file may become larger than 50 bytes: writing fails as on a full disk, for root as well."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, before[1]))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_record_that_a_full_disk_does_not_take_is_one_sentence_and_leaves_the_earlier_one(
    layout: Layout, request: pytest.FixtureRequest
) -> None:
    state = filled(layout)
    end = request.getfixturevalue("full_disk")
    with pytest.raises(StepFailedError) as failure:
        state.save_record("sdk:ts", UNFINISHED)
    end()
    assert failure.value.message == ".nox-rings/state/records: the record of sdk:ts cannot be written: File too large"
    assert content(load_state(layout)) == EVERYTHING
    assert [path.name for path in (layout.state / "records").iterdir()] == [record_file(layout).name]


def test_a_full_disk_keeps_no_question_from_being_answered(layout: Layout, request: pytest.FixtureRequest) -> None:
    """Digests, the graph and baselines save time to the next run and nothing else."""
    state = filled(layout)
    end = request.getfixturevalue("full_disk")
    state.files.remember("b.ts", "1 2 3", "digest")
    state.save_snapshot({**SNAPSHOT, "key": "other"})
    state.save_baselines()
    end()
    assert content(load_state(layout)) == EVERYTHING
    assert state.snapshot["key"] == "other"


def test_two_runs_at_once_keep_each_others_records(layout: Layout) -> None:
    one, other = load_state(layout), load_state(layout)
    one.save_record("sdk:ts", RECORD)
    other.save_record("sdk:go", RECORD)
    other.files.remember("b.ts", "1 2 3", "digest")
    other.save_files()
    again = load_state(layout)
    assert set(again.records) == {"sdk:ts", "sdk:go"}
    assert again.files.entries == {"b.ts": "1 2 3 digest"}


def test_a_refresh_takes_over_what_another_run_recorded_of_the_targets_it_names(layout: Layout) -> None:
    state, other = filled(layout), load_state(layout)
    state.save_record("sdk:go", RECORD)
    assert other.records["sdk:ts"] == other.records["sdk:go"] == RECORD
    for target_id in ("sdk:ts", "sdk:go", "sdk:py"):
        state.save_record(target_id, UNFINISHED)
    other.refresh(("sdk:ts", "sdk:py"))
    assert [other.records[each].finished for each in ("sdk:ts", "sdk:go", "sdk:py")] == [False, True, False]


WRITERS, ROUNDS = 4, 25


def write_rounds(layout: Layout, writer: int) -> None:
    """A run of its own with a state of its own."""
    state = load_state(layout)
    for number in range(ROUNDS):
        state.files.remember(f"{writer}/{number}", "1 2 3", "digest")
        state.save_record(f"sdk:{writer}", replace(RECORD, detail={"number": str(number)}))
        state.save_snapshot({**SNAPSHOT, "key": f"{writer}"})


def read_until(layout: Layout, done: threading.Event) -> None:
    """What was there once is never found missing or torn."""
    seen: dict[str, str] = {}
    had_snapshot = False
    while not done.is_set():
        state = load_state(layout)
        assert state.files.entries.keys() >= seen.keys()
        seen = state.files.entries
        assert state.snapshot or not had_snapshot
        had_snapshot = bool(state.snapshot)
        for writer in range(WRITERS):
            there = state.records.path(f"sdk:{writer}").exists()
            assert not there or state.records[f"sdk:{writer}"].facts == RECORD.facts


def test_writers_and_readers_at_once_see_whole_records_and_lose_nothing(layout: Layout) -> None:
    """They begin where nothing is there yet, not even the folder."""
    done = threading.Event()
    with ThreadPoolExecutor(max_workers=WRITERS + 1) as pool:
        reader = pool.submit(read_until, layout, done)
        writers = [pool.submit(write_rounds, layout, writer) for writer in range(WRITERS)]
        try:
            for each in writers:
                each.result()
        finally:
            done.set()
        reader.result()
    state = load_state(layout)
    numbers = {each: record.detail["number"] for each, record in state.records.items()}
    assert numbers == {f"sdk:{writer}": f"{ROUNDS - 1}" for writer in range(WRITERS)}
    assert len(state.files.entries) == WRITERS * ROUNDS
    assert state.snapshot["key"] in {"0", "1", "2", "3"}
    assert list(layout.state.rglob("*.tmp")) == []


def test_a_run_writes_nothing_of_targets_and_files_that_are_none_of_its_own(layout: Layout) -> None:
    """The cost of a target does not grow with the workspace."""
    state = load_state(layout)
    for number in range(50):
        state.files.remember(f"{number}.ts", "1 2 3", "digest")
        state.save_record(f"package:{number}", RECORD)
    before = {path: path.stat().st_ino for path in (layout.state / "records").iterdir()}
    log = (layout.state / "digests.jsonl").read_bytes()
    state.files.remember("50.ts", "1 2 3", "digest")
    state.save_record("package:7", UNFINISHED)
    after = {path: path.stat().st_ino for path in (layout.state / "records").iterdir()}
    assert [path for path in before if before[path] != after[path]] in ([], [state.records.path("package:7")])
    added = (layout.state / "digests.jsonl").read_bytes().removeprefix(log)
    assert added == b"\n" + render_line({"50.ts": "1 2 3 digest"})


def test_a_log_of_digests_with_more_past_than_present_is_written_anew_and_keeps_what_others_appended(
    layout: Layout,
) -> None:
    first = load_state(layout)
    for round_number in range(4):
        for number in range(600):
            first.files.remember(f"{number}.ts", f"{round_number} 2 3", "digest")
        first.save_files()
    log = layout.state / "digests.jsonl"
    size = log.stat().st_size
    state, other = load_state(layout), load_state(layout)
    other.files.replaced = 0
    other.files.remember("other.ts", "1 2 3", "digest")
    other.save_files()
    state.files.remember("own.ts", "1 2 3", "digest")
    state.save_files()
    assert log.stat().st_size < size / 3
    entries = load_state(layout).files.entries
    assert entries == {
        **{f"{number}.ts": "3 2 3 digest" for number in range(600)},
        "other.ts": "1 2 3 digest",
        "own.ts": "1 2 3 digest",
    }


def test_every_file_is_lines_of_json_that_other_programs_can_read(layout: Layout) -> None:
    filled(layout)
    for path in [path for path in layout.state.rglob("*") if path.is_file()]:
        for line in path.read_text(encoding="ascii").splitlines():
            checksum, document = json.loads(line)
            assert len(checksum) == 16
            assert isinstance(document, dict)
