"""States that pass: 'initializing', 'updating', 'delete-finalizing', a run 'inProgress'.

Such a state ends by time or by looks. With a time it ends when the clock gets there; without one, or while
the clock stands, each look uses one up: somebody is shown the entity, or is refused because of it. So
nobody waits for a clock that does not move.
"""

from __future__ import annotations

from flow_emulator.etags import etag
from flow_emulator.models.context import Context
from flow_emulator.store import Entity, Transaction


def enter(entity: Entity, passing: str, then: str | None, *, observations: int, ends_at: int | None) -> None:
    """Put an entity into a passing state for some looks, or until ``ends_at`` in milliseconds.

    ``then`` is the state that follows; None: the entity goes. With neither looks nor time the state that
    follows is there at once, except that nothing goes at once: the caller removes it.
    """
    leave(entity)
    if observations <= 0 and ends_at is None and then is not None:
        entity.state = then
        return
    entity.state = passing
    entity.transition_ends_at = ends_at
    entity.meta["pending"] = {"looks": observations, "then": then}


def leave(entity: Entity) -> None:
    """Forget what an entity was passing through; its state stays."""
    entity.meta.pop("pending", None)
    entity.transition_ends_at = None


def final_state(entity: Entity) -> str:
    """The state in which an entity ends: its own, unless that one passes."""
    return str(entity.meta.get("pending", {}).get("then", entity.state))


def end_time(context: Context, seconds: int) -> int | None:
    """When a state that lasts ``seconds`` ends, in milliseconds; None when it has no time but looks."""
    return context.now + seconds * 1000 if seconds > 0 else None


def observe(context: Context, entity: Entity) -> bool:
    """Use up one look of a passing state and end the state when none is left; False when it is gone."""
    pending = entity.meta.get("pending")
    if pending is None or (entity.transition_ends_at is not None and not context.clock_stands):
        return True
    if pending["looks"] > 0:
        pending["looks"] -= 1
        context.tx.entities.update(entity)
        return True
    return _end(context.tx, entity, context.now)


def advance(tx: Transaction, now: int) -> None:
    """End the states of all sandboxes whose time is over at ``now``, the earliest first."""
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
