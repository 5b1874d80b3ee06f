"""Reads the blocks of Terraform's JSON, each of which is an object or a list of objects.

The forms are those of Terraform's documentation, "JSON Configuration Syntax" (1.11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def bodies(value: object) -> Iterator[Mapping[str, Any]]:
    """Give the objects in a value: itself, or those in a list."""
    if isinstance(value, Mapping):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from bodies(each)


def members(value: object) -> Iterator[tuple[str, Any]]:
    """Give the keys and values of an object, or of all objects in a list."""
    for body in bodies(value):
        yield from body.items()


def at(value: object, *keys: str) -> Iterator[Any]:
    """Give the values at the end of the keys. Each object on the way can be a list of objects."""
    if not keys:
        yield value
        return
    for body in bodies(value):
        if keys[0] in body:
            yield from at(body[keys[0]], *keys[1:])
