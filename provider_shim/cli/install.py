"""`flowbridge install`: put the provider where Terraform finds it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provider_shim.cli.address import Address, parse_platform
from provider_shim.cli.hcl import cli_config, provider_block
from provider_shim.cli.interpreter import interpreter_named
from provider_shim.cli.mirror import place_here, users_mirror, write_provider
from provider_shim.source_address import DEFAULT_ADDRESS


def install(
    mirror: Annotated[
        Path | None, typer.Option(help="The mirror's folder. By default Terraform's own for this user.")
    ] = None,
    address: Annotated[
        str, typer.Option(help="The provider's source address, <host>/<namespace>/<type>.")
    ] = DEFAULT_ADDRESS,
    python: Annotated[
        str | None, typer.Option(help="The Python that runs the provider. By default the one that runs this.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="For example darwin_amd64. By default that of this machine.")
    ] = None,
) -> None:
    """Put the provider where Terraform finds it, and say what to write in a configuration."""
    place = place_here(
        mirror or users_mirror(), Address.parse(address), parse_platform(platform) if platform else None
    )
    interpreter = interpreter_named(python)
    write_provider(place, interpreter)
    typer.echo(f"Wrote {place.launcher}")
    typer.echo(f"Wrote {place.pointer}\n      (the Python that runs it: {interpreter})")
    typer.echo(f"\nIn a configuration:\n\n{provider_block(place)}")
    if place.mirror != users_mirror():
        typer.echo(f"In the file that TF_CLI_CONFIG_FILE names:\n\n{cli_config(place.mirror, place.address)}")
    typer.echo("Then run `terraform init`. `flowbridge doctor` checks the whole.")
