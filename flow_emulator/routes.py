"""Which handler answers which method and path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flow_emulator.call import Answer, Call, FlowCall
from flow_emulator.errors import NotPlayedError
from flow_emulator.gateway import admit
from flow_emulator.models import runs
from flow_emulator.responses import catalogue, collections, inspection, tokens
from flow_emulator.responses.collections import Collection
from flow_emulator.responses.shaping import BASE

Handler = Callable[[Call], Answer]
FlowHandler = Callable[[FlowCall], Answer]


def guarded(handler: FlowHandler) -> Handler:
    """A Flow Service operation: the gateway checks first, and runs that are due are made."""

    def handle(call: Call) -> Answer:
        scope = admit(call)
        runs.advance(call.engine, call.data, call.now)
        return handler(FlowCall(call, scope))

    return handle


def not_played(sentence: str) -> Handler:
    """An operation of Adobe's that the emulator does not play."""

    def handle(_request: FlowCall) -> Answer:
        raise NotPlayedError(sentence)

    return guarded(handle)


def _collection_routes(collection: Collection) -> dict[tuple[str, str], Handler]:
    path = f"{BASE}/{collection.name}"
    return {
        ("GET", path): guarded(collection.list),
        ("POST", path): guarded(collection.create),
        ("GET", f"{path}/{{id}}"): guarded(collection.read),
        ("PATCH", f"{path}/{{id}}"): guarded(collection.patch),
        ("DELETE", f"{path}/{{id}}"): guarded(collection.delete),
    }


_SEARCH: Final = not_played("The emulator does not play searches, whose query language is not published.")
_DRAFTS: Final = not_played("The emulator does not play drafts.")
_EXPLORE: Final = not_played("The emulator has no files to explore.")
_RUN_CREATE: Final = not_played(
    "One-time runs of source flows are not played; dataset flows run by schedule."
)

ROUTES: Final[dict[tuple[str, str], Handler]] = {
    ("POST", "/ims/token/v3"): tokens.issue_token,
    # Searches stand before the ids, which would take them for one.
    ("POST", f"{BASE}/connections/search"): _SEARCH,
    ("POST", f"{BASE}/flows/search"): _SEARCH,
    ("POST", f"{BASE}/flowSpecs/search"): _SEARCH,
    **_collection_routes(collections.BASE_CONNECTIONS),
    **_collection_routes(collections.SOURCE_CONNECTIONS),
    **_collection_routes(collections.TARGET_CONNECTIONS),
    **_collection_routes(collections.FLOWS),
    ("GET", f"{BASE}/connections/{{id}}/test"): guarded(collections.test_connection),
    ("GET", f"{BASE}/connections/{{id}}/explore"): _EXPLORE,
    ("GET", f"{BASE}/connections/{{id}}/configs"): _EXPLORE,
    ("POST", f"{BASE}/connections/{{id}}/action"): _DRAFTS,
    ("POST", f"{BASE}/sourceConnections/{{id}}/action"): _DRAFTS,
    ("POST", f"{BASE}/targetConnections/{{id}}/action"): _DRAFTS,
    ("POST", f"{BASE}/flows/{{id}}/action"): guarded(collections.flow_action),
    ("GET", f"{BASE}/runs"): guarded(catalogue.list_runs),
    ("POST", f"{BASE}/runs"): _RUN_CREATE,
    ("GET", f"{BASE}/runs/{{id}}"): guarded(catalogue.read_run),
    ("PUT", f"{BASE}/runs/{{id}}"): guarded(catalogue.refuse_run_write),
    ("POST", f"{BASE}/runs/{{id}}/action"): _RUN_CREATE,
    ("GET", f"{BASE}/connectionSpecs"): guarded(catalogue.list_connection_specs),
    ("POST", f"{BASE}/connectionSpecs"): guarded(catalogue.refuse_spec_write),
    ("GET", f"{BASE}/connectionSpecs/{{id}}"): guarded(catalogue.read_connection_spec),
    ("PUT", f"{BASE}/connectionSpecs/{{id}}"): guarded(catalogue.refuse_spec_write),
    ("GET", f"{BASE}/connectionSpecs/{{id}}/configs"): guarded(catalogue.list_datasets),
    ("GET", f"{BASE}/flowSpecs"): guarded(catalogue.list_flow_specs),
    ("GET", f"{BASE}/flowSpecs/{{id}}"): guarded(catalogue.read_flow_spec),
    ("GET", "/_emulator/requests"): inspection.read_requests,
    ("DELETE", "/_emulator/requests"): inspection.clear_requests,
    ("GET", "/_emulator/state"): inspection.read_state,
    ("GET", "/_emulator/clock"): inspection.read_clock,
    ("PUT", "/_emulator/clock"): inspection.set_clock,
    ("POST", "/_emulator/reset"): inspection.reset,
}
