"""The descriptions of all resources, data sources and functions, as plain data."""

from provider_shim.resources.catalogue import CATALOGUE

__all__ = ["CATALOGUE"]
