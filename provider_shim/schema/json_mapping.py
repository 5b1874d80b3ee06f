"""Conversion between a resource's state and the JSON of a Flow Service entity, driven by the description."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import AuthenticationMethod, DestinationBlock, Resource
from provider_shim.schema.codecs import shape
from provider_shim.schema.paths import ROOT, Path
from provider_shim.schema.rules import is_given
from provider_shim.schema.types import BOOL, NUMBER, STRING, Primitive, Type
from provider_shim.schema.values import UNKNOWN, Value, make_set, sort_key

JsonObject = dict[str, Any]


class UnexpectedResponse(Exception):
    """A response has a value that the attribute at `attribute_path` can't represent."""

    def __init__(self, attribute_path: Path, reason: str) -> None:
        super().__init__(reason)
        self.attribute_path = attribute_path
        self.reason = reason


def get(body: Any, json_path: str) -> Any:
    """Return the value at a dotted path (`params.bucketName`), or `None` if there is none."""
    for key in json_path.split("."):
        if not isinstance(body, dict) or key not in body:
            return None
        body = body[key]
    return body


def put(body: JsonObject, json_path: str, value: Any) -> None:
    """Set the value at a dotted path. Missing objects along the path are added."""
    *parents, last = json_path.split(".")
    for key in parents:
        body = body.setdefault(key, {})
    body[last] = value


def selected_destination(resource: Resource, state: Value) -> DestinationBlock | None:
    """Return the destination block that a state or configuration has.

    Returns `None` if it has none, or only unknown ones.
    """
    for destination in resource.destination_blocks:
        if is_given(state[destination.attribute]):
            return destination
    return None


def selected_method(destination: DestinationBlock, block: Value) -> AuthenticationMethod | None:
    """Return the authentication method to which the secrets in a destination block belong.

    Returns `None` if no secret is set, or if unknown secrets leave more than one method possible.
    """
    given = [
        method for method in destination.methods if any(is_given(block[name]) for name in method.attributes)
    ]
    if given:
        return given[0]
    possible = [
        method for method in destination.methods if any(block[name] is UNKNOWN for name in method.attributes)
    ]
    return possible[0] if len(possible) == 1 else None


def to_json(resource: Resource, state: Value) -> JsonObject:
    """Return the JSON of a state, as a create sends it. Null and unknown values are left out."""
    body: JsonObject = {}
    _put_all(body, resource.constants)
    destination = selected_destination(resource, state)
    if destination is not None:
        _put_all(body, destination.constants)
        method = selected_method(destination, state[destination.attribute])
        if method is not None:
            put(body, "auth.specName", method.spec_name)
    _encode(resource.attributes, state, body)
    return body


def _put_all(body: JsonObject, constants: Any) -> None:
    for json_path, value in constants.items():
        put(body, json_path, copy.deepcopy(value))


def _encode(attributes: tuple[Attribute, ...], state: Value, body: JsonObject) -> None:
    for attribute in attributes:
        value = state[attribute.name]
        if not is_given(value):
            continue
        _put_all(body, attribute.constants)
        if attribute.nested is not None and attribute.nested.nesting is Nesting.SINGLE:
            _encode(attribute.nested.attributes, value, body)
        elif attribute.json is not None and attribute.json.writable:
            put(body, attribute.json.path, encode_value(attribute, value))


def encode_value(attribute: Attribute, value: Value) -> Any:
    """Return the JSON of an attribute's value, which is known and not null."""
    if attribute.nested is not None:
        items = []
        for item in value:
            encoded: JsonObject = {}
            _encode(attribute.nested.attributes, item, encoded)
            items.append(encoded)
        return items
    assert attribute.json is not None  # noqa: S101 - checked by the callers
    return attribute.json.codec.encode(value)


def from_json(resource: Resource, body: JsonObject, prior: Value) -> Value:
    """Return the state of an entity.

    `prior` is the previous state. It supplies values that a response does not have, and the spelling of
    semantically equal values. Raises `UnexpectedResponse`.
    """
    destination = _response_destination(resource, body)
    state: dict[str, Value] = {}
    for attribute in resource.attributes:
        known = None if prior is None else prior[attribute.name]
        if destination is not None and attribute.name in destination.derived:
            state[attribute.name] = destination.derived[attribute.name]
        elif any(attribute.name == each.attribute for each in resource.destination_blocks):
            selected = destination is not None and attribute.name == destination.attribute
            state[attribute.name] = _decode_object(attribute, body, known, ROOT) if selected else None
        else:
            state[attribute.name] = _decode(attribute, body, known, ROOT)
    return state


def _response_destination(resource: Resource, body: JsonObject) -> DestinationBlock | None:
    if not resource.destination_blocks:
        return None
    spec_id = get(body, resource.discriminator)
    for destination in resource.destination_blocks:
        if destination.spec_id == spec_id:
            return destination
    known = ", ".join(
        f"{destination.title} ({destination.spec_id})" for destination in resource.destination_blocks
    )
    raise UnexpectedResponse(
        ROOT, f"its connection spec is {shape(spec_id)}, and datasets can only be exported to these: {known}"
    )


