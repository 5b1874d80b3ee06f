"""What a fault is: a kind with options, the operations it applies to, and the requests that it hits.

A fault is written in three equivalent ways: as text (``createFlow reset when=after nth=2``), as a table of
a TOML file, and as JSON.
"""

from __future__ import annotations

import hashlib
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

from flow_emulator.faults.response_shapes import ERROR_SHAPES, RESHAPINGS
from flow_emulator.service.routes import OPERATIONS

Parse = Callable[[str, object], Any]
_LONGEST_NAME: Final = 100
# Enough for a thousand numbers of nth.
_LONGEST_TEXT: Final = 15_000


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > 1000 or not value.isprintable():
        raise ValueError(f"{name} must be one line of text.")
    return value


def _integer(least: int, most: int) -> Parse:
    def parse(name: str, value: object) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 18:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"{name} is a whole number from {least} to {most}.")
        return value

    return parse


def _number(most: float) -> Parse:
    def parse(name: str, value: object) -> float:
        try:
            # NaN fails the comparison below.
            number = float(value) if isinstance(value, str | int | float) else -1.0
        except (ValueError, OverflowError):
            number = -1.0
        if isinstance(value, bool) or not 0 <= number <= most:
            raise ValueError(f"{name} is a number from 0 to {most:g}.")
        return number

    return parse


def _one_of(*allowed: str) -> Parse:
    def parse(name: str, value: object) -> str:
        if value not in allowed:
            raise ValueError(f"{name} is one of {', '.join(allowed)}.")
        return str(value)

    return parse


