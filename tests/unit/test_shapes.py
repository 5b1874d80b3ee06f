"""Values are described by their shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim import shapes

CANARY = "canary 7"


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({}, "an empty object"),
        ({"id": CANARY}, "an object with the key id"),
        ({"id": 1, "name": CANARY}, "an object with the keys id and name"),
        ({"a": 1, CANARY: 2}, "an object with the keys a and 1 more"),
        ({CANARY: 2}, "an object with 1 key"),
        (dict.fromkeys("abcdefghi"), "an object with the keys a, b, c, d, e, f, g, h and 1 more"),
        ([], "a list of 0 values"),
        ([CANARY], "a list of 1 value"),
        (CANARY, "text of 8 characters"),
        ("x" * 5000, "text of 5,000 characters"),
        (42, "a number"),
        (True, "true or false"),
        (None, "null"),
    ],
)  # fmt: skip
def test_a_shape_has_types_keys_and_lengths(value: Any, shape: str) -> None:
    """Keys that look like names are listed, and everything else is counted."""
    assert shapes.of_value(value) == shape


def test_content_that_is_not_text() -> None:
    """Of bytes the number is shown."""
    assert shapes.of_content(b"\xff\xfe\xff") == "3 bytes that are not text"
    assert shapes.of_content(b"x") == "text of 1 character"


@given(st.recursive(st.just(CANARY), lambda inner: st.lists(inner) | st.dictionaries(st.just(CANARY), inner)))
def test_no_value_is_in_a_shape(value: Any) -> None:
    """Whatever the form of a response, its values are not shown."""
    assert CANARY not in shapes.of_value(value)
    assert CANARY not in shapes.of_content(json.dumps(value).encode())
