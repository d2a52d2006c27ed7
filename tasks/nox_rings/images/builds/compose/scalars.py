"""Plain scalars of YAML as compose reads them: the core schema of YAML 1.2 with the additions of go-yaml, written as Go
writes the value (go.yaml.in/yaml/v4, internal/libyaml/resolver.go): `1.0` is `1`, `yes` is `yes`, `1e3` is `1000`."""

from __future__ import annotations

import re
from datetime import datetime
from math import isfinite

BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9]\d*))"
)
BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
FLOAT = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?")
PARTS = ("year", "month", "day", "hour", "minute", "second")
TIMESTAMP = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"
    r"(?:(?P<between>[Tt ])(?P<hour>\d\d?):(?P<minute>\d\d?):(?P<second>\d\d?)(?P<fraction>\.\d{1,9})?"
    r"(?P<zone>Z|[-+]\d\d:\d\d)?)?"
)


def resolved(text: str) -> str | bool | None:
    """The value of a scalar without quotes; numbers and times are text in Go's spelling."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if text[0] not in "0123456789+-.":
        return text
    if text in ("-0", "-0.0"):
        return "-0"
    return _time(text) or _number(text if text[0] == "." else text.replace("_", "")) or text


def _number(text: str) -> str:
    """Empty for text that is none."""
    if found := INTEGER.fullmatch(text):
        kind = str(found.lastgroup)
        value = int(f"{found['sign']}{found[kind]}", BASES[kind])
        if -(2**63) <= value < 2**64:
            return str(value)
    return go_float(float(text)) if FLOAT.fullmatch(text) and isfinite(float(text)) else ""


def go_float(value: float) -> str:
    """As `%v` of Go: the shortest digits, with an exponent from 1e6 on and below 1e-4 (strconv.FormatFloat)."""
    sign, digits, exponent = _decimal(value)
    if exponent < -4 or exponent >= 6:
        mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
        return f"{sign}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole, rest = digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]
    return f"{sign}{whole}" + (f".{rest}" if rest else "")


def _decimal(value: float) -> tuple[str, str, int]:
    """The sign, the shortest digits and the exponent of the first of them."""
    mantissa, _, exponent = f"{value!r}".partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return sign, "0", 0
    leading = len(whole + fraction) - len(digits)
    return sign, digits.rstrip("0"), int(exponent or 0) + len(whole) - 1 - leading


def _time(text: str) -> str:
    """As time.Time of Go prints itself; empty for text that is no time of day that there is."""
    found = TIMESTAMP.fullmatch(text)
    if (
        not found
        or (found["between"] == " " and found["zone"])
        or (found["between"] in ("T", "t") and not found["zone"])
    ):
        return ""
    year, month, day, hour, minute, second = (int(each or 0) for each in found.group(*PARTS))
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return ""
    fraction, zone = (found["fraction"] or "").rstrip("0").rstrip("."), (found["zone"] or "Z").replace(":", "")
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} " + ("+0000 UTC" if zone == "Z" else f"{zone} {zone}")
