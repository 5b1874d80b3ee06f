"""`flowbridge version`: print the installed version."""

from __future__ import annotations

import typer

from provider_shim.cli.address import package_version


def version() -> None:
    """Print the version of aep-flowbridge."""
    typer.echo(package_version())
