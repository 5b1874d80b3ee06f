"""Which handler answers which method and path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flow_emulator.control import behaviour, dataset_rows, faults_and_snapshots, inspection
from flow_emulator.errors import NotPlayedError
from flow_emulator.http.gateway import admit, admit_anywhere
from flow_emulator.http.messages import Answer, Call, FlowCall
from flow_emulator.models.context import Scope
from flow_emulator.models.flows import runs
from flow_emulator.page import handlers as page
from flow_emulator.service import (
    adhoc_runs,
    collections,
    landing_zone,
    read_only,
    sandboxes,
    searches,
    tokens,
)
from flow_emulator.service.collections import Collection
from flow_emulator.service.responses import BASE

Handler = Callable[[Call], Answer]
FlowHandler = Callable[[FlowCall], Answer]


def guarded(handler: FlowHandler, admission: Callable[[Call], Scope] = admit) -> Handler:
    """A Flow Service operation: the gateway checks first, and runs that are due are made."""

    def handle(call: Call) -> Answer:
        scope = admission(call)
        runs.advance(call.engine, call.data, call.now)
        return handler(FlowCall(call, scope))

    return handle


@dataclass(frozen=True)
class NotPlayed:
    """An operation of Adobe's that the emulator knows and does not play; it says so behind the gateway."""

    sentence: str

    def __call__(self, call: Call) -> Answer:
        """Refuse what the gateway refuses, then this."""
        return guarded(self._refuse)(call)

    def _refuse(self, _request: FlowCall) -> Answer:
        raise NotPlayedError(self.sentence)


def _collection_routes(collection: Collection) -> dict[tuple[str, str], Handler]:
    path = f"{BASE}/{collection.name}"
    return {
        ("GET", path): guarded(collection.list),
        ("POST", path): guarded(collection.create),
        ("GET", f"{path}/{{id}}"): guarded(collection.read),
        ("PATCH", f"{path}/{{id}}"): guarded(collection.patch),
        ("DELETE", f"{path}/{{id}}"): guarded(collection.delete),
    }


def _steering(_request: Call) -> Answer:
    """What can be asked under ``/_emulator``."""
    own = [f"{method} {path}" for method, path in ROUTES if path.startswith("/_emulator/")]
    return Answer(body={"operations": own})


def _action(collection: Collection) -> Handler:
    return guarded(collections.connection_action(collection))


_CATALOG: Final = NotPlayed("The emulator does not play Catalog; datasets are listed under /configs.")
_SANDBOX_WRITE: Final = NotPlayed("The sandboxes of the emulator cannot be changed.")
_EXPLORE: Final = NotPlayed("The emulator has no files to explore.")
_RUN_CREATE: Final = NotPlayed("One-time runs of source flows are not played; dataset flows run by schedule.")

