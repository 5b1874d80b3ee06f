"""Between a resource's state and a Flow Service entity, both ways, guided by the description alone."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DestinationBlock, Method, Resource
from provider_shim.schema.paths import ROOT, Path
from provider_shim.schema.rules import is_given
from provider_shim.schema.types import BOOL, NUMBER, STRING, Primitive, Type
from provider_shim.schema.values import UNKNOWN, Value, make_set

JsonObject = dict[str, Any]


class UnexpectedResponse(Exception):
    """An entity holds something that its attribute can't stand for. `place` is the attribute's."""

    def __init__(self, place: Path, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


def get(body: Any, place: str) -> Any:
    """What stands at a dotted place, or `None`."""
    for key in place.split("."):
        if not isinstance(body, dict) or key not in body:
            return None
        body = body[key]
    return body


def put(body: JsonObject, place: str, value: Any) -> None:
    """Set what stands at a dotted place; objects on the way are made."""
    *way, last = place.split(".")
    for key in way:
        body = body.setdefault(key, {})
    body[last] = value


def selected_destination(resource: Resource, state: Value) -> DestinationBlock | None:
    """The variant that a state or configuration holds; `None` where it has none, or may have any."""
    for destination in resource.destination_blocks:
        if is_given(state[destination.attribute]):
            return destination
    return None


def selected_method(destination: DestinationBlock, block: Value) -> Method | None:
    """The authentication method to which the secrets in the variant's nested attribute belong.

    `None` where no secret is given, or where unknown ones leave more than one method possible.
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
    """The entity that a state describes, as a create sends it. Null and unknown values are left out."""
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
    for place, value in constants.items():
        put(body, place, copy.deepcopy(value))


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
    """The JSON of one attribute's known, present value."""
    if attribute.nested is not None:
        items = []
        for item in value:
            encoded: JsonObject = {}
            _encode(attribute.nested.attributes, item, encoded)
            items.append(encoded)
        return items
    assert attribute.json is not None  # noqa: S101 - callers have looked
    return attribute.json.codec.encode(value)


def from_json(resource: Resource, body: JsonObject, prior: Value) -> Value:
    """The state that an entity is in.

    `prior` is the state known before: it keeps what an answer can't tell, and the spelling of a value that
    means the same. Raises `UnexpectedResponse`.
    """
    destination = _response_destination(resource, body)
    state: dict[str, Value] = {}
    for attribute in resource.attributes:
        known = None if prior is None else prior[attribute.name]
        if destination is not None and attribute.name in destination.derived:
            state[attribute.name] = destination.derived[attribute.name]
        elif any(attribute.name == each.attribute for each in resource.destination_blocks):
            chosen = destination is not None and attribute.name == destination.attribute
            state[attribute.name] = _decode_object(attribute, body, known, ROOT) if chosen else None
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
        ROOT, f"its connection spec is {spec_id}, and datasets can only be exported to these: {known}"
    )


def _decode(attribute: Attribute, body: JsonObject, prior: Value, inside: Path) -> Value:
    place = inside.attribute(attribute.name)
    if attribute.write_only:
        return None
    if attribute.nested is not None and attribute.nested.nesting is Nesting.SINGLE:
        if not any(_is_read(each) for each in attribute.nested.attributes):
            return prior
        state = _decode_object(attribute, body, prior, inside)
        return state if any(value is not None for value in state.values()) else None
    if not _is_read(attribute):
        return prior
    answered = _response_value(attribute, body)
    if answered is _NOT_PRESENT:
        return prior
    if answered is None:
        return _absent_value(attribute, prior)
    value = _decode_value(attribute, answered, prior, place)
    return prior if semantically_equal(attribute, prior, value) else value


def _is_read(attribute: Attribute) -> bool:
    return attribute.json is not None and attribute.json.readable


def _decode_object(attribute: Attribute, body: JsonObject, prior: Value, inside: Path) -> dict[str, Value]:
    assert attribute.nested is not None  # noqa: S101 - callers have looked
    place = inside.attribute(attribute.name)
    return {
        each.name: _decode(each, body, None if prior is None else prior[each.name], place)
        for each in attribute.nested.attributes
    }


_NOT_PRESENT = object()


def _response_value(attribute: Attribute, body: JsonObject) -> Any:
    """What an answer has for an attribute. One that leaves out the whole object around it tells nothing."""
    assert attribute.json is not None  # noqa: S101 - callers have looked
    for place in (attribute.json.path, *attribute.json.aliases):
        value = get(body, place)
        if value is not None:
            return value
    around, _, _ = attribute.json.path.rpartition(".")
    return _NOT_PRESENT if around and get(body, around) is None else None


def _absent_value(attribute: Attribute, prior: Value) -> Value:
    """What an answer without the attribute says. One that can't be absent was left out, and not removed."""
    if attribute.presence is Presence.REQUIRED:
        return prior
    if attribute.presence is Presence.DEFAULT:
        return attribute.default if prior is None else prior
    return prior if semantically_equal(attribute, prior, None) else None


def _decode_value(attribute: Attribute, answered: Any, prior: Value, place: Path) -> Value:
    if attribute.nested is not None:
        if not isinstance(answered, list) or not all(isinstance(item, dict) for item in answered):
            raise UnexpectedResponse(place, "a list of objects was expected")
        return make_set(_decode_item(attribute.nested, item, prior or [], place) for item in answered)
    assert attribute.json is not None  # noqa: S101 - callers have looked
    try:
        value = attribute.json.codec.decode(answered)
    except ValueError as mistake:
        raise UnexpectedResponse(place, str(mistake)) from mistake
    if value is not None and not _is_of(attribute.type, value):
        raise UnexpectedResponse(place, f"a {_called(attribute.type)} was expected, not {answered!r}")
    return value


def _decode_item(nested: Nested, body: JsonObject, priors: list[Value], place: Path) -> dict[str, Value]:
    """One object of a set or list. What the answer leaves out of it is as in the prior object that it is."""
    item = {each.name: _decode(each, body, None, place) for each in nested.attributes}
    for prior in priors:
        if all(value in (None, prior[name]) for name, value in item.items()):
            return {name: prior[name] if value is None else value for name, value in item.items()}
    return item


_PYTHON: dict[Type, tuple[type, ...]] = {STRING: (str,), BOOL: (bool,), NUMBER: (int, Decimal)}


def _is_of(kind: Type, value: Value) -> bool:
    """Whether a decoded value is one of its attribute's primitive type; a truth value is no number."""
    return type(value) in _PYTHON.get(kind, (type(value),))


def _called(kind: Type) -> str:
    return kind.name if isinstance(kind, Primitive) else "value of its type"


def semantically_equal(attribute: Attribute, one: Value, other: Value) -> bool:
    """Whether two values of an attribute would be sent alike; an unknown one is the same as nothing."""
    if one is UNKNOWN or other is UNKNOWN:
        return False
    if attribute.json is None or attribute.nested is not None:
        return bool(one == other)
    return attribute.json.codec.same(one, other)
