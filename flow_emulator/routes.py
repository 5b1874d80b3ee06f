"""All routes of the emulator, each as one value."""

from __future__ import annotations

from typing import Final

from flow_emulator.control.routes import CONTROL_ROUTES
from flow_emulator.http.routing import Route
from flow_emulator.service.routes import SERVICE_ROUTES

ROUTES: Final[tuple[Route, ...]] = (*SERVICE_ROUTES, *CONTROL_ROUTES)