def _numbers(name: str, value: object) -> tuple[int, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        parts = [parts]
    if not parts or len(parts) > 1000:
        raise ValueError(f"{name} is one number, or several joined by commas.")
    return tuple(_integer(1, 10**9)(name, part) for part in parts)


_WHEN: Final = _one_of("before", "after")
_RETRY: Final[dict[str, Parse]] = {
    "retry_after": _number(10**6),
    "retry_after_as": _one_of("seconds", "date"),
}


@dataclass(frozen=True)
class FaultKind:
    """One kind of fault: its effect, its options with their parsers, and the options that it requires."""

    effect: str
    options: Mapping[str, Parse] = field(default_factory=dict)
    required: tuple[str, ...] = ()


KINDS: Final[Mapping[str, FaultKind]] = {
    "status": FaultKind(
        "Responds with `status` (503), instead of doing what was asked or, with `when=after`, although it "
        "was done. `shape`, `code` and `message` choose the body; `retry_after` adds the header.",
        {
            "status": _integer(200, 599),
            "shape": _one_of(*ERROR_SHAPES),
            "code": _text,
            "message": _text,
            "when": _WHEN,
            **_RETRY,
        },
    ),
    "throttle": FaultKind(
        "Responds with 429 as the gateway does, without `Retry-After`, or with `retry_after` seconds, "
        "written as seconds or with `retry_after_as=date` as an HTTP date by the emulator's clock.",
        _RETRY,
    ),
    "latency": FaultKind(
        "Waits for `seconds`, before the request is handled or, with `when=after`, when it is done.",
        {"seconds": _number(3600), "when": _WHEN},
        ("seconds",),
    ),
    "reset": FaultKind(
        "Resets the connection, before anything is done or, with `when=after`, when all is done and only the "
        "response is missing.",
        {"when": _WHEN},
    ),
    "truncate": FaultKind(
        "Does what was asked, sends half of the response body, or `bytes` of it, and closes the connection.",
        {"bytes": _integer(0, 10**9)},
    ),
    "stale-etag": FaultKind(
        "Another client writes the entity: just before a patch or an action, just after a read, a list or a "
        "create, so that the etag which the client has is no longer the current one."
    ),
    "slow-state": FaultKind(
        "A transition that the request begins takes `looks` more reads (3), or `seconds` of a running clock: "
        "initializing, updating, enabling, disabling, deleting.",
        {"looks": _integer(0, 10**6), "seconds": _integer(0, 10**6)},
    ),
    "shape": FaultKind(
        "Responds in another `shape` that a page or a sample of Adobe's has.",
        {"shape": _one_of(*RESHAPINGS)},
        ("shape",),
    ),
}

_COMMON: Final[Mapping[str, Parse]] = {
    "nth": _numbers,
    "times": _integer(1, 10**9),
    "probability": _number(1),
    "seed": _integer(0, 2**53),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: the requests that it hits, and what it does to them.

    ``operation`` is a name or a pattern. The requests of matching operations are numbered from 1 since the
    fault was set. It hits those whose number is in ``nth`` (empty: any), with ``probability``, until it has
    ``times`` hits. The probability is decided by ``seed`` and the number, so it is the same everywhere.
    """

    operation: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    nth: tuple[int, ...] = ()
    times: int | None = None
    probability: float = 1.0
    seed: int = 0

    def applies_to(self, operation: str) -> bool:
        """Return whether the fault applies to requests of the operation."""
        return fnmatchcase(operation, self.operation)

    def hits(self, number: int, hits: int) -> bool:
        """Return whether request ``number`` is hit, after ``hits`` earlier hits."""
        if self.times is not None and hits >= self.times:
            return False
        if self.nth and number not in self.nth:
            return False
        return self.probability >= 1 or _random_fraction(self.seed, number) < self.probability

    def as_json(self) -> dict[str, Any]:
        """Return the fault as ``from_json`` parses it."""
        common: dict[str, Any] = {
            "nth": list(self.nth) or None,
            "times": self.times,
            "probability": self.probability if self.probability < 1 else None,
            "seed": self.seed or None,
        }
        given = {name: value for name, value in common.items() if value is not None}
        return {"operation": self.operation, "kind": self.kind, **self.options, **given}

    def as_text(self) -> str:
        """Return the fault as ``from_text`` parses it."""
        parts = [self.operation, self.kind]
        for name, value in self.as_json().items():
            if name not in ("operation", "kind"):
                shown = ",".join(map(str, value)) if isinstance(value, list) else f"{value}"
                parts.append(shlex.quote(f"{name}={shown}"))
        return " ".join(parts)


def operations_of(pattern: str) -> list[str]:
    """Return the operations that match a pattern such as ``createFlow``, ``*Connection`` or ``*``."""
    return sorted(name for name in OPERATIONS if fnmatchcase(name, pattern))


def from_json(given: object) -> Fault:
    """Parse a fault from a mapping. Raises ValueError with the reason."""
    if not isinstance(given, Mapping):
        raise ValueError("A fault is an object with operation and kind.")  # noqa: TRY004 - it is input of a user
    rest = {str(name): value for name, value in given.items()}
    operation, kind = rest.pop("operation", "*"), rest.pop("kind", None)
    if not isinstance(operation, str) or len(operation) > _LONGEST_NAME or not operations_of(operation):
        operations = ", ".join(sorted(OPERATIONS))
        raise ValueError(f"There is no operation {_shown(operation)}. The operations are: {operations}.")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"{_shown(kind)} is not a kind of fault. The kinds are: {', '.join(KINDS)}.")
    known = {**_COMMON, **KINDS[kind].options}
    for name in rest:
        if name not in known:
            raise ValueError(
                f"{kind} has no option {name[:_LONGEST_NAME]}. It has: {', '.join(sorted(known))}."
            )
    values = {name: known[name](name, value) for name, value in rest.items()}
    for name in KINDS[kind].required:
        if name not in values:
            raise ValueError(f"{kind} needs the option {name}.")
    common = {name: values.pop(name) for name in _COMMON if name in values}
    return Fault(operation, kind, values, **common)


def from_text(text: str) -> Fault:
    """Parse ``<operation> <kind> [<option>=<value> ...]``. Raises ValueError with the reason."""
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"The text of a fault has at most {_LONGEST_TEXT} characters.")
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ValueError(f"{_shown(text)}: {error}.") from None
    if len(words) < 2 or any("=" in word for word in words[:2]) or any("=" not in word for word in words[2:]):
        raise ValueError(
            f"{_shown(text)} is not a fault. Write an operation, a kind and options:"
            " createFlow status status=503."
        )
    options = dict(word.split("=", 1) for word in words[2:])
    if len(options) < len(words) - 2 or options.keys() & {"operation", "kind"}:
        raise ValueError(f"{_shown(text)} has an option twice.")
    return from_json({"operation": words[0], "kind": words[1], **options})


def from_toml(text: str) -> list[Fault]:
    """Parse a file of ``[[fault]]`` tables. Raises ValueError with the number of the invalid one."""
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise ValueError("The file is nested too deeply.") from None
    tables = document.get("fault")
    if set(document) != {"fault"} or not isinstance(tables, list):
        raise ValueError("The file holds [[fault]] tables and nothing else.")
    faults = []
    for number, table in enumerate(tables, 1):
        try:
            faults.append(from_json(table))
        except ValueError as error:
            raise ValueError(f"Fault {number}: {error}") from None
    return faults


def _shown(value: object) -> str:
    """Return a value as it was written, or its beginning when it is long."""
    text = repr(value) if isinstance(value, str | int | float) else type(value).__name__
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}..."


def _random_fraction(seed: int, number: int) -> float:
    """Return a number from 0 to 1 that depends only on the arguments."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{number}".encode()).digest()[:7], "big") / 2**56
