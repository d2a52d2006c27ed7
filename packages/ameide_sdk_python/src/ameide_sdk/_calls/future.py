"""The face of a call that `.future()` began: what gRPC's own futures offer."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Callable
from typing import Any

import grpc

from ameide_sdk._calls.pending import Begin, Progress
from ameide_sdk._calls.steps import Steps, code_of


class PendingCall(grpc.Future, grpc.Call):  # type: ignore[type-arg]  # it takes none when it runs
    """Repeated like any other call, also when nobody keeps it. `cancel` ends an attempt as well as a wait."""

    def __init__(self, steps: Steps, begin: Begin, closed: threading.Event) -> None:
        self._progress = Progress(steps, begin, closed)

    def _last(self, timeout: float | None = None) -> Any:
        """The future of the last attempt, or None where `_error` says why there is none."""
        over = self._progress.over
        if concurrent.futures.wait([over], timeout).not_done:
            raise grpc.FutureTimeoutError()
        return None if over.exception() else over.result()

    @property
    def _error(self) -> BaseException:
        error = self._progress.over.exception()
        assert error is not None
        return error

    def result(self, timeout: float | None = None) -> Any:
        if last := self._last(timeout):
            return last.result()
        raise self._error

    def exception(self, timeout: float | None = None) -> Any:
        if last := self._last(timeout):
            return last.exception()
        if isinstance(self._error, grpc.FutureCancelledError):
            raise self._error
        return self._error

    def traceback(self, timeout: float | None = None) -> Any:
        if last := self._last(timeout):
            return last.traceback()
        return self.exception().__traceback__

    def cancel(self) -> bool:
        return self._progress.cancel()

    def cancelled(self) -> bool:
        return self._progress.cancel_requested and (self.running() or self.code() is grpc.StatusCode.CANCELLED)

    def running(self) -> bool:
        return not self.done()

    def done(self) -> bool:
        return self._progress.over.done()

    def is_active(self) -> bool:
        return self.running()

    def add_done_callback(self, fn: Callable[[Any], None]) -> None:
        self._progress.over.add_done_callback(lambda _: fn(self))

    def add_callback(self, callback: Callable[[], None]) -> bool:
        if self.done():
            return False
        self._progress.over.add_done_callback(lambda _: callback())
        return True

    def code(self) -> grpc.StatusCode:
        return last.code() if (last := self._last()) else code_of(self._error)

    def details(self) -> Any:
        if last := self._last():
            return last.details()
        return self._error.details() if isinstance(self._error, grpc.RpcError) else type(self._error).__name__

    def initial_metadata(self) -> Any:
        return last.initial_metadata() if (last := self._last()) else ()

    def trailing_metadata(self) -> Any:
        return last.trailing_metadata() if (last := self._last()) else ()

    def time_remaining(self) -> Any:
        """None: of a call that may be repeated only the present attempt has a time."""
        return None
