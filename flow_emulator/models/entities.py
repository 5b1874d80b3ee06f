"""What connections and flows have in common: audit fields, versions, refusals by state, how they show."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from flow_emulator import identity
from flow_emulator.errors import (
    DeleteInStateError,
    FlowServiceError,
    IfMatchMissingError,
    InitializingError,
    NotFoundError,
    PatchDisabledError,
    ReferenceNotFoundError,
    RefusedBodyError,
    StaleVersionError,
    StateNotUpdatableError,
    StateTransitionError,
    UpdateInStateError,
    WrongStateError,
)
from flow_emulator.etags import etag
from flow_emulator.models import transitions
from flow_emulator.models.context import Scope
from flow_emulator.specs.secret_params import star, without_secrets
from flow_emulator.store import Entity

DELETING: Final = "delete-finalizing"
INITIALIZING: Final = "initializing"
UPDATING: Final = "updating"
STABLE: Final = ("enabled", "disabled")

_UPDATE_REFUSALS: Final = {
    DELETING: UpdateInStateError,
    INITIALIZING: InitializingError,
    UPDATING: StateTransitionError,
}
_DELETE_REFUSALS: Final = {DELETING: DeleteInStateError, INITIALIZING: InitializingError}


def add(scope: Scope, entity: Entity) -> Entity:
    """Store a new entity with its first version and audit fields."""
    name = entity.doc.get("name")
    if scope.behaviour.unique_names and name is not None:
        same = scope.data.entities.scan(entity.collection, scope.org, scope.sandbox, {"name": (name,)})
        if next(same, None) is not None:
            raise RefusedBodyError("Cannot create", f"the name is taken in {entity.collection}", 400)
    entity.meta |= {
        "createdAt": scope.now,
        "updatedAt": scope.now,
        "createdBy": scope.client_id,
        "updatedBy": scope.client_id,
    }
    entity.etag = etag(scope.data.next_number(), scope.now)
    scope.data.entities.insert(entity)
    return entity


def touch(scope: Scope, entity: Entity) -> Entity:
    """Store a changed entity under a new version."""
    entity.meta |= {"updatedAt": scope.now, "updatedBy": scope.client_id}
    entity.etag = etag(scope.data.next_number(), scope.now)
    scope.data.entities.update(entity)
    return entity


def optional(scope: Scope, collection: str, entity_id: str) -> Entity | None:
    """The entity with this id, without counting a look; None when there is none."""
    return _get(scope, collection, entity_id)


def find(scope: Scope, collection: str, entity_id: str) -> Entity:
    """The entity with this id, without counting a look; NotFoundError when there is none."""
    entity = _get(scope, collection, entity_id)
    if entity is None:
        raise _missing(collection, entity_id)
    return entity


def read(scope: Scope, collection: str, entity_id: str) -> Entity:
    """The entity with this id, shown to somebody: counts a look."""
    entity = find(scope, collection, entity_id)
    if not transitions.look(scope, entity):
        raise _missing(collection, entity_id)
    return entity


def referred(scope: Scope, collection: str, entity_id: str) -> Entity:
    """The entity that a body refers to; ReferenceNotFoundError when it is missing or being deleted."""
    entity = _get(scope, collection, entity_id)
    if entity is None or entity.state == DELETING:
        raise ReferenceNotFoundError(
            f"{collection} not found with id = [{entity_id}]", entity=entity_id, kind=collection
        )
    return entity


def begin_delete(scope: Scope, entity: Entity) -> None:
    """Delete an entity the way the service does: it stays visible for some looks or some time."""
    looks = scope.behaviour.delete_reads
    ends_at = transitions.end_time(scope, scope.behaviour.delete_seconds)
    if looks <= 0 and ends_at is None:
        scope.data.entities.remove(entity)
        return
    transitions.enter(entity, DELETING, None, looks=looks, ends_at=ends_at)
    entity.due_at = None
    touch(scope, entity)


def demand_version(entity: Entity, if_match: str | None) -> None:
    """Refuse a write without If-Match or with another version than the current one, quotes included."""
    if not if_match:
        raise IfMatchMissingError("PATCH needs the entity's etag in If-Match.", entity=entity.id)
    if if_match != entity.etag:
        raise StaleVersionError(
            f"Supplied version=[{if_match}] does not match the current version on entity=[{entity.id}]",
            entity=entity.id,
            kind=entity.collection,
        )


def demand_patches(scope: Scope, collection: str) -> None:
    """Refuse every PATCH of a collection whose connections the switch says cannot be patched."""
    switch = scope.behaviour.connection_patches
    if switch == "refuse" or (switch == "base_only" and collection != "connections"):
        raise PatchDisabledError(f"PATCH is not enabled for {collection}.", kind=collection)


def to_patch(scope: Scope, collection: str, entity_id: str, if_match: str | None) -> Entity:
    """The connection that a PATCH is about, in the version that it names, where it can be patched."""
    demand_patches(scope, collection)
    entity = find(scope, collection, entity_id)
    demand_updatable(scope, entity)
    demand_version(entity, if_match)
    return entity


def demand_updatable(scope: Scope, entity: Entity) -> None:
    """Refuse an update while the entity is in a passing state; the refusal counts as a look."""
    _demand_settled(scope, entity, _UPDATE_REFUSALS, StateNotUpdatableError)


def demand_deletable(scope: Scope, entity: Entity) -> None:
    """Refuse a delete while the entity is in a passing state; the refusal counts as a look."""
    _demand_settled(scope, entity, _DELETE_REFUSALS, WrongStateError)


def _demand_settled(
    scope: Scope,
    entity: Entity,
    refusals: Mapping[str, type[FlowServiceError]],
    otherwise: type[FlowServiceError],
) -> None:
    state = entity.state
    if state in STABLE or (state == INITIALIZING and scope.behaviour.initializing_writes == "accept"):
        return
    if not transitions.look(scope, entity):
        raise _missing(entity.collection, entity.id)
    refusal = refusals.get(state, otherwise)
    detail = f"{entity.collection} {entity.id} is in state {state}."
    raise refusal(detail, entity=entity.id, kind=entity.collection)


def in_use(scope: Scope, entities: list[Entity]) -> list[str]:
    """The ids of those that still exist; each counts a look, so a deleted one ends in time."""
    return [entity.id for entity in entities if transitions.look(scope, entity)]


def show(scope: Scope, entity: Entity) -> dict[str, Any]:
    """The entity as a GET shows it, without what only its own collection has."""
    doc = dict(entity.doc)
    if scope.behaviour.secrets != "echo" and isinstance(doc.get("auth"), dict):
        # Starred again, for an emulator that echoes may have written the file.
        hide = without_secrets if scope.behaviour.secrets == "omit" else star
        doc["auth"] = {**doc["auth"], "params": hide(doc["auth"].get("params") or {})}
    meta = entity.meta
    return {
        "id": entity.id,
        "createdAt": meta["createdAt"],
        "updatedAt": meta["updatedAt"],
        "createdBy": meta["createdBy"],
        "updatedBy": meta["updatedBy"],
        "createdClient": meta["createdBy"],
        "updatedClient": meta["updatedBy"],
        "sandboxId": identity.sandbox_id(entity.org, entity.sandbox),
        "sandboxName": entity.sandbox,
        "imsOrgId": entity.org,
        **doc,
        "state": entity.state,
        "version": entity.etag,
        "etag": entity.etag,
    }


def new(scope: Scope, collection: str, doc: dict[str, Any], parent: str | None = None) -> Entity:
    """An entity of this scope with a new id, not stored yet."""
    return Entity(collection, scope.org, scope.sandbox, scope.engine.new_id(), doc, parent=parent)


def _missing(collection: str, entity_id: str) -> FlowServiceError:
    return NotFoundError(f"{collection} not found with id = [{entity_id}]", entity=entity_id, kind=collection)


def _get(scope: Scope, collection: str, entity_id: str) -> Entity | None:
    # What is no UUID cannot be the id of anything; asking the store would only cost time.
    try:
        uuid.UUID(entity_id)
    except ValueError:
        return None
    return scope.data.entities.get(collection, scope.org, scope.sandbox, entity_id)
