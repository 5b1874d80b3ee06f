"""The emulator's own routes: the page, and what is under ``/_emulator``."""

from __future__ import annotations

from typing import Final

from flow_emulator.control import behaviour, dataset_rows, faults_and_snapshots, inspection
from flow_emulator.http.messages import Request, Response
from flow_emulator.http.paths import CONTROL, PAGE
from flow_emulator.http.routing import Handler, Route
from flow_emulator.page import handlers as page


def _list_operations(_request: Request) -> Response:
    """Return the operations under ``/_emulator``."""
    own = [f"{route.method} {route.path}" for route in CONTROL_ROUTES if route.path.startswith(f"{CONTROL}/")]
    return Response(body={"operations": own})


def _own(method: str, path: str, handler: Handler) -> Route:
    return Route(method, f"{CONTROL}{path}", None, handler)


CONTROL_ROUTES: Final = (
    Route("GET", PAGE, None, page.show_page),
    Route("POST", PAGE, None, page.post_form),
    _own("GET", "", _list_operations),
    _own("GET", "/requests", inspection.read_requests),
    _own("DELETE", "/requests", inspection.clear_requests),
    _own("GET", "/state", inspection.read_state),
    _own("GET", "/clock", inspection.read_clock),
    _own("PUT", "/clock", inspection.set_clock),
    _own("POST", "/reset", inspection.reset),
    _own("GET", "/behaviour", behaviour.read_behaviour),
    _own("PUT", "/behaviour", behaviour.change_behaviour),
    _own("GET", "/datasets/{id}/rows", dataset_rows.read_rows),
    _own("POST", "/datasets/{id}/rows", dataset_rows.add_rows),
    _own("DELETE", "/datasets/{id}/rows", dataset_rows.clear_rows),
    _own("GET", "/snapshot", faults_and_snapshots.take_snapshot),
    _own("PUT", "/snapshot", faults_and_snapshots.restore_snapshot),
    _own("POST", "/seed", faults_and_snapshots.apply_seed),
    _own("GET", "/faults", faults_and_snapshots.list_faults),
    _own("POST", "/faults", faults_and_snapshots.add_faults),
    _own("DELETE", "/faults", faults_and_snapshots.clear_faults),
    _own("DELETE", "/faults/{id}", faults_and_snapshots.remove_fault),
)
