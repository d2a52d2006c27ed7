"""Makes a call as the interceptors say, without keeping its caller: what `.future()` of a method returns.

Nothing waits in the caller's thread. Attempts are gRPC's futures; a token provider and a wait have a thread each while
they last.
"""

from __future__ import annotations

import concurrent.futures
import contextvars
import threading
from collections.abc import Callable
from typing import Any

import grpc

from ameide_sdk._calls.steps import Ask, Attempt, Call, Effect, Ended, Steps, Wait
from ameide_sdk._calls.tracing import current
from ameide_sdk.tokens import asked

Begin = Callable[[Call], Any]
Resume = Callable[[Any], Effect]


class Progress:
    """Runs the steps of one call; `over` holds the last attempt's future, or what was raised.

    The steps are resumed by the end of an attempt, of a wait or of a provider, or by `cancel`, whichever takes the
    ticket of the suspension first.
    """

    def __init__(self, steps: Steps, begin: Begin, closed: threading.Event) -> None:
        self.over: concurrent.futures.Future[Any] = concurrent.futures.Future()
        self.cancel_requested = False
        self._steps = steps
        self._begin = begin
        self._closed = closed
        self._context = contextvars.copy_context()
        self._lock = threading.Lock()
        self._attempt: Any = None
        self._ticket: object = self._suspended(None)
        self._resume(self._ticket, steps.send, None)

    def cancel(self) -> bool:
        with self._lock:
            if self.cancel_requested or self.over.done():
                return False
            self.cancel_requested = True
        self._interrupt()
        return True

    def _interrupt(self) -> None:
        """Whoever runs the steps at this moment sees the request when it suspends them."""
        with self._lock:
            attempt, ticket = self._attempt, self._ticket
        if attempt is not None:
            attempt.cancel()
        elif ticket is not None:
            self._resume(ticket, self._steps.throw, grpc.FutureCancelledError())

    def _suspended(self, attempt: Any) -> object:
        with self._lock:
            self._attempt, self._ticket = attempt, object()
            return self._ticket

    def _resume(self, ticket: object, resume: Resume, came: Any) -> None:
        with self._lock:
            if ticket is not self._ticket:
                return
            self._attempt = self._ticket = None
        self._context.copy().run(self._run, resume, came)

    def _run(self, resume: Resume, came: Any) -> None:
        try:
            effect = resume(came)
        except StopIteration as end:
            self.over.set_result(end.value.result)
        except BaseException as error:
            self.over.set_exception(error)
        else:
            self._start(effect)

    def _start(self, effect: Effect) -> None:
        match effect:
            case Attempt(call):
                self._start_attempt(call)
            case Ask(provider):
                self._in_thread(lambda: asked(provider))
            case Wait(seconds):
                self._in_thread(lambda: self._closed.wait(seconds))
        if self.cancel_requested:
            self._interrupt()

    def _start_attempt(self, call: Call) -> None:
        try:
            with current(call.context):
                attempt = self._begin(call)
        except BaseException as error:
            self._run(self._steps.throw, error)
            return
        ticket = self._suspended(attempt)
        attempt.add_done_callback(lambda done: self._resume(ticket, self._steps.send, _ended(done)))

    def _in_thread(self, work: Callable[[], Any]) -> None:
        ticket, context = self._suspended(None), contextvars.copy_context()

        def run() -> None:
            try:
                came = context.run(work)
            except BaseException as error:  # a provider may even end its thread
                self._resume(ticket, self._steps.throw, error)
            else:
                self._resume(ticket, self._steps.send, came)

        threading.Thread(target=run, name="ameide-sdk-call", daemon=True).start()


def _ended(attempt: Any) -> Ended:
    return Ended(grpc.StatusCode.CANCELLED if attempt.cancelled() else attempt.code(), attempt)
