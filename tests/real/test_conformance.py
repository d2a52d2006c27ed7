"""Python, Go and TypeScript read and write the messages of our schema alike: 200 generated ones, in binary and in
JSON, each written by each language and read by each. Where they do not, conformance/limits.py lists it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from itertools import compress, islice, product
from pathlib import Path
from typing import NamedTuple

import pytest

from conformance.comparison import (
    Normal,
    assert_equal,
    binaries_of,
    canonical,
    is_settled,
    json_of,
)
from conformance.corpus import Case
from conformance.limits import DIFFERENCES, REFUSED, REFUSED_BY_ALL
from conformance.messages import Messages
from conformance.programs import Answer, Program, Task, make_programs
from sdks import Sdks

COUNT = 200
LANGUAGES = ("py", "go", "ts")
BY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
BY_PAIR = pytest.mark.parametrize(("language", "writer"), list(product(LANGUAGES, repeat=2)))

pytestmark = pytest.mark.usefixtures("checkout")  # which must be clean after each test


class Read(NamedTuple):
    """What a language makes of what each has written."""

    binary: Mapping[str, list[Answer]]
    json: Mapping[str, list[Answer]]


@pytest.fixture(scope="module")
def programs(sdks: Sdks, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Program]:
    return make_programs(sdks, tmp_path_factory.mktemp("conformance"))


@pytest.fixture(scope="module")
def normal(programs: Mapping[str, Program]) -> Normal:
    return Normal(programs["py"])


@pytest.fixture(scope="module")
def corpus(sdks: Sdks, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    return make_corpus(sdks, tmp_path_factory.mktemp("corpus"), hash_seed="1")


def make_corpus(sdks: Sdks, folder: Path, *, hash_seed: str) -> list[Case]:
    """In `folder`, because Hypothesis leaves a cache where it runs."""
    argv = (sys.executable, "-m", "conformance.corpus", str(COUNT))
    variables = {"PYTHONPATH": str(Path(__file__).parent), "PYTHONHASHSEED": hash_seed}
    out = sdks.run(argv, cwd=folder, stdin=sdks.schema_document, **variables)
    return [Case(**json.loads(line)) for line in out.splitlines()]


@pytest.fixture(scope="module")
def written(programs: Mapping[str, Program], corpus: list[Case]) -> Mapping[str, list[Answer]]:
    """What each language makes of the corpus, in its order."""
    tasks = [Task(type=case.type, binary=case.full) for case in corpus]
    return {language: programs[language].ask(tasks) for language in LANGUAGES}


@pytest.fixture(scope="module")
def read(
    programs: Mapping[str, Program], corpus: list[Case], written: Mapping[str, list[Answer]]
) -> Mapping[str, Read]:
    """By language, which is asked only once."""
    pairs = [pair for writer in LANGUAGES for pair in zip(corpus, written[writer], strict=True)]
    tasks = [Task(type=case.type, binary=answer.binary) for case, answer in pairs]
    tasks += [Task(type=case.type, json=answer.json) for case, answer in pairs]

    def ask(language: str) -> Read:
        answers = iter(programs[language].ask(tasks))
        binary, json_ = ({writer: list(islice(answers, COUNT)) for writer in LANGUAGES} for _ in Read._fields)
        return Read(binary, json_)

    return {language: ask(language) for language in LANGUAGES}


def test_the_corpus_is_200_messages_of_every_type_with_all_that_a_field_can_hold(
    sdks: Sdks, corpus: list[Case]
) -> None:
    assert len({(case.type, case.full) for case in corpus}) == len(corpus) == COUNT
    assert {case.type for case in corpus} == {message.name for message in sdks.schema.own_messages}
    required = Messages(sdks.schema).required
    assert {"map of several", "packed", "TYPE_INT64 smallest", "TYPE_ENUM unknown", "oneof at its default"} <= required
    assert required - {shown for case in corpus for shown in case.shows} == set()


def test_the_corpus_is_the_same_every_time(sdks: Sdks, corpus: list[Case], tmp_path: Path) -> None:
    assert make_corpus(sdks, tmp_path, hash_seed="2") == corpus


@BY_LANGUAGE
def test_a_message_comes_back_from_binary_with_what_the_schema_does_not_know(
    normal: Normal, corpus: list[Case], written: Mapping[str, list[Answer]], language: str
) -> None:
    full = normal(corpus, [case.full for case in corpus])
    known = normal(corpus, [case.known for case in corpus])
    strangers = [case.full for case in corpus if case.full != case.known]
    assert strangers == [case.full for case, one, other in zip(corpus, full, known, strict=True) if one != other]
    assert_equal(corpus, normal(corpus, binaries_of(written[language])), full, language)


@BY_LANGUAGE
def test_json_is_equal(corpus: list[Case], written: Mapping[str, list[Answer]], language: str) -> None:
    """But for one thing, see the next test."""
    found = json_of(written[language], sign_of_zero=False)
    assert_equal(corpus, found, json_of(written["py"], sign_of_zero=False), language)


def test_only_typescript_writes_json_without_the_sign_of_zero(
    corpus: list[Case], written: Mapping[str, list[Answer]]
) -> None:
    """JSON.stringify(-0) is "0" (ECMA-262, SerializeJSONProperty), and protobuf-es leaves it at that."""
    expected = json_of(written["py"])
    assert_equal(corpus, json_of(written["go"]), expected, "go")
    compared = zip(corpus, json_of(written["ts"]), expected, strict=True)
    lost = [case.full for case, one, other in compared if one != other]
    assert lost == [case.full for case in corpus if case.known != case.unsigned] != []


@BY_PAIR
def test_every_language_reads_the_binary_that_each_writes(
    corpus: list[Case],
    written: Mapping[str, list[Answer]],
    read: Mapping[str, Read],
    language: str,
    writer: str,
) -> None:
    """And writes the same as if it had come from itself; TypeScript has no deterministic mode."""
    found, who = read[language].binary[writer], f"{language}, written by {writer}"
    assert_equal(corpus, json_of(found), json_of(written[language]), who)
    if language != "ts":
        assert_equal(corpus, binaries_of(found), binaries_of(written[language]), who)


@BY_PAIR
def test_every_language_reads_the_json_that_each_writes(
    normal: Normal, corpus: list[Case], read: Mapping[str, Read], language: str, writer: str
) -> None:
    """It is the message that went in, without what the schema does not know, and without the sign of zero where
    TypeScript wrote it or where Python finds Go's spelling of it: for json.loads, -0 is an integer and has no sign."""
    is_signed = writer != "ts" and (language, writer) != ("py", "go")
    sent = [case.known if is_signed else case.unsigned for case in corpus]
    found = normal(corpus, binaries_of(read[language].json[writer]))
    assert_equal(corpus, found, normal(corpus, sent), f"{language}, written by {writer}")


