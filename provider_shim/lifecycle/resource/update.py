"""Changing an entity in place: one JSON Patch request, and an action where the service wants one."""

from __future__ import annotations

import asyncio
from typing import Any

from provider_shim.client.entities import Collection, WriteResult
from provider_shim.client.errors import VersionConflict
from provider_shim.lifecycle.provider_api import ApplyResourceChangeRequest, ApplyResourceChangeResponse
from provider_shim.lifecycle.resource.create import set_enabled
from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, operation_on, to_diagnostic
from provider_shim.lifecycle.session.session import Session, timeout_of
from provider_shim.lifecycle.state import credentials
from provider_shim.lifecycle.state.private_state import PrivateState, decode
from provider_shim.lifecycle.state.states import fill_unknowns, unknowns_to_null
from provider_shim.lifecycle.state.write_only import with_write_only
from provider_shim.schema import json_mapping, times
from provider_shim.schema.attribute import Attribute
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import semantically_equal
from provider_shim.schema.patches import credentials_operation, operations, pointer
from provider_shim.schema.paths import path
from provider_shim.schema.rules import shorten
from provider_shim.schema.values import UNKNOWN, Value

_ATTEMPTS = 3
"""How often a patch is sent anew because somebody changed other fields in the meantime."""


class _Conflict(Exception):
    """Somebody changed a field that we are about to change."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__()
        self.diagnostics = diagnostics


async def update(
    session: Session, resource: Resource, request: ApplyResourceChangeRequest
) -> ApplyResourceChangeResponse:
    """Bring the entity from the prior to the planned state. What was reached is in the state we return."""
    prior, planned = request.prior_state, _with_revision(resource, request)
    private = decode(request.planned_private)
    state = prior
    session.read_cache.invalidate(resource, prior["id"])
    session.orphans.mark_managed(prior["id"])
    try:
        async with asyncio.timeout(timeout_of(planned, "update")):
            patch, sends = _patch(resource, prior, planned, request.config)
            if patch:
                written = await _send(session, resource, prior, planned, patch, private, sends=sends)
                private = private.with_etag(written.etag)
            if sends:
                private = credentials.after_send(resource, request.config, private)
            state = unknowns_to_null(planned) | _prior_enabled(resource, prior)
            private = await _set_enabled(session, resource, prior, planned, private)
            state = unknowns_to_null(planned)
            if resource.stable_states and (patch or prior != planned):
                entity = await session.read_until_stable(resource, prior["id"])
                private = private.with_etag(entity.etag)
                state = fill_unknowns(planned, json_mapping.from_json(resource, entity.body, state))
    except _Conflict as overlap:
        return _response(state, private, overlap.diagnostics)
    except EXPECTED_ERRORS as problem:
        return _response(state, private, [to_diagnostic(problem, operation_on("update", resource, prior))])
    return _response(state, private.after_apply(), [])


def _response(state: Value, private: PrivateState, found: list[Diagnostic]) -> ApplyResourceChangeResponse:
    return ApplyResourceChangeResponse(new_state=state, private=private.encode(), diagnostics=found)


def _with_revision(resource: Resource, request: ApplyResourceChangeRequest) -> Value:
    """The planned state with a credentials revision that only the apply could know."""
    planned = request.planned_state
    if planned.get(credentials.REVISION) is not UNKNOWN:
        return planned
    revision = credentials.planned_revision(
        resource, request.prior_state, request.config, decode(request.planned_private)
    )
    return planned | {credentials.REVISION: revision}


def _patch(
    resource: Resource, prior: Value, planned: Value, config: Value
) -> tuple[list[dict[str, Any]], bool]:
    """The operations, and whether the secrets are among them."""
    patch = operations(resource, prior, planned)
    destination = json_mapping.selected_destination(resource, config)
    if destination is None or credentials.REVISION not in planned:
        return patch, False
    raised = planned[credentials.REVISION] != prior[credentials.REVISION]
    if not raised and not credentials.changed_fields(resource, destination, prior, config):
        return patch, False
    return [*patch, credentials_operation(resource, with_write_only(resource, planned, config))], True


def _prior_enabled(resource: Resource, prior: Value) -> dict[str, Value]:
    name = resource.action_attribute
    return {} if name is None else {name: prior[name]}


async def _set_enabled(
    session: Session, resource: Resource, prior: Value, planned: Value, private: PrivateState
) -> PrivateState:
    if resource.action_attribute is None:
        return private
    if planned[resource.action_attribute] != prior[resource.action_attribute]:
        # Flow Service takes no action while it applies a patch.
        await session.read_until_stable(resource, prior["id"])
    return await set_enabled(
        session, resource, prior, planned, private, now=bool(prior[resource.action_attribute])
    )


async def _send(
    session: Session,
    resource: Resource,
    prior: Value,
    planned: Value,
    patch: list[dict[str, Any]],
    private: PrivateState,
    *,
    sends: bool,
) -> WriteResult:
    """Send the patch for the version that the plan was made from.

    Where somebody has written in the meantime, their version is read. If they touched other fields than the
    patch, it goes on top of theirs; if they touched the same, the user decides. `sends` says that secrets
    are in the patch: then no answer can tell whether an earlier attempt got through, and it is sent again.
    """
    collection, identifier = Collection(resource.collection), prior["id"]
    etag = private.etag or (await session.read(resource, identifier)).etag or ""
    for attempt in range(_ATTEMPTS):
        version = etag
        try:
            return await session.retry_while_busy(
                lambda: session.service.patch(collection, identifier, patch, version)  # noqa: B023 - awaited in this round
            )
        except VersionConflict as conflict:
            entity = await session.read(resource, identifier)
            current = json_mapping.from_json(resource, entity.body, prior)
            wanted = fill_unknowns(planned, current)
            if conflict.after_lost_response and not sends and not operations(resource, current, wanted):
                return WriteResult(identifier, entity.etag)  # the change that is in the way is our own
            overlap = _conflicts(resource, prior, wanted, current, entity.body, patch)
            if overlap or attempt == _ATTEMPTS - 1:
                raise _Conflict(
                    overlap or [to_diagnostic(conflict, operation_on("update", resource, prior))]
                ) from conflict
            etag = entity.etag or ""
    raise AssertionError("the last attempt returns or raises")


def _conflicts(
    resource: Resource,
    prior: Value,
    wanted: Value,
    current: Value,
    body: json_mapping.JsonObject,
    patch: list[dict[str, Any]],
) -> list[Diagnostic]:
    """What somebody else has changed that the patch would change back: an operation replaces all that stands
    at its place, also what the plan leaves alone.
    """
    sentence = operation_on("update", resource, prior).sentence
    return [
        error(
            f"{attribute.name} was changed by somebody else",
            f"{sentence} was changed by {_changed_by(body)}, after it was read for this plan: "
            + "; ".join(_changes(attribute, prior[attribute.name], current[attribute.name], attribute.name))
            + ". Plan again and look at the difference.",
            path(attribute.name),
        )
        for attribute in resource.attributes
        if not semantically_equal(attribute, prior[attribute.name], current[attribute.name])
        and not semantically_equal(attribute, wanted[attribute.name], current[attribute.name])
        and _is_sent(attribute, patch)
    ]


def _changes(attribute: Attribute, before: Value, after: Value, name: str) -> list[str]:
    """What was changed from what to what; inside a block, field by field."""
    if attribute.nested is not None and isinstance(before, dict) and isinstance(after, dict):
        return [
            change
            for each in attribute.nested.attributes
            if not semantically_equal(each, before[each.name], after[each.name])
            for change in _changes(each, before[each.name], after[each.name], f"{name}.{each.name}")
        ]
    if attribute.sensitive or attribute.nested is not None:
        return [f"{name} is another one"]
    return [f"{name} was {shorten(before)} and is {shorten(after)}"]


def _is_sent(attribute: Attribute, patch: list[dict[str, Any]]) -> bool:
    parts = (attribute,) if attribute.nested is None else (attribute, *attribute.nested.attributes)
    requires_replace = [
        pointer(part.json.path) for part in parts if part.json is not None and part.json.readable
    ]
    return any(
        f"{place}/".startswith(f"{operation['path']}/") for place in requires_replace for operation in patch
    )


def _changed_by(body: json_mapping.JsonObject) -> str:
    """Who wrote an entity last, and when; Flow Service tells the time in milliseconds."""
    try:
        when = times.from_epoch(int(body["updatedAt"]) // 1000)
    except (KeyError, TypeError, ValueError, OverflowError):
        when = "an unknown time"
    return f"{body.get('updatedBy') or 'somebody'} at {when}"
