"""Flows: one source connection to one target connection, on a schedule."""

from __future__ import annotations

from typing import Any, Final

from flow_emulator.behaviour.switches import in_case
from flow_emulator.errors import (
    ActionError,
    ActionNotApplicableError,
    EmulatedError,
    FinalizeError,
    PatchError,
    RefusedBodyError,
    StateInCreateError,
    StateNotUpdatableError,
    UnknownSpecError,
)
from flow_emulator.models import entities, json_patch, transitions
from flow_emulator.models.body_checks import (
    demand_known,
    demand_name,
    demand_object,
    demand_single,
    demand_spec,
)
from flow_emulator.models.connections import source_connections as sources
from flow_emulator.models.connections import target_connections as targets
from flow_emulator.models.context import Scope
from flow_emulator.models.flows import schedules
from flow_emulator.specs.catalogue import DATA_LAKE
from flow_emulator.store import Entity

COLLECTION: Final = "flows"
KIND: Final = "flow"
_FIELDS: Final = (
    "name",
    "description",
    "flowSpec",
    "sourceConnectionIds",
    "targetConnectionIds",
    "transformations",
    "scheduleParams",
)
_PATHS: Final[list[json_patch.Pointer]] = [
    ("name",),
    ("description",),
    ("scheduleParams",),
    ("scheduleParams", "*"),
    ("sourceConnectionIds",),
    ("labels",),
    ("policy",),
]
# op of /action -> the state it leaves, the state it passes through, the state it ends in
_ACTIONS: Final = {
    "enable": ("disabled", "enabling", "enabled"),
    "disable": ("enabled", "disabling", "disabled"),
}


def create(scope: Scope, body: object) -> Entity:
    """Check and store a new flow, enabled."""
    doc = demand_object(body, KIND)
    if "state" in doc:
        raise StateInCreateError(
            "A new flow is enabled; disable it afterwards through its action.", kind=KIND
        )
    demand_known(doc, _FIELDS, KIND)
    missing = scope.behaviour.missing_spec_version
    demand_spec(doc, "flowSpec", scope.catalogue.flow_specs, KIND, missing)
    if doc.get("transformations") not in (None, []):
        raise RefusedBodyError(f"Cannot create {KIND}", "transformations must be empty for datasets")
    doc = _check(scope, doc)
    limit = scope.behaviour.max_flows_per_sandbox
    if limit and scope.data.entities.count(COLLECTION, scope.org, scope.sandbox) >= limit:
        raise RefusedBodyError(f"Cannot create {KIND}", f"this sandbox has {limit} dataflows already", 400)
    entity = entities.new(scope, COLLECTION, {key: value for key, value in doc.items() if value is not None})
    transitions.enter(
        entity,
        entities.INITIALIZING,
        "enabled",
        looks=scope.behaviour.create_reads,
        ends_at=transitions.end_time(scope, scope.behaviour.create_seconds),
    )
    # One millisecond back, so that a schedule that starts at this very moment is not missed.
    entity.meta["ranUntil"] = scope.now - 1
    _link(scope, entity)
    _plan(scope, entity)
    _operation(scope, entity, "create")
    return entities.add(scope, entity)


def patch(scope: Scope, entity_id: str, operations: object, if_match: str | None) -> Entity:
    """Change name, description, schedule, source, labels or policy."""
    entity = entities.find(scope, COLLECTION, entity_id)
    entities.demand_updatable(scope, entity)
    entities.demand_version(entity, if_match)
    changed = json_patch.apply(
        entity.doc, operations, json_patch.allow_paths(_PATHS, _refuse), scope.behaviour
    )
    try:
        changed = _check(scope, changed)
        _check_start(scope, entity, changed)
    except RefusedBodyError as refusal:
        raise PatchError(refusal.details, entity=entity.id, kind=COLLECTION) from None
    if changed["scheduleParams"] != entity.doc["scheduleParams"]:
        entity.meta |= {"ranUntil": scope.now, "ranOnce": False}
    entity.doc = changed
    _link(scope, entity)
    _enter_update(scope, entity, entities.UPDATING, transitions.ends_in(entity))
    _plan(scope, entity)
    _operation(scope, entity, "update")
    return entities.touch(scope, entity)


