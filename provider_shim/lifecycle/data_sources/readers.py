"""The functions that read the data sources, by type name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from provider_shim.client.flow_service import FlowService
from provider_shim.lifecycle.data_sources import base_connections, datasets, flow_runs, flows, sandbox, specs
from provider_shim.lifecycle.data_sources.find_by_name import NotExactlyOneMatch
from provider_shim.lifecycle.provider_api import ReadDataSourceResponse
from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, reading, to_diagnostic
from provider_shim.lifecycle.session.read_deadline import within_deadline
from provider_shim.lifecycle.session.session import Session
from provider_shim.schema.values import Value

_READERS: Mapping[str, Callable[[FlowService, Value], Awaitable[Value]]] = {
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


async def read(session: Session, type_name: str, config: Value) -> ReadDataSourceResponse:
    """Read a data source within the deadline of reads. Errors are in the response's diagnostics."""
    work = _READERS[type_name](session.service, config)
    try:
        return ReadDataSourceResponse(state=await within_deadline(session.cancelled, work))
    except NotExactlyOneMatch as problem:
        return ReadDataSourceResponse(state=None, diagnostics=[problem.diagnostic])
    except EXPECTED_ERRORS as problem:
        diagnostic = to_diagnostic(problem, reading("look up", type_name))
        return ReadDataSourceResponse(state=None, diagnostics=[diagnostic])
