"""Checking a configuration against its description, offline and in its known parts."""

from __future__ import annotations

from dataclasses import replace

from provider_shim.schema.attribute import Attribute
from provider_shim.schema.block import Block
from provider_shim.schema.diagnostics import Diagnostic, Severity
from provider_shim.schema.paths import ROOT, Path
from provider_shim.schema.rules import BlockRule
from provider_shim.schema.values import UNKNOWN, Value


def check_config(block: Block, config: Value, *, disputed: bool = False) -> list[Diagnostic]:
    """The problems of a configuration: those of the undisputed rules, or of the disputed ones.

    The disputed rules are asked at plan only, because how severe they are is provider configuration, which
    `validate` does not know.
    """
    return _check_object(block.attributes, block.rules, config, ROOT, disputed)


def _check_object(
    attributes: tuple[Attribute, ...],
    rules: tuple[BlockRule, ...],
    value: Value,
    place: Path,
    disputed: bool,
) -> list[Diagnostic]:
    if value is None or value is UNKNOWN:
        return []
    found = [
        problem
        for attribute in attributes
        for problem in _check_attribute(attribute, value[attribute.name], place, disputed)
    ]
    for rule in rules:
        if rule.disputed is disputed:
            found += rule.check(value, place)
    return found


def _check_attribute(attribute: Attribute, value: Value, inside: Path, disputed: bool) -> list[Diagnostic]:
    place = inside.attribute(attribute.name)
    found = [
        problem
        for rule in attribute.rules
        if rule.disputed is disputed
        for problem in rule.check(value, place, secret=attribute.sensitive)
    ]
    nested = attribute.nested
    if nested is not None and value is not None and value is not UNKNOWN:
        for item in value if isinstance(value, list) else [value]:
            found += _check_object(nested.attributes, nested.rules, item, place, disputed)
    return found


def as_severity(problems: list[Diagnostic], setting: str) -> list[Diagnostic]:
    """The problems of disputed rules, as severe as the provider's `disputed_rules` says."""
    how_to = (
        " Adobe's sources disagree about this; disputed_rules = \"warning\" in the provider's configuration "
        "lets it through."
    )
    severity = Severity.WARNING if setting == "warning" else Severity.ERROR
    return [replace(each, severity=severity, detail=each.detail + how_to) for each in problems]
