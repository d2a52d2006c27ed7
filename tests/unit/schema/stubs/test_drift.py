from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nox_rings.engine.differences import Differences
from nox_rings.schema.stubs.drift import PluginVersion, Provenance, drift_findings, parse_provenance, render_provenance

BUF = PluginVersion(name="buf", version="1.75.0", package="buf-bin", digest="sha256:b1")
ES = PluginVersion(name="protoc-gen-es", version="2.17.0", package="@bufbuild/protoc-gen-es", digest="sha512-e1")
LOCAL = PluginVersion(name="protoc-gen-mine", version="1.0.0")
NOW = Provenance(
    template="proto/buf.gen.ts.yaml",
    template_digest="sha256:t1",
    schema_digest="sha256:s1",
    plugins=(BUF, ES),
    roots=("src/_proto",),
)
NOW_TEXT = """\
{
  "template": "proto/buf.gen.ts.yaml",
  "template_digest": "sha256:t1",
  "schema_digest": "sha256:s1",
  "plugins": [
    {
      "name": "buf",
      "package": "buf-bin",
      "version": "1.75.0",
      "digest": "sha256:b1"
    },
    {
      "name": "protoc-gen-es",
      "package": "@bufbuild/protoc-gen-es",
      "version": "2.17.0",
      "digest": "sha512-e1"
    }
  ],
  "roots": [
    "src/_proto"
  ]
}
"""
PATH = "ts/proto-provenance.json"
FIX = "nox -s proto"

OLD_SCHEMA = replace(NOW, schema_digest="sha256:s0")
OLD_TEMPLATE = replace(NOW, template_digest="sha256:t0")
OLD_ES = replace(NOW, plugins=(BUF, replace(ES, version="2.16.0", digest="sha512-e0")))

NONE = Differences()
EDITED = Differences(edited={"ts/src/_proto/a_pb.ts": 7})
BINARY = Differences(edited={"ts/src/_proto/a.bin": 0})
UNEXPECTED = Differences(unexpected=("ts/src/_proto/old_pb.ts",))
GONE = Differences(missing=("ts/src/_proto/b_pb.ts",))
ALL = Differences(edited=EDITED.edited, unexpected=UNEXPECTED.unexpected, missing=GONE.missing)
MANY = Differences(edited={f"ts/src/_proto/{number}_pb.ts": 1 for number in range(25)})
TRACKED = frozenset({"ts/src/_proto/a_pb.ts", "ts/src/_proto/old_pb.ts", "ts/src/_proto/b_pb.ts"})
UNTRACKED: frozenset[str] = frozenset()


def found_by(
    recorded: Provenance | str | None,
    differences: Differences = NONE,
    *,
    now: Provenance = NOW,
    tracked: frozenset[str] = TRACKED,
) -> list[str]:
    """What is found where the provenance file holds `recorded`, as a person reads it."""
    text = render_provenance(recorded) if isinstance(recorded, Provenance) else recorded
    found = list(drift_findings(PATH, text, now, differences, tracked=tracked, fix=FIX))
    assert {finding.fix for finding in found} <= {FIX}
    return [str(finding) for finding in found]


def test_the_file_is_json_that_a_person_can_compare_line_by_line() -> None:
    assert render_provenance(NOW) == NOW_TEXT


def test_what_a_plugin_does_not_have_is_left_out() -> None:
    text = render_provenance(replace(NOW, plugins=(LOCAL,)))
    assert json.loads(text)["plugins"] == [{"name": "protoc-gen-mine", "version": "1.0.0"}]


def test_a_written_provenance_is_read_as_it_was() -> None:
    assert parse_provenance(NOW_TEXT) == NOW


texts = st.text(max_size=20)
names = st.text(min_size=1, max_size=20)
plugins = st.builds(PluginVersion, name=names, version=names, package=texts, digest=texts)
provenances = st.builds(
    Provenance,
    template=texts,
    template_digest=texts,
    schema_digest=texts,
    plugins=st.lists(plugins, max_size=4).map(tuple),
    roots=st.lists(texts, max_size=4).map(tuple),
)


@given(provenances)
def test_any_provenance_is_read_as_it_was_written(provenance: Provenance) -> None:
    assert parse_provenance(render_provenance(provenance)) == provenance


