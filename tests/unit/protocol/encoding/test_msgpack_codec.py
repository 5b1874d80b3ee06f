"""Encoding and decoding of values."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgpack  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.protocol.encoding.decode_error import DecodeError
from provider_shim.protocol.encoding.msgpack_codec import (
    CodecError,
    decode,
    decode_json,
    encode,
    encode_valid_parts,
    load_json,
)
from provider_shim.schema.types import BOOL, DYNAMIC, NUMBER, STRING, List, Map, Object, Set, Tuple, Type
from provider_shim.schema.values import UNKNOWN, make_set

NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=-(10**40), max_value=10**40),
    st.decimals(allow_nan=False, allow_infinity=False).map(
        lambda d: int(d) if d == d.to_integral_value() else d
    ),
)


def values_of(kind: Type) -> st.SearchStrategy[Any]:
    """Values of a type, with null and unknown parts."""
    return st.one_of(st.none(), st.just(UNKNOWN), present_values_of(kind))


def present_values_of(kind: Type) -> st.SearchStrategy[Any]:
    """Values of a type that are neither null nor unknown themselves."""
    match kind:
        case List(element):
            return st.lists(values_of(element), max_size=4)
        case Set(element):
            return st.lists(values_of(element), max_size=4).map(make_set)
        case Map(element):
            return st.dictionaries(st.text(max_size=4), values_of(element), max_size=4)
        case Object(attributes):
            return st.fixed_dictionaries({name: values_of(each) for name, each in attributes.items()})
        case Tuple(elements):
            return st.tuples(*(values_of(each) for each in elements)).map(list)
    if kind == DYNAMIC:
        return TYPES_WITHOUT_DYNAMIC.flatmap(present_values_of)
    return {STRING: st.text(), NUMBER: NUMBERS, BOOL: st.booleans()}[kind]


def types_over(leaves: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    """Types of all shapes."""

    def extend(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
        names = st.text("abc", min_size=1, max_size=3)
        return st.one_of(
            inner.map(List),
            inner.map(Set),
            inner.map(Map),
            st.dictionaries(names, inner, max_size=3).map(Object),
            st.lists(inner, max_size=3).map(lambda each: Tuple(tuple(each))),
        )

    return st.recursive(leaves, extend, max_leaves=5)


TYPES_WITHOUT_DYNAMIC = types_over(st.sampled_from([STRING, NUMBER, BOOL]))
TYPES = types_over(st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC]))
TYPED = TYPES.flatmap(lambda kind: st.tuples(st.just(kind), values_of(kind)))


@given(TYPED)
def test_round_trip(typed: tuple[Type, Any]) -> None:
    """Encoding and decoding returns the same value, for any type."""
    kind, value = typed

    assert decode(encode(value, kind), kind) == value


@given(NUMBERS)
def test_number_on_the_wire(number: int | Decimal) -> None:
    """A number is encoded exactly."""
    wire_value = msgpack.unpackb(encode(number, NUMBER))

    assert Decimal(wire_value) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float(number: float) -> None:
    """A float keeps all its digits when it is decoded and encoded."""
    value = decode(msgpack.packb(number), NUMBER)

    assert value == Decimal(number)
    assert not isinstance(value, float)
    assert Decimal(msgpack.unpackb(encode(value, NUMBER))) == Decimal(number)


@pytest.mark.parametrize(
    ("number", "wire_value"),
    [
        (0, 0),
        (-(2**63), -(2**63)),
        (2**64 - 1, 2**64 - 1),
        (2**64, "18446744073709551616"),
        (-(2**63) - 1, "-9223372036854775809"),
        (Decimal("1.5"), 1.5),
        (Decimal("3.0"), 3),
        (Decimal("0.1"), "0.1"),
        (Decimal("1e3"), 1000),
        (Decimal("1e-7"), "0.0000001"),
    ],
)
def test_number_forms(number: int | Decimal, wire_value: Any) -> None:
    """Numbers are encoded as integers and floats if these are exact, else as strings of digits."""
    packed = encode(number, NUMBER)

    assert packed == msgpack.packb(wire_value)
    assert decode(packed, NUMBER) == number


def test_whole_numbers_are_integers() -> None:
    """A number without a fraction is decoded as an `int`."""
    forms = [3, 3.0, "3", "3.0"]

    assert [type(decode(msgpack.packb(wire_value), NUMBER)) for wire_value in forms] == [int] * 4


def test_unknown_on_the_wire() -> None:
    """An unknown value is an extension of type 0."""
    assert encode(UNKNOWN, STRING) == msgpack.packb(msgpack.ExtType(0, b"\x00"))


@pytest.mark.parametrize("code", [0, 12])
def test_unknown_from_the_wire(code: int) -> None:
    """An unknown value with or without refinements is decoded as unknown, at any depth."""
    unknown = msgpack.ExtType(code, b"\x81\x01\xc2")
    wire_value = {"a": unknown, "b": [unknown], "c": {"k": unknown}}
    kind = Object({"a": Object({"x": STRING}), "b": Set(NUMBER), "c": Map(BOOL)})

    assert decode(msgpack.packb(wire_value), kind) == {"a": UNKNOWN, "b": [UNKNOWN], "c": {"k": UNKNOWN}}


def test_another_extension() -> None:
    """An unknown extension is an error."""
    with pytest.raises(DecodeError, match="extension 7"):
        decode(msgpack.packb(msgpack.ExtType(7, b"")), STRING)


@given(st.permutations(["b", "a", "c"]))
def test_set_order(items: list[str]) -> None:
    """A set is encoded and decoded in one order."""
    assert decode(msgpack.packb([*items, "a"]), Set(STRING)) == ["a", "b", "c"]
    assert encode(items, Set(STRING)) == msgpack.packb(["a", "b", "c"])


def test_dynamic_on_the_wire() -> None:
    """A dynamic value is encoded with its type."""
    kind, value = msgpack.unpackb(encode({"a": [1, "x"]}, DYNAMIC))

    assert json.loads(kind) == ["object", {"a": ["tuple", ["number", "string"]]}]
    assert value == {"a": [1, "x"]}


def test_dynamic_from_the_wire() -> None:
    """A dynamic value is decoded with its type, null too."""
    assert decode(msgpack.packb([b'["set","string"]', ["b", "a"]]), DYNAMIC) == ["a", "b"]
    assert decode(msgpack.packb([b'"string"', None]), DYNAMIC) is None
    assert decode(msgpack.packb(None), DYNAMIC) is None


SECRET = "SECRET-VALUE"


@pytest.mark.parametrize(
    ("value", "kind", "sentence"),
    [
        (SECRET, NUMBER, "the value {} a number"),
        ([SECRET], Object({}), "the value {} an object of its type"),
        ({"a": {"b": [SECRET]}}, Object({"a": Object({"b": List(BOOL)})}), "a.b[0] {} a bool"),
        ([SECRET], Tuple((STRING, STRING)), "the value {} a tuple of 2"),
        (True, NUMBER, "the value {} a number"),
        (1, STRING, "the value {} a string"),
        (1, BOOL, "the value {} a bool"),
    ],
)
def test_mismatches(value: Any, kind: Type, sentence: str) -> None:
    """A value that doesn't match its type is an error with the path and without the value."""
    with pytest.raises(CodecError) as unencodable:
        encode(value, kind)
    with pytest.raises(DecodeError) as undecodable:
        decode(msgpack.packb(value), kind)

    assert str(unencodable.value) == sentence.format("is not")
    assert str(undecodable.value) == sentence.format("must be")
    assert SECRET not in undecodable.value.diagnostic().detail


