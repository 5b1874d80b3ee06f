"""The state that is read from Flow Service's responses."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.resources import CATALOGUE
from provider_shim.schema import json_mapping
from provider_shim.schema.json_mapping import UnexpectedResponse
from provider_shim.schema.values import Value
from tests.unit import samples

BASE = CATALOGUE.resources["aep_base_connection"]
TARGET = CATALOGUE.resources["aep_target_connection"]
SOURCE = CATALOGUE.resources["aep_source_connection"]
FLOW = CATALOGUE.resources["aep_flow"]
CONFIGS: dict[str, Value] = {
    **{f"base {name}": (BASE, samples.base_config(name)) for name in samples.ACCOUNTS},
    **{f"target {name}": (TARGET, samples.target_config(name)) for name in samples.PLACES},
    "source": (SOURCE, samples.source_config(description="what")),
    "flow": (FLOW, samples.flow_config()),
}


def entity_of(resource: Any, config: Value) -> json_mapping.JsonObject:
    """Return the entity that Flow Service returns after a create of this configuration."""
    return json_mapping.to_json(resource, config) | {"id": samples.FLOW_ID, "state": "enabled"}


def readable(resource: Any, config: Value) -> dict[str, Value]:
    """Return the attributes of a configuration that can be read from a response."""
    empty = json_mapping.from_json(resource, entity_of(resource, config), None)
    return {name: value for name, value in empty.items() if value is not None}


@pytest.mark.parametrize("name", CONFIGS)
def test_round_trip(name: str) -> None:
    """Values that were sent are read as they were configured, with null for each secret."""
    resource, config = CONFIGS[name]
    state = json_mapping.from_json(resource, entity_of(resource, config), None)

    assert state["id"] == samples.FLOW_ID
    for attribute in resource.attributes:
        expected = config[attribute.name]
        if attribute.nested is not None and isinstance(expected, dict):
            hidden = {each.name for each in attribute.nested.attributes if each.write_only}
            expected = {key: None if key in hidden else value for key, value in expected.items()}
        if expected is not None:
            assert state[attribute.name] == expected


@pytest.mark.parametrize("name", CONFIGS)
def test_absent_objects_keep_the_prior_state(name: str) -> None:
    """A response without `params`, `auth` and `scheduleParams` keeps the prior state."""
    resource, config = CONFIGS[name]
    prior = json_mapping.from_json(resource, entity_of(resource, config), None)
    body = entity_of(resource, config)
    for key in ("params", "auth", "scheduleParams"):
        body.pop(key, None)

    assert json_mapping.from_json(resource, body, prior) == prior


def test_prior_spelling_is_kept() -> None:
    """Another spelling of the same value is not drift."""
    schedule = samples.SCHEDULE | {"start_time": "2031-12-01T01:00:00+01:00", "time_unit": "Hour"}
    config = samples.flow_config(schedule=schedule)
    state = json_mapping.from_json(FLOW, entity_of(FLOW, config), config)

    assert state["schedule"] == config["schedule"]


def test_drift_shows() -> None:
    """A value that is not semantically equal replaces the prior one."""
    config = samples.flow_config()
    body = entity_of(FLOW, config)
    body["scheduleParams"]["interval"] = 6
    body["state"] = "disabled"
    state = json_mapping.from_json(FLOW, body, config)

    assert state["schedule"]["interval"] == 6
    assert state["enabled"] is False


@pytest.mark.parametrize(
    "params",
    [
        {"s3AccessKey": "****", "s3SecretKey": "****"},
        {"s3AccessKey": samples.ACCESS_KEY, "s3SecretKey": samples.SECRET_KEY},
        {"authorizedDate": 1},
        {},
    ],
)
def test_secrets_are_never_read(params: dict[str, Any]) -> None:
    """No secret of a response gets into a state, whether it is masked, echoed or omitted."""
    body = entity_of(BASE, samples.base_config())
    body["auth"]["params"] = params
    state = json_mapping.from_json(BASE, body, None)

    assert state["amazon_s3"] == {"s3_access_key": None, "s3_secret_key": None, "s3_role": None}
    assert samples.SECRET_KEY not in str(state)


def test_alias() -> None:
    """The folder template is also read under the alias of its key."""
    body = entity_of(FLOW, samples.flow_config())
    body["scheduleParams"]["folderNameTemplate"] = "%DATASET_ID%"

    assert json_mapping.from_json(FLOW, body, None)["schedule"]["folder_name_template"] == "%DATASET_ID%"


def test_empty_description_is_none() -> None:
    """An empty description in a response is read as null."""
    body = entity_of(SOURCE, samples.source_config()) | {"description": ""}

    assert json_mapping.from_json(SOURCE, body, None)["description"] is None


@pytest.mark.parametrize("resource", [BASE, TARGET])
def test_unknown_connection_spec(resource: Any) -> None:
    """A connection to another destination is rejected with a message that lists the destinations."""
    body = {
        "id": samples.BASE_ID,
        "name": "x",
        "connectionSpec": {"id": "00000000-1111-2222-3333-444444444444"},
    }

    with pytest.raises(UnexpectedResponse, match=r"00000000-1111-2222-3333-444444444444.*Amazon S3.*SFTP"):
        json_mapping.from_json(resource, body, None)


@pytest.mark.parametrize(
    ("json_path", "json_value", "attribute_path"),
    [
        ("name", 5, "name"),
        ("name", {"a": 1}, "name"),
        ("description", 5, "description"),
        ("flowSpec.id", "audience-spec", "destination"),
        ("flowSpec.id", ["x"], "destination"),
        ("sourceConnectionIds", [], "source_connection_id"),
        ("sourceConnectionIds", ["a", "b"], "source_connection_id"),
        ("targetConnectionIds", [7], "target_connection_id"),
        ("state", 1, "enabled"),
        ("scheduleParams.interval", "often", "schedule.interval"),
        ("scheduleParams.startTime", "soon", "schedule.start_time"),
        ("scheduleParams.endTime", 10**30, "schedule.end_time"),
        ("scheduleParams.foldernameTemplate", 5, "schedule.folder_name_template"),
    ],
)
def test_unexpected_values(json_path: str, json_value: Any, attribute_path: str) -> None:
    """A value that an attribute can't represent is reported on that attribute."""
    body = entity_of(FLOW, samples.flow_config())
    json_mapping.put(body, json_path, json_value)

    with pytest.raises(UnexpectedResponse) as caught:
        json_mapping.from_json(FLOW, body, None)
    assert str(caught.value.attribute_path) == attribute_path


