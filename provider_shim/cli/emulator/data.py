"""`flowbridge emulator rows` and `flowbridge emulator export-folder`: the data that exports write."""

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
    """What to do with the rows of a dataset."""

    SHOW = "show"
    ADD = "add"
    GENERATE = "generate"
    CLEAR = "clear"


def rows(
    file: Annotated[Path, typer.Argument(help="The emulator's file, as in AEP_ENDPOINT=emulator:<file>.")],
    dataset: Annotated[str, typer.Argument(help="The dataset's id, or its name in the emulator.")],
    action: Annotated[RowAction, typer.Argument()] = RowAction.SHOW,
    sources: Annotated[
        list[Path] | None,
        typer.Argument(help="For `add`: .parquet, .json, .ndjson or .jsonl files; text may have .gz behind."),
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="For `generate`: how many rows.")] = 1000,
    seed: Annotated[int, typer.Option(help="For `generate`: another seed gives other rows.")] = 0,
    at: Annotated[
        str | None, typer.Option(help="When the rows came in (2031-01-02T00:00:00Z); else the clock's time.")
    ] = None,
) -> None:
    """Show, add, generate or clear the rows of a dataset, which due runs export."""
    if bool(sources) != (action is RowAction.ADD):
        raise CommandError("`add` needs files, and only `add` takes them.", exit_code=2)
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
            f"No files are written yet: name a folder with `flowbridge emulator export-folder {file} DIR`."
        )


def export_folder(
    file: Annotated[Path, typer.Argument(help="The emulator's file, as in AEP_ENDPOINT=emulator:<file>.")],
    folder: Annotated[Path | None, typer.Argument(help="Made if there is none.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Write no files any more.")] = False,
) -> None:
    """Show the folder to which due runs write their files, or choose it."""
    if none and folder is not None:
        raise CommandError("Give a folder or --none, not both.", exit_code=2)
    from flow_emulator.emulator_file import datasets as store_file

    if folder is None and not none:
        chosen = _run(file, lambda: store_file.read_export_folder(file))
    else:
        chosen = set_export_folder(file, folder)
    typer.echo("Runs write no files." if chosen is None else f"Runs write their files to {chosen}.")


def set_export_folder(file: Path, folder: Path | None) -> Path | None:
    """Keep the folder in the emulator's file, which is made if there is none."""
    from flow_emulator.emulator_file import datasets as store_file

    return _run(file, lambda: store_file.set_export_folder(file, folder), may_be_new=True)


def _run(file: Path, work: Callable[[], _Result], *, may_be_new: bool = False) -> _Result:
    """Do it, with what can go wrong as one sentence."""
    from flow_emulator.emulator_file.datasets import UnknownDatasetError
    from flow_emulator.exports.parquet import ParquetMissingError
    from flow_emulator.exports.row_json import RowError
    from flow_emulator.store import StoreError

    if not may_be_new and not file.exists():
        raise CommandError(f"{file} does not exist: name the file of an emulator that was used before.")
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
    newest = f", the newest came in at {found.batches[-1][1]}" if found.batches else ""
    typer.echo(f"{found.dataset}: {found.rows} rows in {len(found.batches)} {batches}{newest}.")
