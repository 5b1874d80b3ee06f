"""`flowbridge emulator`: serve the Flow Service emulator, and the commands that configure it."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from provider_shim.cli.command_error import CommandError
from provider_shim.cli.emulator.clock import clock as clock_command
from provider_shim.cli.emulator.clock import move_clock
from provider_shim.cli.emulator.data import export_folder as export_folder_command
from provider_shim.cli.emulator.data import rows, set_export_folder
from provider_shim.cli.emulator.faults import FaultOption, FaultsOption, LatencyOption, set_faults
from provider_shim.cli.emulator.faults import fault as fault_command
from provider_shim.cli.emulator.switches import (
    ProfileOption,
    SeedOption,
    SetOption,
    configure,
    save_configuration,
)

_DEFAULT_FILE = Path("flow-service.sqlite")


def emulator_commands() -> typer.Typer:
    """Make the command group. Without a subcommand it serves."""
    group = typer.Typer(invoke_without_command=True)
    group.callback()(serve)
    group.command()(_with_emulator(clock_command))
    group.command()(_with_emulator(configure))
    group.command()(_with_emulator(fault_command))
    group.command()(_with_emulator(rows))
    group.command()(_with_emulator(export_folder_command))
    return group


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 selects a free port.")] = 8391,
    file: Annotated[Path, typer.Option(help="State file.")] = _DEFAULT_FILE,
    export_folder: Annotated[
        Path | None,
        typer.Option(help="Folder to which due runs write their files; stored in the state file."),
    ] = None,
    profile: ProfileOption = None,
    set_: SetOption = None,
    seed: SeedOption = None,
    clock: Annotated[
        str | None, typer.Option(help="Time of the clock, or a value as for `flowbridge emulator clock`.")
    ] = None,
    fault: FaultOption = None,
    faults: FaultsOption = None,
    latency: LatencyOption = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A host name under which clients reach it, beside those of the loopback interface. "
            "Can be repeated.",
        ),
    ] = None,
) -> None:
    """Serve the Flow Service emulator on the loopback interface until Ctrl-C.

    Profile, switches, seed and clock are stored in the state file.
    """
    if context.invoked_subcommand is not None:
        return
    _require_emulator()
    from flow_emulator import serving
    from flow_emulator.http.same_origin import host_name
    from flow_emulator.store import StoreError

    try:
        hosts = [host_name(name) for name in allow_host or []]
    except ValueError as error:
        raise CommandError(f"--allow-host: {error}", exit_code=2) from error
    save_configuration(file, profile, set_, seed)
    # Set before the clock moves, because runs that become due write their files there.
    if export_folder is not None:
        set_export_folder(file, export_folder)
    move_clock(file, clock)
    set_faults(file, fault, faults, latency)
    try:
        serving.serve(file, port, allowed_hosts=hosts, announce=_print_instructions)
    except OSError as error:
        raise CommandError(
            f"Port {port} is not available: {error.strerror}. Choose another one with --port."
        ) from error
    except StoreError as error:
        raise CommandError(f"{error}") from error


def _print_instructions(address: str) -> None:
    from flow_emulator import identity

    typer.echo(f"The Flow Service emulator listens at {address}. Ctrl-C stops it. Where you run Terraform:\n")
    for name, value in {
        "AEP_ENDPOINT": address,
        "AEP_AUTH_ENDPOINT": address,
        "AEP_ORGANIZATION_ID": identity.ORGANIZATION_ID,
        "AEP_CLIENT_ID": identity.CLIENT_ID,
        "AEP_CLIENT_SECRET": identity.CLIENT_SECRET,
    }.items():
        typer.echo(f"export {name}={shlex.quote(value)}")


def _with_emulator(command: Callable[..., None]) -> Callable[..., None]:
    """Wrap a command with a check that the emulator is installed."""

    @functools.wraps(command)
    def checked(*arguments: Any, **options: Any) -> None:
        _require_emulator()
        command(*arguments, **options)

    return checked


def _require_emulator() -> None:
    # The emulator is an optional extra: running the provider doesn't need its packages.
    from importlib.util import find_spec

    missing = [name for name in ("starlette", "uvicorn", "jsonschema") if find_spec(name) is None]
    if missing:
        raise CommandError(
            f"The emulator needs {', '.join(missing)}: run `pip install 'aep-flowbridge[emulator]'`."
        )
