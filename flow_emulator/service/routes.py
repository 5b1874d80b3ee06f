"""The routes of Adobe's services: Flow Service, and what a dataset export needs beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from flow_emulator.errors import NotPlayedError
from flow_emulator.http import paths
from flow_emulator.http.gateway import admit, admit_anywhere
from flow_emulator.http.messages import Answer, Call
from flow_emulator.http.routing import Handler, Route
from flow_emulator.models.context import Scope
from flow_emulator.models.flows import runs
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

FlowHandler = Callable[[Call, Scope], Answer]


def guarded(handler: FlowHandler, admission: Callable[[Call], Scope] = admit) -> Handler:
    """A Flow Service operation: the gateway checks first, and runs that are due are made."""

    def handle(call: Call) -> Answer:
        scope = admission(call)
        runs.advance(call.engine, call.data, call.now)
        return handler(call, scope)

    return handle


@dataclass(frozen=True)
class NotPlayed:
    """An operation of Adobe's that the emulator knows and does not play; it says so behind the gateway."""

    sentence: str

    def __call__(self, call: Call) -> Answer:
        """Refuse what the gateway refuses, then this."""
        return guarded(self._refuse)(call)

    def _refuse(self, _request: Call, _scope: Scope) -> Answer:
        raise NotPlayedError(self.sentence)


_CATALOG: Final = NotPlayed("The emulator does not play Catalog; datasets are listed under /configs.")
_SANDBOX_WRITE: Final = NotPlayed("The sandboxes of the emulator cannot be changed.")
_EXPLORE: Final = NotPlayed("The emulator has no files to explore.")
_RUN_CREATE: Final = NotPlayed("One-time runs of source flows are not played; dataset flows run by schedule.")


def _collection(collection: Collection, noun: str, action: collections.FlowHandler) -> Iterator[Route]:
    path = f"{paths.FLOW_SERVICE}/{collection.name}"
    yield Route("GET", path, f"list{noun}s", guarded(collection.list))
    yield Route("POST", path, f"create{noun}", guarded(collection.create))
    yield Route("GET", f"{path}/{{id}}", f"read{noun}", guarded(collection.read))
    yield Route("PATCH", f"{path}/{{id}}", f"patch{noun}", guarded(collection.patch))
    yield Route("DELETE", f"{path}/{{id}}", f"delete{noun}", guarded(collection.delete))
    yield Route("POST", f"{path}/{{id}}/action", f"actOn{noun}", guarded(action))


def _connections(collection: Collection, noun: str) -> Iterator[Route]:
    return _collection(collection, noun, collections.connection_action(collection))


def _flow_service() -> Iterator[Route]:
    base = paths.FLOW_SERVICE
    # Searches stand before the ids, which would take them for one.
    yield Route(
        "POST", f"{base}/connections/search", "searchConnections", guarded(searches.search_connections)
    )
    yield Route("POST", f"{base}/flows/search", "searchFlows", guarded(searches.search_flows))
    yield Route("POST", f"{base}/flowSpecs/search", "searchFlowSpecs", guarded(searches.search_flow_specs))
    yield from _connections(collections.BASE_CONNECTIONS, "Connection")
    yield from _connections(collections.SOURCE_CONNECTIONS, "SourceConnection")
    yield from _connections(collections.TARGET_CONNECTIONS, "TargetConnection")
    yield from _collection(collections.FLOWS, "Flow", collections.flow_action)
    one = f"{base}/connections/{{id}}"
    yield Route("GET", f"{one}/test", "testConnection", guarded(collections.test_connection))
    yield Route("GET", f"{one}/explore", "exploreConnection", _EXPLORE)
    yield Route("GET", f"{one}/configs", "listConnectionConfigs", _EXPLORE)
    yield Route("GET", f"{base}/runs", "listRuns", guarded(read_only.list_runs))
    yield Route("POST", f"{base}/runs", "createRun", _RUN_CREATE)
    yield Route("GET", f"{base}/runs/{{id}}", "readRun", guarded(read_only.read_run))
    yield Route("PUT", f"{base}/runs/{{id}}", "replaceRun", guarded(read_only.refuse_run_write))
    yield Route("POST", f"{base}/runs/{{id}}/action", "actOnRun", _RUN_CREATE)
    yield from _specs(base)


def _specs(base: str) -> Iterator[Route]:
    specs, write = f"{base}/connectionSpecs", guarded(read_only.refuse_spec_write)
    yield Route("GET", specs, "listConnectionSpecs", guarded(read_only.list_connection_specs))
    yield Route("POST", specs, "createConnectionSpec", write)
    yield Route("GET", f"{specs}/{{id}}", "readConnectionSpec", guarded(read_only.read_connection_spec))
    yield Route("PUT", f"{specs}/{{id}}", "replaceConnectionSpec", write)
    yield Route("GET", f"{specs}/{{id}}/configs", "listDatasets", guarded(read_only.list_datasets))
    yield Route("GET", f"{base}/flowSpecs", "listFlowSpecs", guarded(read_only.list_flow_specs))
    yield Route("GET", f"{base}/flowSpecs/{{id}}", "readFlowSpec", guarded(read_only.read_flow_spec))


def _other_services() -> Iterator[Route]:
    yield Route("POST", paths.ADHOC_RUN, "runAdHoc", guarded(adhoc_runs.run_datasets))
    zone = paths.LANDING_ZONE
    yield Route("GET", zone, "readLandingZone", guarded(landing_zone.read_container))
    credentials = f"{zone}/credentials"
    yield Route("GET", credentials, "readLandingZoneCredentials", guarded(landing_zone.read_credentials))
    yield Route(
        "POST", credentials, "refreshLandingZoneCredentials", guarded(landing_zone.refresh_credentials)
    )
    all_sandboxes, sandbox = paths.SANDBOXES, f"{paths.SANDBOXES}/{{name}}"
    yield Route("GET", all_sandboxes, "listSandboxes", guarded(sandboxes.list_sandboxes, admit_anywhere))
    yield Route("POST", all_sandboxes, "createSandbox", _SANDBOX_WRITE)
    yield Route("GET", sandbox, "readSandbox", guarded(sandboxes.read_sandbox, admit_anywhere))
    yield Route("PUT", sandbox, "replaceSandbox", _SANDBOX_WRITE)
    yield Route("PATCH", sandbox, "patchSandbox", _SANDBOX_WRITE)
    yield Route("DELETE", sandbox, "deleteSandbox", _SANDBOX_WRITE)
    yield Route("GET", paths.CATALOG_DATASETS, "listCatalogDataSets", _CATALOG)
    yield Route("GET", f"{paths.CATALOG_DATASETS}/{{id}}", "readCatalogDataSet", _CATALOG)


SERVICE_ROUTES: Final = (
    Route("POST", paths.TOKEN, "issueToken", tokens.issue_token),
    *_flow_service(),
    *_other_services(),
)
OPERATIONS: Final = tuple(route.operation for route in SERVICE_ROUTES if route.operation)
