"""Source connections: the datasets of an export. Their list never changes."""

from __future__ import annotations

import re
from typing import Any, Final

from flow_emulator import identity
from flow_emulator.errors import EmulatedError, InUseError, InvalidBodyError, PatchError, UnknownSpecError
from flow_emulator.models import datasets, entities, json_patch
from flow_emulator.models.body_checks import (
    require_data,
    require_known_fields,
    require_name,
    require_object,
    require_spec,
)
from flow_emulator.models.connections.base_connections import refuse_spec
from flow_emulator.models.context import Context
from flow_emulator.specs.catalogue import DATA_LAKE
from flow_emulator.store import Entity

COLLECTION: Final = "sourceConnections"
KIND: Final = "sourceConnection"
_FIELDS: Final = ("name", "description", "connectionSpec", "params", "data")
_DATASET_ID: Final = re.compile(r"[0-9a-f]{24}")


def create(context: Context, body: object) -> Entity:
    """Validate and store a new source connection."""
    doc = require_object(body, KIND)
    require_known_fields(doc, _FIELDS, KIND)
    missing = context.behaviour.missing_spec_version
    spec_id = require_spec(doc, "connectionSpec", context.catalogue.connection_specs, KIND, missing)
    if spec_id != DATA_LAKE:
        raise UnknownSpecError(
            f"The source of a dataset export has the data lake's connection spec {DATA_LAKE}.", kind=KIND
        )
    require_name(doc, KIND)
    require_data(doc, context.behaviour, KIND)
    _check_params(context, doc.get("params"))
    if doc.get("data") is not None and doc["data"] != {"format": "parquet"}:
        raise InvalidBodyError(f"Cannot create {KIND}", 'data, when sent, is {"format": "parquet"}')
    kept = {key: value for key, value in doc.items() if value is not None}
    return entities.add(context, entities.new(context, COLLECTION, kept))


def patch(context: Context, entity_id: str, operations: object, if_match: str | None) -> Entity:
    """Change name or description."""
    entity = entities.find_for_patch(context, COLLECTION, entity_id, if_match)
    allow = json_patch.allow_paths([("name",), ("description",)], _refuse)
    changed = json_patch.apply(entity.doc, operations, allow, context.behaviour)
    try:
        require_name(changed, KIND)
    except InvalidBodyError as error:
        raise PatchError(error.details, entity=entity.id, kind=COLLECTION) from None
    entity.doc = changed
    return entities.touch(context, entity)


def delete(context: Context, entity_id: str) -> None:
    """Delete, unless a flow uses it."""
    delete_unused(context, entities.find(context, COLLECTION, entity_id))


def delete_unused(context: Context, entity: Entity) -> None:
    """Delete a source or target connection, unless a flow uses it."""
    entities.require_deletable(context, entity)
    users = entities.still_existing(context, context.tx.entities.referrers(entity.id))
    if users:
        raise InUseError(
            f"Active flows contain {entity.id}: {', '.join(users)}.", entity=entity.id, kind=entity.collection
        )
    entities.begin_delete(context, entity)


def show(context: Context, entity: Entity) -> dict[str, Any]:
    """Return a source connection as a GET shows it, with the base connection of the service."""
    base = identity.data_lake_connection_id(entity.org, entity.sandbox)
    return {
        **entities.show(context, entity),
        "baseConnectionId": base,
        "inheritedAttributes": {
            "baseConnection": {"id": base, "connectionSpec": {"id": DATA_LAKE, "version": "1.0"}}
        },
    }


def _refuse(pointer: json_patch.Pointer) -> EmulatedError | None:
    if pointer[0] == "params":
        return PatchError("The datasets of a source connection cannot be changed; create another one.")
    return refuse_spec(pointer)


def _check_params(context: Context, params: object) -> None:
    schema = context.catalogue.connection_specs[DATA_LAKE]["sourceSpec"]["spec"]
    problems = context.engine.validator.problems("source", schema, params)
    if problems or not isinstance(params, dict):
        raise InvalidBodyError(f"Cannot create {KIND}", "params: " + "; ".join(problems))
    for each in params["datasets"]:
        dataset_id = each["dataSetId"]
        if context.behaviour.dataset_id_form and not _DATASET_ID.fullmatch(dataset_id):
            raise InvalidBodyError(
                f"Cannot create {KIND}",
                f"params.datasets: {dataset_id!r} is not an id of 24 hexadecimal digits",
                400,
            )
        if context.behaviour.datasets_must_exist and not datasets.exists(dataset_id):
            raise InvalidBodyError(f"Cannot create {KIND}", f"params.datasets: no dataset {dataset_id}", 400)
