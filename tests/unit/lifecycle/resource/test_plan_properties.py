"""Properties of plans, over many configurations: Terraform's rules hold, and a second plan is empty."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.lifecycle.provider_api import PlanResourceChangeRequest, PlanResourceChangeResponse
from provider_shim.lifecycle.resource.plan import plan_resource_change
from provider_shim.lifecycle.state import credentials
from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.lifecycle.state.states import fill_unknowns
from provider_shim.resources import CATALOGUE
from provider_shim.schema import json_mapping
from provider_shim.schema.values import UNKNOWN, Value
from tests.unit import samples
from tests.unit.lifecycle.terraform_rules import check_apply, check_plan

OPTIONAL = {
    "description": st.sampled_from([None, "", "what", UNKNOWN]),
    "deletion_protection": st.sampled_from([None, False, UNKNOWN]),
    "timeouts": st.sampled_from([None, {}, {"create": "5m"}, UNKNOWN]),
}
TIMES = {
    "interval": st.sampled_from([3, 6, UNKNOWN]),
    "time_unit": st.sampled_from(["hour", "HOUR", UNKNOWN]),
    "start_time": st.sampled_from(["2031-12-01T00:00:00Z", "2031-12-01T01:00:00+01:00", UNKNOWN]),
    "end_time": st.sampled_from([None, "2032-12-01T00:00:00Z", UNKNOWN]),
    "folder_name_template": st.sampled_from([None, "%DATASET_ID%"]),
}
FLOWS = st.fixed_dictionaries(
    {
        **OPTIONAL,
        "enabled": st.sampled_from([None, True, False, UNKNOWN]),
        "schedule": st.fixed_dictionaries(TIMES).map(lambda times: samples.SCHEDULE | times),
        "source_connection_id": st.sampled_from([samples.SOURCE_ID, samples.BASE_ID, UNKNOWN]),
        "target_connection_id": st.sampled_from([samples.TARGET_ID, UNKNOWN]),
        "destination": st.sampled_from(["amazon_s3", "sftp", UNKNOWN]),
    }
).map(lambda given: samples.flow_config(**given))
TARGETS = st.tuples(
    st.sampled_from(sorted(samples.PLACES)),
    st.fixed_dictionaries(
        {
            **OPTIONAL,
            "file_type": st.sampled_from(["PARQUET", "parquet"]),
            "compression": st.sampled_from(["GZIP", "none", UNKNOWN]),
            "include_file_manifest": st.sampled_from([None, True, False]),
            "on_change": st.sampled_from([None, "patch", "replace"]),
        }
    ),
).map(lambda pair: samples.target_config(pair[0], **pair[1]))
BASES = st.tuples(st.sampled_from(sorted(samples.ACCOUNTS)), st.fixed_dictionaries(OPTIONAL)).map(
    lambda pair: samples.base_config(pair[0], **pair[1])
)
CONFIGS = {"aep_flow": FLOWS, "aep_target_connection": TARGETS, "aep_base_connection": BASES}


def plan(type_name: str, config: Value, prior: Value, private: bytes) -> PlanResourceChangeResponse:
    """Plan a configuration, and check the plan by Terraform's rules."""
    resource = CATALOGUE.resources[type_name]
    request = PlanResourceChangeRequest(
        type_name=type_name,
        prior_state=prior,
        proposed_new_state=config,
        config=config,
        prior_private=private,
    )
    response = plan_resource_change(resource, request, "error")
    check_plan(resource.attributes, prior, config, response.planned_state)
    return response


def known(value: Value, example: Value) -> Value:
    """Return a value in which unknown parts are replaced by those of an example."""
    if value is UNKNOWN:
        return example
    if isinstance(value, dict) and isinstance(example, dict):
        return {name: known(each, example[name]) for name, each in value.items()}
    return value


def applied(type_name: str, config: Value, prior: Value) -> tuple[Value, bytes]:
    """Return state and private data after an apply whose response equals the request."""
    resource = CATALOGUE.resources[type_name]
    private = PrivateState()
    if type_name == "aep_base_connection":
        private = credentials.after_send(resource, config, private)
    planned = plan(type_name, config, prior, private.encode()).planned_state
    body = json_mapping.to_json(resource, planned)
    body |= {"id": samples.FLOW_ID, "state": "enabled" if planned.get("enabled") else "disabled"}
    if "scheduleParams" in body:
        body["scheduleParams"].setdefault("endTime", 1985472000)
    state = fill_unknowns(planned, json_mapping.from_json(resource, body, config | {"id": samples.FLOW_ID}))
    check_apply(planned, state)
    return json_mapping.from_json(resource, body, state), private.encode()


EXAMPLES: dict[str, Value] = {
    "aep_flow": samples.flow_config(
        description="known", enabled=False, deletion_protection=False, timeouts={"delete": "1h"}
    ),
    "aep_target_connection": samples.target_config(
        description="known", deletion_protection=False, timeouts={"delete": "1h"}
    ),
    "aep_base_connection": samples.base_config(
        description="known", deletion_protection=False, timeouts={"delete": "1h"}
    ),
}


@pytest.mark.thorough
@given(data=st.data(), type_name=st.sampled_from(sorted(CONFIGS)))
def test_rules_hold_and_the_second_plan_is_empty(data: Any, type_name: str) -> None:
    """Any object can be changed to any configuration; afterwards the same configuration plans no change."""
    first = known(data.draw(CONFIGS[type_name]), EXAMPLES[type_name])
    config = data.draw(CONFIGS[type_name])
    before, private = applied(type_name, first, None)
    assert plan(type_name, first, before, private).planned_state == before

    early = plan(type_name, config, before, private)
    final = known(config, EXAMPLES[type_name])
    late = plan(type_name, final, before, private)
    check_apply(early.planned_state, known(late.planned_state, EXAMPLES[type_name]))
    if late.requires_replace:
        assert early.requires_replace, "a replacement must be in the first plan"
