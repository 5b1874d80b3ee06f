"""Validation of request parameters by Adobe's JSON Schemas.

A published schema is made strict before use. ``fileType`` and ``csvOptions`` are removed, because their
condition (not a dataset flow, or CSV) never holds for a dataset export, although ``required`` has
``fileType``. Unknown fields are errors. Patterns are run in their safe form and must match the whole value.
Messages have the field and the rule, and never the value, which may be a secret.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from flow_emulator.specs.catalogue import with_extras
from flow_emulator.specs.patterns import matches
from flow_emulator.specs.secret_params import MaskedSecret

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

Schema = dict[str, Any]

_CONDITIONAL: Final = ("fileType", "csvOptions")

# Fields that samples send although the published schema does not list them.
TARGET_EXTRAS: Final[Schema] = {
    "mode": {"type": "string"},
    "includeFileManifest": {"type": "boolean"},
}


class SchemaValidator:
    """Validates values by schemas, which are compiled at their first use."""

    def __init__(self) -> None:
        self._compiled: dict[str, Validator] = {}

    def problems(
        self, key: str, schema: Schema, value: Any, extras: Mapping[str, Schema] | None = None
    ) -> list[str]:
        """Return a message for each error of ``value``.

        Args:
            key: The key of the compiled schema.
            schema: The JSON Schema.
            value: The value to validate.
            extras: Properties to allow beside those of the schema.
        """
        if key not in self._compiled:
            self._compiled[key] = _compile(_strict(schema, extras or {}))
        return [
            _message(error)
            for error in self._compiled[key].iter_errors(value)
            if not isinstance(error.instance, MaskedSecret)
        ]


def _strict(schema: Schema, extras: Mapping[str, Schema]) -> Schema:
    strict = copy.deepcopy(schema)
    for name in _CONDITIONAL:
        strict["properties"].pop(name, None)
    strict["required"] = [name for name in strict.get("required", []) if name not in _CONDITIONAL]
    strict = with_extras(strict, extras)
    _close(strict)
    return strict


def _close(schema: Schema) -> None:
    if schema.get("type") == "object":
        schema.setdefault("additionalProperties", False)
        for child in schema.get("properties", {}).values():
            _close(child)
    elif schema.get("type") == "array":
        _close(schema["items"])


def _compile(schema: Schema) -> Validator:
    # Importing jsonschema takes a tenth of a second, and a process that only reads does not need it.
    from jsonschema import Draft7Validator, ValidationError, validators

    def pattern(_validator: Any, published: str, instance: Any, _schema: Any) -> Iterator[Any]:
        if isinstance(instance, str) and not matches(published, instance):
            yield ValidationError("pattern")

    strict = validators.extend(Draft7Validator, {"pattern": pattern})  # type: ignore[no-untyped-call] # jsonschema has no types
    validator: Validator = strict(schema)
    return validator


def _message(error: Any) -> str:
    where = ".".join(str(part) for part in error.absolute_path) or "the object"
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"{where} lacks {', '.join(missing)}"
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(error.schema.get("properties", {})))
        return f"{where} has unknown fields: {', '.join(unknown)}"
    if error.validator == "enum":
        return f"{where} must be one of {', '.join(map(str, error.validator_value))}"
    if error.validator == "pattern":
        return f"{where} does not match the pattern {error.validator_value}"
    if error.validator == "type":
        return f"{where} must be of type {error.validator_value}"
    return f"{where} breaks the rule {error.validator}"
