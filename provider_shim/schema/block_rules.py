"""Rules across several attributes of one object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from provider_shim.schema.block import AuthenticationMethod
from provider_shim.schema.codecs import Codec
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import Path
from provider_shim.schema.rules import is_given, shorten
from provider_shim.schema.scalars import times
from provider_shim.schema.values import UNKNOWN, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactlyOneOf:
    """Requires exactly one of the attributes. An unknown value counts as possibly set.

    `noun` names what the attributes stand for, in the summary of the error.
    """

    attributes: tuple[str, ...]
    noun: str
    disputed: bool = False

    def check(self, value: Value, attribute_path: Path) -> list[Diagnostic]:
        """Report each surplus attribute on that attribute, and a missing one on the object."""
        given = [name for name in self.attributes if is_given(value[name])]
        listed = ", ".join(f"`{name}`" for name in self.attributes)
        if len(given) > 1:
            conflicting = " and ".join(f"`{name}`" for name in given)
            return [
                error(
                    f"More than one {self.noun}",
                    f"{conflicting} are both set. Keep exactly one of {listed}.",
                    attribute_path.attribute(name),
                )
                for name in given[1:]
            ]
        if not given and not any(value[name] is UNKNOWN for name in self.attributes):
            return [error(f"No {self.noun}", f"Exactly one of {listed} must be set.", attribute_path)]
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeastOneOf:
    """Requires at least one of the attributes. An unknown value counts as set.

    `noun` names what the attributes stand for, in the summary of the error.
    """

    attributes: tuple[str, ...]
    noun: str
    disputed: bool = False

    def check(self, value: Value, attribute_path: Path) -> list[Diagnostic]:
        """Report missing attributes on the object."""
        if any(value[name] is not None for name in self.attributes):
            return []
        listed = " or ".join(f"`{name}`" for name in self.attributes)
        return [error(f"No {self.noun}", f"Set {listed}.", attribute_path)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistent:
    """Requires equal JSON values of attributes that represent one value in different ways.

    `attributes` are the names, each with the codec that encodes its value.
    """

    attributes: tuple[tuple[str, Codec], ...]
    disputed: bool = False

    def check(self, value: Value, attribute_path: Path) -> list[Diagnostic]:
        """Report each attribute whose JSON value differs from that of the first attribute that is set."""
        given = [(name, codec) for name, codec in self.attributes if is_given(value[name])]
        if len(given) < 2:
            return []
        (first, first_codec), *others = given
        try:
            expected = first_codec.encode(value[first])
            differing = [(name, codec) for name, codec in others if codec.encode(value[name]) != expected]
        except ValueError:
            return []  # the attribute's own rule reports a malformed value
        return [
            error(
                f"{name} and {first} disagree",
                f"{name} is {shorten(value[name])}, but {first} is {shorten(value[first])}, which means "
                f"{shorten(_decoded(codec, expected))} for {name}. One of the two is enough.",
                attribute_path.attribute(name),
            )
            for name, codec in differing
        ]


def _decoded(codec: Codec, json_value: Any) -> Any:
    try:
        return codec.decode(json_value)
    except ValueError:
        return json_value


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedCombinations:
    """Allows only certain combinations of the attributes' values.

    Each row of `allowed` has one value for each attribute. Rows of `tolerated` pass too, but the error does
    not offer them; a second, disputed rule reports them. Unknown and null values match every row. `summary`
    and `explanation` are the first line and the last sentences of the error.
    """

    attributes: tuple[str, ...]
    allowed: tuple[tuple[Any, ...], ...]
    summary: str
    explanation: str
    tolerated: tuple[tuple[Any, ...], ...] = ()
    ignore_case: bool = False
    disputed: bool = False

    def check(self, value: Value, attribute_path: Path) -> list[Diagnostic]:
        """Report the first attribute whose value no row has together with the values before it."""
        rows = (*self.allowed, *self.tolerated)
        for index, name in enumerate(self.attributes):
            if not is_given(value[name]):
                continue
            matching = tuple(row for row in rows if self._folded(row[index]) == self._folded(value[name]))
            if not matching:
                return [self._problem(value, attribute_path, name, index, rows)]
            rows = matching
        return []

    def _folded(self, value: Any) -> Any:
        return value.upper() if self.ignore_case and isinstance(value, str) else value

    def _problem(
        self, value: Value, attribute_path: Path, name: str, index: int, rows: tuple[tuple[Any, ...], ...]
    ) -> Diagnostic:
        given = ", ".join(
            f"{other} = {shorten(value[other])}"
            for other in self.attributes[:index]
            if is_given(value[other])
        )
        offered = [row for row in rows if row not in self.tolerated]
        possible = " or ".join(dict.fromkeys(shorten(row[index]) for row in offered))
        subject = f"With {given}, {name}" if given else name
        return error(
            self.summary,
            f"{subject} can be {possible}, not {shorten(value[name])}. {self.explanation}",
            attribute_path.attribute(name),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Requires the time of attribute `first` to be before that of attribute `second`."""

    first: str
    second: str
    disputed: bool = False

    def check(self, value: Value, attribute_path: Path) -> list[Diagnostic]:
        """Report the wrong order on `second`. Malformed times are left to their own rules."""
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
                attribute_path.attribute(self.second),
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictsWith:
    """Forbids setting `attribute` together with `other`, for `reason`."""

    attribute: str
    other: str
    reason: str
    disputed: bool = False

    def check(self, value: Value, attribute_path: Path) -> list[Diagnostic]:
        """Report the conflict on `attribute`."""
        if not is_given(value[self.attribute]) or not is_given(value[self.other]):
            return []
        return [
            error(
                f"{self.attribute} with {self.other}",
                f"{self.attribute} can't be set together with {self.other}: {self.reason}",
                attribute_path.attribute(self.attribute),
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAuthenticationMethod:
    """Requires the secrets in a nested attribute to be those of exactly one authentication method.

    No secrets at all are valid here: an existing connection keeps its secrets, and the plan rejects a new
    connection without any. Unknown secrets are ignored, because they may become null. `methods` are all
    methods of the destination.
    """

    attribute: str
    methods: tuple[AuthenticationMethod, ...]
    disputed: bool = False

    def check(self, value: Value, attribute_path: Path) -> list[Diagnostic]:
        """Report half a credential on the missing attribute, and a second method on its first attribute."""
        block = value[self.attribute]
        if not is_given(block):
            return []
        parent_path = attribute_path.attribute(self.attribute)
        used = [method for method in self.methods if any(is_given(block[name]) for name in method.attributes)]
        if not used:
            return []
        first, *others = used
        if others:
            return [self._surplus(first, other, block, parent_path) for other in others]
        return [
            error(
                f"Incomplete credentials: {name} is missing",
                f"The method {first.spec_name} takes "
                + " and ".join(f"`{each}`" for each in first.attributes)
                + f"; set `{name}` as well, or none of them to leave the credentials of an existing "
                "connection as they are.",
                parent_path.attribute(name),
            )
            for name in first.attributes
            if block[name] is None
        ]

    def _surplus(
        self, first: AuthenticationMethod, other: AuthenticationMethod, block: Value, parent_path: Path
    ) -> Diagnostic:
        surplus = next(name for name in other.attributes if is_given(block[name]))
        return error(
            "Credentials of two authentication methods",
            f"`{surplus}` belongs to {other.spec_name}, but "
            + " and ".join(f"`{name}`" for name in first.attributes if is_given(block[name]))
            + f" to {first.spec_name}. Keep those of one method.",
            parent_path.attribute(surplus),
        )
