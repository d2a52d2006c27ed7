"""A service of a compose file in one form: `build` is a mapping, its arguments and contexts are by name, variables have
their values and folders are relative to the workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nox_rings.images.builds.compose.interpolation import Interpolation
from nox_rings.images.builds.compose.merging import inside, without_marks
from nox_rings.images.builds.compose.values import Mark, Override, Place, Unread
from nox_rings.images.builds.model import BuildUnreadableError, folder_at, named_context

Service = dict[str, Any]
BY_NAME = ("args", "additional_contexts")


def text_of(value: Any) -> str:
    """Raises BuildUnreadableError."""
    if isinstance(value, Unread):
        raise BuildUnreadableError(value.reason)
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, str):
        return str(value or "")  # of a Place too
    raise BuildUnreadableError(f"found {value!r}, expected text")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def with_values(value: Any, variables: Mapping[str, str]) -> Any:
    """With the values of `${NAME}`; Unread for text that needs a variable without one."""
    if isinstance(value, str):
        return _with_values(value, variables) if "$" in value else value
    if isinstance(value, Override):
        return Override(with_values(value.value, variables))
    if isinstance(value, dict):
        return {key: with_values(each, variables) for key, each in value.items()}
    return [with_values(each, variables) for each in value] if isinstance(value, list) else value


def _with_values(text: str, variables: Mapping[str, str]) -> str | Unread:
    interpolation = Interpolation(variables=variables)
    try:
        found = interpolation.text(text)
    except BuildUnreadableError as error:
        return Unread(str(error))
    if not interpolation.unset:
        return found
    name = interpolation.unset[0]
    return Unread(f"`{text}` needs the variable {name}, expected it in a .env that git lists", name)


def canonical(service: Any) -> Any:
    """A service with `build` as a mapping. Marks stay where they are."""
    if isinstance(service, dict) and "build" in service:
        return {**service, "build": _marked(service["build"], _canonical_build)}
    return _marked(service, canonical) if isinstance(service, Override) else service


def _marked(value: Any, change: Callable[[Any], Any]) -> Any:
    return Override(_marked(value.value, change)) if isinstance(value, Override) else change(value)


def _canonical_build(build: Any) -> Any:
    if isinstance(build, dict):
        return {key: _marked(value, _pairs) if key in BY_NAME else value for key, value in build.items()}
    if build is None or build is Mark.RESET:
        return build
    found = build if isinstance(build, str) else Unread(f"found {build!r}, expected a folder or a mapping")
    return {"context": found}


def _pairs(value: Any) -> Any:
    """By name, what is a mapping, or a list of `NAME=value` and `NAME`."""
    if isinstance(value, dict):
        return {key: Mark.PASSED if each is None else each for key, each in value.items()}
    if value is None or value is Mark.RESET:
        return value
    pairs = [text_of(each).partition("=") for each in listed(value) if isinstance(each, str)]
    return {name: text if equals else Mark.PASSED for name, equals, text in pairs}


def placed(service: Any, folder: str, *, whole: bool) -> Any:
    """Without marks, and with its folders as seen from `folder`. `whole` is a service that nothing is laid over any
    more: its context is `folder` where it says none."""
    service = without_marks(service)
    build = inside(service.get("build")) if isinstance(service, dict) else None
    if not isinstance(build, dict):
        return service
    build = dict(build)
    if whole or build.get("context") is not None:
        build["context"] = _place(folder, build.get("context") or ".", _context)
    if isinstance(build.get("additional_contexts"), dict):
        build["additional_contexts"] = {
            name: _place(folder, value, named_context) for name, value in build["additional_contexts"].items()
        }
    return {**service, "build": build}


def _context(folder: str, path: str) -> str:
    return folder_at(folder, path, "context")


def _place(folder: str, value: Any, found: Callable[[str, str], str]) -> Place | Unread | str:
    if isinstance(value, (Place, Unread)):
        return value
    try:
        text = text_of(None if value is Mark.PASSED else value)
        return text if text.startswith("service:") else Place(found(folder, text))
    except BuildUnreadableError as error:
        return Unread(str(error))
