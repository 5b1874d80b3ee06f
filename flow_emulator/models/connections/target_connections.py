"""Target connections: the location of files at a destination, and their format."""

from __future__ import annotations

from typing import Any, Final

from flow_emulator.errors import InvalidBodyError, PatchError, UnknownSpecError
from flow_emulator.models import entities, json_patch
from flow_emulator.models.body_checks import (
    require_data,
    require_id,
    require_known_fields,
    require_name,
    require_object,
    require_spec,
)
from flow_emulator.models.connections.base_connections import COLLECTION as BASE_CONNECTIONS
from flow_emulator.models.connections.base_connections import refuse_spec
from flow_emulator.models.connections.source_connections import delete_unused
from flow_emulator.models.context import Context
from flow_emulator.specs.catalogue import DATA_LAKE, SFTP
from flow_emulator.specs.validation import TARGET_EXTRAS
from flow_emulator.store import Entity

COLLECTION: Final = "targetConnections"
KIND: Final = "targetConnection"
_FIELDS: Final = ("name", "description", "baseConnectionId", "connectionSpec", "params", "data")
# What the page on S3 allows in a path and the pattern does not, replaced by a hyphen for validation.
_PAGE_CHARACTERS: Final = str.maketrans(dict.fromkeys('"^[]+$%', "-"))
_ALLOW: Final = json_patch.allow_paths(
    [("name",), ("description",), ("params",), ("params", "*")], refuse_spec
)


def create(context: Context, body: object) -> Entity:
    """Validate and store a new target connection."""
    doc = require_object(body, KIND)
    require_known_fields(doc, _FIELDS, KIND)
    missing = context.behaviour.missing_spec_version
    spec_id = require_spec(doc, "connectionSpec", context.catalogue.connection_specs, KIND, missing)
    if spec_id == DATA_LAKE:
        raise UnknownSpecError("The data lake is not a destination.", kind=KIND)
    base = entities.require_reference(context, BASE_CONNECTIONS, require_id(doc, "baseConnectionId", KIND))
    if base.doc["connectionSpec"]["id"] != spec_id:
        raise UnknownSpecError("The base connection has another connection spec.", kind=KIND)
    require_data(doc, context.behaviour, KIND)
    _check(context, doc)
    kept = {key: value for key, value in doc.items() if value is not None}
    return entities.add(context, entities.new(context, COLLECTION, kept, parent=base.id))


def patch(context: Context, entity_id: str, operations: object, if_match: str | None) -> Entity:
    """Change name, description or parameters."""
    entity = entities.find_for_patch(context, COLLECTION, entity_id, if_match)
    if context.behaviour.params_replace == "merge":
        operations = _merged(entity.doc, operations)
    changed = json_patch.apply(entity.doc, operations, _ALLOW, context.behaviour)
    try:
        _check(context, changed)
    except InvalidBodyError as error:
        raise PatchError(error.details, entity=entity.id, kind=COLLECTION) from None
    entity.doc = changed
    return entities.touch(context, entity)


def delete(context: Context, entity_id: str) -> None:
    """Delete, unless a flow uses it."""
    delete_unused(context, entities.find(context, COLLECTION, entity_id))


def show(context: Context, entity: Entity) -> dict[str, Any]:
    """Return a target connection as a GET shows it."""
    base = {"id": entity.doc["baseConnectionId"], "connectionSpec": entity.doc["connectionSpec"]}
    shown = {**entities.show(context, entity), "inheritedAttributes": {"baseConnection": base}}
    if context.behaviour.sftp_mode_shown == "FTP" and entity.doc["connectionSpec"]["id"] == SFTP:
        shown["params"] = {**shown["params"], "mode": "FTP"}
    return shown


def _merged(doc: dict[str, Any], operations: object) -> object:
    """Return the operations with each new ``/params`` merged into the present ones."""
    if not isinstance(operations, list):
        return operations
    return [
        {**each, "value": {**doc["params"], **each["value"]}}
        if isinstance(each, dict) and each.get("path") == "/params" and isinstance(each.get("value"), dict)
        else each
        for each in operations
    ]


def _normalized(context: Context, params: object) -> object:
    """Return the parameters for validation, with what a switch tolerates in its regular form."""
    if not isinstance(params, dict):
        return params
    normalized = dict(params)
    if context.behaviour.enum_case == "any":
        for name in ("datasetFileType", "compression"):
            if isinstance(normalized.get(name), str):
                normalized[name] = normalized[name].upper()
    if context.behaviour.path_characters == "page" and isinstance(normalized.get("path"), str):
        normalized["path"] = normalized["path"].translate(_PAGE_CHARACTERS)
    return normalized


def _check(context: Context, doc: dict[str, Any]) -> None:
    require_name(doc, KIND)
    if doc.get("data") is not None and not isinstance(doc["data"], dict):
        raise InvalidBodyError(f"Cannot write {KIND}", "data must be an object")
    spec = context.catalogue.connection_specs[doc["connectionSpec"]["id"]]
    params = _normalized(context, doc.get("params"))
    key = f"{spec['id']}/target"
    problems = context.engine.validator.problems(key, spec["targetSpec"]["spec"], params, TARGET_EXTRAS)
    if problems or not isinstance(params, dict):
        raise InvalidBodyError(f"Cannot write {KIND}", "params: " + "; ".join(problems))
    uncompressed_json = params["datasetFileType"] == "JSON" and params["compression"] == "NONE"
    if uncompressed_json and not context.behaviour.json_without_compression:
        raise InvalidBodyError(
            f"Cannot write {KIND}", "params: JSON files are only supported with compression GZIP", 400
        )
