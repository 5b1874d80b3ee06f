"""Lenient reading of JSON for data sources: a value of an unexpected form is null instead of an error."""

from __future__ import annotations

from typing import Any

from provider_shim.one_line import one_line
from provider_shim.schema import json_mapping
from provider_shim.schema.scalars import times

_MAX_SHOWN = 120
"""Characters of a name in a message."""


def text(value: Any) -> str | None:
    """Return a text, or a whole number as text; `None` for an empty text and any other value."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) or None


def shown(value: Any) -> str:
    """Return a name or an id of a response for a message: in one line, without controls, and not too long."""
    return one_line(str(value), _MAX_SHOWN) if isinstance(value, str | int) else "?"


def flag(value: Any) -> bool | None:
    """Return a boolean, or `None` for any other value."""
    return value if isinstance(value, bool) else None


def count(value: Any) -> int | None:
    """Return a whole number, or `None` for any other value."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def time(milliseconds: Any) -> str | None:
    """Return the RFC 3339 text, in UTC, of milliseconds since 1970, or `None` for any other value."""
    whole = count(milliseconds)
    try:
        return None if whole is None else times.from_epoch(whole // 1000)
    except ValueError:
        return None


def objects(value: Any) -> list[json_mapping.JsonObject]:
    """Return the objects of a list, without other items."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """Return the texts of a list, without other items."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
