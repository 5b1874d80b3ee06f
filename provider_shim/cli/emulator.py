"""`flowbridge emulator`: a stand-in for Flow Service on this machine, and its clock."""

from __future__ import annotations

import re
import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from provider_shim.cli.command_error import CommandError

_DEFAULT_FILE = Path("flow-service.sqlite")
_STEP = re.compile(r"\+(\d+)([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def emulator_commands() -> typer.Typer:
    """The group: without a further word it serves."""
    group = typer.Typer(invoke_without_command=True)
    group.callback()(serve)
    group.command()(clock)
    return group


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8391,
    file: Annotated[Path, typer.Option(help="Where it keeps its state.")] = _DEFAULT_FILE,
) -> None:
    """Serve the Flow Service emulator on this machine's loopback address until Ctrl-C."""
    if context.invoked_subcommand is not None:
        return
    _require_emulator()
    from flow_emulator import serving
    from flow_emulator.store import StoreError

    try:
        serving.serve(file, port, announce=_tell_how_to_use_it)
    except OSError as problem:
        raise CommandError(
            f"Port {port} can't be served: {problem.strerror}; choose another with --port."
        ) from problem
    except StoreError as problem:
        raise CommandError(f"{problem}") from problem


def _tell_how_to_use_it(address: str) -> None:
    from flow_emulator import identity

    typer.echo(f"The Flow Service emulator listens at {address}. Ctrl-C ends it. Where you run Terraform:\n")
    for name, value in {
        "AEP_ENDPOINT": address,
        "AEP_AUTH_ENDPOINT": address,
        "AEP_ORGANIZATION_ID": identity.ORGANIZATION_ID,
        "AEP_CLIENT_ID": identity.CLIENT_ID,
        "AEP_CLIENT_SECRET": identity.CLIENT_SECRET,
    }.items():
        typer.echo(f"export {name}={shlex.quote(value)}")


def clock(
    file: Annotated[Path, typer.Argument(help="The emulator's file, as in AEP_ENDPOINT=emulator:<file>.")],
    time: Annotated[
        str | None,
        typer.Argument(
            help="A time (2031-01-02T00:00:00Z), a step (+30m, +6h, +1d), or `real` for real time."
        ),
    ] = None,
) -> None:
    """Show the clock of an emulator's file, or set it; a clock that is set stands."""
    _require_emulator()
    from flow_emulator.clock_file import read_clock, set_clock
    from flow_emulator.store import StoreError

    if not file.exists():
        raise CommandError(f"{file} does not exist: name the file of an emulator that was used before.")
    try:
        reading = read_clock(file)
        if time is not None:
            reading = set_clock(file, _moment(time, reading.now))
    except StoreError as problem:
        raise CommandError(f"{problem}") from problem
    except (ValueError, OverflowError) as problem:
        raise CommandError(
            f"{time!r} is no time: write one as in 2031-01-02T00:00:00Z, a step as in +1d, or `real`.",
            exit_code=2,
        ) from problem
    typer.echo(f"{reading.text} ({'set' if reading.is_set else 'real time'})")


def _moment(text: str, now: datetime) -> str | datetime | None:
    if text == "real":
        return None
    step = _STEP.fullmatch(text)
    return now + int(step[1]) * _UNITS[step[2]] if step else text


def _require_emulator() -> None:
    # The emulator is an extra: whoever only runs the provider does without its libraries.
    from importlib.util import find_spec

    missing = [name for name in ("starlette", "uvicorn", "jsonschema") if find_spec(name) is None]
    if missing:
        raise CommandError(
            f"The emulator needs {', '.join(missing)}: run `pip install 'aep-flowbridge[emulator]'`."
        )
