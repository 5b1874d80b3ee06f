"""How a Terraform value is written in Flow Service's JSON, and read from it.

Two spellings of one value (`2026-12-01T00:00:00Z` and `2026-12-01T01:00:00+01:00`, `GZIP` and `gzip`) are
the same exactly when they encode alike, so a codec is also what tells drift from another spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from provider_shim.schema import times


@dataclass(frozen=True, slots=True)
class Codec:
    """A pair of pure functions over known, present values; `decode` raises `ValueError` on a strange answer.

    `null_json` is what null means on the wire: nothing, or a value that the service takes for nothing.
    """

    name: str
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    null_json: Any = None

    def same(self, one: Any, other: Any) -> bool:
        """Whether two known Terraform values mean the same to Flow Service.

        A value that can't be encoded (a malformed time in an old state) is the same only as itself.
        """
        try:
            return bool(self._meaning(one) == self._meaning(other))
        except ValueError:
            return bool(one == other)

    def _meaning(self, value: Any) -> Any:
        return self.null_json if value is None else self.encode(value)


def _identity(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"text was expected, not {value!r}")  # noqa: TRY004 - a strange answer, not a fault
    return value


def _integer(value: Any) -> int:
    """Whole numbers, which an answer may also hold as text: the SDK `aepp` writes `interval` so."""
    try:
        number = None if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        number = None
    # Longer numbers name nothing here, and one in scientific notation would fill the memory.
    if number is None or not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(f"a whole number was expected, not {value!r}")
    if number != number.to_integral_value():
        raise ValueError(f"a whole number was expected, not {value!r}")
    return int(number)


def _only_item(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 1:
        raise ValueError(f"a list of exactly one id was expected, not {value!r}")
    return value[0]


PLAIN = Codec("plain", _identity, _identity)
TEXT = Codec("text", _text, _text)
INTEGER = Codec("integer", _integer, _integer)
UPPER_CASE = Codec("upper case", lambda value: _text(value).upper(), lambda value: _text(value).upper())
LOWER_CASE = Codec("lower case", lambda value: _text(value).lower(), lambda value: _text(value).lower())
EPOCH_SECONDS = Codec("epoch seconds", times.to_epoch, lambda value: times.from_epoch(_integer(value)))
FLAG = Codec("flag", _identity, _identity, null_json=False)
"""A switch whose absence means off, so that a service that drops a false one has changed nothing."""
SINGLE_ITEM = Codec("single item", lambda value: [value], _only_item)
OPTIONAL_TEXT = Codec("optional text", _text, lambda value: _text(value) or None, null_json="")
"""Text whose absence the service answers as an empty text, as recorded for `description` in Adobe's
migration guide for cloud storage destinations."""
STATE = Codec(
    "state",
    lambda enabled: "enabled" if enabled else "disabled",
    lambda state: _text(state) not in ("disabled", "disabling"),
)
"""A flow's `enabled` as its `state`. `enabled` and `disabled` are documented; the states on the way to
`enabled` (Flow Service error reference) count as on."""


def names(table: Mapping[str, str], title: str) -> Codec:
    """A codec for a value that Flow Service knows by an id: `table` gives the id of each name."""
    by_id = {identifier: name for name, identifier in table.items()}

    def encode(name: Any) -> Any:
        if name not in table:
            raise ValueError(f"{name!r} is no {title}")
        return table[name]

    def decode(identifier: Any) -> Any:
        if not isinstance(identifier, str) or identifier not in by_id:
            raise ValueError(f"{identifier!r} is the id of no {title}")
        return by_id[identifier]

    return Codec(title, encode, decode)
