"""Values that programs stumble over, and documents with a few of their values replaced by such."""

from __future__ import annotations

import copy
import random
from typing import Any, Final

# Text that is put into a body as it is, because Python would not write it: see `encode` in bodies.py.
RAW: Final = "<raw>"
RAW_VALUES: Final = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "9" * 5000,
    "[" * 300 + "]" * 300,
    '"\\ud800"',
    "01",
)
TEXTS: Final = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud7ff\U0001f600",
    "%SEGMENT_NAME%" * 30,
    "../../etc/passwd",
    "..",
    "'; DROP TABLE entity; --",
    "<script>alert(1)</script>",
    "x" * 2000,
    "é\u202e\ufeff",
    "00000000-0000-4000-8000-000000000000",
    "2031-01-02T00:00:00Z",
    "9999-99-99T99:99:99Z",
    "-1",
    "1e5",
    "true",
    "null",
    "$connections.a",
    '"quoted"',
    "%",
    "%%",
    "%DATASET_ID%",
)
NUMBERS: Final = (0, -1, 1, 2, 24, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 10**30, 0.5, -0.0, 1e308, 1e-320)


def scalar(choice: random.Random) -> Any:
    """Any single value."""
    kind = choice.randrange(6)
    if kind == 0:
        return choice.choice(NUMBERS)
    if kind == 1:
        return choice.choice((None, True, False))
    if kind == 2:
        return f"{RAW}{choice.choice(RAW_VALUES)}{RAW}"
    return choice.choice(TEXTS)


def value(choice: random.Random, depth: int = 0) -> Any:
    """Any value, with a little nesting."""
    if depth > 2 or choice.random() < 0.7:
        return scalar(choice)
    if choice.random() < 0.5:
        return [value(choice, depth + 1) for _ in range(choice.randrange(4))]
    return {choice.choice(TEXTS): value(choice, depth + 1) for _ in range(choice.randrange(4))}


def places(document: Any) -> list[tuple[Any, Any]]:
    """Each place in a document that holds a value: its object or array, and the key."""
    found: list[tuple[Any, Any]] = []
    pairs = document.items() if isinstance(document, dict) else ()
    for key, part in enumerate(document) if isinstance(document, list) else pairs:
        found.append((document, key))
        found += places(part)
    return found


def mutated(choice: random.Random, document: Any) -> Any:
    """A document with one to three changes: values replaced, removed, doubled, renamed or added."""
    changed = copy.deepcopy(document)
    for _ in range(choice.randint(1, 3)):
        spots = places(changed)
        if not spots or choice.random() < 0.02:
            return value(choice)
        holder, key = choice.choice(spots)
        kind = choice.randrange(7)
        if kind == 0:
            del holder[key]
        elif kind == 1 and isinstance(holder, dict):
            holder[_similar(choice, str(key))] = holder.pop(key)
        elif kind == 2 and isinstance(holder, dict):
            holder[choice.choice(TEXTS)] = value(choice)
        elif kind == 3 and isinstance(holder, list):
            holder += holder
        elif kind == 4:
            holder[key] = [holder[key]]
        else:
            holder[key] = value(choice)
    return changed


def _similar(choice: random.Random, name: str) -> str:
    return choice.choice(
        (name.upper(), name.capitalize(), f" {name}", f"{name}s", name[1:] or "x", f"{name}\x00")
    )
