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
        "encryption.specName": "another spelling of encryptionSpecs, in the response of one sample",
        "encryption.params": "another spelling of encryptionSpecs, in the response of one sample",
    },
    "aep_source_connection": {},
    "aep_target_connection": {},
    "aep_flow": {},
}
"""The request fields that no description sends, each with the reason."""

ONLY_ANSWERED = {"id", "state"}


def sent(resource: Resource) -> set[str]:
    """Return the JSON paths that a create of this resource can send."""
    json_paths = {*_constants(resource.constants)}
    for destination_block in resource.destination_blocks:
        json_paths |= {*_constants(destination_block.constants)}
        json_paths |= {"auth.specName"} if destination_block.methods else set()
    for attribute in resource.attributes:
        json_paths |= {*_json_paths(attribute)}
    return json_paths


def _json_paths(attribute: Attribute) -> Iterator[str]:
    yield from _constants(attribute.constants)
    if attribute.nested is None:
        if attribute.json is not None and attribute.json.writable:
            yield attribute.json.path
    else:
        single = attribute.nested.nesting is Nesting.SINGLE
        prefix = "" if single or attribute.json is None else f"{attribute.json.path}."
        for each in attribute.nested.attributes:
            yield from (prefix + json_path for json_path in _json_paths(each))


def _constants(constants: Any) -> Iterator[str]:
    for json_path, value in constants.items():
        if isinstance(value, dict):
            yield from (f"{json_path}.{key}" for key in value)
        else:
            yield json_path


def known(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield the JSON paths of a request model, those of open objects ending in `.*`."""
    if model.model_config.get("extra") == "allow":
        yield f"{prefix}*"
    for field in model.model_fields.values():
        json_path = f"{prefix}{field.alias}"
        inner = _model_in(field.annotation)
        if inner is not None:
            yield from known(inner, f"{json_path}.")
        else:
            yield json_path
            if "dict" in str(field.annotation):
                yield f"{json_path}.*"


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(each) for each in typing.get_args(annotation))
    return next((each for each in found if each is not None), None)


def is_known(json_path: str, json_paths: set[str]) -> bool:
    """Return True if a JSON path is in the model, or in one of its open objects."""
    return json_path in json_paths or f"{json_path.rpartition('.')[0]}.*" in json_paths


@pytest.mark.parametrize("type_name", NOT_EXPOSED)
def test_every_place_is_in_the_model(type_name: str) -> None:
    """Every JSON path that a description sends is in the request model."""
    resource = CATALOGUE.resources[type_name]
    json_paths = {*known(REQUESTS[Collection(resource.collection)])}

    assert [json_path for json_path in sorted(sent(resource)) if not is_known(json_path, json_paths)] == []


@pytest.mark.parametrize("type_name", NOT_EXPOSED)
def test_every_field_is_mapped(type_name: str) -> None:
    """Every JSON path of the request model is sent by a description, or is listed here with a reason."""
    resource = CATALOGUE.resources[type_name]
    reached = sent(resource)
    left = {
        json_path
        for json_path in known(REQUESTS[Collection(resource.collection)])
        if not json_path.endswith("*")
        and json_path not in reached
        and not any(each.startswith(f"{json_path}.") for each in reached)
    }

    assert left == {*NOT_EXPOSED[type_name]}


def test_read_only_paths() -> None:
    """Only the id and the state are read but never sent."""
    found = {
        each.json.path
        for resource in CATALOGUE.resources.values()
        for each in resource.attributes
        if each.json is not None and not each.json.writable
    }

    assert found == ONLY_ANSWERED