def test_the_path_of_an_element_has_no_key() -> None:
    """A path ends at a map, whose keys can be secrets, and at a set, whose elements have no keys."""
    for kind, value in ((Map(BOOL), {SECRET: 1}), (Set(BOOL), [1])):
        with pytest.raises(DecodeError) as undecodable:
            decode(msgpack.packb({"a": value}), Object({"a": kind}))
        assert str(undecodable.value) == "a must be a bool"


def test_incomplete_object() -> None:
    """An object with missing or surplus attributes is an error with their names."""
    with pytest.raises(CodecError, match="missing or not in the schema: b, c"):
        encode({"a": "x", "c": "y"}, Object({"a": STRING, "b": STRING}))


@pytest.mark.parametrize("value", [1.5, object(), Decimal("NaN"), Decimal("Infinity")])
@pytest.mark.parametrize("kind", [NUMBER, DYNAMIC])
def test_no_terraform_value(value: Any, kind: Type) -> None:
    """Floats and other Python objects are not Terraform values."""
    with pytest.raises(CodecError):
        encode(value, kind)


@pytest.mark.parametrize("data", [b"\xc1", b"\x91", b"\x01\x01", b"\xa1\xff", msgpack.packb(float("inf"))])
def test_broken_bytes(data: bytes) -> None:
    """Data that aren't a number in MessagePack are an error."""
    with pytest.raises(DecodeError):
        decode(data, NUMBER)


