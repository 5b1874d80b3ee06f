"""The table of the functions that read the data sources."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from provider_shim.client.flow_service import FlowService
from provider_shim.lifecycle.data_sources import base_connections, datasets, flow_runs, flows, sandbox, specs
from provider_shim.schema.values import Value

READERS: Mapping[str, Callable[[FlowService, Value], Awaitable[Value]]] = {
    "aep_base_connections": base_connections.read,
    "aep_connection_spec": specs.read_connection_spec,
    "aep_dataset": datasets.read_one,
    "aep_datasets": datasets.read,
    "aep_flow": flows.read_one,
    "aep_flow_runs": flow_runs.read,
    "aep_flow_spec": specs.read_flow_spec,
    "aep_flows": flows.read,
    "aep_sandbox": sandbox.read,
}
