"""`aep_flow_run_trigger`: a resource whose create runs a flow. It has no object in Flow Service."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from provider_shim.lifecycle.checks import required
from provider_shim.lifecycle.flow_run.caller import TRIGGER
from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    ApplyResourceChangeResponse,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
)
from provider_shim.lifecycle.state.states import unknowns_to_null
from provider_shim.resources.flow_run import DEFAULT_TIMEOUT
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import Trigger
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import path
from provider_shim.schema.values import UNKNOWN, Value

if TYPE_CHECKING:
    from provider_shim.lifecycle.session.session import Session

log = logging.getLogger(__name__)


def plan(trigger: Trigger, request: PlanResourceChangeRequest) -> PlanResourceChangeResponse:
    """Plan a create, a replacement, an update or a destroy. Makes no request."""
    prior, config = request.prior_state, request.config
    if request.proposed_new_state is None:
        return PlanResourceChangeResponse(planned_state=None, planned_private=request.prior_private)
    planned = {each.name: _planned(each, config[each.name], prior) for each in trigger.attributes}
    replaced = (
        []
        if prior is None
        else [
            path(each.name)
            for each in trigger.attributes
            if each.requires_replace and planned[each.name] != prior[each.name]
        ]
    )
    return PlanResourceChangeResponse(
        planned_state=planned,
        requires_replace=replaced,
        planned_private=request.prior_private,
        diagnostics=required.missing(trigger, config),
    )


def _planned(attribute: Attribute, config: Value, prior: Value) -> Value:
    if config is not None:
        return config
    match attribute.presence:
        case Presence.DEFAULT:
            return attribute.default
        case Presence.COMPUTED:
            return UNKNOWN if prior is None else prior[attribute.name]
        case _:
            return None


async def create(session: Session, request: ApplyResourceChangeRequest) -> ApplyResourceChangeResponse:
    """Run the flow. Runs that were started are in the state, even if they failed."""
    from provider_shim.lifecycle.flow_run import run
    from provider_shim.lifecycle.session.session import timeout_of

    planned = request.planned_state
    outcome = await run.run(
        session,
        planned["flow_id"],
        planned["dataset_ids"],
        wait_for_completion=planned["wait_for_completion"],
        time_limit=timeout_of(planned, "create", DEFAULT_TIMEOUT),
        report=log.info,
        caller=TRIGGER,
    )
    if not outcome.run_ids:
        return ApplyResourceChangeResponse(new_state=None, diagnostics=outcome.diagnostics)
    state = unknowns_to_null(planned) | {"id": outcome.run_ids[0], "run_ids": [*outcome.run_ids]}
    return ApplyResourceChangeResponse(new_state=state, diagnostics=outcome.diagnostics)


def keep_state(request: ApplyResourceChangeRequest) -> ApplyResourceChangeResponse:
    """Return the planned state. An update only affects later runs, and a destroy can't undo a run."""
    return ApplyResourceChangeResponse(new_state=request.planned_state, private=request.planned_private)


def import_not_supported(trigger: Trigger) -> Diagnostic:
    """Return the error of an import: a run is not an object that Terraform could manage."""
    return error(
        "Nothing to import",
        f"{trigger.type_name} represents a request, not an object in Flow Service. Add the resource to the "
        "configuration; applying it runs the flow.",
    )