def act(scope: Scope, entity_id: str, operation: str, if_match: str | None) -> Entity:
    """Enable or disable a flow."""
    entity = entities.find(scope, COLLECTION, entity_id)
    name = operation.lower()
    if name.startswith("finalize"):
        raise FinalizeError("Finalizing is for providers.", entity=entity.id, kind=COLLECTION)
    if name not in _ACTIONS or not in_case(operation, scope.behaviour.action_op_case):
        raise ActionError("op must be enable or disable.", entity=entity.id, kind=COLLECTION)
    entities.demand_updatable(scope, entity)
    if if_match is not None:
        entities.demand_version(entity, if_match)
    leaves, through, ends = _ACTIONS[name]
    if entity.state != leaves:
        raise ActionNotApplicableError(
            f"{name} is not applicable in state {entity.state}.", entity=entity.id, kind=COLLECTION
        )
    # What came due while the flow was disabled is not made up for.
    entity.meta["ranUntil"] = scope.now
    _enter_update(scope, entity, through, ends)
    _plan(scope, entity)
    _operation(scope, entity, "update")
    return entities.touch(scope, entity)


def delete(scope: Scope, entity_id: str) -> None:
    """Delete a flow; its runs go with it, its connections stay."""
    entity = entities.find(scope, COLLECTION, entity_id)
    entities.demand_deletable(scope, entity)
    entities.begin_delete(scope, entity)
    if scope.behaviour.flow_delete_cascades:
        _delete_connections(scope, entity)


def show(scope: Scope, entity: Entity) -> dict[str, Any]:
    """A flow as a GET shows it."""
    shown = {
        **entities.show(scope, entity),
        "inheritedAttributes": entity.meta["inherited"],
        "runs": f"/runs?property=flowId=={entity.id}",
        "lastOperation": _last_operation(entity),
    }
    if "pending" in entity.meta and scope.behaviour.pending_last_operation == "absent":
        del shown["lastOperation"]
    if "lastRun" in entity.meta:
        shown["lastRunDetails"] = _last_run(scope, entity.meta["lastRun"])
    return shown


def _last_run(scope: Scope, last: dict[str, Any]) -> dict[str, Any]:
    """The last run as it is now: without its end while it is under way."""
    if last["completedAtUTC"] < scope.now:
        return last
    run = entities.optional(scope, "runs", last["id"])
    if run is None or run.state != "inProgress":
        return last
    return {"id": last["id"], "state": run.state, "startedAtUTC": last["startedAtUTC"]}


def _check(scope: Scope, doc: dict[str, Any]) -> dict[str, Any]:
    """The document with its schedule completed, when every rule holds for it."""
    demand_name(doc, KIND)
    if "labels" in doc and not _is_texts(doc["labels"]):
        raise RefusedBodyError(f"Cannot write {KIND}", "labels must be an array of texts")
    if "policy" in doc and not isinstance(doc["policy"], dict):
        raise RefusedBodyError(f"Cannot write {KIND}", "policy must be an object")
    source_id = demand_single(doc, "sourceConnectionIds", KIND)
    target_id = demand_single(doc, "targetConnectionIds", KIND)
    schedule = schedules.check(doc.get("scheduleParams"), scope.behaviour)
    entities.referred(scope, sources.COLLECTION, source_id)
    target = entities.referred(scope, targets.COLLECTION, target_id)
    flow_spec = scope.catalogue.flow_specs[doc["flowSpec"]["id"]]
    if target.doc["connectionSpec"]["id"] not in flow_spec["targetConnectionSpecIds"]:
        raise UnknownSpecError(
            f"The flow spec {flow_spec['name']!r} does not fit the target connection's spec.", kind=KIND
        )
    return {**doc, "scheduleParams": schedules.with_default_end(schedule, scope.now, scope.behaviour)}


