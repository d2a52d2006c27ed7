"""The interceptors in the order of the manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ameide_sdk._calls import defaults
from ameide_sdk._calls.retry import retry
from ameide_sdk._calls.steps import Interceptor, Proceed, composed
from ameide_sdk._calls.tracing import tracing
from ameide_sdk.manifest import manifest
from ameide_sdk.settings import Settings

USER = "user"
Layer = TypeVar("Layer")


def own_interceptors(settings: Settings) -> Mapping[str, Interceptor]:
    return {
        "metadata": defaults.metadata(settings.tenant_id),
        "auth": defaults.auth(settings.token),
        "timeout": defaults.timeout(settings.timeout_seconds),
        "retry": retry(settings.retry),
        "tracing": tracing(settings.version),
    }


def chained(settings: Settings, user: Sequence[Layer], layers: Callable[[Proceed], Sequence[Layer]]) -> list[Layer]:
    """Outermost first: those of the SDK as `layers` makes them of a run of steps, and those of the user."""
    own, result, run = own_interceptors(settings), list[Layer](), list[Interceptor]()
    for name in manifest()["interceptors"]:
        if name != USER:
            run.append(own[name])
        else:
            result += [*(layers(composed(run)) if run else ()), *user]
            run = []
    return [*result, *(layers(composed(run)) if run else ())]
