"""The "Schema" part of a reference page: attributes and rules of a description as Markdown.

The layout is the one of Terraform's registry: required, optional and read-only attributes in three lists,
and one section for each attribute that has nested ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from provider_shim.schema import block_rules as across
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import Block
from provider_shim.schema.rules import BlockRule, OneOf, Rule, ValueRule
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

TYPES = {STRING: "String", NUMBER: "Number", BOOL: "Boolean", DYNAMIC: "Dynamic"}
NESTINGS = {
    Nesting.SINGLE: "Attributes",
    Nesting.LIST: "Attributes List",
    Nesting.SET: "Attributes Set",
    Nesting.MAP: "Attributes Map",
}
GROUPS: tuple[tuple[str, Callable[[Attribute], bool]], ...] = (
    ("Required", lambda each: each.required),
    ("Optional", lambda each: each.optional),
    ("Read-Only", lambda each: not each.required and not each.optional),
)
DISPUTED = " Adobe's sources disagree on this: the provider's `disputed_rules` decides."

SHORT_SOURCES = {
    "tutorial": "Adobe's tutorial 'Export datasets by using the Flow Service API', 2023 beta text (c16fbc89)",
    "catalog": "the destination's page in Adobe's destinations catalogue",
    "activate": "Adobe, activate-segments-file-based-destinations.md (10abac64)",
}
"""The words by which the destinations' files name their sources."""


def schema(block: Block) -> str:
    """The whole part, its heading included."""
    parts = ["## Schema", *_groups(block.attributes, (), "###"), _rules(block.rules)]
    parts += [*_sections(block.attributes, ()), _legend(block)]
    return "\n\n".join(part for part in parts if part)


def _groups(attributes: tuple[Attribute, ...], inside: tuple[str, ...], level: str) -> Iterator[str]:
    for title, belongs in GROUPS:
        lines = [_line(each, inside) for each in sorted(attributes, key=_name) if belongs(each)]
        if lines:
            yield f"{level} {title}" if level else f"{title}:"
            yield "\n".join(lines)


def _name(attribute: Attribute) -> str:
    return attribute.name


def _sections(attributes: tuple[Attribute, ...], inside: tuple[str, ...]) -> Iterator[str]:
    """A section for each attribute that has nested ones, each followed by those inside it."""
    for each in sorted(attributes, key=_name):
        if each.nested is None:
            continue
        way = (*inside, each.name)
        yield f'<a id="{_anchor(way)}"></a>\n### Nested Schema for `{".".join(way)}`'
        yield from (
            _groups(each.nested.attributes, way, "") if each.nested.attributes else ["It is empty: `{}`."]
        )
        yield _rules(each.nested.rules)
        yield from _sections(each.nested.attributes, way)


def _anchor(way: tuple[str, ...]) -> str:
    return "nestedatt--" + "--".join(way)


def _line(attribute: Attribute, inside: tuple[str, ...]) -> str:
    facts = [_kind(attribute), *_marks(attribute)]
    text = " ".join([attribute.description, *notes(attribute, nested=bool(inside))])
    if attribute.nested is not None:
        text += f" (see [below for nested schema](#{_anchor((*inside, attribute.name))}))"
    return f"- `{attribute.name}` ({', '.join(facts)}) {text}"


def _kind(attribute: Attribute) -> str:
    return type_name(attribute.type) if attribute.nested is None else NESTINGS[attribute.nested.nesting]


def type_name(kind: Type) -> str:
    """A type in the registry's words, such as `List of String`."""
    match kind:
        case List(element) | Set(element) | Map(element):
            return f"{type(kind).__name__} of {type_name(element)}"
        case Primitive():
            return TYPES[kind]
        case Object() | Tuple():
            return type(kind).__name__


def _marks(attribute: Attribute) -> Iterator[str]:
    if attribute.sensitive:
        yield "Sensitive"
    if attribute.write_only:
        yield "Write-only"


