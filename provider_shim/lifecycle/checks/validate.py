"""Validation of a configuration against its description. Makes no request; unknown values are skipped."""

from __future__ import annotations

from dataclasses import replace

from provider_shim.lifecycle.checks import required, sizes
from provider_shim.schema.attribute import Attribute
from provider_shim.schema.block import Block
from provider_shim.schema.diagnostics import Diagnostic, Severity
from provider_shim.schema.paths import ROOT, Path
from provider_shim.schema.rules import BlockRule
from provider_shim.schema.values import UNKNOWN, Value


def check_config(block: Block, config: Value, *, disputed: bool = False) -> list[Diagnostic]:
    """Return the violations of the undisputed rules, or with `disputed` those of the disputed ones.

    Required arguments that are null are among the undisputed violations. Disputed rules are checked only
    during plan, because their severity is a setting of the provider, which `terraform validate` does not
    know.
    """
    missing = [] if disputed else required.missing(block, config)
    return missing + _check_object(block.attributes, block.rules, config, ROOT, disputed)


def _check_object(
    attributes: tuple[Attribute, ...],
    rules: tuple[BlockRule, ...],
    value: Value,
    attribute_path: Path,
    disputed: bool,
) -> list[Diagnostic]:
    if value is None or value is UNKNOWN:
        return []
    problems = [
        problem
        for attribute in attributes
        for problem in _check_attribute(attribute, value[attribute.name], attribute_path, disputed)
    ]
    for rule in rules:
        if rule.disputed is disputed:
            problems += rule.check(value, attribute_path)
    return problems


def _check_attribute(
    attribute: Attribute, value: Value, parent_path: Path, disputed: bool
) -> list[Diagnostic]:
    attribute_path = parent_path.attribute(attribute.name)
    if oversized := sizes.too_long(attribute, value, attribute_path):
        return [] if disputed else oversized
    problems = [
        problem
        for rule in attribute.rules
        if rule.disputed is disputed
        for problem in rule.check(value, attribute_path, secret=attribute.sensitive)
    ]
    nested = attribute.nested
    if nested is not None and value is not None and value is not UNKNOWN:
        for item in value if isinstance(value, list) else [value]:
            problems += _check_object(nested.attributes, nested.rules, item, attribute_path, disputed)
    return problems


def as_severity(problems: list[Diagnostic], setting: str) -> list[Diagnostic]:
    """Return violations of disputed rules with the severity of the provider's setting `disputed_rules`."""
    advice = (
        " Adobe's sources disagree about this; disputed_rules = \"warning\" in the provider's configuration "
        "turns this error into a warning."
    )
    severity = Severity.WARNING if setting == "warning" else Severity.ERROR
    return [replace(each, severity=severity, detail=each.detail + advice) for each in problems]
