"""Required arguments that are null.

Terraform checks only that a required argument is written in the configuration, not that it has a value:
`datasets = null` and a variable whose value is null pass. The framework of the Go providers reports them, and
so does this module. An unknown value passes until it is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.block import Block
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import ROOT, Path
from provider_shim.schema.rules import is_given, shorten
from provider_shim.schema.types import List, Set
from provider_shim.schema.values import UNKNOWN, Value


def missing(block: Block, config: Value) -> list[Diagnostic]:
    """Return an error for each required argument that is null, and for each null element of a list or set."""
    return list(_in_object(block.attributes, config, ROOT, ""))


def _in_object(
    attributes: tuple[Attribute, ...], value: Value, parent_path: Path, element: str
) -> Iterator[Diagnostic]:
    """Yield the errors in one object. `element` describes it if it is an element of a collection."""
    if not is_given(value):
        return
    for attribute in attributes:
        attribute_path = parent_path.attribute(attribute.name)
        if value[attribute.name] is None and attribute.required:
            yield _missing(attribute, attribute_path, element)
        else:
            yield from _in_attribute(attribute, value[attribute.name], attribute_path)


def _in_attribute(attribute: Attribute, value: Value, attribute_path: Path) -> Iterator[Diagnostic]:
    if not is_given(value):
        return
    nested = attribute.nested
    if nested is not None and nested.nesting is Nesting.SINGLE:
        yield from _in_object(nested.attributes, value, attribute_path, "")
    elif isinstance(attribute.value_type, List | Set):
        for item in value:
            if item is None:
                yield _null_element(attribute_path)
            elif nested is not None:
                yield from _in_object(
                    nested.attributes, item, attribute_path, _described(nested.attributes, item)
                )


def _described(attributes: tuple[Attribute, ...], item: Value) -> str:
    """Return the element of a collection with those of its values that are known and not secret."""
    if item is UNKNOWN:
        return ""
    shown = [
        f"{each.name} = {shorten(item[each.name])}"
        for each in attributes
        if not each.sensitive and each.nested is None and is_given(item[each.name])
    ]
    return f" in the element with {', '.join(shown)}" if shown else ""


def _missing(attribute: Attribute, attribute_path: Path, element: str) -> Diagnostic:
    example = "" if attribute.example is None else f", for example {shorten(attribute.example)}"
    return error(
        f"Missing {attribute_path}",
        f"{attribute_path} is required, but it is null{element}. A variable whose value is null has this "
        f"effect too. Set a value{example}.",
        attribute_path,
    )


def _null_element(attribute_path: Path) -> Diagnostic:
    return error(
        f"Null element in {attribute_path}",
        f"{attribute_path} has an element that is null. Remove the element, or give it a value; "
        "compact() removes null elements from a list of strings.",
        attribute_path,
    )
