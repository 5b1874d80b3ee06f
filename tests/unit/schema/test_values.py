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
    """Asking an unknown value for its truth is a mistake that shows at once."""
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)


def test_unknown_is_one() -> None:
    """There is one unknown value, however it is made or copied."""
    assert Unknown() is UNKNOWN
    assert copy.copy(UNKNOWN) is UNKNOWN
    assert copy.deepcopy({"a": [UNKNOWN]})["a"][0] is UNKNOWN


def test_wholly_known() -> None:
    """One unknown part, however deep, makes a value not wholly known."""
    assert is_wholly_known({"a": [1, {"b": None}]})
    assert not is_wholly_known({"a": [1, {"b": UNKNOWN}]})


@given(ITEMS.flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
def test_sets_are_canonical(pair: tuple[list[object], list[object]]) -> None:
    """The order in which elements come does not show in a set."""
    items, shuffled = pair

    assert make_set(items) == make_set(shuffled)


@given(ITEMS)
def test_sets_have_no_duplicates(items: list[object]) -> None:
    """An element that comes twice is there once, and none is lost."""
    assert make_set([*items, *items]) == make_set(items)
    assert all(item in make_set(items) for item in items)


def test_equal_numbers_are_one_element() -> None:
    """A number is the same with and without a decimal point."""
    assert len(make_set([3, Decimal("3"), Decimal("3.0")])) == 1


def test_unknown_elements_stay_apart() -> None:
    """Two elements that look alike but are not known yet may differ later, so both stay."""
    element = {"id": UNKNOWN, "name": "Orders"}

    assert make_set([element, dict(element)]) == [element, element]


def test_true_is_not_one() -> None:
    """A truth value is not the number that Python takes it for."""
    assert len(make_set([True, 1])) == 2


def test_walk() -> None:
    """Walking visits the value and every value in it."""
    assert list(walk({"a": [1, {"b": 2}]})) == [{"a": [1, {"b": 2}]}, [1, {"b": 2}], 1, {"b": 2}, 2]
