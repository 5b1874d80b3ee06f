"""`flowbridge emulator fault`, and the options of `flowbridge emulator` that set faults."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from provider_shim.cli.command_error import CommandError

FaultOption = Annotated[
    list[str] | None,
    typer.Option("--fault", help="A fault, such as 'createFlow reset when=after'. Can be repeated."),
]
FaultsOption = Annotated[
    Path | None,
    typer.Option("--faults", help="A TOML file with faults, which replace those of the state file."),
]
LatencyOption = Annotated[
    float | None,
    typer.Option("--latency", help="Seconds by which each response is delayed, as another fault."),
]


class Action(StrEnum):
    """Action of `flowbridge emulator fault`."""

    ADD = "add"
    LIST = "list"
    CLEAR = "clear"


def set_faults(file: Path, texts: list[str] | None, faults: Path | None, latency: float | None) -> None:
    """Replace the faults of a state file by these, if any are given."""
    given = [*(texts or []), *([] if latency is None else [f"* latency seconds={latency:g}"])]
    if not given and faults is None:
        return
    from flow_emulator.emulator_file import faults as files

    with _command_errors():
        files.replace(file, files.read(given, faults))


def fault(
    file: Annotated[
        Path, typer.Argument(help="State file of the emulator, as in AEP_ENDPOINT=emulator:<file>.")
    ],
    action: Annotated[Action, typer.Argument(help="Action on the faults.")] = Action.LIST,
    arguments: Annotated[
        list[str] | None,
        typer.Argument(help="For `add`: operation, kind and options. For `clear`: a number; default: all."),
    ] = None,
) -> None:
    """List, add or remove the faults of an emulator: errors that it injects on purpose."""
    from flow_emulator.emulator_file import faults as files

    given = arguments or []
    if action is not Action.ADD and not file.exists():
        raise CommandError(
            f"{file} does not exist: give the state file of an emulator that has been used before."
        )
    with _command_errors():
        match action:
            case Action.ADD:
                # One quoted argument as on the page, or several arguments.
                files.add(file, files.read([given[0] if len(given) == 1 else shlex.join(given)]))
            case Action.CLEAR:
                _clear(file, given)
        for entry in files.entries(file):
            typer.echo(f"{entry.id}: {entry.fault.as_text()} ({entry.hits} of {entry.calls} requests hit)")


def _clear(file: Path, given: Sequence[str]) -> None:
    from flow_emulator.emulator_file import faults as files

    if not given:
        files.remove(file)
    for number in given:
        if not (
            number.isascii() and number.isdigit() and len(number) < 18 and files.remove(file, int(number))
        ):
            raise CommandError(f"{file} has no fault with the number {number}.", exit_code=2)


@contextmanager
def _command_errors() -> Iterator[None]:
    """Convert exceptions about a fault or a file to `CommandError`."""
    from flow_emulator.store import StoreError

    try:
        yield
    except StoreError as error:
        raise CommandError(f"{error}") from error
    except OSError as error:
        raise CommandError(f"{error.filename} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{error}", exit_code=2) from error
