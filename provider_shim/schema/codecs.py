"""Codecs, which convert between Terraform values and the values in Flow Service's JSON.

Two Terraform values (`2026-12-01T00:00:00Z` and `2026-12-01T01:00:00+01:00`, `GZIP` and `gzip`) are
semantically equal if they have the same JSON value. This distinguishes drift from another spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from provider_shim import shapes
from provider_shim.schema.scalars import times


@dataclass(frozen=True, slots=True)
class Codec:
    """A pair of pure functions for values that are known and not null.

    Attributes:
        encode: Returns the JSON value of a Terraform value. May raise `ValueError`.
        decode: Returns the Terraform value of a JSON value. Raises `ValueError` for an unexpected one.
        null_json: The JSON value of null: `None`, or a value that the service treats as absent.
    """

    name: str
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    null_json: Any = None

    def same(self, one: Any, other: Any) -> bool:
        """Return True if two known Terraform values have the same JSON value.

        A value that can't be encoded (a malformed time in an old state) equals only itself.
        """
        try:
            return bool(self._json_value(one) == self._json_value(other))
        except ValueError:
            return bool(one == other)

    def _json_value(self, value: Any) -> Any:
        return self.null_json if value is None else self.encode(value)


_ID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)


def _identity(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"text was expected, not {shape(value)}")  # noqa: TRY004 - part of a response, not an argument
    return value


def _integer(value: Any) -> int:
    """Return a whole number. A response may also have it as text: the SDK `aepp` sends `interval` as text."""
    try:
        number = None if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        number = None
    # No field has longer numbers, and one in scientific notation could fill the memory.
    if number is None or not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(f"a whole number was expected, not {shape(value)}")
    if number != number.to_integral_value():
        raise ValueError(f"a whole number was expected, not {shape(value)}")
    return int(number)


def _only_item(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 1:
        raise ValueError(f"a list of exactly one id was expected, not {shape(value)}")
    return value[0]


PLAIN = Codec("plain", _identity, _identity)
TEXT = Codec("text", _text, _text)
INTEGER = Codec("integer", _integer, _integer)
UPPER_CASE = Codec("upper case", lambda value: _text(value).upper(), lambda value: _text(value).upper())
LOWER_CASE = Codec("lower case", lambda value: _text(value).lower(), lambda value: _text(value).lower())
EPOCH_SECONDS = Codec("epoch seconds", times.to_epoch, lambda value: times.from_epoch(_integer(value)))
FLAG = Codec("flag", _identity, _identity, null_json=False)
"""A bool for which absent and false are equal: a response without it is no drift from false."""
SINGLE_ITEM = Codec("single item", lambda value: [value], _only_item)
OPTIONAL_TEXT = Codec("optional text", _text, lambda value: _text(value) or None, null_json="")
"""A text for which null and an empty text are equal. Flow Service returns an absent `description` as an empty
text, as recorded in Adobe's migration guide for cloud storage destinations."""
STATE = Codec(
    "state",
    lambda enabled: "enabled" if enabled else "disabled",
    lambda state: _text(state) not in ("disabled", "disabling"),
)
"""A flow's `enabled`, sent and returned as its `state`. `enabled` and `disabled` are documented; transitional
states towards `enabled` (Flow Service error reference) decode as true."""


def shape(json_value: Any) -> str:
    """Return what kind of value a response has, for messages: an id or a number, but no text otherwise.

    A text in the wrong place can be a secret.
    """
    match json_value:
        case str() if _ID.fullmatch(json_value):
            return json_value
        case bool():
            return "true" if json_value else "false"
        case int() | float():
            return str(json_value)
        case _:
            return shapes.of_value(json_value)


def names(table: Mapping[str, str], title: str) -> Codec:
    """Return a codec that encodes a name as its id in `table`. `title` names the values in errors."""
    by_id = {identifier: name for name, identifier in table.items()}

    def encode(name: Any) -> Any:
        if name not in table:
            raise ValueError(f"{name!r} is not a {title}")
        return table[name]

    def decode(identifier: Any) -> Any:
        if not isinstance(identifier, str) or identifier not in by_id:
            raise ValueError(f"{shape(identifier)} is not the id of a {title}")
        return by_id[identifier]

    return Codec(title, encode, decode)