def notes(attribute: Attribute, *, nested: bool = False) -> list[str]:
    """What follows from the description beyond its prose, one sentence each. `nested` is whether the
    attribute has siblings inside another one, whose changes make the service choose anew.
    """
    found = []
    if attribute.presence is Presence.DEFAULT:
        found.append(f"Default: `{literal(attribute.default)}`.")
    if attribute.presence is Presence.OPTIONAL_COMPUTED:
        kept = ", and kept until something beside it changes" if nested else ""
        found.append(f"Left out, it is filled in{kept}.")
    if attribute.null_when is not None:
        name, value = attribute.null_when
        found.append(f"It is null then where `{name}` is `{literal(value)}`.")
    if attribute.requires_replace:
        found.append("A change replaces the object.")
    found += [sentence for rule in attribute.rules if (sentence := _rule(rule))]
    if attribute.example is not None and not attribute.sensitive:
        found.append(f"Example: `{literal(attribute.example)}`.")
    if attribute.source:
        found.append(f"Source: {attribute.source}.")
    return found


def _rule(rule: Rule) -> str:
    if isinstance(rule, OneOf):
        values = ", ".join(f"`{literal(value)}`" for value in rule.values)
        text = f"One of {values}" + (", in upper or lower case." if rule.ignore_case else ".")
    elif isinstance(rule, ValueRule):
        text = f"It must {rule.requirement}."
    else:
        raise TypeError(f"the reference page cannot describe {rule!r}")
    return text + (DISPUTED if rule.disputed else "")


def literal(value: Any) -> str:
    """A value as it is written in HCL."""
    return json.dumps(value, ensure_ascii=False)


def _rules(rules: tuple[BlockRule, ...]) -> str:
    if not rules:
        return ""
    lines = [
        line
        for rule in rules
        for line in (f"- {_across(rule)}{DISPUTED if rule.disputed else ''}", *_ways(rule))
    ]
    return "Rules across attributes:\n\n" + "\n".join(lines)


def _across(rule: BlockRule) -> str:
    match rule:
        case across.ExactlyOneOf():
            return f"Exactly one of {_listed(rule.attributes)} is set."
        case across.AtLeastOneOf():
            return f"{_listed(rule.attributes, ' or ')} is set."
        case across.Consistent():
            return f"{_listed(tuple(name for name, _ in rule.attributes), ' and ')} must agree."
        case across.Before():
            return f"`{rule.second}` must be after `{rule.first}`."
        case across.ConflictsWith():
            return f"`{rule.attribute}` can't be set together with `{rule.other}`: {rule.reason}"
        case across.OneAuthenticationMethod():
            ways = [f"{method.spec_name} ({_listed(method.attributes, ' and ')})" for method in rule.methods]
            return f"The secrets in `{rule.attribute}` are those of one method: {' or '.join(ways)}."
        case across.AllowedCombinations():
            return f"{_listed(rule.attributes)} go together in these ways. {rule.explanation}"
    raise TypeError(f"the reference page cannot describe {rule!r}")


def _ways(rule: BlockRule) -> Iterator[str]:
    if isinstance(rule, across.AllowedCombinations):
        for row in rule.allowed:
            yield f"  - {_listed(tuple(map(literal, row)))}"


def _listed(names: tuple[str, ...], between: str = ", ") -> str:
    return between.join(f"`{name}`" for name in names)


def _legend(block: Block) -> str:
    """The meaning of the short names of sources, where the page has any."""
    named = " ".join(attribute.source for _, attribute in attributes_of(block))
    words = [word for word in SHORT_SOURCES if re.search(rf"(^|[ ;]){word}\b(?! ')", named)]
    lines = [f"- {word}: {SHORT_SOURCES[word]}" for word in words]
    return "Sources named in short:\n\n" + "\n".join(lines) if lines else ""


def attributes_of(
    owner: Nested | Block, inside: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Attribute]]:
    """Every attribute of a description with the names that lead to it, the nested ones included."""
    for each in owner.attributes:
        way = (*inside, each.name)
        yield way, each
        if each.nested is not None:
            yield from attributes_of(each.nested, way)
