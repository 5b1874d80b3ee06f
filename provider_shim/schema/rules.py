"""Rules that one attribute's value must keep, each able to tell the user what is wrong and what is right.

A rule is asked about known, present values only: unknown and null parts are passed over one by one, so that
a partly unknown configuration is still checked in its known parts.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any, Protocol

from provider_shim.schema import durations, times
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import Path
from provider_shim.schema.values import UNKNOWN, Value, is_wholly_known


class Rule(Protocol):
    """A statement about a value. `disputed` rules are those that Adobe's own sources contradict: they are
    judged at plan, where the provider's `disputed_rules` says how severe they are.
    """

    @property
    def disputed(self) -> bool:
        """Whether Adobe's sources contradict each other about it."""

    def check(self, value: Value, place: Path, *, secret: bool = False) -> list[Diagnostic]:
        """The problems of the value at this place; a secret's are told without its text."""


class BlockRule(Protocol):
    """A statement about several attributes of one object, which may be unknown or null."""

    @property
    def disputed(self) -> bool:
        """Whether Adobe's sources contradict each other about it."""

    def check(self, value: Value, place: Path) -> list[Diagnostic]:
        """The problems of the object at this place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRule:
    """What the rules about a single value share: `requirement` completes "must ...", `example` is a good value."""

    requirement: str
    example: Any = None
    disputed: bool = False

    def holds(self, value: Value) -> bool:
        """Whether a known, present value keeps the rule."""
        raise NotImplementedError

    def check(self, value: Value, place: Path, *, secret: bool = False) -> list[Diagnostic]:
        """One diagnostic, or none."""
        if value is None or not is_wholly_known(value) or self.holds(value):
            return []
        name = str(place)
        shown = f"a secret of {len(str(value))} characters" if secret else f"{shorten(value)}"
        example = "" if self.example is None else f" For example: {shorten(self.example)}."
        return [error(f"Invalid {name}", f"{name} must {self.requirement}. It is {shown}.{example}", place)]


def shorten(value: Any) -> str:
    """A value as a user would write it, cut when long."""
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 120 else f'"{value[:117]}..."'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern(ValueRule):
    """Text that matches a regular expression from its first to its last character."""

    regex: str

    def holds(self, value: Value) -> bool:
        """Full match; Python's `$` alone would let a trailing newline pass."""
        return re.fullmatch(self.regex, value, re.ASCII) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(ValueRule):
    """One of a few values; text is compared without regard to case where `ignore_case` is set."""

    values: tuple[Any, ...]
    ignore_case: bool = False

    def holds(self, value: Value) -> bool:
        """Membership."""
        if self.ignore_case and isinstance(value, str):
            return value.lower() in {each.lower() for each in self.values}
        return value in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEmpty(ValueRule):
    """Text that is not blank, or a collection with at least one element."""

    requirement: str = "not be empty"

    def holds(self, value: Value) -> bool:
        """Blank text counts as empty."""
        return bool(value.strip() if isinstance(value, str) else value)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerBetween(ValueRule):
    """A whole number that is not below a bound."""

    minimum: int
    maximum: int | None = None

    def holds(self, value: Value) -> bool:
        """Both bounds are included."""
        whole = value == int(value)
        return bool(whole and self.minimum <= value and (self.maximum is None or value <= self.maximum))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp(ValueRule):
    """An RFC 3339 time in whole seconds."""

    requirement: str = "be an RFC 3339 time in whole seconds"
    example: Any = "2031-12-01T00:00:00Z"

    def holds(self, value: Value) -> bool:
        """The calendar is asked as well: the thirtieth of February names no point in time."""
        try:
            times.parse(value)
        except ValueError:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(ValueRule):
    """A length of time as Terraform users write it."""

    requirement: str = 'be a positive length of time in hours, minutes and seconds, such as "1h30m"'
    example: Any = "10m"

    def holds(self, value: Value) -> bool:
        """Zero is no time to wait."""
        try:
            return durations.parse(value) > 0
        except ValueError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Base64(ValueRule):
    """Text in base64, line breaks allowed."""

    requirement: str = "be base64"

    def holds(self, value: Value) -> bool:
        """The standard alphabet with padding."""
        try:
            return bool(base64.b64decode("".join(value.split()), validate=True))
        except (binascii.Error, ValueError):
            return False


def is_given(value: Value) -> bool:
    """Whether a value is known and present."""
    return value is not None and value is not UNKNOWN
