"""``/_emulator/``: faults, seeds and snapshots. No token is needed."""

from __future__ import annotations

from flow_emulator import seeds, snapshots
from flow_emulator.errors import BadRequestError
from flow_emulator.faults import fault_store, rules
from flow_emulator.http.messages import Request, Response
from flow_emulator.models.flows import runs


def list_faults(request: Request) -> Response:
    """Return the faults, the oldest first, each with its number of matching requests and of hits."""
    return Response(body={"items": [entry.as_json() for entry in fault_store.entries(request.tx)]})


def add_faults(request: Request) -> Response:
    """Set one fault, or those of ``{"items": [...]}``, each an object or a text; all of them or none."""
    body = request.json()
    given = body["items"] if isinstance(body, dict) and set(body) == {"items"} else [body]
    if not isinstance(given, list):
        raise BadRequestError("items is a list of faults.")
    try:
        faults = [rules.from_text(each) if isinstance(each, str) else rules.from_json(each) for each in given]
        with request.tx.savepoint():
            added = {fault_store.add(request.tx, fault) for fault in faults}
    except ValueError as error:
        raise BadRequestError(str(error)) from None
    items = [entry.as_json() for entry in fault_store.entries(request.tx) if entry.id in added]
    return Response(201, {"items": items})


def clear_faults(request: Request) -> Response:
    """Remove all faults."""
    fault_store.remove(request.tx)
    return Response(204)


def remove_fault(request: Request) -> Response:
    """Remove one fault."""
    text = request.params["id"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    if not fault_store.remove(request.tx, number):
        raise BadRequestError(f"No fault has the number {text}.", 404)
    return Response(204)


def take_snapshot(request: Request) -> Response:
    """Return a snapshot of everything but the request log, which ``PUT`` restores."""
    return Response(body=snapshots.take(request.tx, request.engine.catalogue))


def restore_snapshot(request: Request) -> Response:
    """Replace everything but the request log with the contents of a snapshot."""
    try:
        snapshots.restore(request.tx, request.json(), request.engine.catalogue, request.engine.real_millis)
    except snapshots.SnapshotError as error:
        raise BadRequestError(str(error)) from None
    return Response(204)


def apply_seed(request: Request) -> Response:
    """Create the objects of a seed; the response has their ids by collection and name."""
    runs.advance(request.engine, request.tx, request.now)
    return Response(201, seeds.apply_seed(request.engine, request.tx, request.json()))
