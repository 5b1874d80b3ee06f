"""Flows: from one source connection to one target connection, on a schedule."""

from __future__ import annotations

from typing import Any, Final

from flow_emulator.behaviour.switches import in_case
from flow_emulator.errors import (
    ActionError,
    ActionNotApplicableError,
    EmulatedError,
    FinalizeError,
    InvalidBodyError,
    PatchError,
    StateInCreateError,
    StateNotUpdatableError,
    UnknownSpecError,
)
from flow_emulator.models import entities, json_patch, transitions
from flow_emulator.models.body_checks import (
    require_known_fields,
    require_name,
    require_object,
    require_single_id,
    require_spec,
)
from flow_emulator.models.connections import source_connections as sources
from flow_emulator.models.connections import target_connections as targets
from flow_emulator.models.context import Context
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
# op of /action -> the state before, the state of the transition, the state after
_ACTIONS: Final = {
    "enable": ("disabled", "enabling", "enabled"),
    "disable": ("enabled", "disabling", "disabled"),
}


def create(context: Context, body: object) -> Entity:
    """Validate and store a new flow, which is enabled."""
    doc = require_object(body, KIND)
    if "state" in doc:
        raise StateInCreateError(
            "A new flow is enabled; disable it afterwards through its action.", kind=KIND
        )
    require_known_fields(doc, _FIELDS, KIND)
    missing = context.behaviour.missing_spec_version
    require_spec(doc, "flowSpec", context.catalogue.flow_specs, KIND, missing)
    if doc.get("transformations") not in (None, []):
        raise InvalidBodyError(f"Cannot create {KIND}", "transformations must be empty for datasets")
    doc = _check(context, doc)
    limit = context.behaviour.max_flows_per_sandbox
    if limit and context.tx.entities.count(COLLECTION, context.org, context.sandbox) >= limit:
        raise InvalidBodyError(f"Cannot create {KIND}", f"this sandbox has {limit} dataflows already", 400)
    entity = entities.new(
        context, COLLECTION, {key: value for key, value in doc.items() if value is not None}
    )
    transitions.enter(
        entity,
        entities.INITIALIZING,
        "enabled",
        observations=context.behaviour.create_reads,
        ends_at=transitions.end_time(context, context.behaviour.create_seconds),
    )
    # One millisecond earlier, so that a schedule that starts now is not missed.
    entity.meta["ranUntil"] = context.now - 1
    _set_references(context, entity)
    _schedule_next_run(context, entity)
    _operation(context, entity, "create")
    return entities.add(context, entity)


def patch(context: Context, entity_id: str, operations: object, if_match: str | None) -> Entity:
    """Change name, description, schedule, source, labels or policy."""
    entity = entities.find(context, COLLECTION, entity_id)
    entities.require_updatable(context, entity)
    entities.require_current_version(entity, if_match)
    changed = json_patch.apply(
        entity.doc, operations, json_patch.allow_paths(_PATHS, _refuse), context.behaviour
    )
    try:
        changed = _check(context, changed)
        _check_start(context, entity, changed)
    except InvalidBodyError as error:
        raise PatchError(error.details, entity=entity.id, kind=COLLECTION) from None
    if changed["scheduleParams"] != entity.doc["scheduleParams"]:
        entity.meta |= {"ranUntil": context.now, "ranOnce": False}
    entity.doc = changed
    _set_references(context, entity)
    _enter_update(context, entity, entities.UPDATING, transitions.final_state(entity))
    _schedule_next_run(context, entity)
    _operation(context, entity, "update")
    return entities.touch(context, entity)


def run_action(context: Context, entity_id: str, operation: str, if_match: str | None) -> Entity:
    """Enable or disable a flow."""
    entity = entities.find(context, COLLECTION, entity_id)
    name = operation.lower()
    if name.startswith("finalize"):
        raise FinalizeError("Finalizing is for providers.", entity=entity.id, kind=COLLECTION)
    if name not in _ACTIONS or not in_case(operation, context.behaviour.action_op_case):
        raise ActionError("op must be enable or disable.", entity=entity.id, kind=COLLECTION)
    entities.require_updatable(context, entity)
    if if_match is not None:
        entities.require_current_version(entity, if_match)
    leaves, through, ends = _ACTIONS[name]
    if entity.state != leaves:
        raise ActionNotApplicableError(
            f"{name} is not applicable in state {entity.state}.", entity=entity.id, kind=COLLECTION
        )
    # Runs that were due while the flow was disabled are not created later.
    entity.meta["ranUntil"] = context.now
    _enter_update(context, entity, through, ends)
    _schedule_next_run(context, entity)
    _operation(context, entity, "update")
    return entities.touch(context, entity)


def delete(context: Context, entity_id: str) -> None:
    """Delete a flow and its runs, but not its connections."""
    entity = entities.find(context, COLLECTION, entity_id)
    entities.require_deletable(context, entity)
    entities.begin_delete(context, entity)
    if context.behaviour.flow_delete_cascades:
        _delete_connections(context, entity)