@BY_LANGUAGE
def test_bytes_are_equal_where_protobuf_does_not_leave_them_open(
    sdks: Sdks, corpus: list[Case], written: Mapping[str, list[Answer]], language: str
) -> None:
    settled = [is_settled(sdks.schema, case.type) for case in corpus]
    assert sum(settled) > 20
    cases = list(compress(corpus, settled))
    found, expected = (binaries_of(compress(written[each], settled)) for each in (language, "py"))
    assert_equal(cases, found, expected, language)


@pytest.fixture(scope="module")
def at_the_limits(programs: Mapping[str, Program]) -> Mapping[str, Mapping[str, str]]:
    """Limit → language → the JSON it writes, or REFUSED."""
    tasks = {**REFUSED_BY_ALL, **{name: difference.task for name, difference in DIFFERENCES.items()}}
    answers = {language: programs[language].ask(tasks.values()) for language in LANGUAGES}
    outcomes = {language: [outcome(each.json) for each in answers[language]] for language in LANGUAGES}
    return {name: {language: outcomes[language][index] for language in LANGUAGES} for index, name in enumerate(tasks)}


def outcome(text: str | None) -> str:
    return REFUSED if text is None or text == REFUSED else canonical(text)


@pytest.mark.parametrize("name", REFUSED_BY_ALL)
def test_no_language_takes(at_the_limits: Mapping[str, Mapping[str, str]], name: str) -> None:
    assert at_the_limits[name] == dict.fromkeys(LANGUAGES, REFUSED)


@pytest.mark.parametrize("name", DIFFERENCES)
def test_languages_differ_in(at_the_limits: Mapping[str, Mapping[str, str]], name: str) -> None:
    known = DIFFERENCES[name]
    expected = {"py": outcome(known.py), "go": outcome(known.go), "ts": outcome(known.ts)}
    assert at_the_limits[name] == expected
    assert len(set(expected.values())) > 1
