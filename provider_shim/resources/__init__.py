"""The single description of each resource and data source, as plain data."""

from provider_shim.resources.catalogue import CATALOGUE

__all__ = ["CATALOGUE"]
