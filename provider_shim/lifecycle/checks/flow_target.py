"""A flow's destination must be that of its target connection."""

from __future__ import annotations

from provider_shim.client.errors import NotFound
from provider_shim.destinations import BY_CONNECTION_SPEC
from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, Operation, to_diagnostic
from provider_shim.lifecycle.session.session import Session
from provider_shim.resources.managed.target_connection import TARGET_CONNECTION
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import path
from provider_shim.schema.rules import is_given
from provider_shim.schema.values import Value


async def check(session: Session, resource: Resource, planned: Value) -> list[Diagnostic]:
    """What is wrong with a flow that is about to be made. Costs a request only where the target connection
    was neither made nor read by this process.
    """
    target = planned.get("target_connection_id")
    if resource.type_name != "aep_flow" or not is_given(target):
        return []
    if target not in session.connection_specs:
        try:
            await session.read(TARGET_CONNECTION, target)
        except NotFound as problem:
            about = Operation("find", f"the flow's target connection {target}")
            return [to_diagnostic(problem, about, place=path("target_connection_id"))]
        except EXPECTED_ERRORS as problem:
            return [to_diagnostic(problem, Operation("read", f"the flow's target connection {target}"))]
    return mismatch(session.connection_specs, planned)


def mismatch(connection_specs: dict[str, str], planned: Value) -> list[Diagnostic]:
    """The problem, where the target connection's spec is known and belongs to another destination."""
    target, destination = planned["target_connection_id"], planned["destination"]
    if not is_given(target) or not is_given(destination) or target not in connection_specs:
        return []
    actual, called = destination_of_spec(connection_specs[target])
    if actual == destination:
        return []
    return [
        error(
            "The flow and its target connection disagree",
            f'The flow\'s destination is "{destination}", but its target connection {target} {called}. '
            "Take it from the target connection: destination = aep_target_connection.<name>.destination",
            path("destination"),
        )
    ]


def destination_of_spec(connection_spec: str) -> tuple[str | None, str]:
    """The destination to which a connection spec belongs, if any, and the words for it in a diagnostic."""
    found = BY_CONNECTION_SPEC.get(connection_spec)
    name = found.name if found else None
    return name, f'is for "{name}"' if name else "is for none of the destinations of dataset exports"
