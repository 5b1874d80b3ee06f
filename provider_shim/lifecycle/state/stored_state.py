"""Conversion of stored states to the current schema, also of states that were edited by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from provider_shim.lifecycle.provider_api import UpgradeResourceStateResponse
from provider_shim.lifecycle.state.states import from_stored
from provider_shim.schema.attribute import Attribute
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import ROOT, Path, path
from provider_shim.schema.rules import is_given, shorten
from provider_shim.schema.scalars import numbers
from provider_shim.schema.scalars.numbers import OutOfRange
from provider_shim.schema.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    List,
    Map,
    Object,
    Primitive,
    Set,
    Tuple,
    Type,
)
from provider_shim.schema.values import UNKNOWN, Unknown, Value, is_text

_PRIMITIVES = {STRING: "a text", NUMBER: "a number", BOOL: "true or false", DYNAMIC: "a value"}


def upgrade(resource: Resource, version: int, stored: Any) -> UpgradeResourceStateResponse:
    """Convert a stored state (decoded JSON) to the current schema. Attributes of later versions are null.

    A value that the schema does not allow is an error: the state is damaged, or was edited by hand.
    """
    if version > resource.version:
        detail = (
            f"The state of this {resource.type_name} was written by a newer version of the provider. "
            "Upgrade it."
        )
        problems = [error("The state is too new", detail)]
    else:
        problems = unusable_values(resource, stored)
    if problems:
        return UpgradeResourceStateResponse(upgraded_state=None, diagnostics=problems)
    return UpgradeResourceStateResponse(upgraded_state=from_stored(resource.type, stored))


def unusable_values(resource: Resource, stored: Any) -> list[Diagnostic]:
    """Return an error that names the attributes of a stored state whose values the schema does not allow."""
    found = list(_wrong_types(resource.type, stored, ROOT)) or list(
        _not_encodable(resource.attributes, stored, ROOT)
    )
    identifier = stored.get("id") if isinstance(stored, dict) else None
    if isinstance(stored, dict) and identifier in (None, ""):
        found.append((path("id"), "the id of the object", identifier))
    if not found:
        return []
    name = f' "{stored["name"]}"' if isinstance(stored, dict) and isinstance(stored.get("name"), str) else ""
    facts = "; ".join(
        f"{str(where) or 'the whole state'} must be {expected}, and is {_shown(value)}"
        for where, expected, value in found
    )
    known = identifier if isinstance(identifier, str) and identifier else "<id>"
    return [
        error(
            "The state has an unusable value",
            f"The state of the {resource.title}{name} is damaged or was edited by hand: {facts}.\n\n"
            "Restore the state from a backup (terraform.tfstate.backup, or an earlier version in the "
            "backend). Or remove the object from the state, which keeps it in Flow Service, and import "
            "it:\n\n"
            f"  terraform state rm {resource.type_name}.<name>\n"
            f"  terraform import {resource.type_name}.<name> {known}",
            found[0][0],
        )
    ]


def unusable_change(resource: Resource, prior: Value, planned: Value) -> list[Diagnostic]:
    """Return the errors in the states before and after a change, each of which is null if there is none.

    No plan of this provider lacks a required value, or has one without JSON in Flow Service: such a plan file
    is damaged.
    """
    problems = [] if prior is None else unusable_values(resource, prior)
    if problems or planned is None:
        return problems
    return [
        error(f"Invalid {where}", f"{where} must be {expected}. It is {_shown(value)}.", where)
        for where, expected, value in (
            *_incomplete(resource.attributes, planned, ROOT),
            *_not_encodable(resource.attributes, planned, ROOT),
        )
    ]


def _wrong_types(kind: Type, stored: Any, where: Path) -> Iterator[tuple[Path, str, Any]]:
    """Yield path, expected type and value of each value of another type. Every attribute may be null."""
    match kind, stored:
        case Object(attributes), dict():
            for name, each in attributes.items():
                if stored.get(name) is not None:
                    yield from _wrong_types(each, stored[name], where.attribute(name))
        case ((List(element) | Set(element)), list()):
            for index, item in enumerate(stored):
                yield from _wrong_types(element, item, where.element(index))
        case Map(element), dict():
            for key, item in stored.items():
                yield from _wrong_types(element, item, where.element(key))
        case Tuple(elements), list() if len(elements) == len(stored):
            for index, each in enumerate(elements):
                yield from _wrong_types(each, stored[index], where.element(index))
        case _ if not _is_primitive(kind, stored):
            yield where, _described(kind, stored), stored


def _not_encodable(
    attributes: tuple[Attribute, ...], stored: Any, parent_path: Path
) -> Iterator[tuple[Path, str, Any]]:
    """Yield path, rule and value of each value that has no JSON in Flow Service, such as a malformed time."""
    for attribute in attributes:
        value, where = stored.get(attribute.name), parent_path.attribute(attribute.name)
        if not is_given(value):
            continue
        if attribute.nested is not None:
            for item in value if isinstance(value, list) else [value]:
                if not is_given(item):
                    continue
                yield from _not_encodable(attribute.nested.attributes, item, where)
        elif attribute.json is not None and attribute.json.writable:
            try:
                attribute.json.codec.encode(value)
            except ValueError:
                yield where, "a value that Flow Service knows", value


def _incomplete(
    attributes: tuple[Attribute, ...], planned: Any, parent_path: Path
) -> Iterator[tuple[Path, str, Any]]:
    """Yield path, rule and value of each value that a planned state lacks.

    A required one is not null, and only what Flow Service or the provider computes can be unknown.
    """
    for attribute in attributes:
        value, where = planned[attribute.name], parent_path.attribute(attribute.name)
        if (value is None and attribute.required) or (value is UNKNOWN and not attribute.computed):
            yield where, "known, and not null", value
        elif attribute.nested is not None and is_given(value):
            for item in value if isinstance(value, list) else [value]:
                if is_given(item):
                    yield from _incomplete(attribute.nested.attributes, item, where)
                else:
                    yield where, "known, and not null", item


def _is_primitive(kind: Type, stored: Any) -> bool:
    match stored:
        case str():
            return kind == STRING and is_text(stored)
        case bool():
            return kind == BOOL
        case int() | Decimal():
            return kind == NUMBER
    return kind == DYNAMIC


def _described(kind: Type, stored: Any) -> str:
    match kind:
        case Primitive("number") if isinstance(stored, OutOfRange):
            return numbers.RANGE
        case Primitive():
            return _PRIMITIVES[kind]
        case List() | Set() | Tuple():
            return "a list"
        case _:
            return "an object"


def _shown(value: Any) -> str:
    """Return a value for a message: texts and numbers as they are, of others the kind only."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case Unknown():
            return "unknown"
        case str():
            return shorten(value.encode(errors="replace").decode())
        case _:
            return shorten(value)
