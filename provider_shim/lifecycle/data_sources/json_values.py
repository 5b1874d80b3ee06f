"""Reading answers that are shown and never acted on: what is not as documented is left out, and no error."""

from __future__ import annotations

from typing import Any

from provider_shim.schema import json_mapping, times


def text(value: Any) -> str | None:
    """A text; a number is shown as one. An empty text is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) or None


def count(value: Any) -> int | None:
    """A whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def time(milliseconds: Any) -> str | None:
    """The RFC 3339 text, in UTC, of milliseconds since 1970."""
    whole = count(milliseconds)
    try:
        return None if whole is None else times.from_epoch(whole // 1000)
    except ValueError:
        return None


def objects(value: Any) -> list[json_mapping.JsonObject]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of a list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
