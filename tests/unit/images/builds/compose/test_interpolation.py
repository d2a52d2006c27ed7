from __future__ import annotations

import pytest

from nox_rings.images.builds.compose.interpolation import Interpolation, parse_env_file
from nox_rings.images.builds.model import BuildUnreadableError

VARIABLES = {"A": "a", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "value", "unset"),
    [
        ("plain", "plain", []),
        ("$A/${A}x", "a/ax", []),
        ("$$A $${A}", "$A ${A}", []),
        ("${NO:-d}/${NO-d}", "d/d", []),
        ("${EMPTY:-d}/${EMPTY-d}", "d/", []),
        ("${A:-d}/${A-d}", "a/a", []),
        ("${A:+y}/${NO:+y}/${EMPTY:+y}/${EMPTY+y}", "y///y", []),
        ("${NO:-${A:-x}/$NO2}", "a/", ["NO2"]),
        ("${A:-$NO}", "a", []),
        ("${NO:-}", "", []),
        ("$NO${NO2}", "", ["NO", "NO2"]),
        ("${A:?must}", "a", []),
        ("${NO:-$${x\\}}", "${x\\}", []),
    ],
)
def test_variables_are_replaced_as_compose_replaces_them(text: str, value: str, unset: list[str]) -> None:
    interpolation = Interpolation(variables=VARIABLES)
    assert (interpolation.text(text), interpolation.unset) == (value, unset)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("${NO:?tell me}", "it needs the variable NO (tell me)"),
        ("${EMPTY:?}", "it needs the variable EMPTY (required)"),
        ("${NO?}", "it needs the variable NO (required)"),
        ("${A", "`${A` has an unknown modifier in ${…}"),
        ("${A:-b", "`${A:-b` has no end of ${…}"),
        ("$1", "`$1` has a $ that no name follows"),
        ("${A!x}", "`${A!x}` has an unknown modifier in ${…}"),
    ],
)
def test_what_compose_refuses_is_a_reason(text: str, reason: str) -> None:
    with pytest.raises(BuildUnreadableError) as refused:
        Interpolation(variables=VARIABLES).text(text)
    assert str(refused.value) == reason


def test_an_environment_file_is_read_line_by_line() -> None:
    text = (
        "\ufeff# comment\nA=1\nexport B = two words # more\nC='$A # x' # y\nD=\"a\\n${A}\"\n"
        "E=${A}-${NO:-z}\nno assignment\nF=\nG: yes\nH=a#b\n"
    )
    assert parse_env_file(text) == {
        **{"A": "1", "B": "two words", "C": "$A # x", "D": "a\n1"},
        **{"E": "1-z", "F": "", "G": "yes", "H": "a#b"},
    }
