"""Ameide SDK for Python. Messages live in `ameide_sdk.proto`, the clients of all services in `AmeideClient`."""

from importlib.metadata import version

from ameide_sdk.client import AmeideClient

__all__ = ["AmeideClient", "__version__"]
__version__ = version("ameide-sdk-python")
