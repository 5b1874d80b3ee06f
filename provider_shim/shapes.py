"""Descriptions of values by their shape: types, keys and lengths, never the values, which can be secret."""

from __future__ import annotations

import re
from typing import Any

_MAX_KEYS = 8
_KEY = re.compile(r"[A-Za-z_@$][\w.:@$-]{0,39}", re.ASCII)


def of_value(value: Any) -> str:
    """Return the shape of a JSON value, such as "an object with the keys id and name"."""
    match value:
        case dict():
            return _of_object(value)
        case list():
            return f"a list of {_counted(len(value), 'value')}"
        case str():
            return f"text of {_counted(len(value), 'character')}"
        case bool():
            return "true or false"
        case None:
            return "null"
        case _:
            return "a number"


def of_content(content: bytes) -> str:
    """Return the shape of a body that isn't JSON, such as "text of 12 characters"."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _counted(len(content), "byte") + " that are not text"
    return of_value(text)


def _of_object(value: dict[str, Any]) -> str:
    """List the keys that look like names. One that doesn't may be a value in the wrong place."""
    names = [key for key in list(value)[:_MAX_KEYS] if _KEY.fullmatch(key)]
    others = len(value) - len(names)
    if not names:
        return f"an object with {_counted(others, 'key')}" if others else "an empty object"
    shown = [*names, f"{others} more"] if others else names
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
    return f"an object with the key{'s' if len(value) > 1 else ''} {listed}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
