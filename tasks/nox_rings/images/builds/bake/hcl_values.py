"""What operators and functions of HCL make of values, as far as bake files need them: numbers are decimal, and text,
numbers and booleans become each other where one is expected (go-cty, convert)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, localcontext
from typing import Any

# go-cty's numbers have 512 bits; one that does not end in them (1/3) is not known here.
PRECISION = Context(prec=154, traps=[DivisionByZero, Inexact, InvalidOperation])


class HclError(ValueError):
    """Text that is no HCL of the kind that is read here, or a value that only bake itself knows: a reason."""


class UnknownError(HclError):
    """What bake knows and we do not: no failure that a `try` of the file would catch."""


class Unknown:
    """The value of a variable that only bake knows."""


def as_number(value: Any) -> int | Decimal:
    """A whole number is an int. Raises HclError."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise HclError(f"found {as_text(value)!r}, expected a number")
    try:
        found = Decimal(value)
        if not found.is_finite():
            raise InvalidOperation
    except InvalidOperation as error:
        raise HclError(f"found {value!r}, expected a number") from error
    return int(found) if found == found.to_integral_value() else found


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        raise HclError("a list or an object stands in a text")
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)


def as_boolean(value: Any) -> bool:
    """Raises HclError."""
    if isinstance(value, bool):
        return value
    if value in ("true", "1"):
        return True
    if value in ("false", "0"):
        return False
    raise HclError(f"found {as_text(value)!r}, expected true or false")


def are_equal(one: Any, other: Any) -> bool:
    """Values of two types are never equal."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def calculated(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], int | Decimal]:
    def calculate(one: Any, other: Any) -> int | Decimal:
        with localcontext(PRECISION):
            try:
                return as_number(apply(Decimal(as_number(one)), Decimal(as_number(other))))
            except (DivisionByZero, Inexact, InvalidOperation) as error:
                raise UnknownError(
                    f"it calculates with {as_text(one)} and {as_text(other)}; the result is no decimal number"
                ) from error

    return calculate


def compared(apply: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda one, other: apply(as_number(one), as_number(other))


def entries_of(value: Any) -> list[tuple[Any, Any]]:
    """Of a list by number, of an object by name, in the order in which a `for` meets them. Raises HclError."""
    if isinstance(value, list):
        return list(enumerate(value))
    if isinstance(value, dict):
        return sorted(value.items())
    raise HclError(f"found {as_text(value)!r}, expected a list or an object")


def indexed(value: Any, key: Any) -> Any:
    return value[int(as_number(key))] if isinstance(value, list) else value[as_text(key)]


OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "||": lambda one, other: as_boolean(one) or as_boolean(other),
    "&&": lambda one, other: as_boolean(one) and as_boolean(other),
    "==": are_equal,
    "!=": lambda one, other: not are_equal(one, other),
    "<=": compared(lambda one, other: one <= other),
    ">=": compared(lambda one, other: one >= other),
    "<": compared(lambda one, other: one < other),
    ">": compared(lambda one, other: one > other),
    "+": calculated(lambda one, other: one + other),
    "-": calculated(lambda one, other: one - other),
    "*": calculated(lambda one, other: one * other),
    "/": calculated(lambda one, other: one / other),
    "%": calculated(lambda one, other: one % other),
}
