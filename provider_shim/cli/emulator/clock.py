"""`flowbridge emulator clock`: show or set the clock in an emulator's state file."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provider_shim.cli.command_error import CommandError

if TYPE_CHECKING:
    from flow_emulator.clock import ClockReading

_STEP = re.compile(r"\+(\d+)([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def clock(
    file: Annotated[
        Path, typer.Argument(help="State file of the emulator, as in AEP_ENDPOINT=emulator:<file>.")
    ],
    time: Annotated[
        str | None,
        typer.Argument(
            help="A time (2031-01-02T00:00:00Z), a step (+30m, +6h, +1d), `stop`, `run`, or `real`."
        ),
    ] = None,
    runs: Annotated[bool, typer.Option("--runs", help="Let the clock run from the given time.")] = False,
) -> None:
    """Show or set the clock of an emulator. A clock that is set does not run unless --runs is given."""
    if not file.exists():
        raise CommandError(
            f"{file} does not exist: give the state file of an emulator that has been used before."
        )
    typer.echo(describe(move_clock(file, time, runs=runs)))


def describe(reading: ClockReading) -> str:
    """Describe a clock in one line: the time, and whether it is set and runs."""
    kind = "real time" if not reading.is_set else "set" if reading.stands else "set, runs"
    return f"{reading.text} ({kind})"


def move_clock(file: Path, time: str | None, *, runs: bool = False) -> ClockReading:
    """Set the clock of a state file as an argument of the command line requests, and read it.

    Args:
        file: The state file.
        time: A time, a step, `stop`, `run` or `real`; None leaves the clock unchanged.
        runs: Whether the clock runs after it is set.

    Raises:
        CommandError: The argument or the file is invalid.
    """
    from flow_emulator.emulator_file.clock import read_clock
    from flow_emulator.store import StoreError

    try:
        return read_clock(file) if time is None else _apply(file, time, runs=runs)
    except StoreError as error:
        raise CommandError(f"{error}") from error
    except (ValueError, OverflowError) as error:
        raise CommandError(
            f"{time!r} is not a time: write one such as 2031-01-02T00:00:00Z, a step such as +1d, or `real`, "
            "`stop` or `run`.",
            exit_code=2,
        ) from error


def _apply(file: Path, time: str, *, runs: bool) -> ClockReading:
    from flow_emulator.emulator_file import clock as clock_file

    if time == "real":
        return clock_file.set_clock(file, None)
    if time == "stop":
        return clock_file.stop_clock(file)
    if time == "run":
        return clock_file.resume_clock(file)
    step = _STEP.fullmatch(time)
    if step is None:
        return clock_file.set_clock(file, time, stands=not runs)
    before, length = clock_file.read_clock(file), int(step[1]) * _UNITS[step[2]]
    if before.is_set and not before.stands:
        return clock_file.advance_clock(file, length)
    return clock_file.set_clock(file, before.now + length, stands=not runs)
