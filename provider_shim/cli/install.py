"""`flowbridge install`: install the provider into a filesystem mirror."""

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
        Path | None,
        typer.Option(help="Folder of the mirror. Default: Terraform's plugin folder of this user."),
    ] = None,
    address: Annotated[
        str, typer.Option(help="Source address of the provider, <host>/<namespace>/<type>.")
    ] = DEFAULT_ADDRESS,
    python: Annotated[
        str | None,
        typer.Option(help="Python that runs the provider. Default: the one that runs this command."),
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="Platform, such as darwin_amd64. Default: that of this machine.")
    ] = None,
) -> None:
    """Install the provider where Terraform finds it, and print the configuration that uses it."""
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
    typer.echo("Then run `terraform init`. `flowbridge doctor` checks the installation.")
