"""What connections and flows have in common: audit fields, versions, errors by state, the shown form."""

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
    InvalidBodyError,
    NotFoundError,
    PatchDisabledError,
    ReferenceNotFoundError,
    StaleVersionError,
    StateNotUpdatableError,
    StateTransitionError,
    UpdateInStateError,
    WrongStateError,
)
from flow_emulator.etags import etag
from flow_emulator.models import transitions
from flow_emulator.models.context import Context
from flow_emulator.specs.secret_params import mask, without_secrets
from flow_emulator.store import Entity

DELETING: Final = "delete-finalizing"
INITIALIZING: Final = "initializing"
UPDATING: Final = "updating"
STABLE: Final = ("enabled", "disabled")

_UPDATE_ERRORS: Final = {
    DELETING: UpdateInStateError,
    INITIALIZING: InitializingError,
    UPDATING: StateTransitionError,
}
_DELETE_ERRORS: Final = {DELETING: DeleteInStateError, INITIALIZING: InitializingError}


def add(context: Context, entity: Entity) -> Entity:
    """Store a new entity with its first version and its audit fields."""
    name = entity.doc.get("name")
    if context.behaviour.unique_names and name is not None:
        same = context.tx.entities.scan(entity.collection, context.org, context.sandbox, {"name": (name,)})
        if next(same, None) is not None:
            raise InvalidBodyError("Cannot create", f"the name is taken in {entity.collection}", 400)
    entity.meta |= {
        "createdAt": context.now,
        "updatedAt": context.now,
        "createdBy": context.client_id,
        "updatedBy": context.client_id,
    }
    entity.etag = etag(context.tx.next_number(), context.now)
    context.tx.entities.insert(entity)
    return entity


def touch(context: Context, entity: Entity) -> Entity:
    """Store a changed entity under a new version."""
    entity.meta |= {"updatedAt": context.now, "updatedBy": context.client_id}
    entity.etag = etag(context.tx.next_number(), context.now)
    context.tx.entities.update(entity)
    return entity


def find_or_none(context: Context, collection: str, entity_id: str) -> Entity | None:
    """Return the entity with this id or None, without observing it."""
    return _get(context, collection, entity_id)


def find(context: Context, collection: str, entity_id: str) -> Entity:
    """Return the entity with this id, without observing it. Raises NotFoundError."""
    entity = _get(context, collection, entity_id)
    if entity is None:
        raise _not_found(collection, entity_id)
    return entity


def read(context: Context, collection: str, entity_id: str) -> Entity:
    """Return the entity with this id for a response, which observes it. Raises NotFoundError."""
    entity = find(context, collection, entity_id)
    if not transitions.observe(context, entity):
        raise _not_found(collection, entity_id)
    return entity


def require_reference(context: Context, collection: str, entity_id: str) -> Entity:
    """Return the entity to which a body refers. Raises ReferenceNotFoundError when it is missing."""
    entity = _get(context, collection, entity_id)
    if entity is None or entity.state == DELETING:
        raise ReferenceNotFoundError(
            f"{collection} not found with id = [{entity_id}]", entity=entity_id, kind=collection
        )
    return entity


def begin_delete(context: Context, entity: Entity) -> None:
    """Delete an entity as the service does: it stays visible for some reads or some time."""
    observations = context.behaviour.delete_reads
    ends_at = transitions.end_time(context, context.behaviour.delete_seconds)
    if observations <= 0 and ends_at is None:
        context.tx.entities.remove(entity)
        return
    transitions.enter(entity, DELETING, None, observations=observations, ends_at=ends_at)
    entity.due_at = None
    touch(context, entity)


def require_current_version(entity: Entity, if_match: str | None) -> None:
    """Raise an error unless If-Match is the current version, quotes included."""
    if not if_match:
        raise IfMatchMissingError("PATCH needs the entity's etag in If-Match.", entity=entity.id)
    if if_match != entity.etag:
        raise StaleVersionError(
            f"Supplied version=[{if_match}] does not match the current version on entity=[{entity.id}]",
            entity=entity.id,
            kind=entity.collection,
        )


def require_patchable(context: Context, collection: str) -> None:
    """Raise PatchDisabledError for a collection that by the switch cannot be patched."""
    switch = context.behaviour.connection_patches
    if switch == "refuse" or (switch == "base_only" and collection != "connections"):
        raise PatchDisabledError(f"PATCH is not enabled for {collection}.", kind=collection)


def find_for_patch(context: Context, collection: str, entity_id: str, if_match: str | None) -> Entity:
    """Return the connection of a PATCH. Raises an error unless it can be patched in the given version."""
    require_patchable(context, collection)
    entity = find(context, collection, entity_id)
    require_updatable(context, entity)
    require_current_version(entity, if_match)
    return entity


def require_updatable(context: Context, entity: Entity) -> None:
    """Raise an error for an update during a transition; the error observes the entity."""
    _require_stable(context, entity, _UPDATE_ERRORS, StateNotUpdatableError)


def require_deletable(context: Context, entity: Entity) -> None:
    """Raise an error for a delete during a transition; the error observes the entity."""
    _require_stable(context, entity, _DELETE_ERRORS, WrongStateError)


def _require_stable(
    context: Context,
    entity: Entity,
    errors: Mapping[str, type[FlowServiceError]],
    otherwise: type[FlowServiceError],
) -> None:
    state = entity.state
    if state in STABLE or (state == INITIALIZING and context.behaviour.initializing_writes == "accept"):
        return
    if not transitions.observe(context, entity):
        raise _not_found(entity.collection, entity.id)
    error = errors.get(state, otherwise)
    detail = f"{entity.collection} {entity.id} is in state {state}."
    raise error(detail, entity=entity.id, kind=entity.collection)


def still_existing(context: Context, entities: list[Entity]) -> list[str]:
    """Return the ids of the entities that still exist; each is observed, so that a deletion ends."""
    return [entity.id for entity in entities if transitions.observe(context, entity)]


def show(context: Context, entity: Entity) -> dict[str, Any]:
    """Return the entity as a GET shows it, without the fields of its collection only."""
    doc = dict(entity.doc)
    if context.behaviour.secrets != "echo" and isinstance(doc.get("auth"), dict):
        # Masked again, as an emulator with the switch `echo` may have written the file.
        hide = without_secrets if context.behaviour.secrets == "omit" else mask
        shown = context.catalogue.public_params(doc["connectionSpec"]["id"])
        doc["auth"] = {**doc["auth"], "params": hide(doc["auth"].get("params") or {}, shown)}
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


def new(context: Context, collection: str, doc: dict[str, Any], parent: str | None = None) -> Entity:
    """Return an entity with a new id, which is not stored yet."""
    new_id = context.engine.new_id()
    # A snapshot of another emulator with the same seed may have brought ids that follow in this one.
    while context.tx.entities.has(collection, new_id):
        new_id = context.engine.new_id()
    return Entity(collection, context.org, context.sandbox, new_id, doc, parent=parent)


def _not_found(collection: str, entity_id: str) -> FlowServiceError:
    return NotFoundError(f"{collection} not found with id = [{entity_id}]", entity=entity_id, kind=collection)


def _get(context: Context, collection: str, entity_id: str) -> Entity | None:
    # An id is always a UUID, so the store need not be asked for other texts.
    try:
        uuid.UUID(entity_id)
    except ValueError:
        return None
    return context.tx.entities.get(collection, context.org, context.sandbox, entity_id)