def test_broken_type() -> None:
    """A dynamic value with an invalid type is an error."""
    for wire_value in ([b"[", 1], [b'"strange"', 1], ["x"], "x"):
        with pytest.raises(DecodeError):
            decode(msgpack.packb(wire_value), DYNAMIC)


def test_valid_parts() -> None:
    """Of a value that doesn't match its type, the valid parts are kept."""
    kind = Object({"id": STRING, "size": NUMBER, "gone": STRING, "items": List(NUMBER)})
    value = {"id": "x", "size": "big", "items": [1, "two"], "strange": 1}

    kept = decode(encode_valid_parts(value, kind), kind)

    assert kept == {"id": "x", "size": None, "gone": None, "items": [1, None]}


def test_json() -> None:
    """JSON is decoded by type too, with all digits of its numbers."""
    kind = Object({"a": NUMBER, "b": Set(STRING), "c": DYNAMIC, "d": NUMBER, "e": BOOL})
    text = b'{"a":0.10000000000000000000001,"b":["y","x"],"c":{"type":"string","value":"z"},"d":"7","e":null}'

    assert decode_json(text, kind) == {
        "a": Decimal("0.10000000000000000000001"),
        "b": ["x", "y"],
        "c": "z",
        "d": 7,
        "e": None,
    }


def test_broken_json() -> None:
    """Invalid JSON is an error without its text."""
    with pytest.raises(DecodeError, match="must be JSON") as error:
        load_json(b'{"a": SECRET-VALUE')
    assert SECRET not in str(error.value)


BEYOND_SENSE = ("1" + "0" * 5000, "1e400000", "1e99999999", "-1e99999999", "1e-99999999", f"1e{'9' * 30}")


@pytest.mark.parametrize("number", BEYOND_SENSE)
def test_a_number_beyond_sense_is_an_error_on_its_attribute(number: str) -> None:
    """A number that no attribute can have is never calculated, neither from MessagePack nor from JSON."""
    kind = Object({"a": Object({"b": NUMBER})})
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: decode(msgpack.packb({"a": {"b": number}}), kind),
        lambda: decode_json(f'{{"a":{{"b":{number}}}}}'.encode(), kind),
        lambda: decode_json(f'{{"a":{{"b":"{number}"}}}}'.encode(), kind),
        lambda: decode(msgpack.packb({"a": [b'["object",{"b":"number"}]', {"b": number}]}), DYNAMIC_A),
    )
    for attempt in attempts:
        with pytest.raises(DecodeError) as error:
            attempt()
        diagnostic = error.value.diagnostic()
        assert str(diagnostic.path) == "a.b"
        assert diagnostic.summary == "Invalid a.b"
        assert diagnostic.detail.startswith("a.b must be a number between -1e400 and 1e400")


DYNAMIC_A = Object({"a": DYNAMIC})


DEEP = 100_000


@pytest.mark.parametrize(
    "data",
    [
        b"\x91" * DEEP + b"\xc0",
        msgpack.packb([b'["list",' * DEEP, 1]),
        msgpack.packb([b'["list",' * 200 + b'"string"' + b"]" * 200, []]),
        b'\x92\xc4\x09"dynamic"' * 400 + msgpack.packb("x"),
    ],
)
def test_a_value_with_too_many_levels_is_an_error(data: bytes) -> None:
    """Nesting that exceeds Python's stack is an ordinary error of the value."""
    with pytest.raises(DecodeError):
        decode(data, DYNAMIC)


def test_json_with_too_many_levels_is_an_error() -> None:
    """JSON that exceeds Python's stack is an ordinary error of the value."""
    with pytest.raises(DecodeError, match="must be JSON"):
        decode_json(b"[" * DEEP, List(STRING))


def test_half_a_character_is_no_text() -> None:
    """JSON's escapes allow half a character, which can't be encoded again."""
    kind = Object({"a": STRING, "b": Map(STRING)})
    for text in (b'{"a":"\\ud800","b":{}}', b'{"a":"","b":{"\\udfff":"x"}}'):
        with pytest.raises(DecodeError, match="must be a text in Unicode"):
            decode_json(text, kind)
