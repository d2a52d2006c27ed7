"""The functions of bake whose value is the same on every machine and at every time
(https://github.com/docker/buildx, bake/hclparser/stdlib.go). What is not here is told with the target that needs it."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any
from urllib.parse import quote_plus

from nox_rings.images.builds.bake.hcl_values import (
    OPERATORS,
    HclError,
    UnknownError,
    are_equal,
    as_boolean,
    as_number,
    as_text,
    calculated,
    entries_of,
    indexed,
)


def _replace(text: Any, old: Any, new: Any) -> str:
    return as_text(text).replace(as_text(old), as_text(new))


def _coalesce(*values: Any) -> Any:
    """The first that is not null; an empty text counts."""
    return next(each for each in values if each is not None)


def _lookup(value: Mapping[str, Any], key: Any, default: Any) -> Any:
    return value.get(as_text(key), default)


def _distinct(some: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for each in some:
        if not any(are_equal(each, one) for one in found):
            found.append(each)
    return found


def _flatten(some: Sequence[Any]) -> list[Any]:
    return [inner for each in some for inner in (_flatten(each) if isinstance(each, list) else [each])]


def _contains(some: Sequence[Any], value: Any) -> bool:
    return any(are_equal(each, value) for each in some)


def _substr(text: Any, offset: Any, length: Any) -> str:
    whole, start, count = as_text(text), int(as_number(offset)), int(as_number(length))
    start += len(whole) if start < 0 else 0
    return whole[start:] if count < 0 else whole[start : start + count]


def _range(*bounds: Any) -> list[Any]:
    return list(range(*(int(as_number(each)) for each in bounds)))


def _hashed(name: str) -> Callable[[Any], str]:
    return lambda text: hashlib.new(name, as_text(text).encode(), usedforsecurity=False).hexdigest()


def _rounded(rounding: str) -> Callable[[Any], int | Decimal]:
    return lambda value: as_number(Decimal(as_number(value)).to_integral_value(rounding))


def _encoded(value: Any) -> str:
    """As Go encodes: without spaces, in the order of names."""
    plain = _plain(value)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _element(some: Sequence[Any], index: Any) -> Any:
    return some[int(as_number(index)) % len(some)]


VERB = re.compile(r"%(?P<flags>[-+ 0]*\d*(?:\.\d+)?)(?P<verb>.)", re.DOTALL)


def _format(pattern: Any, *values: Any) -> str:
    """The verbs of go-cty that are most used (cty/function/stdlib, format.go)."""
    waiting = list(values)

    def shown(found: re.Match[str]) -> str:
        flags, verb = found["flags"], found["verb"]
        if verb == "%":
            return "%"
        if verb not in "svqdfxXobt" or not waiting:
            raise UnknownError(f"it formats with {found[0]}")
        value = waiting.pop(0)
        if verb in "dxXob":
            whole = format(int(as_number(value)), verb if verb in "bxXo" else "d")
            return f"%{flags}d" % int(as_number(value)) if verb == "d" else f"%{flags}s" % whole
        if verb == "f":
            return f"%{flags}f" % as_number(value)
        text = json.dumps(as_text(value), ensure_ascii=False) if verb == "q" else _shown(value)
        return f"%{flags}s" % text

    return VERB.sub(shown, as_text(pattern))


def _shown(value: Any) -> str:
    return "null" if value is None else _encoded(value) if isinstance(value, (dict, list)) else as_text(value)


def _format_list(pattern: Any, *values: Any) -> list[str]:
    """Lists are gone through together, other values are in each."""
    count = max((len(each) for each in values if isinstance(each, list)), default=1)
    return [_format(pattern, *(each[at] if isinstance(each, list) else each for each in values)) for at in range(count)]


def _matched(found: re.Match[str]) -> Any:
    """The whole match, the groups as a list, or the named ones as an object."""
    named = found.groupdict()
    return named or (list(found.groups()) if found.re.groups else found[0])


def _regex(pattern: Any, text: Any) -> Any:
    found = re.search(as_text(pattern), as_text(text))
    if not found:
        raise HclError(f"{as_text(pattern)} does not match {as_text(text)}")
    return _matched(found)


def _regex_replace(text: Any, pattern: Any, new: Any) -> str:
    """`$1` and `${name}` stand for groups."""

    def replaced(found: re.Match[str]) -> str:
        return re.sub(
            r"\$(?:\$|(\w+)|\{(\w+)\})",
            lambda one: _group(found, one[1] or one[2]) if one[0] != "$$" else "$",
            as_text(new),
        )

    return re.sub(as_text(pattern), replaced, as_text(text))


def _group(found: re.Match[str], name: str) -> str:
    """Of a group that is not there, nothing."""
    key: int | str = int(name) if name.isdigit() else name
    known = key in found.re.groupindex if isinstance(key, str) else key <= found.re.groups
    return (found[key] or "") if known else ""


def _chunks(some: Sequence[Any], size: Any) -> list[Any]:
    count = int(as_number(size))
    return [some[at : at + count] for at in range(0, len(some), count)] if count else [some]


def _has_index(value: Any, key: Any) -> bool:
    try:
        indexed(value, key)
    except (LookupError, HclError):
        return False
    return True


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "join": lambda separator, *lists: as_text(separator).join(as_text(each) for some in lists for each in some),
    "split": lambda separator, text: as_text(text).split(as_text(separator)) if text != "" else [""],
    "concat": lambda *lists: [each for some in lists for each in some],
    "merge": lambda *objects: {key: value for some in objects for key, value in (some or {}).items()},
    "lower": lambda text: as_text(text).lower(),
    "upper": lambda text: as_text(text).upper(),
    "trimspace": lambda text: as_text(text).strip(),
    "trim": lambda text, chars: as_text(text).strip(as_text(chars)),
    "trimprefix": lambda text, prefix: as_text(text).removeprefix(as_text(prefix)),
    "trimsuffix": lambda text, suffix: as_text(text).removesuffix(as_text(suffix)),
    "chomp": lambda text: as_text(text).rstrip("\r\n"),
    "replace": _replace,
    "substr": _substr,
    "strlen": lambda text: len(as_text(text)),
    "sanitize": lambda text: re.sub(r"[^a-zA-Z0-9_-]", "_", as_text(text)),
    "basename": lambda text: posixpath.basename(as_text(text)),
    "dirname": lambda text: posixpath.dirname(as_text(text)) or ".",
    "coalesce": _coalesce,
    "coalescelist": lambda *lists: next(some for some in lists if some),
    "compact": lambda some: [each for each in some if each != ""],
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "index": indexed,
    "indexof": lambda some, value: next(at for at, each in enumerate(some) if are_equal(each, value)),
    "keys": lambda value: sorted(value),
    "values": lambda value: [each for _, each in entries_of(value)],
    "length": len,
    "lookup": _lookup,
    "range": _range,
    "reverselist": lambda some: some[::-1],
    "reverse": lambda text: as_text(text)[::-1],
    "slice": lambda some, start, end: some[int(as_number(start)) : int(as_number(end))],
    "sort": lambda some: sorted(map(as_text, some)),
    "zipmap": lambda names, values: dict(zip(names, values, strict=True)),
    "format": _format,
    "formatlist": _format_list,
    "indent": lambda spaces, text: as_text(text).replace("\n", "\n" + " " * int(as_number(spaces))),
    "title": lambda text: re.sub(r"(?<!\w)\w", lambda found: found[0].upper(), as_text(text)),
    "regex": _regex,
    "regexall": lambda pattern, text: [_matched(each) for each in re.finditer(as_text(pattern), as_text(text))],
    "regex_replace": _regex_replace,
    "urlencode": lambda text: quote_plus(as_text(text)),
    "chunklist": _chunks,
    "hasindex": _has_index,
    "sethaselement": _contains,
    "setunion": lambda *sets: sorted(_distinct([each for some in sets for each in some]), key=as_text),
    "equal": are_equal,
    "notequal": OPERATORS["!="],
    "greaterthan": OPERATORS[">"],
    "greaterthanorequalto": OPERATORS[">="],
    "lessthan": OPERATORS["<"],
    "lessthanorequalto": OPERATORS["<="],
    "and": OPERATORS["&&"],
    "or": OPERATORS["||"],
    "not": lambda value: not as_boolean(value),
    "add": OPERATORS["+"],
    "subtract": OPERATORS["-"],
    "multiply": OPERATORS["*"],
    "divide": OPERATORS["/"],
    "modulo": OPERATORS["%"],
    "pow": calculated(lambda one, other: one**other),
    "int": lambda value: int(as_number(value)),
    "signum": lambda value: (as_number(value) > 0) - (as_number(value) < 0),
    "negate": lambda value: -as_number(value),
    "absolute": lambda value: abs(as_number(value)),
    "ceil": _rounded(ROUND_CEILING),
    "floor": _rounded(ROUND_FLOOR),
    "max": lambda *values: max(map(as_number, values)),
    "min": lambda *values: min(map(as_number, values)),
    "parseint": lambda text, base: int(as_text(text), int(as_number(base))),
    "base64encode": lambda text: base64.b64encode(as_text(text).encode()).decode(),
    "base64decode": lambda text: base64.b64decode(as_text(text), validate=True).decode(),
    "jsonencode": _encoded,
    "jsondecode": lambda text: json.loads(as_text(text), parse_float=Decimal),
    **{name: _hashed(name) for name in ("md5", "sha1", "sha256", "sha512")},
}
