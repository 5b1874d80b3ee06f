"""The request of a create. No object is silently created twice, and none that was created is lost."""

from __future__ import annotations

import asyncio

from provider_shim.client.entities import Collection, WriteResult
from provider_shim.client.errors import OutcomeUnknown
from provider_shim.lifecycle.session import orphans
from provider_shim.lifecycle.session.operation_errors import (
    EXPECTED_ERRORS,
    ExpectedError,
    Operation,
    operation_on,
    to_diagnostic,
)
from provider_shim.lifecycle.session.session import Session
from provider_shim.lifecycle.state.write_only import with_write_only
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.values import Value

_SEARCHES = 10
"""Number of searches for the object of a lost create, with exponential backoff: about 13 seconds in all."""


class CreateFailed(Exception):
    """No object was created, or the outcome is unknown; the diagnostic explains what to do."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


async def send_create(
    session: Session, resource: Resource, planned: Value, config: Value, deadline: float
) -> WriteResult:
    """Create the object and return its id. `deadline` is a time of the event loop. Raises `CreateFailed`."""
    about = operation_on("create", resource, planned)
    entity = json_mapping.to_json(resource, with_write_only(resource, planned, config))
    try:
        async with asyncio.timeout_at(deadline):
            existing = await session.orphans.find_orphans(resource, planned, config)
            if existing and session.fail_on_orphans:
                raise CreateFailed(orphans.orphans_diagnostic(resource, planned, existing))
    except EXPECTED_ERRORS as problem:
        raise CreateFailed(to_diagnostic(problem, about)) from problem
    try:
        async with asyncio.timeout_at(deadline):
            written = await session.service.create(Collection(resource.collection), entity)
    except (OutcomeUnknown, TimeoutError) as problem:
        written = await _recover_lost_create(session, resource, planned, problem)
    except EXPECTED_ERRORS as problem:
        raise CreateFailed(to_diagnostic(problem, about)) from problem
    session.orphans.mark_managed(written.id)
    return written


async def _recover_lost_create(
    session: Session, resource: Resource, planned: Value, problem: ExpectedError
) -> WriteResult:
    """Find the object of a create whose response was lost. Raises `CreateFailed` if it is not found.

    The request is not repeated: the next apply does that, after it has searched again.
    """
    about = operation_on("create", resource, planned)
    lost = Operation(about.verb, about.noun, _advice(resource, planned))
    try:
        for attempt in range(_SEARCHES):
            candidates = await session.orphans.find_lost_create(resource, planned)
            if len(candidates) > 1:
                raise CreateFailed(orphans.several_candidates_diagnostic(resource, planned, candidates))
            if candidates:
                return candidates[0]
            await session.wait(attempt)
    except EXPECTED_ERRORS as another:
        raise CreateFailed(to_diagnostic(problem, lost)) from another
    raise CreateFailed(to_diagnostic(problem, lost))


def _advice(resource: Resource, planned: Value) -> str:
    return (
        f'The {resource.title} "{planned["name"]}" may have been created, but a search did not find it. '
        "Apply again: if it has appeared by then, the error shows its id and how to import it."
    )
