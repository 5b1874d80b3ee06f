"""Objects of Flow Service, with what the commands show of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from provider_shim.lifecycle.state import json_values
from provider_shim.lifecycle.state.observed import DELETING
from provider_shim.resources import CATALOGUE
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.values import Value

_REFERENCES = ("targetConnectionIds", "sourceConnectionIds", "baseConnectionId")
"""The JSON keys with which an object refers to others (OpenAPI 'Flow Service - Destinations', 2024-11-13)."""

KINDS: tuple[Resource, ...] = tuple(
    CATALOGUE.resources[name]
    for name in ("aep_flow", "aep_target_connection", "aep_source_connection", "aep_base_connection")
)
"""The resources with objects in Flow Service. An object is deleted before those that come later."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of Flow Service.

    Attributes:
        resource: Its kind.
        id: Its id.
        name: Its name, without characters that control a terminal; empty if it has none.
        created_at: RFC 3339 time in UTC, or `None` if it is unknown.
        created_client: Id of the client that created it, or `None` if it is unknown.
        state: State in Flow Service's words, such as `enabled`, or `None` if it is unknown.
        references: Ids of the objects to which it refers.
        is_export: True if the object belongs to a dataset export, as far as its spec shows.
        body: Its JSON.
    """

    resource: Resource
    id: str
    name: str = ""
    created_at: str | None = None
    created_client: str | None = None
    state: str | None = None
    references: tuple[str, ...] = ()
    is_export: bool = True
    body: JsonObject = field(default_factory=dict, compare=False, repr=False)

    @property
    def title(self) -> str:
        """Kind, name and id for messages, such as `the flow "orders" (d0c1...)`."""
        name = f' "{self.name}"' if self.name else ""
        return f"the {self.resource.title}{name} ({self.id})"

    @property
    def sentence(self) -> str:
        """The title in the form for the beginning of a sentence."""
        return f"T{self.title[1:]}"

    @property
    def is_being_deleted(self) -> bool:
        """True if a deletion has started."""
        return self.state == DELETING


def from_json(resource: Resource, body: JsonObject) -> StoredObject:
    """Return the object of this JSON, which has an `id`. Values of an unexpected form count as unknown."""
    return StoredObject(
        resource=resource,
        id=str(body["id"]),
        name=_printable(json_values.text(body.get("name")) or ""),
        created_at=json_values.time(body.get("createdAt")),
        created_client=json_values.text(body.get("createdClient")),
        state=json_values.text(body.get("state")),
        references=tuple(_references(body)),
        is_export=_has_spec(resource, body),
        body=body,
    )


def planned_object(resource: Resource, planned: Value) -> StoredObject:
    """Return a planned object, which has no id yet."""
    return from_json(resource, {"id": "", **json_mapping.to_json(resource, planned)})


def users_of(identifiers: Iterable[str], objects: Iterable[StoredObject]) -> list[StoredObject]:
    """Return the objects that use one of these ids, directly or through another object."""
    found: dict[str, StoredObject] = {}
    rest, wanted = list(objects), {*identifiers}
    while users := {each.id: each for each in rest if not wanted.isdisjoint(each.references)}:
        found |= users
        rest = [each for each in rest if each.id not in users]
        wanted = {*users}
    return [*found.values()]


def used_by(users: Iterable[StoredObject], objects: Iterable[StoredObject]) -> list[StoredObject]:
    """Return the objects that these use, directly or through another object."""
    found: dict[str, StoredObject] = {}
    known = {each.id: each for each in objects}
    wanted = [identifier for each in users for identifier in each.references]
    while wanted:
        each = known.pop(wanted.pop(0), None)
        if each is not None:
            found[each.id] = each
            wanted += each.references
    return [*found.values()]


def in_deletion_order(objects: Iterable[StoredObject]) -> list[StoredObject]:
    """Return the objects, each before those that it may use; of one kind the oldest first."""
    return sorted(objects, key=lambda each: (KINDS.index(each.resource), each.created_at or "", each.id))


def import_block(found: StoredObject) -> str:
    """Return the import block for an object. The reader completes the address of its resource."""
    return f"import {{\n  to = {found.resource.type_name}.<name>\n  id = {json.dumps(found.id)}\n}}"


def _references(body: JsonObject) -> Iterable[str]:
    for key in _REFERENCES:
        value = body.get(key)
        yield from [value] if isinstance(value, str) else json_values.texts(value)


def _has_spec(resource: Resource, body: JsonObject) -> bool:
    """Return True if the object matches the `list_filter` of its resource, `<path>==<value>,<value>`."""
    path, _, values = resource.list_filter.partition("==")
    return json_mapping.get(body, path) in values.split(",")


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
