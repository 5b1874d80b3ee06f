"""From Flow Service's answers to states."""

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


def answer_to(resource: Any, config: Value) -> json_mapping.JsonObject:
    """What Flow Service answers after a create of this."""
    return json_mapping.to_json(resource, config) | {"id": samples.FLOW_ID, "state": "enabled"}


def readable(resource: Any, config: Value) -> dict[str, Value]:
    """The configuration without what no answer can tell."""
    empty = json_mapping.from_json(resource, answer_to(resource, config), None)
    return {name: value for name, value in empty.items() if value is not None}


@pytest.mark.parametrize("name", CONFIGS)
def test_round_trip(name: str) -> None:
    """What was sent is read back as it was configured, with null for each secret."""
    resource, config = CONFIGS[name]
    state = json_mapping.from_json(resource, answer_to(resource, config), None)

    assert state["id"] == samples.FLOW_ID
    for attribute in resource.attributes:
        expected = config[attribute.name]
        if attribute.nested is not None and isinstance(expected, dict):
            hidden = {each.name for each in attribute.nested.attributes if each.write_only}
            expected = {key: None if key in hidden else value for key, value in expected.items()}
        if expected is not None:
            assert state[attribute.name] == expected


@pytest.mark.parametrize("name", CONFIGS)
def test_prior_is_kept_by_a_silent_answer(name: str) -> None:
    """An answer without `params`, `auth` and `scheduleParams` changes nothing of what is known."""
    resource, config = CONFIGS[name]
    prior = json_mapping.from_json(resource, answer_to(resource, config), None)
    body = answer_to(resource, config)
    for key in ("params", "auth", "scheduleParams"):
        body.pop(key, None)

    assert json_mapping.from_json(resource, body, prior) == prior


def test_prior_spelling_is_kept() -> None:
    """Another spelling of the same value is not drift."""
    schedule = samples.SCHEDULE | {"start_time": "2031-12-01T01:00:00+01:00", "time_unit": "Hour"}
    config = samples.flow_config(schedule=schedule)
    state = json_mapping.from_json(FLOW, answer_to(FLOW, config), config)

    assert state["schedule"] == config["schedule"]


def test_drift_shows() -> None:
    """A value that means something else replaces the prior one."""
    config = samples.flow_config()
    body = answer_to(FLOW, config)
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
    """Masked, echoed or omitted: no secret of an answer gets into a state."""
    body = answer_to(BASE, samples.base_config())
    body["auth"]["params"] = params
    state = json_mapping.from_json(BASE, body, None)

    assert state["amazon_s3"] == {"s3_access_key": None, "s3_secret_key": None, "s3_role": None}
    assert samples.SECRET_KEY not in str(state)


def test_alias() -> None:
    """The folder template is read under the other spelling of its key as well."""
    body = answer_to(FLOW, samples.flow_config())
    body["scheduleParams"]["folderNameTemplate"] = "%DATASET_ID%"

    assert json_mapping.from_json(FLOW, body, None)["schedule"]["folder_name_template"] == "%DATASET_ID%"


def test_empty_description_is_none() -> None:
    """An absent description comes back as an empty text."""
    body = answer_to(SOURCE, samples.source_config()) | {"description": ""}

    assert json_mapping.from_json(SOURCE, body, None)["description"] is None


@pytest.mark.parametrize("resource", [BASE, TARGET])
def test_unknown_connection_spec(resource: Any) -> None:
    """A connection to something else is refused in words that name the six destinations."""
    body = {"id": samples.BASE_ID, "name": "x", "connectionSpec": {"id": "not-one-of-ours"}}

    with pytest.raises(UnexpectedResponse, match=r"not-one-of-ours.*Amazon S3.*SFTP"):
        json_mapping.from_json(resource, body, None)


@pytest.mark.parametrize(
    ("place", "answered", "told_on"),
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
def test_strange_answers(place: str, answered: Any, told_on: str) -> None:
    """An answer that an attribute can't hold is told on that attribute, and is no crash."""
    body = answer_to(FLOW, samples.flow_config())
    json_mapping.put(body, place, answered)

    with pytest.raises(UnexpectedResponse) as caught:
        json_mapping.from_json(FLOW, body, None)
    assert str(caught.value.place) == told_on


def test_datasets_must_be_a_list() -> None:
    """Datasets that are no list are told on `datasets`."""
    body = answer_to(SOURCE, samples.source_config())
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
    """Whatever stands anywhere in an answer: there is a state of the right types, or a `UnexpectedResponse`."""
    resource, config = CONFIGS[name]
    body = copy.deepcopy(answer_to(resource, config))
    place = data.draw(st.sampled_from(sorted(_places(body))))
    json_mapping.put(body, place, data.draw(JSON))
    try:
        state = json_mapping.from_json(resource, body, None)
    except UnexpectedResponse:
        return

    assert _fits(resource.type, state)


def _places(body: Any, around: str = "") -> list[str]:
    found = []
    for key, value in body.items():
        found.append(around + key)
        if isinstance(value, dict):
            found += _places(value, f"{around}{key}.")
    return found


def _fits(kind: Any, value: Value) -> bool:
    from provider_shim.schema.types import BOOL, NUMBER, STRING, Object, Set

    if value is None:
        return True
    match kind:
        case Object(attributes):
            return {*attributes} == {*value} and all(_fits(attributes[key], value[key]) for key in value)
        case Set(element):
            return isinstance(value, list) and all(_fits(element, item) for item in value)
    expected: Any = {STRING: str, BOOL: bool, NUMBER: int}[kind]
    return type(value) is expected
