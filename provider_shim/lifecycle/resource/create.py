"""Creation of an object. Once Flow Service has returned its id, every response has the id in the state."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from provider_shim.lifecycle.checks import dataset_exports, destination_match
from provider_shim.lifecycle.provider_api import ApplyResourceChangeRequest, ApplyResourceChangeResponse
from provider_shim.lifecycle.resource.create_request import CreateFailed, send_create
from provider_shim.lifecycle.resource.set_enabled import set_enabled
from provider_shim.lifecycle.session.operation_errors import (
    EXPECTED_ERRORS,
    ExpectedError,
    as_warning,
    operation_on,
    to_diagnostic,
)
from provider_shim.lifecycle.session.session import Session, timeout_of
from provider_shim.lifecycle.state import credentials
from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.lifecycle.state.states import fill_unknowns, unknowns_to_null
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.values import Value

_log = logging.getLogger(__name__)


async def create(
    session: Session, resource: Resource, request: ApplyResourceChangeRequest
) -> ApplyResourceChangeResponse:
    """Create the object. If Flow Service changes it asynchronously, wait until its state is stable."""
    planned = request.planned_state
    problems = credentials.missing_secrets(resource, request.config)
    problems += await destination_match.check_before_create(session, resource, planned)
    problems += await dataset_exports.check_datasets_before_create(session, resource, planned)
    if problems:
        return ApplyResourceChangeResponse(new_state=None, diagnostics=problems)
    try:
        async with session.lost_creates.creating(resource, planned):
            deadline = asyncio.get_running_loop().time() + timeout_of(planned, "create")
            created = await send_create(session, resource, planned, request.config, deadline)
    except CreateFailed as failure:
        return ApplyResourceChangeResponse(new_state=None, diagnostics=failure.diagnostics)
    written, warnings = created.written, created.warnings
    state = unknowns_to_null(planned) | {"id": written.id}
    private = _private(resource, request.config).with_etag(written.etag)
    session.remember(resource, written.id, json_mapping.to_json(resource, planned))
    session.read_cache.invalidate(resource, written.id)
    if not resource.stable_states:
        return ApplyResourceChangeResponse(new_state=state, private=private.encode(), diagnostics=warnings)
    try:
        response = await _finish(session, resource, planned, state, private, deadline)
        return replace(response, diagnostics=warnings + response.diagnostics)
    except Exception as unexpected:
        _log.exception("The new object could not be read back.")
        return ApplyResourceChangeResponse(
            new_state=state,
            private=private.encode(),
            diagnostics=[*warnings, _internal_error(resource, state, unexpected)],
        )


def _internal_error(resource: Resource, state: Value, unexpected: Exception) -> Diagnostic:
    """Return the error for a bug after the create, beside which the state must still contain the id."""
    sentence = operation_on("create", resource, state).sentence
    return error(
        "Internal error in the provider (please report)",
        f"{sentence} was created and is in the state. After that the provider failed "
        f"({type(unexpected).__name__}); TF_LOG=error shows where. Your configuration is not the cause. "
        "Apply again.",
    )


def _private(resource: Resource, config: Value) -> PrivateState:
    has_credentials = any(destination.methods for destination in resource.destination_blocks)
    return credentials.after_send(resource, config, PrivateState()) if has_credentials else PrivateState()


async def _finish(
    session: Session,
    resource: Resource,
    planned: Value,
    state: dict[str, Value],
    private: PrivateState,
    deadline: float,
) -> ApplyResourceChangeResponse:
    """Read the values that the service chose, and disable the object if it is planned as disabled."""
    diagnostics: list[Diagnostic] = []
    planned = planned | {"id": state["id"]}  # whatever a damaged plan has
    try:
        async with asyncio.timeout_at(deadline):
            entity = await session.read_until_stable(resource, state["id"])
            state = fill_unknowns(planned, json_mapping.from_json(resource, entity.body, state))
            private = private.with_etag(entity.etag)
    except EXPECTED_ERRORS as problem:
        diagnostic = to_diagnostic(problem, operation_on("read back", resource, state))
        diagnostics.append(as_warning(diagnostic, "It was created; the next plan reads it again."))
    try:
        async with asyncio.timeout_at(deadline):
            private = await set_enabled(session, resource, state, planned, private)
    except EXPECTED_ERRORS as problem:
        # An error would taint the object, and Terraform would destroy it with what it has exported. As a
        # planned value can't change in an apply, the state has it; the next refresh reads the actual one.
        diagnostics.append(_not_disabled(resource, state, problem))
    return ApplyResourceChangeResponse(new_state=state, private=private.encode(), diagnostics=diagnostics)


def _not_disabled(resource: Resource, state: Value, problem: ExpectedError) -> Diagnostic:
    return as_warning(
        to_diagnostic(problem, operation_on("disable", resource, state)),
        "It was created and is enabled, so it exports on its schedule. Apply again: the next plan shows the "
        "difference and disables it in place.",
    )
