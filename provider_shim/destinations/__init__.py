"""The catalogue of destinations: one TOML file for each, every fact in it with its source.

A new destination is a new file here; resources, constructs and reference pages follow from it.
"""

from provider_shim.destinations.catalogue import (
    BY_CONNECTION_SPEC,
    BY_FLOW_SPEC,
    BY_NAME,
    DESTINATIONS,
    Destination,
    Field,
)

__all__ = [
    "BY_CONNECTION_SPEC",
    "BY_FLOW_SPEC",
    "BY_NAME",
    "DESTINATIONS",
    "Destination",
    "Field",
]
