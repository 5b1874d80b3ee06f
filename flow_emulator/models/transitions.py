"""Transitions: the states 'initializing', 'updating', 'delete-finalizing', and 'inProgress' of a run.

A transition ends at a time or after a number of observations. An entity is observed when a response shows it
or is an error because of it. Observations count when the transition has no end time, or while the clock is
stopped, so that no client waits for a clock that does not move.
"""

from __future__ import annotations

from flow_emulator.etags import etag
from flow_emulator.models.context import Context
from flow_emulator.store import Entity, Transaction


def enter(entity: Entity, state: str, then: str | None, *, observations: int, ends_at: int | None) -> None:
    """Begin a transition of an entity.

    Args:
        entity: The entity, which the caller stores.
        state: The state during the transition.
        then: The state after it; None: the entity is removed.
        observations: How many observations the transition lasts.
        ends_at: The time at which it ends in epoch milliseconds, or None.

    With neither observations nor time the entity gets its next state at once. For a removal the caller
    removes it.
    """
    leave(entity)
    if observations <= 0 and ends_at is None and then is not None:
        entity.state = then
        return
    entity.state = state
    entity.transition_ends_at = ends_at
    entity.meta["pending"] = {"looks": observations, "then": then}


def leave(entity: Entity) -> None:
    """End the transition of an entity without changing its state."""
    entity.meta.pop("pending", None)
    entity.transition_ends_at = None


def final_state(entity: Entity) -> str:
    """Return the state after the transition, or the present one."""
    return str(entity.meta.get("pending", {}).get("then", entity.state))


def end_time(context: Context, seconds: int) -> int | None:
    """Return the end of a transition of ``seconds`` in epoch milliseconds, or None for no end time."""
    return context.now + seconds * 1000 if seconds > 0 else None


def observe(context: Context, entity: Entity) -> bool:
    """Count one observation, and end the transition after the last one; return whether the entity exists."""
    pending = entity.meta.get("pending")
    if pending is None or (entity.transition_ends_at is not None and not context.clock_stands):
        return True
    if pending["looks"] > 0:
        pending["looks"] -= 1
        context.tx.entities.update(entity)
        return True
    return _end(context.tx, entity, context.now)


def advance(tx: Transaction, now: int) -> None:
    """End the transitions of all sandboxes whose end time is not later than ``now``, the earliest first."""
    for entity in tx.entities.ended_transitions(now):
        _end(tx, entity, entity.transition_ends_at or now)


def _end(tx: Transaction, entity: Entity, moment: int) -> bool:
    then = entity.meta["pending"]["then"]
    if then is None:
        tx.entities.remove(entity)
        return False
    leave(entity)
    entity.state = then
    entity.meta["updatedAt"] = moment
    entity.etag = etag(tx.next_number(), moment)
    tx.entities.update(entity)
    return True
