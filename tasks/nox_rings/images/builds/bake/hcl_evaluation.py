"""The value of an expression of HCL, and what a file does where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nox_rings.images.builds.bake.hcl_templates import Expression
from nox_rings.images.builds.bake.hcl_values import HclError, UnknownError


def evaluated(expression: Expression, variables: Mapping[str, Any]) -> Any:
    """Raises HclError for what needs bake itself."""
    try:
        return expression(variables)
    except HclError:
        raise
    except Exception as error:  # whatever the operands of an expression are
        raise HclError(f"its value cannot be known here ({error})") from error


def _first_known(arguments: Sequence[Expression], values: Mapping[str, Any]) -> Any:
    """The first that does not fail (https://github.com/hashicorp/hcl/tree/main/ext/tryfunc)."""
    failed = HclError("it tries nothing")
    for each in arguments:
        try:
            return evaluated(each, values)
        except UnknownError:
            raise
        except HclError as error:
            failed = error
    raise failed


def _can(arguments: Sequence[Expression], values: Mapping[str, Any]) -> bool:
    try:
        _first_known(arguments, values)
    except UnknownError:
        raise
    except HclError:
        return False
    return True


ATTEMPTS: Mapping[str, Callable[[Sequence[Expression], Mapping[str, Any]], Any]] = {"try": _first_known, "can": _can}
