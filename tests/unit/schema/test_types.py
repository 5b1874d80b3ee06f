"""Terraform's type system and its JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.schema import types
from provider_shim.schema.types import BOOL, DYNAMIC, NUMBER, STRING, List, Map, Object, Set, Tuple, Type

PRIMITIVES = st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC])


def _larger(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    return st.one_of(
        st.builds(List, inner),
        st.builds(Set, inner),
        st.builds(Map, inner),
        st.builds(Object, st.dictionaries(st.text(max_size=5), inner, max_size=3)),
        st.builds(Tuple, st.lists(inner, max_size=3).map(tuple)),
    )


@given(st.recursive(PRIMITIVES, _larger, max_leaves=8))
def test_json_round_trip(kind: Type) -> None:
    """Every type is equal after being written as JSON text and read again."""
    assert types.from_json(json.loads(json.dumps(types.to_json(kind)))) == kind


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        (STRING, "string"),
        (DYNAMIC, "dynamic"),
        (List(STRING), ["list", "string"]),
        (Set(Object({"id": STRING})), ["set", ["object", {"id": "string"}]]),
        (Tuple((BOOL, NUMBER)), ["tuple", ["bool", "number"]]),
    ],
)
def test_protocol_form(kind: Type, form: Any) -> None:
    """The JSON form is that of the plugin protocol's documentation."""
    assert types.to_json(kind) == form


@pytest.mark.parametrize("form", ["text", 1, None, [], ["list"], ["list", "text"], ["object", []], {}])
def test_not_a_type(form: Any) -> None:
    """JSON that is not the form of a type raises `ValueError`."""
    with pytest.raises(ValueError, match="not a Terraform type"):
        types.from_json(form)
