"""The entities of a snapshot: each by itself, and the references between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flow_emulator import strict_json
from flow_emulator.etags import number_of
from flow_emulator.snapshots.documents import DOCUMENTS, METAS, STATES
from flow_emulator.snapshots.shapes import Shape, SnapshotError, wrong_field
from flow_emulator.snapshots.tables import Row, invalid
from flow_emulator.specs.catalogue import DATA_LAKE, Catalogue

_DELETING: Final = "delete-finalizing"
_FINAL_RUN: Final = frozenset({"success", "failed"})
Key = tuple[str, str, str, str]
Docs = dict[Key, dict[str, Any]]


def check_entities(rows: list[Row], references: list[Row], counter: int, catalogue: Catalogue) -> None:
    """Raise SnapshotError for an entity, or a reference between two, that the emulator would not store.

    Args:
        rows: The rows of the table of entities.
        references: The rows of the table of references.
        counter: The snapshot's counter; every etag is of a lower number.
        catalogue: The specs that entities may have.
    """
    docs: Docs = {}
    for number, row in enumerate(rows, 1):
        wrong, doc = _wrong_part(row, counter, catalogue)
        if wrong is not None:
            raise invalid("entity", number, wrong)
        docs[_key(row, row["collection"], row["id"])] = doc
    targets_of: dict[str, set[str]] = {}
    for reference in references:
        targets_of.setdefault(reference["holder"], set()).add(reference["target"])
    flows = set()
    for number, row in enumerate(rows, 1):
        wrong = _wrong_reference(row, docs, targets_of)
        if wrong is not None:
            raise invalid("entity", number, f"reference in {wrong}")
        if row["collection"] == "flows":
            flows.add(row["id"])
    if not targets_of.keys() <= flows:
        raise SnapshotError("The snapshot has a reference that no flow holds.")


def _wrong_part(row: Row, counter: int, catalogue: Catalogue) -> tuple[str | None, dict[str, Any]]:
    """Return the first invalid column or field of an entity, or None, and its document."""
    collection = row["collection"]
    doc, wrong = _read(row["doc"], "doc", DOCUMENTS[collection])
    meta, wrong_meta = _read(row["meta"], "meta", METAS[collection])
    if wrong or wrong_meta:
        return wrong or wrong_meta, doc
    if not 0 < number_of(row["etag"]) <= counter:
        return "etag", doc
    if row["name"] != doc.get("name"):
        return "name", doc
    return _wrong_spec(collection, doc, meta, catalogue) or _wrong_state(row, meta), doc


def _read(
    text: str, column: str, fields: tuple[Mapping[str, Shape], Mapping[str, Shape]]
) -> tuple[dict[str, Any], str | None]:
    """Return the object in a column, and the name of the first field that is not valid or None."""
    try:
        value = strict_json.parse(text)
    except strict_json.InvalidJsonError:
        return {}, column
    if not isinstance(value, dict):
        return {}, column
    wrong = wrong_field(value, *fields)
    return value, None if wrong is None else f"{column}.{wrong}"


def _wrong_spec(
    collection: str, doc: dict[str, Any], meta: dict[str, Any], catalogue: Catalogue
) -> str | None:
    field = "flowSpec" if collection in ("flows", "runs") else "connectionSpec"
    known = catalogue.flow_specs if field == "flowSpec" else catalogue.connection_specs
    spec_id = doc[field]["id"]
    is_source = spec_id == DATA_LAKE
    if spec_id not in known or (
        field == "connectionSpec" and is_source != (collection == "sourceConnections")
    ):
        return f"doc.{field}"
    kept = meta.get("target")
    if kept is not None and kept["connectionSpec"]["id"] not in catalogue.connection_specs:
        return "meta.target"
    return None


def _wrong_state(row: Row, meta: dict[str, Any]) -> str | None:
    """Return the column or field that does not fit the state, or None."""
    collection, state, pending = row["collection"], row["state"], meta.get("pending")
    stable, passing = STATES[collection]
    if state not in stable | passing:
        return "state"
    if (pending is not None) != (state in passing):
        return "meta.pending"
    if pending is not None and not _fits(collection, state, pending["then"]):
        return "meta.pending"
    if row.get("passes_at") is not None and pending is None:
        return "passes_at"
    if row["due_at"] is not None and (collection != "flows" or state == _DELETING):
        return "due_at"
    return None


def _fits(collection: str, state: str, then: str | None) -> bool:
    if state == _DELETING:
        return then is None
    return then in (_FINAL_RUN if collection == "runs" else STATES["flows"][0])


def _wrong_reference(row: Row, docs: Docs, targets_of: dict[str, set[str]]) -> str | None:
    """Return the column or field that refers to an entity which is missing, or None."""
    collection = row["collection"]
    doc = docs[_key(row, collection, row["id"])]
    match collection:
        case "runs":
            return None if row["parent"] and _key(row, "flows", row["parent"]) in docs else "parent"
        case "targetConnections":
            # The base connection may be gone, by a switch.
            return None if row["parent"] == doc["baseConnectionId"] else "parent"
        case "flows" if row["state"] != _DELETING:
            for field, kind in _CONNECTIONS.items():
                connection = doc[field][0]
                held = connection in targets_of.get(row["id"], ())
                if not held or _key(row, kind, connection) not in docs:
                    return f"doc.{field}"
    return None if row["parent"] is None else "parent"


_CONNECTIONS: Final = {
    "sourceConnectionIds": "sourceConnections",
    "targetConnectionIds": "targetConnections",
}


def _key(row: Row, collection: str, entity_id: str) -> Key:
    return collection, row["org"], row["sandbox"], entity_id
