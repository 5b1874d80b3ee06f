"""`flowbridge emulator rows` and `flowbridge emulator export-folder`: the data of exports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from provider_shim.cli.command_error import CommandError

if TYPE_CHECKING:
    from flow_emulator.emulator_file.datasets import DatasetRows

_Result = TypeVar("_Result")


class RowAction(StrEnum):
    """Action on the rows of a dataset."""

    SHOW = "show"
    ADD = "add"
    GENERATE = "generate"
    CLEAR = "clear"


def rows(
    file: Annotated[
        Path, typer.Argument(help="State file of the emulator, as in AEP_ENDPOINT=emulator:<file>.")
    ],
    dataset: Annotated[str, typer.Argument(help="Id or name of the dataset.")],
    action: Annotated[RowAction, typer.Argument()] = RowAction.SHOW,
    sources: Annotated[
        list[Path] | None,
        typer.Argument(help="For `add`: .parquet, .json, .ndjson or .jsonl files; JSON also with .gz."),
    ] = None,
    count: Annotated[
        int, typer.Option(min=1, max=100_000_000, help="For `generate`: number of rows.")
    ] = 1000,
    seed: Annotated[int, typer.Option(help="For `generate`: seed of the random rows.")] = 0,
    at: Annotated[
        str | None,
        typer.Option(
            help="Time at which the rows arrived (2031-01-02T00:00:00Z). Default: the clock's time."
        ),
    ] = None,
) -> None:
    """Show, add, generate or clear the rows of a dataset, which due runs export."""
    if bool(sources) != (action is RowAction.ADD):
        raise CommandError("`add` needs files, and the other actions take none.", exit_code=2)
    from flow_emulator.emulator_file import datasets as store_file

    moment = _parse_time(at)
    match action:
        case RowAction.SHOW:
            found = _run(file, lambda: store_file.read_rows(file, dataset))
        case RowAction.ADD:
            found = _run(file, lambda: store_file.add_files(file, dataset, sources or [], moment))
        case RowAction.GENERATE:
            found = _run(file, lambda: store_file.add_generated(file, dataset, count, seed, moment))
        case RowAction.CLEAR:
            found = _run(file, lambda: store_file.clear_rows(file, dataset))
    _print_rows(found)
    if found.rows and _run(file, lambda: store_file.read_export_folder(file)) is None:
        typer.echo(
            f"No files are written yet: set a folder with `flowbridge emulator export-folder {file} DIR`."
        )


def export_folder(
    file: Annotated[
        Path, typer.Argument(help="State file of the emulator, as in AEP_ENDPOINT=emulator:<file>.")
    ],
    folder: Annotated[Path | None, typer.Argument(help="The folder; created if it does not exist.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Stop writing files.")] = False,
) -> None:
    """Show or set the folder to which due runs write their files."""
    if none and folder is not None:
        raise CommandError("Give either a folder or --none.", exit_code=2)
    from flow_emulator.emulator_file import datasets as store_file

    if folder is None and not none:
        chosen = _run(file, lambda: store_file.read_export_folder(file))
    else:
        chosen = set_export_folder(file, folder)
    typer.echo("Runs write no files." if chosen is None else f"Runs write their files to {chosen}.")


def set_export_folder(file: Path, folder: Path | None) -> Path | None:
    """Store the folder in the state file, which is created if it does not exist."""
    from flow_emulator.emulator_file import datasets as store_file

    return _run(file, lambda: store_file.set_export_folder(file, folder), may_be_new=True)


def _run(file: Path, work: Callable[[], _Result], *, may_be_new: bool = False) -> _Result:
    """Run an operation on a state file, and convert its exceptions to `CommandError`."""
    from flow_emulator.emulator_file.datasets import UnknownDatasetError
    from flow_emulator.exports.parquet import ParquetMissingError
    from flow_emulator.exports.row_json import RowError
    from flow_emulator.store import StoreError

    if not may_be_new and not file.exists():
        raise CommandError(
            f"{file} does not exist: give the state file of an emulator that has been used before."
        )
    try:
        return work()
    except (ParquetMissingError, RowError, StoreError, UnknownDatasetError) as error:
        raise CommandError(f"{error}") from error
    except OSError as error:
        raise CommandError(f"{error.filename or file}: {error.strerror or error}.") from error


def _parse_time(text: str | None) -> datetime | None:
    if text is None:
        return None
    from flow_emulator import clock

    try:
        return clock.from_text(text)
    except ValueError as error:
        raise CommandError(f"{error}", exit_code=2) from error


def _print_rows(found: DatasetRows) -> None:
    batches = "batch" if len(found.batches) == 1 else "batches"
    newest = f", the newest arrived at {found.batches[-1][1]}" if found.batches else ""
    typer.echo(f"{found.dataset}: {found.rows} rows in {len(found.batches)} {batches}{newest}.")
