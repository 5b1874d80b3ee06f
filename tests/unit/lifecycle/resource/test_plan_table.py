"""The planned values of each kind of attribute."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from provider_shim.lifecycle.provider_api import PlanResourceChangeRequest, PlanResourceChangeResponse
from provider_shim.lifecycle.resource.plan import plan_resource_change
from provider_shim.lifecycle.state.private_state import PrivateState, decode
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import has_errors
from provider_shim.schema.values import UNKNOWN, Value
from tests.unit import samples
from tests.unit.lifecycle.terraform_rules import check_plan

S3_SPEC = "269ba276-16fc-47db-92b0-c1049a3c131f"
SFTP_SPEC = "354d6aad-4754-46e4-a576-1b384561c440"


def planned(
    type_name: str, config: Value, prior: Value = None, private: bytes = b""
) -> PlanResourceChangeResponse:
    """Plan, and check the plan by Terraform's rules."""
    resource = CATALOGUE.resources[type_name]
    response = plan_resource_change(
        resource,
        PlanResourceChangeRequest(
            type_name=type_name,
            prior_state=prior,
            proposed_new_state=config,
            config=config,
            prior_private=private,
        ),
        "error",
    )
    check_plan(resource.attributes, prior, config, response.planned_state)
    return response


def flow_state(**given: Any) -> dict[str, Value]:
    """Return the state of a flow after an apply."""
    known = {
        "id": samples.FLOW_ID,
        "destination": "amazon_s3",
        "flow_spec_id": S3_SPEC,
        "enabled": True,
        "deletion_protection": False,
    }
    return samples.flow_config(**(known | given))


def target_state(**given: Any) -> dict[str, Value]:
    """Return the state of a target connection after an apply."""
    known: dict[str, Any] = {
        "id": samples.TARGET_ID,
        "destination": "amazon_s3",
        "flow_spec_id": S3_SPEC,
        "on_change": "patch",
        "deletion_protection": False,
    }
    return samples.target_config(**(known | given))


def replaced_paths(response: PlanResourceChangeResponse) -> set[str]:
    """Return the attribute paths that require a replacement."""
    return {str(each) for each in response.requires_replace}


@pytest.mark.parametrize(
    ("name", "prior", "config", "expected"),
    [
        ("description", None, None, None),
        ("description", None, "a", "a"),
        ("description", "a", "b", "b"),
        ("description", "a", None, None),
        ("description", "a", UNKNOWN, UNKNOWN),
        ("enabled", True, None, True),
        ("enabled", False, None, True),
        ("enabled", True, False, False),
        ("enabled", True, UNKNOWN, UNKNOWN),
        ("deletion_protection", True, None, False),
        ("timeouts", {"create": "5m"}, None, None),
    ],
)
def test_values(name: str, prior: Any, config: Any, expected: Any) -> None:
    """An optional attribute follows the configuration; a removed one has its default again."""
    plan = planned("aep_flow", samples.flow_config(**{name: config}), flow_state(**{name: prior}))

    assert plan.planned_state[name] == expected or plan.planned_state[name] is expected
    assert plan.requires_replace == []


def test_new_object() -> None:
    """In the plan of a create the id is unknown, defaults are set, and the flow spec is known."""
    state = planned("aep_flow", samples.flow_config()).planned_state

    assert state["id"] is UNKNOWN
    assert state["enabled"] is True
    assert state["flow_spec_id"] == S3_SPEC


def test_outputs_are_known() -> None:
    """A target's destination and flow spec are known at plan, and unknown only with an unknown block."""
    assert (
        planned("aep_target_connection", samples.target_config("sftp")).planned_state["destination"] == "sftp"
    )
    state = planned("aep_target_connection", samples.target_config(amazon_s3=UNKNOWN)).planned_state
    assert state["destination"] is UNKNOWN


@pytest.mark.parametrize(
    ("given", "destination", "spec"),
    [
        ({"destination": "sftp"}, "sftp", SFTP_SPEC),
        ({"destination": None, "flow_spec_id": SFTP_SPEC}, "sftp", SFTP_SPEC),
        ({"destination": "sftp", "flow_spec_id": SFTP_SPEC}, "sftp", SFTP_SPEC),
        ({"destination": UNKNOWN}, UNKNOWN, UNKNOWN),
        ({"destination": UNKNOWN, "flow_spec_id": SFTP_SPEC}, UNKNOWN, SFTP_SPEC),
    ],
)
def test_synonyms(given: dict[str, Any], destination: Any, spec: Any) -> None:
    """A flow's destination and flow spec follow from each other."""
    state = planned("aep_flow", samples.flow_config(**given)).planned_state

    assert state["destination"] is destination or state["destination"] == destination
    assert state["flow_spec_id"] is spec or state["flow_spec_id"] == spec