@given(provenances)
def test_stubs_of_their_own_provenance_have_not_drifted(provenance: Provenance) -> None:
    assert found_by(provenance, now=provenance) == []


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "3", '"text"', "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n", "\x00"),
        "{}",
        '{"template": "t", "template_digest": "t1", "schema_digest": "s1", "plugins": []}',
        '{"template": "t", "template_digest": "t1", "schema_digest": "s1", "plugins": null, "roots": []}',
        '{"template": "t", "template_digest": "t1", "schema_digest": "s1", "plugins": ["buf"], "roots": []}',
        '{"template": "t", "template_digest": "t1", "schema_digest": "s1", "plugins": [{}], "roots": []}',
        '{"template": "t", "template_digest": "t1", "schema_digest": "s1", "plugins": [{"of": 1}], "roots": []}',
        NOW_TEXT.replace('"proto/buf.gen.ts.yaml"', "null"),
        NOW_TEXT.replace('"sha256:s1"', '["sha256:s1"]'),
        NOW_TEXT.replace('"2.17.0"', "null"),
        NOW_TEXT.replace('"2.17.0"', "2.17"),
        NOW_TEXT.replace('"sha512-e1"', "null"),
        NOW_TEXT.replace('"protoc-gen-es"', '["protoc-gen-es"]'),
        NOW_TEXT.replace('"buf-bin"', "{}"),
        NOW_TEXT.replace('"src/_proto"', "1"),
        NOW_TEXT.replace('[\n    "src/_proto"\n  ]', '"src/_proto"'),
    ],
)
def test_a_text_that_is_no_provenance_is_reported_as_one_finding(text: str) -> None:
    assert parse_provenance(text) is None
    assert found_by(text) == [f"{PATH}: missing: found no provenance here, expected the provenance of the stubs"]


def test_stubs_without_provenance_are_reported_and_each_file_that_differs_too() -> None:
    """Nothing explains why they differ."""
    assert found_by(None, ALL) == [
        f"{PATH}: missing: found nothing here, expected the provenance of the stubs",
        "ts/src/_proto/a_pb.ts:7: hand-edit: found another content than the schema generates",
        "ts/src/_proto/old_pb.ts: stray-file: found a file that nothing generates",
        "ts/src/_proto/b_pb.ts: missing: found nothing, expected a stub",
    ]


@pytest.mark.parametrize(
    ("differences", "tracked", "findings"),
    [
        (NONE, TRACKED, []),
        (EDITED, TRACKED, ["ts/src/_proto/a_pb.ts:7: hand-edit: found another content than the schema generates"]),
        (BINARY, TRACKED, ["ts/src/_proto/a.bin: hand-edit: found another content than the schema generates"]),
        (UNEXPECTED, TRACKED, ["ts/src/_proto/old_pb.ts: stray-file: found a file that nothing generates"]),
        (
            UNEXPECTED,
            UNTRACKED,
            ["ts/src/_proto/old_pb.ts: stray-file: found an untracked file that nothing generates"],
        ),
        (GONE, TRACKED, ["ts/src/_proto/b_pb.ts: missing: found nothing, expected a stub"]),
        (GONE, UNTRACKED, ["ts/src/_proto/b_pb.ts: missing: found nothing, expected a stub"]),
        (
            ALL,
            TRACKED,
            [
                "ts/src/_proto/a_pb.ts:7: hand-edit: found another content than the schema generates",
                "ts/src/_proto/old_pb.ts: stray-file: found a file that nothing generates",
                "ts/src/_proto/b_pb.ts: missing: found nothing, expected a stub",
            ],
        ),
    ],
    ids=[
        *(
            "nothing",
            "edited",
            "a binary edited",
            "unexpected",
            "untracked",
            "deleted",
            "deleted and not tracked",
        ),
        "all",
    ],
)
def test_where_schema_template_and_plugins_are_those_recorded_a_hand_did_it(
    differences: Differences, tracked: frozenset[str], findings: list[str]
) -> None:
    assert found_by(NOW, differences, tracked=tracked) == findings


