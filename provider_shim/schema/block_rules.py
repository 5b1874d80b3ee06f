"""Rules about several attributes of one object at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from provider_shim.schema import times
from provider_shim.schema.codecs import Codec
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import Path
from provider_shim.schema.rules import is_given, shorten
from provider_shim.schema.values import UNKNOWN, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactlyOneOf:
    """Of these attributes one is given, no more and no less. An unknown one may turn out to be it."""

    attributes: tuple[str, ...]
    noun: str
    disputed: bool = False

    def check(self, value: Value, place: Path) -> list[Diagnostic]:
        """Too many are told on each surplus one, none at all on the object."""
        given = [name for name in self.attributes if is_given(value[name])]
        listed = ", ".join(f"`{name}`" for name in self.attributes)
        if len(given) > 1:
            told = " and ".join(f"`{name}`" for name in given)
            return [
                error(
                    f"More than one {self.noun}",
                    f"{told} are both set. Keep exactly one of {listed}.",
                    place.attribute(name),
                )
                for name in given[1:]
            ]
        if not given and not any(value[name] is UNKNOWN for name in self.attributes):
            return [error(f"No {self.noun}", f"Exactly one of {listed} must be set.", place)]
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeastOneOf:
    """Of these attributes one or more are given."""

    attributes: tuple[str, ...]
    noun: str
    disputed: bool = False

    def check(self, value: Value, place: Path) -> list[Diagnostic]:
        """Told on the object, since no attribute is to blame more than another."""
        if any(value[name] is not None for name in self.attributes):
            return []
        listed = " or ".join(f"`{name}`" for name in self.attributes)
        return [error(f"No {self.noun}", f"Set {listed}.", place)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistent:
    """Attributes that say one thing in several ways say the same thing."""

    attributes: tuple[tuple[str, Codec], ...]
    disputed: bool = False

    def check(self, value: Value, place: Path) -> list[Diagnostic]:
        """Told on each attribute that differs from the first one given."""
        given = [(name, codec) for name, codec in self.attributes if is_given(value[name])]
        if len(given) < 2:
            return []
        (first, first_codec), *others = given
        try:
            meant = first_codec.encode(value[first])
            differing = [(name, codec) for name, codec in others if codec.encode(value[name]) != meant]
        except ValueError:
            return []  # the malformed one is told by its own rule
        return [
            error(
                f"{name} and {first} disagree",
                f"{name} is {shorten(value[name])}, but {first} is {shorten(value[first])}, which means "
                f"{shorten(_decoded(codec, meant))} for {name}. One of the two is enough.",
                place.attribute(name),
            )
            for name, codec in differing
        ]


def _decoded(codec: Codec, wire: Any) -> Any:
    try:
        return codec.decode(wire)
    except ValueError:
        return wire


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedCombinations:
    """Attributes whose values only go together in certain ways.

    `allowed` lists the good rows; `tolerated` ones pass too, and are not recommended: another rule, a
    disputed one, tells of them. The problem is told on the first attribute whose value no row can take,
    given those before it; unknown and null values fit every row.
    """

    attributes: tuple[str, ...]
    allowed: tuple[tuple[Any, ...], ...]
    summary: str
    explanation: str
    tolerated: tuple[tuple[Any, ...], ...] = ()
    ignore_case: bool = False
    disputed: bool = False

    def check(self, value: Value, place: Path) -> list[Diagnostic]:
        """One diagnostic, or none."""
        rows = (*self.allowed, *self.tolerated)
        for index, name in enumerate(self.attributes):
            if not is_given(value[name]):
                continue
            fitting = tuple(row for row in rows if self._folded(row[index]) == self._folded(value[name]))
            if not fitting:
                return [self._problem(value, place, name, index, rows)]
            rows = fitting
        return []

    def _folded(self, value: Any) -> Any:
        return value.upper() if self.ignore_case and isinstance(value, str) else value

    def _problem(
        self, value: Value, place: Path, name: str, index: int, rows: tuple[tuple[Any, ...], ...]
    ) -> Diagnostic:
        given = ", ".join(
            f"{other} = {shorten(value[other])}"
            for other in self.attributes[:index]
            if is_given(value[other])
        )
        good = [row for row in rows if row not in self.tolerated]
        possible = " or ".join(dict.fromkeys(shorten(row[index]) for row in good))
        because = f"With {given}, {name}" if given else name
        return error(
            self.summary,
            f"{because} can be {possible}, not {shorten(value[name])}. {self.explanation}",
            place.attribute(name),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """One point in time lies before another."""

    first: str
    second: str
    disputed: bool = False

    def check(self, value: Value, place: Path) -> list[Diagnostic]:
        """Told on the later one; malformed times are told by their own rule."""
        if not is_given(value[self.first]) or not is_given(value[self.second]):
            return []
        try:
            in_order = times.parse(value[self.first]) < times.parse(value[self.second])
        except ValueError:
            return []
        if in_order:
            return []
        return [
            error(
                f"{self.second} is not after {self.first}",
                f"{self.second} is {value[self.second]} and {self.first} is {value[self.first]}. "
                f"Choose a time for {self.second} that lies after {self.first}, or leave it out.",
                place.attribute(self.second),
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictsWith:
    """An attribute that can't be given together with another."""

    attribute: str
    other: str
    reason: str
    disputed: bool = False

    def check(self, value: Value, place: Path) -> list[Diagnostic]:
        """Told on the attribute that has to go."""
        if not is_given(value[self.attribute]) or not is_given(value[self.other]):
            return []
        return [
            error(
                f"{self.attribute} with {self.other}",
                f"{self.attribute} can't be set together with {self.other}: {self.reason}",
                place.attribute(self.attribute),
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAuthenticationMethod:
    """Inside one nested attribute: the secrets given belong to exactly one authentication method.

    No secret at all is allowed here: an existing connection keeps the ones that it has, and a new one is
    refused by the plan, which knows that it is new. An unknown secret may still turn out to be null, so it
    proves neither. `methods` are names with their secret attributes.
    """

    attribute: str
    methods: tuple[tuple[str, tuple[str, ...]], ...]
    disputed: bool = False

    def check(self, value: Value, place: Path) -> list[Diagnostic]:
        """Half a credential is told on the missing attribute, a second method's on the surplus one."""
        block = value[self.attribute]
        if not is_given(block):
            return []
        inside = place.attribute(self.attribute)
        present = [
            (name, fields) for name, fields in self.methods if any(is_given(block[field]) for field in fields)
        ]
        if not present:
            return []
        (first, fields), *others = present
        if others:
            return [self._surplus(first, fields, name, more, block, inside) for name, more in others]
        return [
            error(
                f"Incomplete credentials: {field} is missing",
                f"The method {first} takes "
                + " and ".join(f"`{each}`" for each in fields)
                + f"; set `{field}` as well, or none of them to leave the credentials of an existing "
                "connection as they are.",
                inside.attribute(field),
            )
            for field in fields
            if block[field] is None
        ]

    def _surplus(
        self,
        first: str,
        fields: tuple[str, ...],
        name: str,
        more: tuple[str, ...],
        block: Value,
        inside: Path,
    ) -> Diagnostic:
        surplus = next(field for field in more if is_given(block[field]))
        return error(
            "Credentials of two authentication methods",
            f"`{surplus}` belongs to {name}, but "
            + " and ".join(f"`{field}`" for field in fields if is_given(block[field]))
            + f" to {first}. Keep those of one method.",
            inside.attribute(surplus),
        )
