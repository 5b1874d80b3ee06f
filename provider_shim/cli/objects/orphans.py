"""`flowbridge orphans`: list the objects in Flow Service that no Terraform state holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from provider_shim.cli.command_error import CommandError, visible

if TYPE_CHECKING:
    from provider_shim.cli.objects.comparison import Comparison


def orphans(
    state: Annotated[
        list[str] | None,
        typer.Option(
            help="State file, or - for stdin. May be repeated, for several workspaces or configurations. "
            "Default: the output of `terraform state pull` in this folder.",
        ),
    ] = None,
    no_state: Annotated[
        bool, typer.Option("--no-state", help="Compare with no state, if it is lost: list all objects.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the objects of this client that no Terraform state holds, and how to import or delete them.

    Compares the dataset exports in the sandbox with the given states. The settings come from the environment
    variables of the provider (AEP_CLIENT_ID, AEP_SANDBOX_NAME, AEP_ENDPOINT, ...). Objects of other clients
    are not listed. Run it while no apply is in progress: an object is created before it is in the state.

    The exit code is 0 if there are no orphans, 1 if there are any, and 2 if that is unknown.
    """
    from provider_shim.cli.objects import report, service
    from provider_shim.cli.objects.comparison import compare
    from provider_shim.cli.objects.state_sources import read_states

    if no_state and state:
        raise CommandError("Give either --state or --no-state.", exit_code=2)
    states = [] if no_state else read_states(state or [])
    client_id, sandbox_name, stored = service.run(service.exports_of_sandbox, exit_code=2)
    found = compare(stored, states, client_id, sandbox_name)
    _report_foreign_states(found, sandbox_name)
    form = report.as_json if as_json else report.as_text
    typer.echo(visible(form(found, stored, client_id, sandbox_name).rstrip("\n")))
    if found.orphans:
        raise typer.Exit(1)


def _report_foreign_states(found: Comparison, sandbox_name: str) -> None:
    """Print a note for states of other sandboxes. Raises `CommandError` if all states are."""
    for each in found.foreign:
        recorded = f" It records the sandbox {', '.join(sorted(each.sandboxes))}." if each.sandboxes else ""
        sentence = f"{each.name}: none of its objects is in the sandbox {sandbox_name}.{recorded}"
        if not found.reliable:
            raise CommandError(
                f"{sentence} Set AEP_SANDBOX_NAME, AEP_ORGANIZATION_ID and AEP_ENDPOINT as for that "
                "configuration. If its objects were deleted outside Terraform, run `terraform apply "
                "-refresh-only` first.",
                exit_code=2,
            )
        typer.echo(visible(f"Note: {sentence}"), err=True)
