"""Terraform values in Python."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.schema.values import UNKNOWN, Unknown, is_wholly_known, make_set, walk

SCALARS = st.one_of(st.none(), st.booleans(), st.text(max_size=4), st.integers(-3, 3))
ITEMS = st.lists(st.one_of(SCALARS, st.dictionaries(st.sampled_from("ab"), SCALARS, max_size=2)), max_size=6)


def test_unknown_has_no_truth() -> None:
    """`bool()` of an unknown value raises `TypeError`."""
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)


def test_unknown_is_a_singleton() -> None:
    """There is one unknown value, also after a copy."""
    assert Unknown() is UNKNOWN
    assert copy.copy(UNKNOWN) is UNKNOWN
    assert copy.deepcopy({"a": [UNKNOWN]})["a"][0] is UNKNOWN


def test_wholly_known() -> None:
    """A value with an unknown part, at any depth, is not wholly known."""
    assert is_wholly_known({"a": [1, {"b": None}]})
    assert not is_wholly_known({"a": [1, {"b": UNKNOWN}]})


@given(ITEMS.flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
def test_sets_are_canonical(pair: tuple[list[object], list[object]]) -> None:
    """The Python form of a set does not depend on the order of its elements."""
    items, shuffled = pair

    assert make_set(items) == make_set(shuffled)


@given(ITEMS)
def test_sets_have_no_duplicates(items: list[object]) -> None:
    """A repeated element is in a set once, and no element is lost."""
    assert make_set([*items, *items]) == make_set(items)
    assert all(item in make_set(items) for item in items)


def test_equal_numbers_are_one_element() -> None:
    """Numbers that are equal are one element, with and without a decimal point."""
    assert len(make_set([3, Decimal("3"), Decimal("3.0")])) == 1


def test_unknown_elements_stay_apart() -> None:
    """Two equal elements with unknown parts are both kept, because they may differ once they are known."""
    element = {"id": UNKNOWN, "name": "Orders"}

    assert make_set([element, dict(element)]) == [element, element]


def test_true_is_not_one() -> None:
    """True and 1 are different elements, although they are equal in Python."""
    assert len(make_set([True, 1])) == 2


def test_walk() -> None:
    """`walk` yields the value and every value inside it."""
    assert list(walk({"a": [1, {"b": 2}]})) == [{"a": [1, {"b": 2}]}, [1, {"b": 2}], 1, {"b": 2}, 2]
