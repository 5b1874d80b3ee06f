"""Codecs: the JSON of Terraform values, and back."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.schema import codecs
from provider_shim.schema.codecs import Codec

DESTINATION = codecs.names({"s3": "id-1", "blob": "id-2"}, "destination")

ALL = (
    codecs.PLAIN,
    codecs.TEXT,
    codecs.INTEGER,
    codecs.UPPER_CASE,
    codecs.LOWER_CASE,
    codecs.EPOCH_SECONDS,
    codecs.FLAG,
    codecs.SINGLE_ITEM,
    codecs.OPTIONAL_TEXT,
    codecs.STATE,
    DESTINATION,
)


@pytest.mark.parametrize(
    ("codec", "value", "json_value"),
    [
        (codecs.PLAIN, "a", "a"),
        (codecs.TEXT, "a", "a"),
        (codecs.INTEGER, 3, 3),
        (codecs.UPPER_CASE, "GZIP", "GZIP"),
        (codecs.LOWER_CASE, "hour", "hour"),
        (codecs.EPOCH_SECONDS, "2026-12-01T00:00:00Z", 1796083200),
        (codecs.FLAG, False, False),
        (codecs.SINGLE_ITEM, "id", ["id"]),
        (codecs.OPTIONAL_TEXT, "text", "text"),
        (codecs.STATE, True, "enabled"),
        (codecs.STATE, False, "disabled"),
        (DESTINATION, "blob", "id-2"),
    ],
)
def test_both_ways(codec: Codec, value: Any, json_value: Any) -> None:
    """Encoding and decoding are inverse to each other."""
    assert codec.encode(value) == json_value
    assert codec.decode(json_value) == value


@pytest.mark.parametrize(
    ("codec", "json_value", "value"),
    [
        (codecs.INTEGER, "3", 3),
        (codecs.INTEGER, 3.0, 3),
        (codecs.INTEGER, Decimal("3.0"), 3),
        (codecs.UPPER_CASE, "gzip", "GZIP"),
        (codecs.LOWER_CASE, "HOUR", "hour"),
        (codecs.EPOCH_SECONDS, "1796083200", "2026-12-01T00:00:00Z"),
        (codecs.OPTIONAL_TEXT, "", None),
        (codecs.STATE, "initializing", True),
        (codecs.STATE, "disabling", False),
    ],
)
def test_other_forms(codec: Codec, json_value: Any, value: Any) -> None:
    """Other forms of a value that Adobe is known to return are decoded too."""
    assert codec.decode(json_value) == value


@pytest.mark.parametrize(
    ("codec", "json_value"),
    [
        (codecs.TEXT, 1),
        (codecs.INTEGER, "three"),
        (codecs.INTEGER, ""),
        (codecs.INTEGER, 3.5),
        (codecs.INTEGER, True),
        (codecs.INTEGER, "NaN"),
        (codecs.INTEGER, "sNaN"),
        (codecs.INTEGER, "Infinity"),
        (codecs.INTEGER, "1e999999"),
        (codecs.INTEGER, []),
        (codecs.INTEGER, {}),
        (codecs.EPOCH_SECONDS, 1796083200000),
        (codecs.EPOCH_SECONDS, 10**18),
        (codecs.EPOCH_SECONDS, 10**29),
        (codecs.EPOCH_SECONDS, "soon"),
        (codecs.UPPER_CASE, 1),
        (codecs.SINGLE_ITEM, []),
        (codecs.SINGLE_ITEM, ["a", "b"]),
        (codecs.SINGLE_ITEM, "a"),
        (codecs.STATE, None),
        (DESTINATION, "id-3"),
        (DESTINATION, ["id-1"]),
        (DESTINATION, {}),
    ],
)
def test_unexpected_values(codec: Codec, json_value: Any) -> None:
    """Decoding an unexpected value raises `ValueError`, which callers turn into a diagnostic."""
    with pytest.raises(ValueError, match=r"."):
        codec.decode(json_value)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@pytest.mark.parametrize("codec", ALL, ids=lambda codec: codec.name)
@given(json_value=JSON)
def test_no_other_exception(codec: Codec, json_value: Any) -> None:
    """Decoding any JSON value returns a value or raises `ValueError`, and nothing else."""
    with contextlib.suppress(ValueError):
        codec.decode(json_value)


@pytest.mark.parametrize(
    ("codec", "one", "other", "same"),
    [
        (codecs.PLAIN, "a", "A", False),
        (codecs.PLAIN, None, None, True),
        (codecs.PLAIN, None, "", False),
        (codecs.UPPER_CASE, "gzip", "GZIP", True),
        (codecs.LOWER_CASE, "Hour", "hour", True),
        (codecs.EPOCH_SECONDS, "2026-12-01T00:00:00Z", "2026-12-01T01:00:00+01:00", True),
        (codecs.EPOCH_SECONDS, "2026-12-01T00:00:00Z", "2026-12-01T00:00:01Z", False),
        (codecs.EPOCH_SECONDS, "rubbish", "2026-12-01T00:00:00Z", False),
        (codecs.EPOCH_SECONDS, "rubbish", "rubbish", True),
        (codecs.EPOCH_SECONDS, None, "2026-12-01T00:00:00Z", False),
        (codecs.OPTIONAL_TEXT, None, "", True),
        (codecs.FLAG, None, False, True),
        (codecs.FLAG, None, True, False),
        (codecs.INTEGER, 3, Decimal("3"), True),
        (codecs.INTEGER, Decimal("3.5"), 3, False),
    ],
)
def test_same(codec: Codec, one: Any, other: Any, same: bool) -> None:
    """Two values are the same exactly if they have the same JSON."""
    assert codec.same(one, other) is same
    assert codec.same(other, one) is same


@pytest.mark.parametrize(
    ("codec", "json_value", "shown"),
    [
        (codecs.TEXT, ["canary"], "not a list of 1 value"),
        (codecs.TEXT, {"canary id": "canary"}, "not an object with 1 key"),
        (codecs.INTEGER, "canary", "not text of 6 characters"),
        (codecs.INTEGER, 1.5, "not 1.5"),
        (codecs.INTEGER, None, "not null"),
        (codecs.INTEGER, True, "not true"),
        (codecs.SINGLE_ITEM, ["canary", "canary"], "not a list of 2 values"),
        (DESTINATION, "canary", "text of 6 characters is not the id of a destination"),
        (
            DESTINATION,
            "4fce964d-3f37-408f-9778-e597338a21ee",
            "4fce964d-3f37-408f-9778-e597338a21ee is not the id of a destination",
        ),
    ],
)
def test_a_value_that_is_not_expected_is_shown_by_its_shape(
    codec: Codec, json_value: Any, shown: str
) -> None:
    """A text in the wrong place can be a secret, so errors show types and lengths, ids and numbers."""
    with pytest.raises(ValueError, match=f"{shown}$") as caught:
        codec.decode(json_value)
    assert "canary" not in str(caught.value)
