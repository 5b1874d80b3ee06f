"""What Flow Service keeps and what it answers, as far as every collection has it in common."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

JsonObject = dict[str, Any]
"""A JSON object as Python's `json` reads it."""


class Collection(StrEnum):
    """The path segment of each collection (OpenAPI "Flow Service - Destinations", 2024-11-13)."""

    CONNECTIONS = "connections"
    SOURCE_CONNECTIONS = "sourceConnections"
    TARGET_CONNECTIONS = "targetConnections"
    FLOWS = "flows"
    RUNS = "runs"


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The answer to a create, a patch or an action.

    `etag` includes its double quotes. It is None where the answer has none: Adobe's guide
    "Connect to batch destinations" shows a create that is answered with an `id` alone.
    """

    id: str
    etag: str | None


@dataclass(frozen=True, slots=True)
class Entity:
    """One stored object, unwrapped, and the etag that a patch of it has to send."""

    body: JsonObject
    etag: str | None

    @property
    def id(self) -> str:
        """The id that Flow Service gave it."""
        return str(self.body["id"])
