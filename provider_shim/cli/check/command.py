"""`flowbridge check`: find keys that Terraform would drop silently."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provider_shim.cli.command_error import CommandError, visible


def check(
    folder: Annotated[
        Path, typer.Argument(help="Folder of a configuration, or of a CDKTF project after `cdktf synth`.")
    ] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find keys in the provider's blocks that no schema has, such as a mistyped `conection_string`.

    Terraform drops an unknown key inside a nested block before a provider can see it. Reads the HCL and JSON
    files in the folder and below it, with CDKTF's stacks, and the local modules that they call. A value that
    is not written out in the configuration, such as a variable, is named as not checked.

    The exit code is 0 if there are no unknown keys, 1 if there are any, and 2 if a file can't be read.
    """
    from provider_shim.cli.check import report
    from provider_shim.cli.check.configuration import check_configuration

    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder.", exit_code=2)
    findings = check_configuration(folder)
    if not findings.files and not findings.unreadable:
        raise CommandError(f"{folder} has no Terraform configuration.", exit_code=2)
    typer.echo(visible(report.as_json(findings) if as_json else report.as_text(findings)))
    if findings.unknown:
        raise typer.Exit(1)
    if findings.unreadable:
        raise typer.Exit(2)
