"""``/_emulator/``: faults, seeds and snapshots. No token is needed."""

from __future__ import annotations

from flow_emulator import seeds, snapshots
from flow_emulator.errors import BadRequestError
from flow_emulator.faults import fault_store, rules
from flow_emulator.http.messages import Answer, Call
from flow_emulator.models.flows import runs


def list_faults(call: Call) -> Answer:
    """The faults that are set, the oldest first, each with the calls it was for and how many it hit."""
    return Answer(body={"items": [entry.as_json() for entry in fault_store.entries(call.data)]})


def add_faults(call: Call) -> Answer:
    """Set faults: one, or ``{"items": [...]}``, each an object or a text; all of them or none."""
    body = call.json()
    given = body["items"] if isinstance(body, dict) and set(body) == {"items"} else [body]
    if not isinstance(given, list):
        raise BadRequestError("items is a list of faults.")
    try:
        faults = [rules.from_text(each) if isinstance(each, str) else rules.from_json(each) for each in given]
    except ValueError as error:
        raise BadRequestError(str(error)) from None
    added = {fault_store.add(call.data, fault) for fault in faults}
    items = [entry.as_json() for entry in fault_store.entries(call.data) if entry.id in added]
    return Answer(201, {"items": items})


def clear_faults(call: Call) -> Answer:
    """Take back all faults."""
    fault_store.remove(call.data)
    return Answer(204)


def remove_fault(call: Call) -> Answer:
    """Take back one fault."""
    text = call.params["id"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    if not fault_store.remove(call.data, number):
        raise BadRequestError(f"No fault has the number {text}.", 404)
    return Answer(204)


def take_snapshot(call: Call) -> Answer:
    """Everything but the request log, as ``PUT`` takes it again."""
    return Answer(body=snapshots.take(call.data))


def restore_snapshot(call: Call) -> Answer:
    """Forget everything but the request log, and remember what the snapshot holds."""
    try:
        snapshots.restore(call.data, call.json())
    except snapshots.SnapshotError as error:
        raise BadRequestError(str(error)) from None
    return Answer(204)


def apply_seed(call: Call) -> Answer:
    """Make the objects of a seed; their ids by collection and name."""
    runs.advance(call.engine, call.data, call.now)
    return Answer(201, seeds.apply_seed(call.engine, call.data, call.json()))