def test_synonym_exchanged() -> None:
    """Setting the equivalent attribute instead plans no change."""
    prior = flow_state()
    config = samples.flow_config(destination=None, flow_spec_id=S3_SPEC)

    assert planned("aep_flow", config, prior).planned_state == prior


@pytest.mark.parametrize(
    "given",
    [{"destination": "sftp"}, {"destination": None, "flow_spec_id": SFTP_SPEC}, {"destination": UNKNOWN}],
)
def test_other_destination(given: dict[str, Any]) -> None:
    """Another destination, or an unknown one, replaces the flow."""
    assert {"destination", "flow_spec_id"} & replaced_paths(
        planned("aep_flow", samples.flow_config(**given), flow_state())
    )


def test_other_spelling() -> None:
    """A semantically equal value plans the prior one."""
    prior = flow_state()
    schedule = samples.SCHEDULE | {
        "export_mode": "first_full_then_incremental",
        "time_unit": "HOUR",
        "start_time": "2031-12-01T02:00:00+02:00",
        "end_time": "2032-11-30t23:00:00-01:00",
    }

    assert planned("aep_flow", samples.flow_config(schedule=schedule), prior).planned_state == prior


ONCE = samples.SCHEDULE | {"export_mode": "DAILY_FULL_EXPORT", "time_unit": "day", "interval": 0}


@pytest.mark.parametrize(
    ("prior", "config", "expected"),
    [
        (None, samples.SCHEDULE, UNKNOWN),
        (None, ONCE, None),
        (samples.SCHEDULE, samples.SCHEDULE, "2032-12-01T00:00:00Z"),
        (
            samples.SCHEDULE,
            samples.SCHEDULE | {"start_time": "2031-12-01T01:00:00+01:00"},
            "2032-12-01T00:00:00Z",
        ),
        (samples.SCHEDULE, samples.SCHEDULE | {"interval": 6}, UNKNOWN),
        (samples.SCHEDULE, samples.SCHEDULE | {"folder_name_template": "x"}, UNKNOWN),
        (samples.SCHEDULE, samples.SCHEDULE | {"interval": UNKNOWN}, UNKNOWN),
        (samples.SCHEDULE, ONCE, None),
        (ONCE | {"end_time": None}, ONCE, None),
        (ONCE | {"end_time": None}, samples.SCHEDULE, UNKNOWN),
    ],
)
def test_end_time_left_out(prior: Any, config: Any, expected: Any) -> None:
    """The service's end time is kept, unknown if the schedule changes, and null for a single export."""
    before = None if prior is None else flow_state(schedule=prior)
    after = samples.flow_config(schedule=config | {"end_time": None})
    found = planned("aep_flow", after, before).planned_state["schedule"]["end_time"]

    assert found is expected or found == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"base_connection_id": samples.FLOW_ID}, {"base_connection_id"}),
        ({"base_connection_id": UNKNOWN}, {"base_connection_id"}),
        ({"amazon_s3": {"bucket_name": "other", "path": "p"}}, set()),
        ({"compression": "NONE"}, set()),
        ({"compression": "gzip"}, set()),
        ({"amazon_s3": None, "sftp": samples.PLACES["sftp"]}, {"amazon_s3", "sftp"}),
        ({"amazon_s3": None, "sftp": UNKNOWN}, {"amazon_s3"}),
        ({"compression": "NONE", "on_change": "replace"}, {"compression"}),
        (
            {"on_change": "replace", "amazon_s3": {"bucket_name": "other", "path": "exports/orders"}},
            {"amazon_s3.bucket_name"},
        ),
        ({"on_change": "replace", "include_file_manifest": False}, set()),
        ({"on_change": "replace", "name": "other"}, set()),
    ],
)
def test_replacement_of_targets(given: dict[str, Any], expected: set[str]) -> None:
    """Another base connection or destination replaces a target; other values do so only with `on_change`."""
    plan = planned("aep_target_connection", samples.target_config(**given), target_state())

    assert replaced_paths(plan) == expected


def test_datasets_replace() -> None:
    """Other datasets replace the source connection; another order is the same set."""
    pair = [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "A"}, {"id": "6ef3e3259ad2a1191ab7dd7d", "name": "B"}]
    prior = samples.source_config(datasets=pair, id=samples.SOURCE_ID, deletion_protection=False)

    assert replaced_paths(planned("aep_source_connection", samples.source_config(), prior)) == {"datasets"}
    same = planned("aep_source_connection", samples.source_config(datasets=pair[::-1]), prior)
    assert same.planned_state == prior


