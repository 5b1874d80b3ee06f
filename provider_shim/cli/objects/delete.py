"""`flowbridge delete`: delete an object in Flow Service that no configuration needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from provider_shim.cli.command_error import CommandError, visible

if TYPE_CHECKING:
    from provider_shim.client.flow_service import FlowService
    from provider_shim.lifecycle.configuration import ProviderSettings
    from provider_shim.lifecycle.state.stored_object import StoredObject

_TIMEOUT = 300.0
"""Seconds to wait until the object is gone. Flow Service deletes asynchronously."""


def delete(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Id of a flow or a connection.")],
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking, for scripts.")] = False,
    any_client: Annotated[
        bool, typer.Option("--any-client", help="Also delete an object that another client created.")
    ] = False,
) -> None:
    """Show an object of a dataset export in Flow Service, and delete it after confirmation.

    Refuses an object that flows or other connections use, and one that another client created. The settings
    come from the environment variables of the provider (AEP_CLIENT_ID, AEP_SANDBOX_NAME, AEP_ENDPOINT, ...).
    It changes no Terraform state: `terraform state list -id=ID` prints the address of an object that the
    state holds, which `terraform destroy` deletes.
    """
    from provider_shim.cli.objects import service
    from provider_shim.resources.common import UUID

    if not UUID.holds(identifier):
        raise CommandError(
            f"{identifier!r} is not an id: it must {UUID.requirement}, for example {UUID.example}.",
            exit_code=2,
        )

    async def deletable(flow_service: FlowService, settings: ProviderSettings) -> StoredObject:
        found = await service.find(flow_service, identifier)
        if found is None:
            raise CommandError(
                f"There is no flow or connection with the id {identifier} in the sandbox "
                f"{settings.sandbox_name}. Check AEP_SANDBOX_NAME and AEP_ORGANIZATION_ID."
            )
        typer.echo(visible(_description(found)))
        _check_owner(found, flow_service.client_id, any_client=any_client)
        users = await service.possible_users(flow_service, found)
        _check_users(found, users)
        return found

    found = service.run(deletable, exit_code=1)
    _confirm(found, yes=yes)
    service.delete(found, _TIMEOUT)
    typer.echo(f"Deleted {found.title}.")


def _description(found: StoredObject) -> str:
    facts = {
        "Kind": found.resource.title,
        "Id": found.id,
        "Name": found.name,
        "State": found.state,
        "Created": found.created_at,
        "Created by": found.created_client,
    }
    return "".join(f"{name + ':':<12}{value or '-'}\n" for name, value in facts.items())


def _check_owner(found: StoredObject, client_id: str, *, any_client: bool) -> None:
    """Raise `CommandError` for an object of another purpose, or of another client."""
    if not found.is_export:
        raise CommandError(f"{found.sentence} does not belong to a dataset export.")
    if found.created_client != client_id and not any_client:
        raise CommandError(
            f"{found.sentence} was created by {_creator(found)}, and this command runs as "
            f"{client_id}. Add --any-client if no other configuration needs it."
        )


def _creator(found: StoredObject) -> str:
    return f"the client {found.created_client}" if found.created_client else "an unknown client"


def _check_users(found: StoredObject, stored: list[StoredObject]) -> None:
    """Raise `CommandError` for an object that others use."""
    from provider_shim.cli.objects.layers import titles, users_of

    users = [each for each in users_of(found.id, stored) if not each.is_being_deleted]
    if users:
        raise CommandError(f"{found.sentence} is in use by {titles(users)}. Delete what uses it first.")


def _confirm(found: StoredObject, *, yes: bool) -> None:
    """Ask on the terminal. Raises `CommandError` if the answer is not `yes`, or if there is no terminal."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to confirm the deletion: add --yes.", exit_code=2)
    typer.echo(f"`terraform state list -id={found.id}` prints its address if a state holds it.")
    answer = typer.prompt(f"Type yes to delete {found.title}", default="", show_default=False)
    if answer.strip() != "yes":
        raise CommandError("Nothing was deleted.")
