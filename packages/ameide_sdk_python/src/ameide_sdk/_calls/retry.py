"""The interceptor that repeats calls with one request and one answer."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from itertools import count

from ameide_sdk._calls.steps import Call, Ended, Interceptor, Proceed, Running, Shape, Steps, Wait
from ameide_sdk.retry_policy import RetryPolicy

# Names of this module, so that tests can have a clock and a chance of their own.
monotonic = time.monotonic
uniform = random.uniform


def retry(policy: RetryPolicy) -> Interceptor:
    """The timeout of a call bounds all its attempts and waits; each attempt gets what is left of it."""

    def intercept(call: Call, proceed: Proceed) -> Steps:
        return _repeated(call, proceed, policy) if call.shape is Shape.UNARY_UNARY else proceed(call)

    return intercept


def _repeated(call: Call, proceed: Proceed, policy: RetryPolicy) -> Steps:
    deadline = float("inf") if call.timeout_seconds is None else monotonic() + call.timeout_seconds
    for attempts in count(1):
        outcome = yield from proceed(call)
        if attempts == policy.max_attempts or not _is_retryable(outcome, policy):
            break
        wait = policy.backoff_seconds(attempts, uniform(*policy.jitter))
        if monotonic() + wait >= deadline:
            break
        yield Wait(wait)
        if call.timeout_seconds is not None:
            call = replace(call, timeout_seconds=max(0.0, deadline - monotonic()))
    return outcome


def _is_retryable(outcome: Ended | Running, policy: RetryPolicy) -> bool:
    return isinstance(outcome, Ended) and outcome.code in policy.retryable_codes
