"""Which file reads which data source."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from provider_shim.client.flow_service import FlowService
from provider_shim.lifecycle.data_sources import datasets, flow_runs, specs
from provider_shim.schema.values import Value

READERS: Mapping[str, Callable[[FlowService, Value], Awaitable[Value]]] = {
    "aep_connection_spec": specs.read_connection_spec,
    "aep_datasets": datasets.read,
    "aep_flow_runs": flow_runs.read,
    "aep_flow_spec": specs.read_flow_spec,
}