@pytest.mark.parametrize("config", [None, samples.target_config(base_connection_id=samples.FLOW_ID)])
def test_deletion_protection(config: Value) -> None:
    """A protected object is neither destroyed nor replaced."""
    resource = CATALOGUE.resources["aep_target_connection"]
    request = PlanResourceChangeRequest(
        type_name=resource.type_name,
        prior_state=target_state(deletion_protection=True),
        proposed_new_state=config,
        config=config,
    )
    (problem,) = plan_resource_change(resource, request, "error").diagnostics

    assert str(problem.path) == "deletion_protection"
    assert '"place"' in problem.detail


_PROTECTED = (
    'Terraform is about to replace the target connection "place" ({id}), whose deletion_protection is true. '
    "The change of base_connection_id replaces it. To allow it, set deletion_protection to false and apply "
    "that first."
)
_KEEP = (
    " The new value of base_connection_id is known only after the apply, usually because the object that it "
    "refers to is replaced too. If that object is tainted, `terraform untaint` with its address keeps both."
)


@pytest.mark.parametrize(
    ("reference", "expected"), [(samples.FLOW_ID, _PROTECTED), (UNKNOWN, _PROTECTED + _KEEP)]
)
def test_the_cause_of_a_protected_replacement(reference: Value, expected: str) -> None:
    """The attribute is named, and where a tainted object that it refers to may be the cause, the way out."""
    prior = target_state(deletion_protection=True)
    config = samples.target_config(deletion_protection=True, base_connection_id=reference)
    (problem,) = planned("aep_target_connection", config, prior).diagnostics

    assert problem.detail == expected.format(id=prior["id"])


def test_protected_objects_change() -> None:
    """A protected object is changed in place as any other."""
    prior = target_state(deletion_protection=True)
    config = samples.target_config(deletion_protection=True, name="other")

    assert not has_errors(planned("aep_target_connection", config, prior).diagnostics)


@pytest.mark.parametrize(("setting", "stops"), [("error", True), ("warning", False)])
def test_disputed_rules(setting: str, stops: bool) -> None:
    """JSON without compression is an error or a warning, depending on `disputed_rules`."""
    config = samples.target_config(file_type="json", compression="NONE")
    request = PlanResourceChangeRequest(
        type_name="aep_target_connection", prior_state=None, proposed_new_state=config, config=config
    )
    response = plan_resource_change(CATALOGUE.resources["aep_target_connection"], request, setting)

    assert has_errors(response.diagnostics) is stops
    assert [str(each.path) for each in response.diagnostics] == ["compression"]
    assert "disputed_rules" in response.diagnostics[0].detail


def test_disputed_values_of_an_existing_object_stop_no_plan() -> None:
    """What Flow Service has accepted violates no disputed rule; a change to another such value does."""
    place = {"bucket_name": "acme-aep", "path": "/exports"}
    prior = target_state(amazon_s3=place, file_type="JSON", compression="NONE")

    def errors(**given: Any) -> list[str]:
        config = samples.target_config(
            **({"amazon_s3": place, "file_type": "JSON", "compression": "NONE"} | given)
        )
        return [str(each.path) for each in planned("aep_target_connection", config, prior).diagnostics]

    assert errors() == []
    assert errors(name="another") == []
    assert errors(amazon_s3=place | {"path": "/other"}) == ["amazon_s3.path"]


def test_plan_makes_no_request() -> None:
    """A plan needs no credentials and sends no requests."""
    from provider_shim.lifecycle.provider import AepProvider

    def connect(_: Any, __: Any) -> Any:
        raise AssertionError("a plan must not connect")

    async def run() -> None:
        provider = AepProvider(connect, {}, 0.0, lambda: datetime(2026, 11, 23, tzinfo=UTC))
        config = samples.flow_config()
        request = PlanResourceChangeRequest(
            type_name="aep_flow", prior_state=None, proposed_new_state=config, config=config
        )
        assert not has_errors((await provider.plan_resource_change(request)).diagnostics)

    asyncio.run(run())


@pytest.mark.parametrize("changed", [{}, {"name": "renamed"}, {"target_connection_id": samples.BASE_ID}])
def test_every_plan_of_an_object_keeps_its_id_for_the_plan_of_a_replacement(changed: dict[str, Any]) -> None:
    """The private data of a plan without change, of an update and of a replacement have the object's id.

    Terraform passes them to the plan of the new object, also if the replacement is Terraform's own decision.
    """
    private = PrivateState(etag='"1"').encode()

    first = planned("aep_flow", samples.flow_config(**changed), flow_state(), private)
    second = planned("aep_flow", samples.flow_config(**changed), None, first.planned_private)

    assert decode(first.planned_private) == PrivateState(etag='"1"', id=samples.FLOW_ID)
    assert decode(second.planned_private).id == samples.FLOW_ID
    assert decode(planned("aep_flow", samples.flow_config()).planned_private).id is None
