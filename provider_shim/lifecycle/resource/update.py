"""Update of an object in place, by one JSON Patch request and, for `enabled`, an action."""

from __future__ import annotations

import asyncio
from typing import Any

from provider_shim.client.entities import Collection, WriteResult
from provider_shim.client.errors import VersionConflict
from provider_shim.lifecycle.provider_api import ApplyResourceChangeRequest, ApplyResourceChangeResponse
from provider_shim.lifecycle.resource.set_enabled import set_enabled
from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, operation_on, to_diagnostic
from provider_shim.lifecycle.session.session import Session, timeout_of
from provider_shim.lifecycle.state import credentials
from provider_shim.lifecycle.state.private_state import PrivateState, decode
from provider_shim.lifecycle.state.states import fill_unknowns, unknowns_to_null
from provider_shim.lifecycle.state.write_only import with_write_only
from provider_shim.schema import json_mapping
from provider_shim.schema.attribute import Attribute
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import semantically_equal
from provider_shim.schema.patches import credentials_operation, operations, pointer
from provider_shim.schema.paths import path
from provider_shim.schema.rules import shorten
from provider_shim.schema.scalars import times
from provider_shim.schema.values import UNKNOWN, Value

_ATTEMPTS = 3
"""Number of attempts to send a patch while other clients change other attributes."""


class _Conflict(Exception):
    """Another client changed an attribute that the patch changes too."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__()
        self.diagnostics = diagnostics


async def update(
    session: Session, resource: Resource, request: ApplyResourceChangeRequest
) -> ApplyResourceChangeResponse:
    """Change the object from the prior to the planned state. In case of errors, return the state reached."""
    prior, planned = request.prior_state, _with_revision(resource, request)
    private = decode(request.planned_private)
    state = prior
    session.read_cache.invalidate(resource, prior["id"])
    try:
        async with asyncio.timeout(timeout_of(planned, "update")):
            patch, has_secrets = _patch(resource, prior, planned, request.config)
            if patch:
                written = await _send(
                    session, resource, prior, planned, patch, private, has_secrets=has_secrets
                )
                private = private.with_etag(written.etag)
            if has_secrets:
                private = credentials.after_send(resource, request.config, private)
            state = unknowns_to_null(planned) | _prior_enabled(resource, prior)
            private = await _set_enabled(session, resource, prior, planned, private)
            state = unknowns_to_null(planned)
            if resource.stable_states and (patch or prior != planned):
                entity = await session.read_until_stable(resource, prior["id"])
                private = private.with_etag(entity.etag)
                state = fill_unknowns(planned, json_mapping.from_json(resource, entity.body, state))
    except _Conflict as conflict:
        return _response(state, private, conflict.diagnostics)
    except EXPECTED_ERRORS as problem:
        return _response(state, private, [to_diagnostic(problem, operation_on("update", resource, prior))])
    return _response(state, private.after_apply(), [])


def _response(
    state: Value, private: PrivateState, diagnostics: list[Diagnostic]
) -> ApplyResourceChangeResponse:
    return ApplyResourceChangeResponse(new_state=state, private=private.encode(), diagnostics=diagnostics)


def _with_revision(resource: Resource, request: ApplyResourceChangeRequest) -> Value:
    """Return the planned state with the credentials revision, if that was unknown at plan."""
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
    """Return the operations, and True if the secrets are among them."""
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
        # Flow Service rejects actions while it applies a patch.
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
    has_secrets: bool,
) -> WriteResult:
    """Send the patch for the version of the object that the plan is based on.

    If another client has changed the object since, its version is read. The patch is sent again if the other
    client changed other attributes; otherwise `_Conflict` lets the user decide. With `has_secrets`, the
    response can't show if an earlier attempt was applied, so that it is always sent again.
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
            if conflict.after_lost_response and not has_secrets and not operations(resource, current, wanted):
                return WriteResult(identifier, entity.etag)  # the conflicting change is this patch itself
            conflicts = _conflicts(resource, prior, wanted, current, entity.body, patch)
            if conflicts or attempt == _ATTEMPTS - 1:
                raise _Conflict(
                    conflicts or [to_diagnostic(conflict, operation_on("update", resource, prior))]
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
    """Return an error for each change by another client that the patch would revert.

    An operation replaces the complete value at its path, including attributes that the plan does not change.
    """
    sentence = operation_on("update", resource, prior).sentence
    return [
        error(
            f"{attribute.name} was changed by another client",
            f"{sentence} was changed by {_changed_by(body)}, after it was read for this plan: "
            + "; ".join(_changes(attribute, prior[attribute.name], current[attribute.name], attribute.name))
            + ". Plan again and check the difference.",
            path(attribute.name),
        )
        for attribute in resource.attributes
        if not semantically_equal(attribute, prior[attribute.name], current[attribute.name])
        and not semantically_equal(attribute, wanted[attribute.name], current[attribute.name])
        and _is_sent(attribute, patch)
    ]


def _changes(attribute: Attribute, before: Value, after: Value, name: str) -> list[str]:
    """Return a text for each change, with both values. Nested attributes are listed one by one."""
    if attribute.nested is not None and isinstance(before, dict) and isinstance(after, dict):
        return [
            change
            for each in attribute.nested.attributes
            if not semantically_equal(each, before[each.name], after[each.name])
            for change in _changes(each, before[each.name], after[each.name], f"{name}.{each.name}")
        ]
    if attribute.sensitive or attribute.nested is not None:
        return [f"{name} has another value"]
    return [f"{name} was {shorten(before)} and is {shorten(after)}"]


def _is_sent(attribute: Attribute, patch: list[dict[str, Any]]) -> bool:
    parts = (attribute,) if attribute.nested is None else (attribute, *attribute.nested.attributes)
    pointers = [pointer(part.json.path) for part in parts if part.json is not None and part.json.readable]
    return any(f"{each}/".startswith(f"{operation['path']}/") for each in pointers for operation in patch)


def _changed_by(body: json_mapping.JsonObject) -> str:
    """Return the client and the time of the last change. Flow Service has milliseconds since 1970."""
    try:
        when = times.from_epoch(int(body["updatedAt"]) // 1000)
    except (KeyError, TypeError, ValueError, OverflowError):
        when = "an unknown time"
    return f"{body.get('updatedBy') or 'an unknown client'} at {when}"
