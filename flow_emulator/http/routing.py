"""The type of routes: a method and a path, the handler, and the name of Adobe's operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flow_emulator.http.messages import Request, Response

Handler = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path.

    ``path`` is a template such as ``/flows/{id}``. ``operation`` is the name by which faults and COVERAGE.md
    refer to Adobe's operation, such as ``readFlow``; None for the emulator's own paths.
    """

    method: str
    path: str
    operation: str | None
    handler: Handler