def _check_start(scope: Scope, entity: Entity, changed: dict[str, Any]) -> None:
    if scope.behaviour.start_time_after_start == "accept":
        return
    old, new = entity.doc["scheduleParams"]["startTime"], changed["scheduleParams"]["startTime"]
    if new != old and old * 1000 <= scope.now:
        raise RefusedBodyError(
            "Cannot write flow", "scheduleParams.startTime has passed and cannot be changed"
        )


def _refuse(pointer: json_patch.Pointer) -> EmulatedError | None:
    if pointer[0] == "state":
        return StateNotUpdatableError("The state of a flow changes through its action only.")
    return None


def _link(scope: Scope, entity: Entity) -> None:
    """Note what the flow refers to, for in-use checks and for the inherited attributes."""
    source_id, target_id = entity.doc["sourceConnectionIds"][0], entity.doc["targetConnectionIds"][0]
    target = entities.find(scope, targets.COLLECTION, target_id)
    spec, base_id = target.doc["connectionSpec"], target.doc["baseConnectionId"]
    entity.meta["inherited"] = {
        "properties": {"isDestinationFlow": True},
        "sourceConnections": [{"id": source_id, "connectionSpec": {"id": DATA_LAKE, "version": "1.0"}}],
        "targetConnections": [
            {
                "id": target_id,
                "connectionSpec": spec,
                "baseConnection": {"id": base_id, "connectionSpec": spec},
                # The tutorial's 2026 text filters flows by this field.
                "data": {"outputType": "DATASET_EXPORT"},
            }
        ],
    }
    if scope.behaviour.live_flow_target == "stays":
        entity.meta.setdefault("target", target.doc)  # as it was when the flow was made
    else:
        entity.meta.pop("target", None)
    scope.data.entities.set_references(entity.id, [source_id, target_id, base_id])


def _plan(scope: Scope, entity: Entity) -> None:
    """Set the next scheduled time; a flow that is not enabled, or about to be, has none."""
    entity.due_at = None
    if transitions.ends_in(entity) == "enabled":
        entity.due_at = schedules.next_event(
            entity.doc["scheduleParams"],
            entity.meta["ranUntil"],
            scope.behaviour,
            ran=entity.meta.get("ranOnce", False),
        )


def _delete_connections(scope: Scope, flow: Entity) -> None:
    """Let the flow's source and target connection go with it, when no other flow uses them."""
    for collection, field in (
        (sources.COLLECTION, "sourceConnectionIds"),
        (targets.COLLECTION, "targetConnectionIds"),
    ):
        connection = entities.optional(scope, collection, flow.doc[field][0])
        if connection is None or connection.state == entities.DELETING:
            continue
        if all(holder.id == flow.id for holder in scope.data.entities.holders(connection.id)):
            entities.begin_delete(scope, connection)


def _enter_update(scope: Scope, entity: Entity, through: str, ends: str) -> None:
    """Let the flow pass through a state after a write."""
    ends_at = transitions.end_time(scope, scope.behaviour.update_seconds)
    transitions.enter(entity, through, ends, looks=scope.behaviour.update_reads, ends_at=ends_at)


def _operation(scope: Scope, entity: Entity, name: str) -> None:
    entity.meta["operation"] = {"name": name, "started": scope.now}


def _last_operation(entity: Entity) -> dict[str, Any]:
    started, done = entity.meta["operation"]["started"], "pending" not in entity.meta
    return {
        "started": started,
        "updated": entity.meta["updatedAt"],
        "percentCompleted": 100 if done else 0,
        "status": {"value": "completed" if done else "inProgress", "properties": {}, "errors": []},
        "ops": [],
        "operation": entity.meta["operation"]["name"],
    }


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