@pytest.mark.parametrize(
    ("recorded", "differences", "findings"),
    [
        (OLD_SCHEMA, EDITED, [f"{PATH}:4: schema-drift: the schema changed since the stubs were generated"]),
        (
            OLD_TEMPLATE,
            EDITED,
            [f"{PATH}:2: template-drift: proto/buf.gen.ts.yaml changed since the stubs were generated"],
        ),
        (
            replace(NOW, template="proto/buf.gen.yaml"),
            EDITED,
            [f"{PATH}:2: template-drift: proto/buf.gen.ts.yaml changed since the stubs were generated"],
        ),
        (
            replace(NOW, roots=("src/_proto", "src/proto")),
            EDITED,
            [f"{PATH}:2: template-drift: proto/buf.gen.ts.yaml changed since the stubs were generated"],
        ),
        (OLD_ES, EDITED, [f"{PATH}:13: plugin-drift: protoc-gen-es 2.16.0→2.17.0"]),
        (
            replace(OLD_ES, schema_digest="sha256:s0", template_digest="sha256:t0"),
            EDITED,
            [
                f"{PATH}:4: schema-drift: the schema changed since the stubs were generated",
                f"{PATH}:2: template-drift: proto/buf.gen.ts.yaml changed since the stubs were generated",
                f"{PATH}:13: plugin-drift: protoc-gen-es 2.16.0→2.17.0",
            ],
        ),
    ],
    ids=["schema", "template", "template of another name", "other roots", "plugin", "all of them"],
)
def test_what_changed_is_named_at_its_line_of_the_provenance_and_the_files_are_counted(
    recorded: Provenance, differences: Differences, findings: list[str]
) -> None:
    assert found_by(recorded, differences) == [f"{each} (1 stub differs)" for each in findings]


@pytest.mark.parametrize(
    ("differences", "count"),
    [(NONE, "0 stubs differ"), (EDITED, "1 stub differs"), (ALL, "3 stubs differ"), (MANY, "25 stubs differ")],
)
def test_a_drift_counts_the_stubs_that_follow_from_it(differences: Differences, count: str) -> None:
    first = found_by(OLD_SCHEMA, differences)[0]
    assert first == f"{PATH}:4: schema-drift: the schema changed since the stubs were generated ({count})"


def test_a_changed_plugin_is_reported_with_both_versions_and_how_many_stubs_follow() -> None:
    assert found_by(OLD_ES, MANY) == [f"{PATH}:13: plugin-drift: protoc-gen-es 2.16.0→2.17.0 (25 stubs differ)"]


@pytest.mark.parametrize("recorded", [OLD_SCHEMA, OLD_TEMPLATE, OLD_ES], ids=["schema", "template", "plugin"])
@pytest.mark.parametrize(
    ("differences", "tracked", "findings"),
    [
        (EDITED, TRACKED, []),
        (UNEXPECTED, TRACKED, []),
        (
            UNEXPECTED,
            UNTRACKED,
            ["ts/src/_proto/old_pb.ts: stray-file: found an untracked file that nothing generates"],
        ),
        (GONE, TRACKED, ["ts/src/_proto/b_pb.ts: missing: found nothing, expected a stub"]),
        (GONE, UNTRACKED, []),
        (
            ALL,
            frozenset({"ts/src/_proto/b_pb.ts"}),
            [
                "ts/src/_proto/old_pb.ts: stray-file: found an untracked file that nothing generates",
                "ts/src/_proto/b_pb.ts: missing: found nothing, expected a stub",
            ],
        ),
    ],
    ids=["edited", "unexpected", "untracked", "tracked and gone", "new", "all"],
)
def test_a_drift_explains_files_but_neither_an_untracked_file_nor_a_tracked_file_that_is_gone(
    recorded: Provenance, differences: Differences, tracked: frozenset[str], findings: list[str]
) -> None:
    assert found_by(recorded, differences, tracked=tracked)[1:] == findings


PINNED = replace(LOCAL, digest="sha256:0123456789abcdef")


