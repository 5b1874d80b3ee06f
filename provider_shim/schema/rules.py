"""Rules for the value of one attribute, each of which can report a violation to the user.

Only values that are known and not null are checked. Others are skipped one by one, so that the known parts
of a partly unknown configuration are still checked.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any, Protocol

from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import Path
from provider_shim.schema.scalars import durations, times
from provider_shim.schema.values import UNKNOWN, Value, is_wholly_known


class Rule(Protocol):
    """A rule for one value.

    Disputed rules are checked during plan, with the severity of the provider's setting `disputed_rules`.
    """

    @property
    def disputed(self) -> bool:
        """True if Adobe's sources contradict each other about the rule."""

    def check(self, value: Value, attribute_path: Path, *, secret: bool = False) -> list[Diagnostic]:
        """Return the violations by the value at this path. Those of a `secret` do not contain its text."""


class BlockRule(Protocol):
    """A rule across several attributes of one object, whose values may be unknown or null."""

    @property
    def disputed(self) -> bool:
        """True if Adobe's sources contradict each other about the rule."""

    def check(self, value: Value, attribute_path: Path) -> list[Diagnostic]:
        """Return the violations by the object at this path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRule:
    """Base class of the rules for one value.

    `requirement` completes the sentence "... must ..."; `example` is a valid value.
    """

    requirement: str
    example: Any = None
    disputed: bool = False

    def holds(self, value: Value) -> bool:
        """Return True if a value, known and not null, satisfies the rule."""
        raise NotImplementedError

    def check(self, value: Value, attribute_path: Path, *, secret: bool = False) -> list[Diagnostic]:
        """Return one diagnostic, or none."""
        if value is None or not is_wholly_known(value) or self.holds(value):
            return []
        name = str(attribute_path)
        shown = f"a secret of {len(str(value))} characters" if secret else f"{shorten(value)}"
        example = "" if self.example is None else f" For example: {shorten(self.example)}."
        return [
            error(
                f"Invalid {name}", f"{name} must {self.requirement}. It is {shown}.{example}", attribute_path
            )
        ]


def shorten(value: Any) -> str:
    """Return a value as it is written in HCL, cut after 120 characters."""
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 120 else f'"{value[:117]}..."'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if len(text) <= 120 else f"{text[:117]}..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern(ValueRule):
    """Requires text that matches a regular expression as a whole."""

    regex: str

    def holds(self, value: Value) -> bool:
        """Return True on a full match. Python's `$` would accept a trailing newline."""
        return re.fullmatch(self.regex, value, re.ASCII) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(ValueRule):
    """Requires one of `values`. With `ignore_case`, the case of text is ignored."""

    values: tuple[Any, ...]
    ignore_case: bool = False

    def holds(self, value: Value) -> bool:
        """Return True if the value is one of `values`."""
        if self.ignore_case and isinstance(value, str):
            return value.lower() in {each.lower() for each in self.values}
        return value in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEmpty(ValueRule):
    """Requires text that is not blank, or a collection with at least one element."""

    requirement: str = "not be empty"

    def holds(self, value: Value) -> bool:
        """Return False for empty collections, and for text of white space only."""
        return bool(value.strip() if isinstance(value, str) else value)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerBetween(ValueRule):
    """Requires a whole number from `minimum` to `maximum`, both included."""

    minimum: int
    maximum: int | None = None

    def holds(self, value: Value) -> bool:
        """Return True if the number is whole and within the bounds."""
        whole = value == int(value)
        return bool(whole and self.minimum <= value and (self.maximum is None or value <= self.maximum))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp(ValueRule):
    """Requires an RFC 3339 time in whole seconds."""

    requirement: str = "be an RFC 3339 time in whole seconds"
    example: Any = "2031-12-01T00:00:00Z"

    def holds(self, value: Value) -> bool:
        """Return True if the text is well-formed and its date is in the calendar."""
        try:
            times.parse(value)
        except ValueError:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(ValueRule):
    """Requires a positive duration in Terraform's notation."""

    requirement: str = 'be a positive duration in hours, minutes and seconds, such as "1h30m"'
    example: Any = "10m"

    def holds(self, value: Value) -> bool:
        """Return True if the text is a duration above zero."""
        try:
            return durations.parse(value) > 0
        except ValueError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Base64(ValueRule):
    """Requires base64, in which line breaks are allowed."""

    requirement: str = "be base64"

    def holds(self, value: Value) -> bool:
        """Return True for the standard alphabet with padding."""
        try:
            return bool(base64.b64decode("".join(value.split()), validate=True))
        except (binascii.Error, ValueError):
            return False


_SHOWN_OBJECTS = 5
"""Number of equal objects that a message shows; a set can have thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueBy(ValueRule):
    """Requires the objects of a set to differ in the attribute `key`. An unknown or null key is skipped.

    `noun` names what an object of the set stands for.
    """

    key: str
    noun: str

    def holds(self, value: Value) -> bool:
        """Return True if no two objects have the same key."""
        return not self._repeated(value)

    def check(self, value: Value, attribute_path: Path, *, secret: bool = False) -> list[Diagnostic]:
        """Return one diagnostic for each key that several objects have, with these objects."""
        del secret  # keys are ids
        if not is_given(value):
            return []
        return [
            error(
                f"The same {self.noun} twice",
                f"{attribute_path} must {self.requirement}. These have the same {self.key}: "
                + " and ".join(_as_object(each) for each in items[:_SHOWN_OBJECTS])
                + (f" and {len(items) - _SHOWN_OBJECTS} more" if len(items) > _SHOWN_OBJECTS else "")
                + ". Keep one of them.",
                attribute_path,
            )
            for items in self._repeated(value)
        ]

    def _repeated(self, value: Value) -> list[list[Value]]:
        groups: dict[Any, list[Value]] = {}
        for item in value:
            # Constructs check arguments as they were given, in which a missing one has no key.
            if isinstance(item, dict) and is_given(item.get(self.key)):
                groups.setdefault(item[self.key], []).append(item)
        return [items for items in groups.values() if len(items) > 1]


def _as_object(item: Value) -> str:
    """Return an object as it is written in HCL, with its known values."""
    return (
        "{ " + ", ".join(f"{name} = {shorten(each)}" for name, each in item.items() if is_given(each)) + " }"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativePath(ValueRule):
    """Requires the path of a folder that does not begin with a slash. `/` alone is the uppermost folder."""

    requirement: str = "not begin with a slash"

    def holds(self, value: Value) -> bool:
        """Return True for a relative path, and for `/`."""
        return value == "/" or not value.startswith("/")


def is_given(value: Value) -> bool:
    """Return True if a value is known and not null."""
    return value is not None and value is not UNKNOWN
