"""The request of a create. No object is silently created twice, and none that was created is lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from provider_shim.client.entities import Collection, WriteResult
from provider_shim.client.errors import OutcomeUnknown, ServiceFailed
from provider_shim.client.http.retry import TRANSIENT_STATUSES
from provider_shim.lifecycle.resource import lost_create_messages as messages
from provider_shim.lifecycle.session.lost_creates import LostCreate
from provider_shim.lifecycle.session.operation_errors import (
    EXPECTED_ERRORS,
    ExpectedError,
    Operation,
    operation_on,
    to_diagnostic,
)
from provider_shim.lifecycle.session.session import Session
from provider_shim.lifecycle.state.stored_object import StoredObject
from provider_shim.lifecycle.state.write_only import with_write_only
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, has_errors
from provider_shim.schema.values import Value

_NOTHING_CREATED = "Nothing was created; apply again, with a longer timeout if necessary."

_SEARCHES = 10
"""Number of searches for the object of a lost create, with exponential backoff: about 13 seconds in all."""


class CreateFailed(Exception):
    """No object was created, or the outcome is unknown; the diagnostics explain what to do."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(diagnostics[0].summary)
        self.diagnostics = list(diagnostics)


@dataclass(frozen=True, slots=True)
class Created:
    """The created object, and warnings about the create."""

    written: WriteResult
    warnings: list[Diagnostic] = field(default_factory=list)


async def send_create(
    session: Session, resource: Resource, planned: Value, config: Value, deadline: float
) -> Created:
    """Create the object and return its id. `deadline` is a time of the event loop. Raises `CreateFailed`.

    The caller holds back other creates of the same kind and name.
    """
    about = replace(operation_on("create", resource, planned), after_timeout=_NOTHING_CREATED)
    try:
        async with asyncio.timeout_at(deadline):
            warnings = await _check_for_orphans(session, resource, planned, config)
        created = await _send(session, resource, planned, config, deadline)
    except EXPECTED_ERRORS as problem:
        raise CreateFailed(to_diagnostic(problem, about)) from problem
    session.objects.mark_created(resource, planned, created.written.id)
    return Created(created.written, warnings + created.warnings)


async def _check_for_orphans(
    session: Session, resource: Resource, planned: Value, config: Value
) -> list[Diagnostic]:
    """Return warnings about possible orphans. Raises `CreateFailed` if one must not be created again."""
    await session.objects.before(resource)  # what a lost create has made is recognised by this listing
    if not session.fail_on_orphans:
        return []
    found = await session.orphans.check(resource, planned, config)
    if has_errors(found):
        raise CreateFailed(*found)
    return found


async def _send(
    session: Session, resource: Resource, planned: Value, config: Value, deadline: float
) -> Created:
    entity = json_mapping.to_json(resource, with_write_only(resource, planned, config))
    sent_at = session.service.server_time()
    try:
        async with asyncio.timeout_at(deadline):
            return Created(await session.service.create(Collection(resource.collection), entity))
    except (OutcomeUnknown, ServiceFailed, TimeoutError) as problem:
        if isinstance(problem, ServiceFailed) and problem.status not in TRANSIENT_STATUSES:
            raise
        lost = LostCreate(resource, planned, sent_at, session.service.server_time())
        return await _recover(session, lost, problem)


async def _recover(session: Session, lost: LostCreate, problem: ExpectedError) -> Created:
    """Find the object of a create whose outcome is unknown. Raises `CreateFailed` if it can't be known.

    The request is not repeated: the next apply does that, after it has searched again.
    """
    about = replace(operation_on("create", lost.resource, lost.planned), after_timeout=messages.advice(lost))
    try:
        for attempt in range(_SEARCHES):
            candidates = await session.lost_creates.search(lost)
            if candidates.is_unclear:
                raise CreateFailed(messages.unclear(lost, candidates, problem))
            if candidates.found:
                return _adopted(lost.resource, candidates.found[0], problem)
            await session.wait(attempt)
    except EXPECTED_ERRORS as another:
        raise CreateFailed(_not_found(about, problem)) from another
    raise CreateFailed(_not_found(about, problem))


def _adopted(resource: Resource, found: StoredObject, problem: ExpectedError) -> Created:
    etag = found.body.get("etag")
    written = WriteResult(found.id, etag if isinstance(etag, str) else None)
    return Created(written, [messages.adopted(resource, found, problem)])


def _not_found(about: Operation, problem: ExpectedError) -> Diagnostic:
    if isinstance(problem, TimeoutError):
        return to_diagnostic(problem, about)
    return to_diagnostic(problem, replace(about, hint=about.after_timeout))