@pytest.mark.parametrize(
    ("then", "now", "finding"),
    [
        ((BUF, ES), (BUF, replace(ES, version="3.0.0")), f"{PATH}:13: plugin-drift: protoc-gen-es 2.17.0→3.0.0"),
        ((BUF, ES), (BUF,), f"{PATH}:13: plugin-drift: protoc-gen-es 2.17.0→none"),
        ((ES,), (BUF, ES), f"{PATH}: plugin-drift: buf none→1.75.0"),
        (
            (ES,),
            (replace(ES, digest="sha512-e2"),),
            f"{PATH}:7: plugin-drift: protoc-gen-es 2.17.0 sha512-e1→2.17.0 sha512-e2",
        ),
        (
            (LOCAL,),
            (PINNED,),
            f"{PATH}:7: plugin-drift: protoc-gen-mine 1.0.0 without digest→1.0.0 sha256:0123456789ab",
        ),
        ((LOCAL,), (replace(PINNED, version="1.0.1"),), f"{PATH}:7: plugin-drift: protoc-gen-mine 1.0.0→1.0.1"),
    ],
    ids=["updated", "removed", "added: no line of its own", "other digest", "now pinned", "updated and now pinned"],
)
def test_each_difference_of_a_plugin_is_a_drift(
    then: tuple[PluginVersion, ...], now: tuple[PluginVersion, ...], finding: str
) -> None:
    assert found_by(replace(NOW, plugins=then), now=replace(NOW, plugins=now)) == [f"{finding} (0 stubs differ)"]


def test_two_plugins_of_one_name_are_distinguished_by_their_order() -> None:
    """Two scripts of the workspace may have the same name."""
    first, second = (PluginVersion(name="plugin", version="workspace", digest=f"sha256:{each}") for each in "ab")
    then, other = replace(NOW, plugins=(BUF, first, second)), replace(first, digest="sha256:c")
    drift = "plugin-drift: plugin workspace sha256"
    assert found_by(then, EDITED, now=replace(then, plugins=(BUF, other, second))) == [
        f"{PATH}:13: {drift}:a→workspace sha256:c (1 stub differs)"
    ]
    assert found_by(then, EDITED, now=replace(then, plugins=(BUF, first, other))) == [
        f"{PATH}:18: {drift}:b→workspace sha256:c (1 stub differs)"
    ]
    assert found_by(then, now=replace(then, plugins=(BUF, first))) == [
        f"{PATH}:18: plugin-drift: plugin workspace→none (0 stubs differ)"
    ]


@given(provenances, st.data())
def test_no_order_of_plugins_but_that_of_the_template_goes_unreported(now: Provenance, data: st.DataObject) -> None:
    then = replace(now, plugins=tuple(data.draw(st.permutations(now.plugins))))
    assert bool(found_by(then, now=now)) is (then != now)


@pytest.mark.parametrize(
    ("name", "package", "shown"),
    [
        ("protoc-gen-es", "@bufbuild/protoc-gen-es", "protoc-gen-es"),
        ("buf", "buf-bin", "buf"),
        ("python", "grpcio-tools", "python (grpcio-tools)"),
        ("protoc-gen-mine", "", "protoc-gen-mine"),
    ],
)
def test_a_plugin_is_shown_with_its_package_where_its_name_does_not_show_it(
    name: str, package: str, shown: str
) -> None:
    assert PluginVersion(name=name, version="1", package=package).shown == shown


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(json.loads(NOW_TEXT)),
        NOW_TEXT.replace("  ", "\t"),
        NOW_TEXT.removesuffix("\n"),
        render_provenance(replace(NOW, plugins=(ES, BUF))),
    ],
    ids=["one line", "tabs", "no end of line", "plugins in another order"],
)
def test_a_provenance_in_another_form_is_an_edit_by_hand(text: str) -> None:
    form = f"{PATH}: hand-edit: found the provenance in another form than it is written in"
    assert found_by(text) == [form]
    assert found_by(text, EDITED) == [
        form,
        "ts/src/_proto/a_pb.ts:7: hand-edit: found another content than the schema generates",
    ]


def test_a_drift_in_another_form_is_reported_as_the_drift_alone() -> None:
    """Taking it over writes the whole file."""
    assert found_by(json.dumps(json.loads(render_provenance(OLD_SCHEMA)))) == [
        f"{PATH}:1: schema-drift: the schema changed since the stubs were generated (0 stubs differ)"
    ]


@pytest.mark.parametrize(
    ("differences", "count"), [(NONE, 0), (EDITED, 1), (UNEXPECTED, 1), (GONE, 1), (ALL, 3), (MANY, 25)]
)
def test_differences_are_counted_and_none_of_them_is_nothing(differences: Differences, count: int) -> None:
    assert len(differences) == count
    assert bool(differences) is (count > 0)
