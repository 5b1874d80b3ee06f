"""Sending a create, so that nothing is made twice in silence and nothing that was made is lost."""

from __future__ import annotations

import asyncio

from provider_shim.client.entities import Collection, Written
from provider_shim.client.errors import AmbiguousAnswer
from provider_shim.lifecycle.session import orphans
from provider_shim.lifecycle.session.operation_errors import PROBLEMS, Problem, Subject, explain, subject
from provider_shim.lifecycle.session.session import Session
from provider_shim.lifecycle.state.write_only import with_secrets
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.values import Value

_LOOKS = 10
"""How often what became of a lost create is looked for, with ever longer waits between: some 13 seconds."""


class Refused(Exception):
    """Nothing was made, or nobody can tell what; the diagnostic says what to do."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


async def post(
    session: Session, resource: Resource, planned: Value, config: Value, deadline: float
) -> Written:
    """Make the entity and return its id; `deadline` is a time of the event loop. Raises `Refused`."""
    about = subject("create", resource, planned)
    entity = json_mapping.to_json(resource, with_secrets(resource, planned, config))
    try:
        async with asyncio.timeout_at(deadline):
            existing = await session.namesakes.untracked(resource, planned, config)
            if existing and session.refuse_namesakes:
                raise Refused(orphans.explain_untracked(resource, planned, existing))
    except PROBLEMS as problem:
        raise Refused(explain(problem, about)) from problem
    try:
        async with asyncio.timeout_at(deadline):
            written = await session.service.create(Collection(resource.collection), entity)
    except (AmbiguousAnswer, TimeoutError) as problem:
        written = await _recovered(session, resource, planned, problem)
    except PROBLEMS as problem:
        raise Refused(explain(problem, about)) from problem
    session.namesakes.track(written.id)
    return written


async def _recovered(session: Session, resource: Resource, planned: Value, problem: Problem) -> Written:
    """What a create has made whose answer was lost. It is not sent again: the next apply does that, after it
    has seen what there is.
    """
    about = subject("create", resource, planned)
    lost = Subject(about.verb, about.noun, _advice(resource, planned))
    try:
        for look in range(_LOOKS):
            found = await session.namesakes.lost(resource, planned)
            if len(found) > 1:
                raise Refused(orphans.explain_several(resource, planned, found))
            if found:
                return found[0]
            await session.wait(look)
    except PROBLEMS as another:
        raise Refused(explain(problem, lost)) from another
    raise Refused(explain(problem, lost))


def _advice(resource: Resource, planned: Value) -> str:
    return (
        f'Whether the {resource.title} "{planned["name"]}" was made is not known: it was looked for and not '
        "found. Apply again; if it has come up by then, you will be told its id and how to take it over."
    )