def test_datasets_must_be_a_list() -> None:
    """A value of `datasets` that is not a list is rejected."""
    body = entity_of(SOURCE, samples.source_config())
    body["params"]["datasets"] = {"a": 1}

    with pytest.raises(UnexpectedResponse, match="a list of objects was expected"):
        json_mapping.from_json(SOURCE, body, None)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(data=st.data(), name=st.sampled_from(sorted(CONFIGS)))
def test_nothing_else_escapes(data: st.DataObject, name: str) -> None:
    """Any JSON value at any path gives a state of the right types or raises `UnexpectedResponse`."""
    resource, config = CONFIGS[name]
    body = copy.deepcopy(entity_of(resource, config))
    json_path = data.draw(st.sampled_from(sorted(_json_paths(body))))
    json_mapping.put(body, json_path, data.draw(JSON))
    try:
        state = json_mapping.from_json(resource, body, None)
    except UnexpectedResponse:
        return

    assert _has_type(resource.type, state)


def _json_paths(body: Any, prefix: str = "") -> list[str]:
    json_paths = []
    for key, value in body.items():
        json_paths.append(prefix + key)
        if isinstance(value, dict):
            json_paths += _json_paths(value, f"{prefix}{key}.")
    return json_paths


def _has_type(kind: Any, value: Value) -> bool:
    from provider_shim.schema.types import BOOL, NUMBER, STRING, Object, Set

    if value is None:
        return True
    match kind:
        case Object(attributes):
            return {*attributes} == {*value} and all(_has_type(attributes[key], value[key]) for key in value)
        case Set(element):
            return isinstance(value, list) and all(_has_type(element, item) for item in value)
    expected: Any = {STRING: str, BOOL: bool, NUMBER: int}[kind]
    return type(value) is expected
