"""Orphans: objects that an apply may have created without recording them in the state.

Names are not unique in Flow Service, and it has no idempotency keys. Therefore an object of the planned name
that was created by the same client and is not known to be in the state is suspicious:

* A flow is an error whatever its connections are: a second one would export the same data twice. So is a flow
  of another name between the planned connections, with the planned schedule.
* A connection that an object in the state uses is in the state too. Any other is an error if it can become
  the planned one by an update in place, and otherwise a warning.

The provider cannot always know that an object is in the state. With `create_before_destroy`, Terraform
creates the new object first: it passes neither the id of the object to replace nor the planned private data.
An old connection differs from the new one then, unless the user has forced the replacement; for that, and for
flows, the error has a remedy too. If this process has deleted an object of the planned kind and name before,
the new one takes its place, and what else has the name is only a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from provider_shim.lifecycle.session import orphan_messages
from provider_shim.lifecycle.session.existing_objects import ExistingObjects
from provider_shim.lifecycle.state.states import fill_unknowns
from provider_shim.lifecycle.state.stored_object import StoredObject, planned_object, used_by, users_of
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.json_mapping import JsonObject, UnexpectedResponse, semantically_equal
from provider_shim.schema.values import Value

CouldBecome = Callable[[Resource, JsonObject, Value, Value], bool]
"""A function that returns True if an object can be updated in place to the planned state. Its arguments are
the resource, the object's JSON, the planned state and the configuration."""


class OrphanFinder:
    """Finds possible orphans before an object is created."""

    def __init__(self, objects: ExistingObjects, could_become: CouldBecome) -> None:
        self._objects = objects
        self._could_become = could_become
        self._reported: set[str] = set()

    async def check(self, resource: Resource, planned: Value, config: Value) -> list[Diagnostic]:
        """Return an error or a warning for each possible orphan. Raises `FlowServiceError`.

        After an error the planned object must not be created.
        """
        new = planned_object(resource, planned)
        suspects = [
            await self._objects.read_again(found)
            for found in (await self._objects.before(resource)).values()
            if self._objects.is_stray(found) and _is_alike(found, new)
        ]
        return [
            diagnostic
            for found in suspects
            if found is not None
            for diagnostic in await self._judge(found, new, planned, config)
        ]

    async def _judge(
        self, found: StoredObject, new: StoredObject, planned: Value, config: Value
    ) -> list[Diagnostic]:
        is_flow = found.resource.schedule_attribute is not None
        is_replacement = self._objects.makes_up_for_deleted(new.resource, planned)
        if found.name != new.name:
            if is_replacement:
                return []
            twice = {*found.references} == {*new.references} and _has_same_schedule(found, planned)
            return [orphan_messages.same_connections(found) if twice else orphan_messages.same_target(found)]
        users = [found] if is_flow else users_of([found.id], await self._objects.all_before())
        if not is_flow and any(self._objects.is_in_state(each.id) for each in users):
            return []
        is_other = not is_flow and not self._could_become(found.resource, found.body, planned, config)
        if is_other or is_replacement:
            return [orphan_messages.another_of_this_name(found)]
        return [
            await self._exists_already(users, found, new, is_protected=planned["deletion_protection"] is True)
        ]

    async def _exists_already(
        self,
        users: Iterable[StoredObject],
        found: StoredObject,
        new: StoredObject,
        *,
        is_protected: bool,
    ) -> Diagnostic:
        """Return the error with the other objects of the export that this process has not reported yet.

        What the new object uses is left out, because its configuration refers to it.
        """
        everything = await self._objects.all_before()
        own = {found.id} | {*new.references} | {each.id for each in used_by([new], everything)}
        layers = {each.id: each for each in (*users, *used_by(users, everything))}
        fresh = [
            each
            for each in layers.values()
            if each.id not in own | self._reported and self._objects.is_stray(each)
        ]
        is_reported = found.id in self._reported
        self._reported |= {found.id, *(each.id for each in fresh)}
        return orphan_messages.exists_already(
            found, fresh, is_reported=is_reported, is_protected=is_protected
        )


def _is_alike(found: StoredObject, new: StoredObject) -> bool:
    if found.name == new.name:
        return True
    is_flow = found.resource.schedule_attribute is not None
    targets = new.body.get("targetConnectionIds")
    return is_flow and bool(targets) and found.body.get("targetConnectionIds") == targets


def _has_same_schedule(found: StoredObject, planned: Value) -> bool:
    """Return True if a flow has the planned schedule. Parts that Flow Service chooses are left out."""
    name = found.resource.schedule_attribute or ""
    try:
        actual = json_mapping.from_json(found.resource, found.body, planned)[name]
    except UnexpectedResponse:
        return True  # it can't be known
    attribute = found.resource.attribute(name)
    return semantically_equal(attribute, actual, fill_unknowns(planned[name], actual))
