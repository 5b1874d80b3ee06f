"""`flowbridge emulator fault` and the options of `flowbridge emulator` that set faults."""

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
    typer.Option("--fault", help="A fault, such as 'createFlow reset when=after'; may be given again."),
]
FaultsOption = Annotated[
    Path | None, typer.Option("--faults", help="A TOML file of faults, in place of those of the file.")
]
LatencyOption = Annotated[
    float | None, typer.Option("--latency", help="Seconds that every answer takes longer: one more fault.")
]


class Action(StrEnum):
    """What `flowbridge emulator fault` can do."""

    ADD = "add"
    LIST = "list"
    CLEAR = "clear"


def set_faults(file: Path, texts: list[str] | None, faults: Path | None, latency: float | None) -> None:
    """Put these faults in the place of those that the emulator's file has; without any, leave those."""
    given = [*(texts or []), *([] if latency is None else [f"* latency seconds={latency:g}"])]
    if not given and faults is None:
        return
    from flow_emulator.emulator_file import faults as files

    with _command_errors():
        files.replace(file, files.read(given, faults))


def fault(
    file: Annotated[Path, typer.Argument(help="The emulator's file, as in AEP_ENDPOINT=emulator:<file>.")],
    action: Annotated[Action, typer.Argument(help="What to do with its faults.")] = Action.LIST,
    words: Annotated[
        list[str] | None,
        typer.Argument(help="To add: operation, kind and options. To clear: a number, or nothing for all."),
    ] = None,
) -> None:
    """List, add or take back the faults of an emulator's file: what it answers wrongly on purpose."""
    from flow_emulator.emulator_file import faults as files

    given = words or []
    if action is not Action.ADD and not file.exists():
        raise CommandError(f"{file} does not exist: name the file of an emulator that was used before.")
    with _command_errors():
        match action:
            case Action.ADD:
                # In one word as on the page, or in several without quotes around them.
                files.add(file, files.read([given[0] if len(given) == 1 else shlex.join(given)]))
            case Action.CLEAR:
                _clear(file, given)
        for entry in files.entries(file):
            typer.echo(f"{entry.id}: {entry.fault.as_text()} ({entry.hits} of {entry.calls} calls hit)")


def _clear(file: Path, given: Sequence[str]) -> None:
    from flow_emulator.emulator_file import faults as files

    if not given:
        files.remove(file)
    for word in given:
        if not (word.isascii() and word.isdigit() and len(word) < 18 and files.remove(file, int(word))):
            raise CommandError(f"No fault of {file} has the number {word}.", exit_code=2)


@contextmanager
def _command_errors() -> Iterator[None]:
    """What is wrong with a fault or a file, as one sentence."""
    from flow_emulator.store import StoreError

    try:
        yield
    except StoreError as error:
        raise CommandError(f"{error}") from error
    except OSError as error:
        raise CommandError(f"{error.filename} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{error}", exit_code=2) from error
