"""The descriptions and the client's request models agree about Adobe's keys."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from provider_shim.client.entities import Collection
from provider_shim.client.models import REQUESTS
from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.block import Resource

NOT_EXPOSED = {
    "aep_base_connection": {
        "encryption.specName": "another spelling of encryptionSpecs, as one sample answers it",
        "encryption.params": "another spelling of encryptionSpecs, as one sample answers it",
    },
    "aep_source_connection": {},
    "aep_target_connection": {},
    "aep_flow": {},
}
"""The request fields that no description sends, each with the reason."""

ONLY_ANSWERED = {"id", "state"}


def sent(resource: Resource) -> set[str]:
    """The places that a create of this resource can fill."""
    places = {*_constants(resource.constants)}
    for destination_block in resource.destination_blocks:
        places |= {*_constants(destination_block.constants)}
        places |= {"auth.specName"} if destination_block.methods else set()
    for attribute in resource.attributes:
        places |= {*_places(attribute)}
    return places


def _places(attribute: Attribute) -> Iterator[str]:
    yield from _constants(attribute.constants)
    if attribute.nested is None:
        if attribute.json is not None and attribute.json.writable:
            yield attribute.json.path
    else:
        single = attribute.nested.nesting is Nesting.SINGLE
        around = "" if single or attribute.json is None else f"{attribute.json.path}."
        for each in attribute.nested.attributes:
            yield from (around + place for place in _places(each))


def _constants(constants: Any) -> Iterator[str]:
    for place, value in constants.items():
        if isinstance(value, dict):
            yield from (f"{place}.{key}" for key in value)
        else:
            yield place


def known(model: type[BaseModel], around: str = "") -> Iterator[str]:
    """The places of a request model, those of open objects ending in `.*`."""
    if model.model_config.get("extra") == "allow":
        yield f"{around}*"
    for field in model.model_fields.values():
        place = f"{around}{field.alias}"
        inner = _model_in(field.annotation)
        if inner is not None:
            yield from known(inner, f"{place}.")
        else:
            yield place
            if "dict" in str(field.annotation):
                yield f"{place}.*"


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(each) for each in typing.get_args(annotation))
    return next((each for each in found if each is not None), None)


def is_known(place: str, places: set[str]) -> bool:
    """Whether a place is one of the model's, or stands in one of its open objects."""
    return place in places or f"{place.rpartition('.')[0]}.*" in places


@pytest.mark.parametrize("type_name", NOT_EXPOSED)
def test_every_place_is_in_the_model(type_name: str) -> None:
    """What a description sends, the request model knows."""
    resource = CATALOGUE.resources[type_name]
    places = {*known(REQUESTS[Collection(resource.collection)])}

    assert [place for place in sorted(sent(resource)) if not is_known(place, places)] == []


@pytest.mark.parametrize("type_name", NOT_EXPOSED)
def test_every_field_is_mapped(type_name: str) -> None:
    """What the request model knows, a description sends, or this file says why not."""
    resource = CATALOGUE.resources[type_name]
    reached = sent(resource)
    left = {
        place
        for place in known(REQUESTS[Collection(resource.collection)])
        if not place.endswith("*")
        and place not in reached
        and not any(each.startswith(f"{place}.") for each in reached)
    }

    assert left == {*NOT_EXPOSED[type_name]}


def test_only_answers_have_these() -> None:
    """What is read and never sent is the id and the state."""
    found = {
        each.json.path
        for resource in CATALOGUE.resources.values()
        for each in resource.attributes
        if each.json is not None and not each.json.writable
    }

    assert found == ONLY_ANSWERED
