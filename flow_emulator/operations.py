"""A stable name for each operation of the emulator: what faults, and whoever counts, call it by."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from flow_emulator.service import adhoc_runs, landing_zone, sandboxes
from flow_emulator.service.responses import BASE

_LANDING_ZONE: Final = "/data/foundation/connectors/landingzone"
_SANDBOXES: Final = "/data/foundation/sandbox-management/sandboxes"
_CATALOG: Final = "/data/foundation/catalog/dataSets"
_COLLECTIONS: Final = {
    "connections": "Connection",
    "sourceConnections": "SourceConnection",
    "targetConnections": "TargetConnection",
    "flows": "Flow",
}


def _collections() -> Iterator[tuple[tuple[str, str], str]]:
    for collection, noun in _COLLECTIONS.items():
        path = f"{BASE}/{collection}"
        yield ("GET", path), f"list{noun}s"
        yield ("POST", path), f"create{noun}"
        yield ("GET", f"{path}/{{id}}"), f"read{noun}"
        yield ("PATCH", f"{path}/{{id}}"), f"patch{noun}"
        yield ("DELETE", f"{path}/{{id}}"), f"delete{noun}"
        yield ("POST", f"{path}/{{id}}/action"), f"actOn{noun}"


OPERATIONS: Final[dict[tuple[str, str], str]] = {
    ("POST", "/ims/token/v3"): "issueToken",
    **dict(_collections()),
    ("POST", f"{BASE}/connections/search"): "searchConnections",
    ("POST", f"{BASE}/flows/search"): "searchFlows",
    ("POST", f"{BASE}/flowSpecs/search"): "searchFlowSpecs",
    ("GET", f"{BASE}/connections/{{id}}/test"): "testConnection",
    ("GET", f"{BASE}/connections/{{id}}/explore"): "exploreConnection",
    ("GET", f"{BASE}/connections/{{id}}/configs"): "listConnectionConfigs",
    ("GET", f"{BASE}/runs"): "listRuns",
    ("POST", f"{BASE}/runs"): "createRun",
    ("GET", f"{BASE}/runs/{{id}}"): "readRun",
    ("PUT", f"{BASE}/runs/{{id}}"): "replaceRun",
    ("POST", f"{BASE}/runs/{{id}}/action"): "actOnRun",
    ("GET", f"{BASE}/connectionSpecs"): "listConnectionSpecs",
    ("POST", f"{BASE}/connectionSpecs"): "createConnectionSpec",
    ("GET", f"{BASE}/connectionSpecs/{{id}}"): "readConnectionSpec",
    ("PUT", f"{BASE}/connectionSpecs/{{id}}"): "replaceConnectionSpec",
    ("GET", f"{BASE}/connectionSpecs/{{id}}/configs"): "listDatasets",
    ("GET", f"{BASE}/flowSpecs"): "listFlowSpecs",
    ("GET", f"{BASE}/flowSpecs/{{id}}"): "readFlowSpec",
    ("POST", "/data/core/activation/disflowprovider/adhocrun"): "runAdHoc",
    ("GET", _LANDING_ZONE): "readLandingZone",
    ("GET", f"{_LANDING_ZONE}/credentials"): "readLandingZoneCredentials",
    ("POST", f"{_LANDING_ZONE}/credentials"): "refreshLandingZoneCredentials",
    ("GET", _SANDBOXES): "listSandboxes",
    ("POST", _SANDBOXES): "createSandbox",
    ("GET", f"{_SANDBOXES}/{{name}}"): "readSandbox",
    ("PUT", f"{_SANDBOXES}/{{name}}"): "replaceSandbox",
    ("PATCH", f"{_SANDBOXES}/{{name}}"): "patchSandbox",
    ("DELETE", f"{_SANDBOXES}/{{name}}"): "deleteSandbox",
    ("GET", _CATALOG): "listCatalogDataSets",
    ("GET", f"{_CATALOG}/{{id}}"): "readCatalogDataSet",
    ("POST", adhoc_runs.PATH): "runAdHoc",
    ("GET", landing_zone.PATH): "readLandingZone",
    ("GET", f"{landing_zone.PATH}/credentials"): "readLandingZoneCredentials",
    ("POST", f"{landing_zone.PATH}/credentials"): "refreshLandingZoneCredentials",
    ("GET", sandboxes.PATH): "listSandboxes",
    ("GET", f"{sandboxes.PATH}/{{name}}"): "readSandbox",
}


def matching(pattern: str) -> list[str]:
    """The operations whose name fits a pattern such as ``createFlow``, ``*Connection`` or ``*``."""
    return sorted({name for name in OPERATIONS.values() if fnmatchcase(name, pattern)})
