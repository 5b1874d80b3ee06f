"""What connections and flows have in common: audit fields, versions, states that pass, how they are shown.

A state that passes ('updating', 'delete-finalizing', ...) lasts for a number of looks: each time somebody
is shown the entity, or is refused because of it, one is used up. So nothing waits while the clock stands.
"""

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
    ReferenceNotFoundError,
    StaleVersionError,
    StateNotUpdatableError,
    StateTransitionError,
    UpdateInStateError,
    WrongStateError,
)
from flow_emulator.etags import etag
from flow_emulator.models.scope import Scope
from flow_emulator.secret_values import star, without_secrets
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
    entity.meta |= {
        "createdAt": scope.now,
        "updatedAt": scope.now,
        "createdBy": scope.client_id,
        "updatedBy": scope.client_id,
    }
    entity.etag = etag(scope.data.next_number(), scope.now)
    scope.data.insert(entity)
    return entity


def touch(scope: Scope, entity: Entity) -> Entity:
    """Store a changed entity under a new version."""
    entity.meta |= {"updatedAt": scope.now, "updatedBy": scope.client_id}
    entity.etag = etag(scope.data.next_number(), scope.now)
    scope.data.update(entity)
    return entity


def find(scope: Scope, collection: str, entity_id: str) -> Entity:
    """The entity with this id, without counting a look; NotFoundError when there is none."""
    entity = _get(scope, collection, entity_id)
    if entity is None:
        raise _missing(collection, entity_id)
    return entity


def read(scope: Scope, collection: str, entity_id: str) -> Entity:
    """The entity with this id, shown to somebody: counts a look."""
    entity = find(scope, collection, entity_id)
    if not look(scope, entity):
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


def look(scope: Scope, entity: Entity) -> bool:
    """Use up one look of a passing state and end the state when none is left; False when it is gone."""
    pending = entity.meta.get("pending")
    if pending is None:
        return True
    if pending["looks"] > 0:
        pending["looks"] -= 1
        scope.data.update(entity)
        return True
    if pending["then"] is None:
        scope.data.remove(entity)
        return False
    del entity.meta["pending"]
    entity.state = pending["then"]
    touch(scope, entity)
    return True


def enter(entity: Entity, passing: str, then: str, looks: int) -> None:
    """Put an entity into a passing state for some looks; with none it is in the last state at once."""
    entity.meta.pop("pending", None)
    if looks <= 0:
        entity.state = then
        return
    entity.state = passing
    entity.meta["pending"] = {"looks": looks, "then": then}


def begin_delete(scope: Scope, entity: Entity) -> None:
    """Delete an entity the way the service does: it stays visible for some looks."""
    looks = scope.behaviour.delete_reads
    if looks <= 0:
        scope.data.remove(entity)
        return
    entity.state = DELETING
    entity.due_at = None
    entity.meta["pending"] = {"looks": looks, "then": None}
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
    if state in STABLE or (state == INITIALIZING and entity.collection == "flows"):
        return
    if not look(scope, entity):
        raise _missing(entity.collection, entity.id)
    refusal = refusals.get(state, otherwise)
    detail = f"{entity.collection} {entity.id} is in state {state}."
    raise refusal(detail, entity=entity.id, kind=entity.collection)


def in_use(scope: Scope, entities: list[Entity]) -> list[str]:
    """The ids of those that still exist; each counts a look, so a deleted one ends in time."""
    return [entity.id for entity in entities if look(scope, entity)]


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
    return scope.data.get(collection, scope.org, scope.sandbox, entity_id)
