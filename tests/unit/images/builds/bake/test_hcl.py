"""HCL of bake files; what bake itself prints for the same text is in tests/real."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from nox_rings.images.builds.bake.hcl import parse_hcl, template
from nox_rings.images.builds.bake.hcl_evaluation import evaluated
from nox_rings.images.builds.bake.hcl_values import HclError

VALUES = {"A": "a", "EMPTY": "", "N": 2, "LIST": ["x", "y"], "OBJECT": {"k": "v"}}


def value(expression: str) -> Any:
    (block,) = parse_hcl(f"target x {{\n  a = {expression}\n}}\n")
    return evaluated(block.attributes["a"], VALUES)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('"text"', "text"),
        ("try(NONE, A)", "a"),
        ("[can(NONE), can(A)]", [False, True]),
        ('format("%s-%03d|%-3s|%q", A, 7, true, "x")', 'a-007|true|"x"'),
        ('formatlist("%s%s", ["a", "b"], "!")', ["a!", "b!"]),
        ('regex("(?P<n>b)", "ab").n', "b"),
        ('regex_replace("v1.2", "v([0-9]+)", "<$1>")', "<1>.2"),
        ('regexall("[a-z]", "a1b")', ["a", "b"]),
        ('"a\\nb\\"\\\\"', 'a\nb"\\'),
        ('"${A}-${A}"', "a-a"),
        ('"$${A} %%{x} $A"', "${A} %{x} $A"),
        ('"${A == "a" ? "yes" : "no"}"', "yes"),
        ('A == "a" && N > 1 ? [1, 2,] : []', [1, 2]),
        ('EMPTY != "" ? "x" : A', "a"),
        ("!true || false", False),
        ("N * 3 - 1", 5),
        ("-N", -2),
        ("1.5", Decimal("1.5")),
        ("1.0", 1),
        ("0.1 + 0.2", Decimal("0.3")),
        ("3 / 2", Decimal("1.5")),
        ('"${1.50}"', Decimal("1.5")),
        ('"v${1.50}"', "v1.5"),
        ('"3" > 2', True),
        ('"1" == 1', False),
        ('"false" ? "x" : "y"', "y"),
        ('[for x in LIST : "${x}]"]', ["x]", "y]"]),
        ('[for i, x in LIST : i if x != "x"]', [1]),
        ("{for k, v in OBJECT : v => k}", {"v": "k"}),
        ('{for i, x in ["a", "b", "a"] : x => i...}', {"a": [0, 2], "b": [1]}),
        ('"%{ if N > 1 }yes%{ else }no%{ endif }"', "yes"),
        ('"a %{~ if N > 1 ~} b %{~ endif ~} c"', "abc"),
        ('"%{ for i, x in LIST }${i}${x},%{ endfor }"', "0x,1y,"),
        ("<<EOT\n%{ if true ~}\none\n%{ endif ~}\ntwo\nEOT", "one\ntwo\n"),
        ("max([1, 2]...)", 2),
        ('jsonencode({ b = 1, a = ["<", true, null] })', '{"a":["\\u003c",true,null],"b":1}'),
        ("null", None),
        ("LIST[1]", "y"),
        ("OBJECT.k", "v"),
        ('OBJECT["k"]', "v"),
        ("LIST.0", "x"),
        ('{ a = 1, "b" : A\n c = [\n"x", # one\n"y" // two\n] /* three */ }', {"a": 1, "b": "a", "c": ["x", "y"]}),
        ('join(",", LIST)', "x,y"),
        ('concat(LIST, ["z"])', ["x", "y", "z"]),
        ('notequal("", A)', True),
        ('upper("${A}")', "A"),
        ('replace(A, "a", "b")', "b"),
        ("<<EOT\none ${A}\ntwo\nEOT", "one a\ntwo\n"),
        ("<<-EOT\n    one\n      two\n    EOT", "one\n  two\n"),
        ("(\n1 +\n2\n)", 3),
    ],
)
def test_expressions_have_the_value_that_bake_gives_them(expression: str, found: Any) -> None:
    assert value(expression) == found


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("NONE", "it needs NONE, which has no value here"),
        ("1 / 3", "it calculates with 1 and 3; the result is no decimal number"),
        ("timestamp()", "it needs bake's function timestamp"),
        ('try(timestamp(), "x")', "it needs bake's function timestamp"),
        ("can(1 / 3)", "it calculates with 1 and 3; the result is no decimal number"),
        ("try(NONE)", "it needs NONE, which has no value here"),
        ('regex("b", "a")', "b does not match a"),
        ('format("%z", 1)', "it formats with %z"),
        ('format("%s")', "it formats with %s"),
        ('A ? "x" : "y"', "found 'a', expected true or false"),
        ("LIST[7]", "its value cannot be known here (list index out of range)"),
        ('"x${LIST}"', "a list or an object stands in a text"),
        ('"%{ if A }x%{ endif }"', "found 'a', expected true or false"),
    ],
)
def test_what_only_bake_knows_is_a_reason(expression: str, reason: str) -> None:
    with pytest.raises(HclError) as refused:
        value(expression)
    assert str(refused.value) == reason


def test_blocks_have_a_kind_labels_and_attributes() -> None:
    variable = 'variable "Y" {\n  default = "y"\n  validation {\n    condition = Y != ""\n  }\n}\n'
    text = f"\ufeff# c\nX = 1\n{variable}target a {{}}\n"
    blocks = parse_hcl(text)
    assert [(block.kind, block.labels, list(block.attributes)) for block in blocks] == [
        ("variable", ("X",), ["default"]),
        ("variable", ("Y",), ["default"]),
        ("target", ("a",), []),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("target x {", "line 1: found 'the end', expected a name"),
        ('a = "x', "line 1: found 'the end', expected `\"`"),
        ("a = [1 2]", "line 1: found '2', expected `]`"),
        ("a = 1 ? 2", "line 1: found 'the end', expected `:`"),
        ("a =\n\n<<X\n", "line 1: found '\\n', expected a name"),
        ("= 1", "line 1: found '=', expected a name"),
    ],
)
def test_text_that_is_no_hcl_is_a_reason_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(HclError) as refused:
        parse_hcl(text)
    assert str(refused.value) == reason


def test_a_text_of_json_is_a_template_without_escapes() -> None:
    assert evaluated(template('a\\n"${A}"'), VALUES) == 'a\\n"a"'
