"""The face of a stream of AmeideClient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc

from ameide_sdk._calls.steps import Running


def begun(call: Any) -> Running:
    """An interceptor of the user's may have returned a plain iterator: of that no end is seen, only that it began."""
    if not hasattr(call, "add_callback"):
        return Running(call, lambda tell: tell(grpc.StatusCode.OK))

    def when_over(tell: Callable[[grpc.StatusCode], None]) -> None:
        if not call.add_callback(lambda: tell(call.code())):
            tell(call.code())

    return Running(Stream(call), when_over)


class Stream(grpc.Call):
    """gRPC cancels a stream that nobody has any more. What waits for its end has it, so the reader gets this one."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def __del__(self) -> None:
        self._call.cancel()

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> Any:
        return next(self._call)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def __repr__(self) -> str:
        return repr(self._call)

    def cancel(self) -> bool:
        cancelled: bool = self._call.cancel()
        return cancelled

    def code(self) -> Any:
        return self._call.code()

    def details(self) -> Any:
        return self._call.details()

    def initial_metadata(self) -> Any:
        return self._call.initial_metadata()

    def trailing_metadata(self) -> Any:
        return self._call.trailing_metadata()

    def is_active(self) -> bool:
        active: bool = self._call.is_active()
        return active

    def time_remaining(self) -> Any:
        return self._call.time_remaining()

    def add_callback(self, callback: Callable[[], None]) -> bool:
        added: bool = self._call.add_callback(callback)
        return added
