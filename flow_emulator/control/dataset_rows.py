"""``/_emulator/datasets/{id}/rows``: counting, adding and deleting the rows of a dataset."""

from __future__ import annotations

from typing import Any, Final

from flow_emulator import clock
from flow_emulator.errors import BadRequestError
from flow_emulator.exports import batches, row_files, row_json
from flow_emulator.exports.row_json import RowError
from flow_emulator.http.messages import Request, Response
from flow_emulator.models import datasets
from flow_emulator.models.flows import runs

MAX_GENERATED: Final = 20_000
_NDJSON: Final = ("application/x-ndjson", "application/jsonl")


def read_rows(request: Request) -> Response:
    """Return the number of rows of the dataset, and its batches."""
    return Response(body=_summary(request, _dataset(request)))


def add_rows(request: Request) -> Response:
    """Add rows, with the emulator's time or an ``at`` as the time of ingestion.

    The body is NDJSON, or JSON: ``{"rows": [{...}]}`` or ``{"generate": {"count": 100, "seed": 1}}``, each
    with an optional ``at`` in RFC 3339.
    """
    dataset = _dataset(request)
    # Runs that are due already do not have these rows.
    runs.advance(request.engine, request.tx, request.now)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        with request.tx.savepoint():
            added = _add_lines(request, dataset) if kind in _NDJSON else _add_json(request, dataset)
    except (RowError, ValueError, OverflowError) as error:
        raise BadRequestError(str(error)) from None
    return Response(201, {"added": added, **_summary(request, dataset)})


def clear_rows(request: Request) -> Response:
    """Delete the rows of the dataset; files that were written stay."""
    batches.clear(request.tx, _dataset(request))
    return Response(204)


def _add_lines(request: Request, dataset: str) -> int:
    try:
        text = request.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RowError("The body is not UTF-8 text.") from None
    return batches.add_rows(request.tx, dataset, row_json.parse(text), request.now)


def _add_json(request: Request, dataset: str) -> int:
    body = request.json()
    if not isinstance(body, dict) or set(body) - {"at"} not in ({"rows"}, {"generate"}):
        raise BadRequestError('The body must be {"rows": [...]} or {"generate": {...}}, and may have "at".')
    at = request.now
    if "at" in body:
        if not isinstance(body["at"], str):
            raise RowError("at must be an RFC 3339 time.")
        at = clock.to_millis(clock.from_text(body["at"]))
    if "rows" in body:
        if not isinstance(body["rows"], list):
            raise RowError("rows must be an array of objects.")
        rows = [row_json.require_row(row, f"Row {number}") for number, row in enumerate(body["rows"], 1)]
        return batches.add_rows(request.tx, dataset, rows, at)
    count, seed = _numbers(body["generate"])
    return row_files.add_generated(request.tx, dataset, count, seed, at)


def _numbers(wanted: object) -> tuple[int, int]:
    if not isinstance(wanted, dict) or set(wanted) - {"count", "seed"}:
        raise RowError('generate must be {"count": <number>, "seed": <number>}.')
    count, seed = wanted.get("count"), wanted.get("seed", 0)
    for number in (count, seed):
        if not isinstance(number, int) or isinstance(number, bool):
            raise RowError("count and seed must be integers.")
    if not 1 <= wanted["count"] <= MAX_GENERATED:
        raise RowError(f"count must be from 1 to {MAX_GENERATED}.")
    return wanted["count"], seed


def _dataset(request: Request) -> str:
    given = request.params["id"]
    if not request.engine.behaviour.dataset_id_form:
        return given
    found = datasets.id_of(given)
    if found is None:
        raise BadRequestError(
            "A dataset is named by its id of 24 hexadecimal digits, or as the emulator does."
        )
    return found


def _summary(request: Request, dataset: str) -> dict[str, Any]:
    found = batches.of_dataset(request.tx, dataset)
    return {
        "dataset": dataset,
        "rows": sum(batch.rows for batch in found),
        "batches": [
            {"rows": batch.rows, "kind": batch.kind, "ingestedAt": clock.to_text(batch.ingested_at)}
            for batch in found
        ],
    }
