"""The size of texts in a configuration."""

from __future__ import annotations

from provider_shim.schema.attribute import Attribute
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import Path
from provider_shim.schema.values import Value

MAX_CHARACTERS = 256 * 1024
"""Characters of one text. The largest one that a service takes is a private key of about 16,000."""


def too_long(attribute: Attribute, value: Value, attribute_path: Path) -> list[Diagnostic]:
    """Return an error if a text is longer than any that Flow Service accepts.

    Other rules are not checked then: their patterns are made for short texts.
    """
    length = len(value) if isinstance(value, str) else _longest(value)
    if length <= MAX_CHARACTERS:
        return []
    return [
        error(
            f"Invalid {attribute_path}",
            f"{attribute_path} must have at most {MAX_CHARACTERS:,} characters. It has {length:,}."
            + (" Check that the variable contains the secret itself." if attribute.sensitive else ""),
            attribute_path,
        )
    ]


def _longest(value: Value) -> int:
    """Return the length of the longest text of a list, and 0 for any other value."""
    return (
        max((len(each) for each in value if isinstance(each, str)), default=0)
        if isinstance(value, list)
        else 0
    )
