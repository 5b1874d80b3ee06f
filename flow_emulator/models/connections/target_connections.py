"""Target connections: where at a destination the files go, and in which format."""

from __future__ import annotations

from typing import Any, Final

from flow_emulator.errors import PatchError, RefusedBodyError, UnknownSpecError
from flow_emulator.models import entities, json_patch
from flow_emulator.models.body_checks import (
    demand_data,
    demand_id,
    demand_known,
    demand_name,
    demand_object,
    demand_spec,
)
from flow_emulator.models.connections.base_connections import COLLECTION as BASE_CONNECTIONS
from flow_emulator.models.connections.base_connections import refuse_spec
from flow_emulator.models.connections.source_connections import delete_unused
from flow_emulator.models.context import Scope
from flow_emulator.specs.catalogue import DATA_LAKE
from flow_emulator.specs.validation import TARGET_EXTRAS
from flow_emulator.store import Entity

COLLECTION: Final = "targetConnections"
KIND: Final = "targetConnection"
_FIELDS: Final = ("name", "description", "baseConnectionId", "connectionSpec", "params", "data")
# What the page on S3 allows in a path beyond the pattern, seen as a hyphen, which both allow.
_PAGE_CHARACTERS: Final = str.maketrans(dict.fromkeys('"^[]+$%', "-"))
_ALLOW: Final = json_patch.allow_paths(
    [("name",), ("description",), ("params",), ("params", "*")], refuse_spec
)


def create(scope: Scope, body: object) -> Entity:
    """Check and store a new target connection."""
    doc = demand_object(body, KIND)
    demand_known(doc, _FIELDS, KIND)
    missing = scope.behaviour.missing_spec_version
    spec_id = demand_spec(doc, "connectionSpec", scope.catalogue.connection_specs, KIND, missing)
    if spec_id == DATA_LAKE:
        raise UnknownSpecError("The data lake is no destination.", kind=KIND)
    base = entities.referred(scope, BASE_CONNECTIONS, demand_id(doc, "baseConnectionId", KIND))
    if base.doc["connectionSpec"]["id"] != spec_id:
        raise UnknownSpecError("The base connection has another connection spec.", kind=KIND)
    demand_data(doc, scope.behaviour, KIND)
    _check(scope, doc)
    kept = {key: value for key, value in doc.items() if value is not None}
    return entities.add(scope, entities.new(scope, COLLECTION, kept, parent=base.id))


def patch(scope: Scope, entity_id: str, operations: object, if_match: str | None) -> Entity:
    """Change name, description or parameters."""
    entity = entities.to_patch(scope, COLLECTION, entity_id, if_match)
    if scope.behaviour.params_replace == "merge":
        operations = _merged(entity.doc, operations)
    changed = json_patch.apply(entity.doc, operations, _ALLOW, scope.behaviour)
    try:
        _check(scope, changed)
    except RefusedBodyError as refusal:
        raise PatchError(refusal.details, entity=entity.id, kind=COLLECTION) from None
    entity.doc = changed
    return entities.touch(scope, entity)


def delete(scope: Scope, entity_id: str) -> None:
    """Delete, unless a flow uses it."""
    delete_unused(scope, entities.find(scope, COLLECTION, entity_id))


def show(scope: Scope, entity: Entity) -> dict[str, Any]:
    """A target connection as a GET shows it."""
    base = {"id": entity.doc["baseConnectionId"], "connectionSpec": entity.doc["connectionSpec"]}
    shown = {**entities.show(scope, entity), "inheritedAttributes": {"baseConnection": base}}
    if scope.behaviour.sftp_mode_shown == "FTP" and "remotePath" in shown["params"]:
        shown["params"] = {**shown["params"], "mode": "FTP"}
    return shown


def _merged(doc: dict[str, Any], operations: object) -> object:
    """The operations with each new ``/params`` completed by the present ones."""
    if not isinstance(operations, list):
        return operations
    return [
        {**each, "value": {**doc["params"], **each["value"]}}
        if isinstance(each, dict) and each.get("path") == "/params" and isinstance(each.get("value"), dict)
        else each
        for each in operations
    ]


def _judged(scope: Scope, params: object) -> object:
    """The parameters as the schema is to see them: with what a switch tolerates made regular."""
    if not isinstance(params, dict):
        return params
    judged = dict(params)
    if scope.behaviour.enum_case == "any":
        for name in ("datasetFileType", "compression"):
            if isinstance(judged.get(name), str):
                judged[name] = judged[name].upper()
    if scope.behaviour.path_characters == "page" and isinstance(judged.get("path"), str):
        judged["path"] = judged["path"].translate(_PAGE_CHARACTERS)
    return judged


def _check(scope: Scope, doc: dict[str, Any]) -> None:
    demand_name(doc, KIND)
    if doc.get("data") is not None and not isinstance(doc["data"], dict):
        raise RefusedBodyError(f"Cannot write {KIND}", "data must be an object")
    spec = scope.catalogue.connection_specs[doc["connectionSpec"]["id"]]
    params = _judged(scope, doc.get("params"))
    key = f"{spec['id']}/target"
    problems = scope.engine.judge.problems(key, spec["targetSpec"]["spec"], params, TARGET_EXTRAS)
    if problems or not isinstance(params, dict):
        raise RefusedBodyError(f"Cannot write {KIND}", "params: " + "; ".join(problems))
    uncompressed_json = params["datasetFileType"] == "JSON" and params["compression"] == "NONE"
    if uncompressed_json and not scope.behaviour.json_without_compression:
        raise RefusedBodyError(
            f"Cannot write {KIND}", "params: JSON files are only supported with compression GZIP", 400
        )