def show(context: Context, entity: Entity) -> dict[str, Any]:
    """Return a flow as a GET shows it."""
    shown = {
        **entities.show(context, entity),
        "inheritedAttributes": entity.meta["inherited"],
        "runs": f"/runs?property=flowId=={entity.id}",
        "lastOperation": _last_operation(entity),
    }
    if "pending" in entity.meta and context.behaviour.pending_last_operation == "absent":
        del shown["lastOperation"]
    if "lastRun" in entity.meta:
        shown["lastRunDetails"] = _last_run(context, entity.meta["lastRun"])
    return shown


def _last_run(context: Context, last: dict[str, Any]) -> dict[str, Any]:
    """Return the last run as it is now, without its end while it is in progress."""
    if last["completedAtUTC"] < context.now:
        return last
    run = entities.find_or_none(context, "runs", last["id"])
    if run is None or run.state != "inProgress":
        return last
    return {"id": last["id"], "state": run.state, "startedAtUTC": last["startedAtUTC"]}


def _check(context: Context, doc: dict[str, Any]) -> dict[str, Any]:
    """Validate a document, and return it with the default end of its schedule."""
    require_name(doc, KIND)
    if "labels" in doc and not _is_list_of_text(doc["labels"]):
        raise InvalidBodyError(f"Cannot write {KIND}", "labels must be an array of texts")
    if "policy" in doc and not isinstance(doc["policy"], dict):
        raise InvalidBodyError(f"Cannot write {KIND}", "policy must be an object")
    source_id = require_single_id(doc, "sourceConnectionIds", KIND)
    target_id = require_single_id(doc, "targetConnectionIds", KIND)
    schedule = schedules.check(doc.get("scheduleParams"), context.behaviour)
    entities.require_reference(context, sources.COLLECTION, source_id)
    target = entities.require_reference(context, targets.COLLECTION, target_id)
    flow_spec = context.catalogue.flow_specs[doc["flowSpec"]["id"]]
    if target.doc["connectionSpec"]["id"] not in flow_spec["targetConnectionSpecIds"]:
        raise UnknownSpecError(
            f"The flow spec {flow_spec['name']!r} does not fit the target connection's spec.", kind=KIND
        )
    return {**doc, "scheduleParams": schedules.with_default_end(schedule, context.now, context.behaviour)}


def _check_start(context: Context, entity: Entity, changed: dict[str, Any]) -> None:
    if context.behaviour.start_time_after_start == "accept":
        return
    old, new = entity.doc["scheduleParams"]["startTime"], changed["scheduleParams"]["startTime"]
    if new != old and old * 1000 <= context.now:
        raise InvalidBodyError(
            "Cannot write flow", "scheduleParams.startTime has passed and cannot be changed"
        )


def _refuse(pointer: json_patch.Pointer) -> EmulatedError | None:
    if pointer[0] == "state":
        return StateNotUpdatableError("The state of a flow changes through its action only.")
    return None


def _set_references(context: Context, entity: Entity) -> None:
    """Store the references of the flow, for in-use checks and for the inherited attributes."""
    source_id, target_id = entity.doc["sourceConnectionIds"][0], entity.doc["targetConnectionIds"][0]
    target = entities.find(context, targets.COLLECTION, target_id)
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
    if context.behaviour.live_flow_target == "stays":
        entity.meta.setdefault("target", target.doc)  # as it was at the creation of the flow
    else:
        entity.meta.pop("target", None)
    context.tx.entities.set_references(entity.id, [source_id, target_id, base_id])


def _schedule_next_run(context: Context, entity: Entity) -> None:
    """Set the next scheduled time; only a flow that is or becomes enabled has one."""
    entity.due_at = None
    if transitions.final_state(entity) == "enabled":
        entity.due_at = schedules.next_event(
            entity.doc["scheduleParams"],
            entity.meta["ranUntil"],
            context.behaviour,
            ran=entity.meta.get("ranOnce", False),
        )


def _delete_connections(context: Context, flow: Entity) -> None:
    """Delete the flow's source and target connection, unless another flow uses them."""
    for collection, field in (
        (sources.COLLECTION, "sourceConnectionIds"),
        (targets.COLLECTION, "targetConnectionIds"),
    ):
        connection = entities.find_or_none(context, collection, flow.doc[field][0])
        if connection is None or connection.state == entities.DELETING:
            continue
        if all(holder.id == flow.id for holder in context.tx.entities.referrers(connection.id)):
            entities.begin_delete(context, connection)


def _enter_update(context: Context, entity: Entity, through: str, ends: str) -> None:
    """Begin the transition of a flow after a write."""
    ends_at = transitions.end_time(context, context.behaviour.update_seconds)
    transitions.enter(entity, through, ends, observations=context.behaviour.update_reads, ends_at=ends_at)


def _operation(context: Context, entity: Entity, name: str) -> None:
    entity.meta["operation"] = {"name": name, "started": context.now}


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


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
