"""Ameide SDK for Python. Messages live in `ameide_sdk.proto`, the clients of all services in `AmeideClient`.

with AmeideClient(token=token, tenant_id="acme") as client:
    answer = client.graph.GetElement(GetElementRequest(element_id="e1"))
"""

from importlib.metadata import version

from ameide_sdk.async_client import AsyncAmeideClient
from ameide_sdk.client import AmeideClient
from ameide_sdk.retry_policy import RetryPolicy
from ameide_sdk.tokens import TokenProviderError

__all__ = ["AmeideClient", "AsyncAmeideClient", "RetryPolicy", "TokenProviderError", "__version__"]
__version__ = version("ameide-sdk-python")
