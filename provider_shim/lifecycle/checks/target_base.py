"""A target connection's destination must be that of its base connection.

Flow Service says so only when the target connection is made. By then Terraform has destroyed the flow and the
target connection that it replaces, so the plan says it, where this process has seen the base connection.
"""

from __future__ import annotations

from provider_shim.lifecycle.checks.flow_target import destination_of_spec
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import path
from provider_shim.schema.rules import is_given
from provider_shim.schema.values import Value


def mismatch(base_specs: dict[str, str], resource: Resource, planned: Value) -> list[Diagnostic]:
    """What is wrong with a target connection that is about to be made. `base_specs` are the connection specs
    of base connections, by their ids. Costs no request.
    """
    if resource.type_name != "aep_target_connection":
        return []
    base, destination = planned["base_connection_id"], planned["destination"]
    if not is_given(base) or not is_given(destination) or base not in base_specs:
        return []
    actual, called = destination_of_spec(base_specs[base])
    if actual == destination:
        return []
    return [
        error(
            "The target connection and its base connection disagree",
            f'The target connection is for "{destination}", but its base connection {base} {called}. '
            f'Give it the id of a base connection for "{destination}".',
            path("base_connection_id"),
        )
    ]
