"""`flowbridge install`: put the provider where Terraform finds it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provider_shim.cli.address import SourceAddress, parse_platform
from provider_shim.cli.hcl import provider_installation_block, required_providers_block
from provider_shim.cli.interpreter import find_interpreter
from provider_shim.cli.mirror import default_mirror, install_package, local_package
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
    package = local_package(
        mirror or default_mirror(),
        SourceAddress.parse(address),
        parse_platform(platform) if platform else None,
    )
    interpreter = find_interpreter(python)
    install_package(package, interpreter)
    typer.echo(f"Wrote {package.launcher}")
    typer.echo(f"Wrote {package.pointer}\n      (the Python that runs it: {interpreter})")
    typer.echo(f"\nIn a configuration:\n\n{required_providers_block(package)}")
    if package.mirror != default_mirror():
        block = provider_installation_block(package.mirror, package.address)
        typer.echo(f"In the file that TF_CLI_CONFIG_FILE names:\n\n{block}")
    typer.echo("Then run `terraform init`. `flowbridge doctor` checks the whole.")