def _decode(attribute: Attribute, body: JsonObject, prior: Value, parent_path: Path) -> Value:
    attribute_path = parent_path.attribute(attribute.name)
    if attribute.write_only:
        return None
    if attribute.nested is not None and attribute.nested.nesting is Nesting.SINGLE:
        if not any(_is_read(each) for each in attribute.nested.attributes):
            return prior
        state = _decode_object(attribute, body, prior, parent_path)
        return state if any(value is not None for value in state.values()) else None
    if not _is_read(attribute):
        return prior
    json_value = _response_value(attribute, body)
    if json_value is _NOT_PRESENT:
        return prior
    if json_value is None:
        return _absent_value(attribute, prior)
    value = _decode_value(attribute, json_value, prior, attribute_path)
    return prior if semantically_equal(attribute, prior, value) else value


def _is_read(attribute: Attribute) -> bool:
    return attribute.json is not None and attribute.json.readable


def _decode_object(
    attribute: Attribute, body: JsonObject, prior: Value, parent_path: Path
) -> dict[str, Value]:
    assert attribute.nested is not None  # noqa: S101 - checked by the callers
    attribute_path = parent_path.attribute(attribute.name)
    return {
        each.name: _decode(each, body, None if prior is None else prior[each.name], attribute_path)
        for each in attribute.nested.attributes
    }


_NOT_PRESENT = object()


def _response_value(attribute: Attribute, body: JsonObject) -> Any:
    """Return the JSON value of an attribute, `None` if it is absent.

    Returns `_NOT_PRESENT` if the response leaves out the whole object that would contain the value.
    """
    assert attribute.json is not None  # noqa: S101 - checked by the callers
    for json_path in (attribute.json.path, *attribute.json.aliases):
        value = get(body, json_path)
        if value is not None:
            return value
    parent, _, _ = attribute.json.path.rpartition(".")
    return _NOT_PRESENT if parent and get(body, parent) is None else None


def _absent_value(attribute: Attribute, prior: Value) -> Value:
    """Return the value of an attribute that is absent from a response.

    A required attribute, or one with a default, can't have been removed, so it keeps its prior value.
    """
    if attribute.presence is Presence.REQUIRED:
        return prior
    if attribute.presence is Presence.DEFAULT:
        return attribute.default if prior is None else prior
    return prior if semantically_equal(attribute, prior, None) else None


def _decode_value(attribute: Attribute, json_value: Any, prior: Value, attribute_path: Path) -> Value:
    if attribute.nested is not None:
        if not isinstance(json_value, list) or not all(isinstance(item, dict) for item in json_value):
            raise UnexpectedResponse(attribute_path, "a list of objects was expected")
        priors = _PriorItems(prior or [])
        return make_set(_decode_item(attribute.nested, item, priors, attribute_path) for item in json_value)
    assert attribute.json is not None  # noqa: S101 - checked by the callers
    try:
        value = attribute.json.codec.decode(json_value)
    except ValueError as invalid:
        raise UnexpectedResponse(attribute_path, str(invalid)) from invalid
    if value is not None and not _has_type(attribute.type, value):
        raise UnexpectedResponse(
            attribute_path, f"a {_type_name(attribute.type)} was expected, not {shape(json_value)}"
        )
    return value


class _PriorItems:
    """The objects of a set or list before a response, found by some of their values without comparing all."""

    def __init__(self, items: list[Value]) -> None:
        self._items = items
        self._by_values: dict[tuple[str, ...], dict[str, Value]] = {}

    def with_values(self, present: dict[str, Value]) -> Value:
        """Return the first object that has these values, or `None`."""
        names = tuple(present)
        if names not in self._by_values:
            table: dict[str, Value] = {}
            for item in self._items:
                table.setdefault(sort_key([item[name] for name in names]), item)
            self._by_values[names] = table
        return self._by_values[names].get(sort_key([*present.values()]))


def _decode_item(
    nested: Nested, body: JsonObject, priors: _PriorItems, attribute_path: Path
) -> dict[str, Value]:
    """Return one object of a set or list.

    Values that the response leaves out are taken from the prior object whose other values are equal.
    """
    item = {each.name: _decode(each, body, None, attribute_path) for each in nested.attributes}
    present = {name: value for name, value in item.items() if value is not None}
    if len(present) == len(item):
        return item
    prior = priors.with_values(present)
    return item if prior is None else prior | present


_PYTHON: dict[Type, tuple[type, ...]] = {STRING: (str,), BOOL: (bool,), NUMBER: (int, Decimal)}


def _has_type(kind: Type, value: Value) -> bool:
    """Return True if a decoded value has its attribute's primitive type. A bool is not a number."""
    return type(value) in _PYTHON.get(kind, (type(value),))


def _type_name(kind: Type) -> str:
    return kind.name if isinstance(kind, Primitive) else "value of its type"


def semantically_equal(attribute: Attribute, one: Value, other: Value) -> bool:
    """Return True if two values of an attribute have the same JSON. An unknown value equals no other."""
    if one is UNKNOWN or other is UNKNOWN:
        return False
    if attribute.json is None or attribute.nested is not None:
        return bool(one == other)
    return attribute.json.codec.same(one, other)
