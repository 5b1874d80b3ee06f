"""The self-check reports invalid responses on the attribute path, and accepts valid ones."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    ApplyResourceChangeResponse,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
)
from provider_shim.lifecycle.self_check import rules
from provider_shim.lifecycle.state.states import null_state
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import Path, path
from provider_shim.schema.values import UNKNOWN

BASE = CATALOGUE.resources["aep_base_connection"]
CONFIG = null_state(BASE) | {
    "name": "bucket",
    "amazon_s3": {"s3_access_key": "A" * 20, "s3_secret_key": "b" * 40, "s3_role": None},
}
PLANNED = null_state(BASE) | {
    "id": UNKNOWN,
    "name": "bucket",
    "amazon_s3": dict.fromkeys(("s3_access_key", "s3_secret_key", "s3_role")),
    "credentials_revision": 1,
    "deletion_protection": False,
}
STATE = PLANNED | {"id": "5b1d4bfa-0000-4000-8000-000000000000"}

Change = Callable[[dict[str, Any]], object]


def plan(planned: Any, *, prior: Any = None, replaced: list[Path] | None = None) -> list[Diagnostic]:
    """Return the violations in this plan."""
    request = PlanResourceChangeRequest(
        type_name=BASE.type_name, prior_state=prior, proposed_new_state=CONFIG, config=CONFIG
    )
    response = PlanResourceChangeResponse(planned_state=planned, requires_replace=replaced or [])
    return rules.of_plan(BASE, request, response)


def apply(state: Any, *diagnostics: Diagnostic) -> list[Diagnostic]:
    """Return the violations in this new state."""
    request = ApplyResourceChangeRequest(
        type_name=BASE.type_name, prior_state=None, planned_state=PLANNED, config=CONFIG
    )
    response = ApplyResourceChangeResponse(new_state=state, diagnostics=list(diagnostics))
    return rules.of_apply(BASE, request, response)


def test_valid_responses() -> None:
    """A valid plan, a valid state, and a prior value instead of the configured one are accepted."""
    assert plan(PLANNED) == []
    assert apply(STATE) == []
    assert plan(STATE | {"name": "Bucket"}, prior=STATE | {"name": "Bucket"}) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda state: state.update(name="another"), path("name")),
        (lambda state: state.update(name=UNKNOWN), path("name")),
        (lambda state: state.update(credentials_version=7), path("credentials_version")),
        (lambda state: state["amazon_s3"].update(s3_role="leaked"), path("amazon_s3", "s3_role")),
        (lambda state: state.update(amazon_s3=None), path("amazon_s3")),
        (lambda state: state.pop("timeouts"), Path()),
        (lambda state: state.update(surplus=1), Path()),
    ],
)
def test_wrong_plans_are_found(change: Change, place: Path) -> None:
    """A plan that Terraform would reject is reported on the attribute path."""
    planned = copy.deepcopy(PLANNED)
    change(planned)

    assert place in [problem.path for problem in plan(planned)]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda state: state.update(name="another"), path("name")),
        (lambda state: state.update(id=UNKNOWN), Path()),
        (lambda state: state.update(credentials_revision=2), path("credentials_revision")),
        (lambda state: state["amazon_s3"].update(s3_secret_key="b"), path("amazon_s3", "s3_secret_key")),
    ],
)
def test_wrong_states_are_found(change: Change, place: Path) -> None:
    """A new state that contradicts the plan is reported on the attribute path."""
    state = copy.deepcopy(STATE)
    change(state)

    assert place in [problem.path for problem in apply(state)]


def test_null_is_for_destroys() -> None:
    """Only a destroy may plan null, and only a destroy or a failure may return it."""
    assert plan(None) != []
    assert apply(None) != []
    assert apply(None, error("Refused", "Flow Service said no.")) == []


def test_beside_an_error_the_state_may_differ() -> None:
    """The state of a failed apply must be storable, but may differ from the plan."""
    failed = error("Refused", "Flow Service said no.")

    assert apply(STATE | {"credentials_revision": 0}, failed) == []
    assert apply(STATE | {"id": UNKNOWN}, failed) != []


def test_replacement_points_somewhere() -> None:
    """`requires_replace` must have paths of existing attributes."""
    assert plan(STATE, prior=STATE, replaced=[path("amazon_s3")]) == []
    assert plan(STATE, prior=STATE, replaced=[path("bucket")]) != []
    assert plan(STATE, prior=STATE, replaced=[Path()]) != []
