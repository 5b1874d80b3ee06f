"""Requests to Flow Service, with the provider's settings from the environment."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from provider_shim.cli.command_error import CommandError
from provider_shim.client.entities import Collection
from provider_shim.client.errors import NotFound
from provider_shim.lifecycle.state.stored_object import KINDS, StoredObject, from_json
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic

if TYPE_CHECKING:
    from provider_shim.client.flow_service import FlowService
    from provider_shim.lifecycle.configuration import ProviderSettings

_Result = TypeVar("_Result")

_PAGE = 100


def run(work: Callable[[FlowService, ProviderSettings], Awaitable[_Result]], *, exit_code: int) -> _Result:
    """Connect to Flow Service, and return the result of `work`.

    Raises:
        CommandError: A setting is invalid, or a request failed, with this exit code.
    """
    from provider_shim.lifecycle.provider import CannotConnect
    from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, Operation, to_diagnostic
    from provider_shim.main import connect

    settings = settings_of(os.environ, exit_code=exit_code)

    async def connected() -> _Result:
        service = connect(settings)
        try:
            return await work(service, settings)
        finally:
            await service.aclose()

    try:
        return asyncio.run(connected())
    except CannotConnect as reason:
        raise CommandError(str(reason), exit_code=exit_code) from reason
    except EXPECTED_ERRORS as problem:
        about = Operation("read", f"the objects of the sandbox {settings.sandbox_name}")
        raise failure([to_diagnostic(problem, about)], exit_code=exit_code) from problem


def settings_of(environment: Mapping[str, str], *, exit_code: int) -> ProviderSettings:
    """Return the provider's settings from environment variables. Raises `CommandError` for invalid ones."""
    from provider_shim.lifecycle.configuration import resolve

    settings, problems = resolve(None, environment)
    if problems:
        raise failure(problems, exit_code=exit_code)
    return settings


def failure(problems: list[Diagnostic], *, exit_code: int) -> CommandError:
    """Return the error of a command for diagnostics of the provider."""
    texts = [f"{each.summary}: {each.detail}" for each in problems]
    return CommandError("\n\n".join(texts), exit_code=exit_code)


async def exports_of_sandbox(
    service: FlowService, settings: ProviderSettings
) -> tuple[str, str, list[StoredObject]]:
    """Return the id of the client, the sandbox, and all objects of exports in it, created by any client."""
    listings = await asyncio.gather(*(_listed(service, each, [each.list_filter]) for each in KINDS))
    stored = [found for listing in listings for found in listing]
    return service.client_id, settings.sandbox_name, stored


async def find(service: FlowService, identifier: str) -> StoredObject | None:
    """Return the object with this id from any of the collections, or `None` if there is none."""
    for resource in KINDS:
        try:
            entity = await service.read(Collection(resource.collection), identifier)
        except NotFound:
            continue
        return from_json(resource, entity.body)
    return None


async def possible_users(service: FlowService, found: StoredObject) -> list[StoredObject]:
    """Return the objects of the kinds that can use this one: all of the sandbox, also of other purposes.

    They are listed without a filter: Adobe documents no filter for the flows that use a base connection.
    """
    later = KINDS[: KINDS.index(found.resource)]
    listings = await asyncio.gather(*(_listed(service, each, []) for each in later))
    return [each for listing in listings for each in listing]


async def _listed(service: FlowService, resource: Resource, filters: list[str]) -> list[StoredObject]:
    bodies = service.list(Collection(resource.collection), filters=filters, limit=_PAGE)
    return [from_json(resource, body) async for body in bodies if isinstance(body.get("id"), str)]


def delete(found: StoredObject, seconds: float) -> None:
    """Delete an object as the provider does, and wait until it is gone.

    Raises:
        CommandError: A request failed, or the object still exists after this number of seconds.
    """
    try:
        problems = asyncio.run(_delete(found, seconds))
    except TimeoutError as error:
        raise CommandError(
            f"Flow Service still has {found.title} after {seconds:.0f} seconds, and continues to delete "
            "it. Run the command again to wait longer."
        ) from error
    if problems:
        raise failure(problems, exit_code=1)


async def _delete(found: StoredObject, seconds: float) -> list[Diagnostic]:
    from provider_shim.lifecycle.provider_api import ApplyResourceChangeRequest
    from provider_shim.lifecycle.state.states import import_stub
    from provider_shim.main import make_provider

    provider = make_provider(os.environ)
    try:
        if problems := await provider.configure_provider("", None):
            return problems
        state = import_stub(found.resource, found.id) | {"name": found.name}
        request = ApplyResourceChangeRequest(
            type_name=found.resource.type_name,
            prior_state=state,
            planned_state=None,
            config=None,
            planned_private=b"",
        )
        async with asyncio.timeout(seconds):
            response = await provider.apply_resource_change(request)
        return response.diagnostics if response.new_state is not None else []
    finally:
        await provider.close()
