"""Terraform's type system, with the JSON form that the plugin protocol uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Primitive:
    """`string`, `number`, `bool`, or `dynamic` (a value of any type)."""

    name: str


@dataclass(frozen=True, slots=True)
class List:
    """A sequence of values of one type."""

    element: Type
    keyword: ClassVar[str] = "list"


@dataclass(frozen=True, slots=True)
class Set:
    """Unordered distinct values of one type."""

    element: Type
    keyword: ClassVar[str] = "set"


@dataclass(frozen=True, slots=True)
class Map:
    """Values of one type by text keys."""

    element: Type
    keyword: ClassVar[str] = "map"


@dataclass(frozen=True, slots=True)
class Object:
    """Named values, each of its own type. Every name is always present, possibly with null."""

    attributes: Mapping[str, Type]


@dataclass(frozen=True, slots=True)
class Tuple:
    """A fixed number of values, each of its own type."""

    elements: tuple[Type, ...]


Type = Primitive | List | Set | Map | Object | Tuple

STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")

_PRIMITIVES = {primitive.name: primitive for primitive in (STRING, NUMBER, BOOL, DYNAMIC)}
_COLLECTIONS: dict[str, type[List] | type[Set] | type[Map]] = {"list": List, "set": Set, "map": Map}


def to_json(kind: Type) -> Any:
    """Return the protocol's JSON form of a type, such as `["list", "string"]`."""
    match kind:
        case Primitive(name):
            return name
        case List(element) | Set(element) | Map(element):
            return [kind.keyword, to_json(element)]
        case Object(attributes):
            return ["object", {name: to_json(each) for name, each in attributes.items()}]
        case Tuple(elements):
            return ["tuple", [to_json(each) for each in elements]]


MAX_DEPTH = 100
"""Maximum of levels of a type that is read from JSON, because Python's stack is limited."""


def from_json(form: Any, depth: int = MAX_DEPTH) -> Type:
    """Return the type of a JSON form.

    Raises `ValueError` if it is not the form of a type, or has more than `depth` levels.
    """
    if depth <= 0:
        raise ValueError("the type has too many levels")
    match form:
        case str() if form in _PRIMITIVES:
            return _PRIMITIVES[form]
        case [str() as keyword, element] if keyword in _COLLECTIONS:
            return _COLLECTIONS[keyword](from_json(element, depth - 1))
        case ["object", dict() as attributes]:
            return Object({name: from_json(each, depth - 1) for name, each in attributes.items()})
        case ["tuple", list() as elements]:
            return Tuple(tuple(from_json(each, depth - 1) for each in elements))
    raise ValueError("not a Terraform type")
