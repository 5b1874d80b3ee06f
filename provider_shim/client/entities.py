"""Collections, stored objects and results of writes: what all collections of Flow Service have in common."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

JsonObject = dict[str, Any]
"""A JSON object as Python's `json` reads it."""

MAX_ID_LENGTH = 1_000
"""Characters of an id, which becomes a part of a URL."""


class Collection(StrEnum):
    """Path segment of each collection (OpenAPI "Flow Service - Destinations", 2024-11-13)."""

    CONNECTIONS = "connections"
    SOURCE_CONNECTIONS = "sourceConnections"
    TARGET_CONNECTIONS = "targetConnections"
    FLOWS = "flows"
    RUNS = "runs"


@dataclass(frozen=True, slots=True)
class WriteResult:
    """Result of a create, a patch or an action.

    `etag` includes its double quotes. It is None if the response has none: Adobe's guide
    "Connect to batch destinations" shows the response to a create with an `id` alone.
    """

    id: str
    etag: str | None


@dataclass(frozen=True, slots=True)
class Entity:
    """A stored object without the `items` wrapper, and the etag to send with a patch."""

    body: JsonObject
    etag: str | None

    @property
    def id(self) -> str:
        """Id assigned by Flow Service."""
        return str(self.body["id"])
