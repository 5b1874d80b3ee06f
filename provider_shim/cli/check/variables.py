"""The types of a module's variables. Terraform drops the keys that such a type does not have, too."""

from __future__ import annotations

from collections import Counter

from provider_shim.cli.check.model import Entry, Expression, Mapping, Repeated, Scalar, Value
from provider_shim.cli.check.modules import Module
from provider_shim.schema.types import DYNAMIC, List, Map, Object, Set, Tuple, Type

_COLLECTIONS: dict[str, type[List] | type[Set] | type[Map]] = {
    "list(...)": List,
    "set(...)": Set,
    "map(...)": Map,
}


def references(module: Module) -> dict[str, Value]:
    """Return the values of `local.<name>` in a module, and of `var.<name>` as far as its type has keys."""
    found = {f"local.{name}": value for name, value in module.locals().items()}
    for name, constraint in _constraints(module).items():
        if has_keys(type_of(constraint)):
            found[f"var.{name}"] = _value_of(constraint)
    return found


def variable_types(module: Module) -> dict[str, Type]:
    """Return the types of a module's variables by name."""
    return {name: type_of(constraint) for name, constraint in _constraints(module).items()}


def type_of(constraint: Value) -> Type:
    """Return the type that a constraint of a variable describes; dynamic where it has no keys."""
    match constraint:
        case Expression(text="object(...)", arguments=(Mapping() as body,)):
            return Object({each.key or "": type_of(each.value) for each in body.entries})
        case Expression(text="optional(...)", arguments=(inner, *_)):
            return type_of(inner)
        case Expression(text=text, arguments=(element,)) if text in _COLLECTIONS:
            return _COLLECTIONS[text](type_of(element))
    return DYNAMIC


def has_keys(kind: Type) -> bool:
    """Return whether a type is an object or has objects as elements."""
    match kind:
        case Object():
            return True
        case List(element) | Set(element) | Map(element):
            return has_keys(element)
        case Tuple(elements):
            return any(map(has_keys, elements))
    return False


def _value_of(constraint: Value) -> Value:
    """Return a value of the type that a constraint describes, with the places of its keys."""
    place = constraint.place
    match constraint:
        case Expression(text="object(...)", arguments=(Mapping() as body,)):
            entries = tuple(Entry(each.place, each.key, _value_of(each.value)) for each in body.entries)
            return Mapping(place, entries)
        case Expression(text="optional(...)", arguments=(inner, *_)):
            return _value_of(inner)
        case Expression(text=text, arguments=(element,)) if text in _COLLECTIONS:
            return Repeated(place, _value_of(element))
        case Expression(text="string" | "number" | "bool"):
            return Scalar(place)
        case Expression(text=text):
            return Expression(place, f"of the type {text}")
    return Expression(place, "of an unknown type")


def _constraints(module: Module) -> dict[str, Value]:
    """Return the constraints by variable, without those of variables that an override file changes."""
    blocks = [(name, body) for (name,), _, body in module.blocks("variable", 1)]
    number = Counter(name for name, _ in blocks)
    return {
        name: constraint for name, body in blocks if number[name] == 1 for constraint in body.values("type")
    }