ROUTES: Final[dict[tuple[str, str], Handler]] = {
    ("POST", "/ims/token/v3"): tokens.issue_token,
    # Searches stand before the ids, which would take them for one.
    ("POST", f"{BASE}/connections/search"): guarded(searches.search_connections),
    ("POST", f"{BASE}/flows/search"): guarded(searches.search_flows),
    ("POST", f"{BASE}/flowSpecs/search"): guarded(searches.search_flow_specs),
    **_collection_routes(collections.BASE_CONNECTIONS),
    **_collection_routes(collections.SOURCE_CONNECTIONS),
    **_collection_routes(collections.TARGET_CONNECTIONS),
    **_collection_routes(collections.FLOWS),
    ("GET", f"{BASE}/connections/{{id}}/test"): guarded(collections.test_connection),
    ("GET", f"{BASE}/connections/{{id}}/explore"): _EXPLORE,
    ("GET", f"{BASE}/connections/{{id}}/configs"): _EXPLORE,
    ("POST", f"{BASE}/connections/{{id}}/action"): _action(collections.BASE_CONNECTIONS),
    ("POST", f"{BASE}/sourceConnections/{{id}}/action"): _action(collections.SOURCE_CONNECTIONS),
    ("POST", f"{BASE}/targetConnections/{{id}}/action"): _action(collections.TARGET_CONNECTIONS),
    ("POST", f"{BASE}/flows/{{id}}/action"): guarded(collections.flow_action),
    ("GET", f"{BASE}/runs"): guarded(read_only.list_runs),
    ("POST", f"{BASE}/runs"): _RUN_CREATE,
    ("GET", f"{BASE}/runs/{{id}}"): guarded(read_only.read_run),
    ("PUT", f"{BASE}/runs/{{id}}"): guarded(read_only.refuse_run_write),
    ("POST", f"{BASE}/runs/{{id}}/action"): _RUN_CREATE,
    ("GET", f"{BASE}/connectionSpecs"): guarded(read_only.list_connection_specs),
    ("POST", f"{BASE}/connectionSpecs"): guarded(read_only.refuse_spec_write),
    ("GET", f"{BASE}/connectionSpecs/{{id}}"): guarded(read_only.read_connection_spec),
    ("PUT", f"{BASE}/connectionSpecs/{{id}}"): guarded(read_only.refuse_spec_write),
    ("GET", f"{BASE}/connectionSpecs/{{id}}/configs"): guarded(read_only.list_datasets),
    ("GET", f"{BASE}/flowSpecs"): guarded(read_only.list_flow_specs),
    ("GET", f"{BASE}/flowSpecs/{{id}}"): guarded(read_only.read_flow_spec),
    ("POST", adhoc_runs.PATH): guarded(adhoc_runs.run_datasets),
    ("GET", landing_zone.PATH): guarded(landing_zone.read_container),
    ("GET", f"{landing_zone.PATH}/credentials"): guarded(landing_zone.read_credentials),
    ("POST", f"{landing_zone.PATH}/credentials"): guarded(landing_zone.refresh_credentials),
    ("GET", sandboxes.PATH): guarded(sandboxes.list_sandboxes, admit_anywhere),
    ("POST", sandboxes.PATH): _SANDBOX_WRITE,
    ("GET", f"{sandboxes.PATH}/{{name}}"): guarded(sandboxes.read_sandbox, admit_anywhere),
    ("PUT", f"{sandboxes.PATH}/{{name}}"): _SANDBOX_WRITE,
    ("PATCH", f"{sandboxes.PATH}/{{name}}"): _SANDBOX_WRITE,
    ("DELETE", f"{sandboxes.PATH}/{{name}}"): _SANDBOX_WRITE,
    ("GET", "/data/foundation/catalog/dataSets"): _CATALOG,
    ("GET", "/data/foundation/catalog/dataSets/{id}"): _CATALOG,
    ("GET", "/_emulator"): _steering,
    ("GET", "/"): page.show_page,
    ("POST", "/"): page.press_button,
    ("GET", "/_emulator/requests"): inspection.read_requests,
    ("DELETE", "/_emulator/requests"): inspection.clear_requests,
    ("GET", "/_emulator/state"): inspection.read_state,
    ("GET", "/_emulator/clock"): inspection.read_clock,
    ("PUT", "/_emulator/clock"): inspection.set_clock,
    ("POST", "/_emulator/reset"): inspection.reset,
    ("GET", "/_emulator/behaviour"): behaviour.read_behaviour,
    ("PUT", "/_emulator/behaviour"): behaviour.change_behaviour,
    ("GET", "/_emulator/datasets/{id}/rows"): dataset_rows.read_rows,
    ("POST", "/_emulator/datasets/{id}/rows"): dataset_rows.add_rows,
    ("DELETE", "/_emulator/datasets/{id}/rows"): dataset_rows.clear_rows,
    ("GET", "/_emulator/snapshot"): faults_and_snapshots.take_snapshot,
    ("PUT", "/_emulator/snapshot"): faults_and_snapshots.restore_snapshot,
    ("POST", "/_emulator/seed"): faults_and_snapshots.plant_seed,
    ("GET", "/_emulator/faults"): faults_and_snapshots.list_faults,
    ("POST", "/_emulator/faults"): faults_and_snapshots.add_faults,
    ("DELETE", "/_emulator/faults"): faults_and_snapshots.clear_faults,
    ("DELETE", "/_emulator/faults/{id}"): faults_and_snapshots.remove_fault,
}
