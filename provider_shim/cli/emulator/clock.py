"""`flowbridge emulator clock`: shows or moves the clock of an emulator's file."""

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
    file: Annotated[Path, typer.Argument(help="The emulator's file, as in AEP_ENDPOINT=emulator:<file>.")],
    time: Annotated[
        str | None,
        typer.Argument(
            help="A time (2031-01-02T00:00:00Z), a step (+30m, +6h, +1d), `stop`, `run`, or `real` time."
        ),
    ] = None,
    runs: Annotated[bool, typer.Option("--runs", help="Let the clock go on from the given time.")] = False,
) -> None:
    """Show the clock of an emulator's file, or set it; a clock that is set stands until it is told to run."""
    if not file.exists():
        raise CommandError(f"{file} does not exist: name the file of an emulator that was used before.")
    typer.echo(describe(move_clock(file, time, runs=runs)))


def describe(reading: ClockReading) -> str:
    """A clock in one line: the time, and whether it was set and goes on."""
    kind = "real time" if not reading.is_set else "set" if reading.stands else "set, runs"
    return f"{reading.text} ({kind})"


def move_clock(file: Path, time: str | None, *, runs: bool = False) -> ClockReading:
    """Move the clock of a file by a word of the command line, and read it; None leaves it as it is.

    CommandError: neither a time, a step nor a known word, or the file cannot be used.
    """
    from flow_emulator.emulator_file.clock import read_clock
    from flow_emulator.store import StoreError

    try:
        return read_clock(file) if time is None else _apply(file, time, runs=runs)
    except StoreError as error:
        raise CommandError(f"{error}") from error
    except (ValueError, OverflowError) as error:
        raise CommandError(
            f"{time!r} is no time: write one as in 2031-01-02T00:00:00Z, a step as in +1d, or `real`, `stop` "
            "or `run`.",
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
