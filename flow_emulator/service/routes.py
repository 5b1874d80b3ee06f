"""The routes of Adobe's services: Flow Service, and what a dataset export needs beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from flow_emulator.errors import UnsupportedError
from flow_emulator.http import paths
from flow_emulator.http.gateway import authorize, authorize_organization
from flow_emulator.http.messages import Request, Response
from flow_emulator.http.routing import Handler, Route
from flow_emulator.models.context import Context
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

ServiceHandler = Callable[[Request, Context], Response]


def behind_gateway(handler: ServiceHandler, authorizer: Callable[[Request], Context] = authorize) -> Handler:
    """Return a handler that first runs the gateway's checks, and creates the runs that are due."""

    def handle(request: Request) -> Response:
        context = authorizer(request)
        runs.advance(request.engine, request.tx, request.now)
        return handler(request, context)

    return handle


@dataclass(frozen=True)
class UnsupportedOperation:
    """The handler of a known operation that the emulator does not support: 501 after the gateway's checks."""

    sentence: str

    def __call__(self, request: Request) -> Response:
        """Run the gateway's checks, then raise UnsupportedError."""
        return behind_gateway(self._refuse)(request)

    def _refuse(self, _request: Request, _context: Context) -> Response:
        raise UnsupportedError(self.sentence)


_CATALOG: Final = UnsupportedOperation(
    "The emulator does not support Catalog; datasets are listed under /configs."
)
_SANDBOX_WRITE: Final = UnsupportedOperation("The sandboxes of the emulator cannot be changed.")
_EXPLORE: Final = UnsupportedOperation("The emulator has no files to explore.")
_RUN_CREATE: Final = UnsupportedOperation(
    "One-time runs of source flows are not supported; dataset flows run by schedule."
)


def _guarded(
    method: str,
    path: str,
    operation: str,
    handler: ServiceHandler,
    authorizer: Callable[[Request], Context] = authorize,
) -> Route:
    return Route(method, path, operation, behind_gateway(handler, authorizer))


def _collection(collection: Collection, noun: str, action: ServiceHandler) -> Iterator[Route]:
    path = f"{paths.FLOW_SERVICE}/{collection.name}"
    yield _guarded("GET", path, f"list{noun}s", collection.list)
    yield _guarded("POST", path, f"create{noun}", collection.create)
    yield _guarded("GET", f"{path}/{{id}}", f"read{noun}", collection.read)
    yield _guarded("PATCH", f"{path}/{{id}}", f"patch{noun}", collection.patch)
    yield _guarded("DELETE", f"{path}/{{id}}", f"delete{noun}", collection.delete)
    yield _guarded("POST", f"{path}/{{id}}/action", f"actOn{noun}", action)


def _connections(collection: Collection, noun: str) -> Iterator[Route]:
    return _collection(collection, noun, collections.connection_action(collection))


def _flow_service() -> Iterator[Route]:
    base = paths.FLOW_SERVICE
    # Searches come before the ids, which would match them.
    yield _guarded("POST", f"{base}/connections/search", "searchConnections", searches.search_connections)
    yield _guarded("POST", f"{base}/flows/search", "searchFlows", searches.search_flows)
    yield _guarded("POST", f"{base}/flowSpecs/search", "searchFlowSpecs", searches.search_flow_specs)
    yield from _connections(collections.BASE_CONNECTIONS, "Connection")
    yield from _connections(collections.SOURCE_CONNECTIONS, "SourceConnection")
    yield from _connections(collections.TARGET_CONNECTIONS, "TargetConnection")
    yield from _collection(collections.FLOWS, "Flow", collections.flow_action)
    one = f"{base}/connections/{{id}}"
    yield _guarded("GET", f"{one}/test", "testConnection", collections.test_connection)
    yield Route("GET", f"{one}/explore", "exploreConnection", _EXPLORE)
    yield Route("GET", f"{one}/configs", "listConnectionConfigs", _EXPLORE)
    yield _guarded("GET", f"{base}/runs", "listRuns", read_only.list_runs)
    yield Route("POST", f"{base}/runs", "createRun", _RUN_CREATE)
    yield _guarded("GET", f"{base}/runs/{{id}}", "readRun", read_only.read_run)
    yield _guarded("PUT", f"{base}/runs/{{id}}", "replaceRun", read_only.refuse_run_write)
    yield Route("POST", f"{base}/runs/{{id}}/action", "actOnRun", _RUN_CREATE)
    yield from _specs(base)


def _specs(base: str) -> Iterator[Route]:
    specs, write = f"{base}/connectionSpecs", read_only.refuse_spec_write
    yield _guarded("GET", specs, "listConnectionSpecs", read_only.list_connection_specs)
    yield _guarded("POST", specs, "createConnectionSpec", write)
    yield _guarded("GET", f"{specs}/{{id}}", "readConnectionSpec", read_only.read_connection_spec)
    yield _guarded("PUT", f"{specs}/{{id}}", "replaceConnectionSpec", write)
    yield _guarded("GET", f"{specs}/{{id}}/configs", "listDatasets", read_only.list_datasets)
    yield _guarded("GET", f"{base}/flowSpecs", "listFlowSpecs", read_only.list_flow_specs)
    yield _guarded("GET", f"{base}/flowSpecs/{{id}}", "readFlowSpec", read_only.read_flow_spec)


def _other_services() -> Iterator[Route]:
    yield _guarded("POST", paths.ADHOC_RUN, "runAdHoc", adhoc_runs.run_datasets)
    zone = paths.LANDING_ZONE
    yield _guarded("GET", zone, "readLandingZone", landing_zone.read_container)
    credentials = f"{zone}/credentials"
    yield _guarded("GET", credentials, "readLandingZoneCredentials", landing_zone.read_credentials)
    yield _guarded("POST", credentials, "refreshLandingZoneCredentials", landing_zone.refresh_credentials)
    all_sandboxes, sandbox = paths.SANDBOXES, f"{paths.SANDBOXES}/{{name}}"
    yield _guarded("GET", all_sandboxes, "listSandboxes", sandboxes.list_sandboxes, authorize_organization)
    yield Route("POST", all_sandboxes, "createSandbox", _SANDBOX_WRITE)
    yield _guarded("GET", sandbox, "readSandbox", sandboxes.read_sandbox, authorize_organization)
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
