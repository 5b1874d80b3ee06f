"""An invalid configuration is reported on the attribute, and nothing is created."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provider_shim.resources import CATALOGUE
from tests.acceptance.configurations import EXPORT, PROVIDER
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.invalid_configurations import FLOW_ADDRESS, INVALID_CONFIGURATIONS, InvalidConfiguration
from tests.acceptance.terraform import Diagnostic, Terraform, without_provider_settings
from tests.unit.wrong_values import all_broken, configured

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("case", INVALID_CONFIGURATIONS)
def test_an_invalid_configuration_is_reported_on_its_attribute(
    case: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The first error is on the invalid attribute and contains value and rule; no request is sent."""
    invalid = INVALID_CONFIGURATIONS[case]
    terraform.write(PROVIDER + invalid.configuration)

    errors = terraform.failing_apply()

    _assert_reported(errors[0], invalid)
    assert {each.address for each in errors} == {invalid.address}
    assert flow_service.requests == []
    assert terraform.state() == {}


OFFLINE = (
    "base connection with two destinations",
    "bad path",
    "increments every two hours",
    "malformed dataset id",
    "half of a credential",
)


@pytest.mark.parametrize("case", OFFLINE)
def test_validate_reports_the_same_without_credentials(case: str, terraform: Terraform) -> None:
    """`terraform validate` reports broken rules that are not disputed, without credentials."""
    terraform.environment = without_provider_settings(terraform.environment)
    terraform.write(PROVIDER + INVALID_CONFIGURATIONS[case].configuration)

    diagnostics = terraform.validate()

    _assert_reported(diagnostics[0], INVALID_CONFIGURATIONS[case])


def _assert_reported(diagnostics: Diagnostic, invalid: InvalidConfiguration) -> None:
    assert (diagnostics.address, diagnostics.attribute) == (invalid.address, invalid.attribute), (
        diagnostics.text
    )
    for word in invalid.words:
        assert word in diagnostics.text


def test_every_rule_is_reported_by_one_validate(terraform: Terraform) -> None:
    """Every undisputed rule of a single attribute, broken in a resource of its own, gives an error that
    contains the attribute's name.
    """
    terraform.environment = without_provider_settings(terraform.environment)
    broken = [
        each for each in all_broken() if each.block in CATALOGUE.resources.values() and not each.rule.disputed
    ]
    resources: dict[str, dict[str, Any]] = {}
    for number, each in enumerate(broken):
        resources.setdefault(each.block.type_name, {})[f"case_{number}"] = _without_nulls(configured(each))
    terraform.write(PROVIDER)
    terraform.write(json.dumps({"resource": resources}), "invalid.tf.json")

    diagnostics = terraform.validate()

    for number, each in enumerate(broken):
        address = f"{each.block.type_name}.case_{number}"
        texts = [diagnostic.text for diagnostic in diagnostics if diagnostic.address == address]
        assert any(each.place[-1] in text and "must" in text for text in texts), (each.title, texts)


def _without_nulls(value: Any) -> Any:
    """Return the value without its null parts."""
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value


def test_a_disputed_rule_can_be_a_warning(terraform: Terraform) -> None:
    """`disputed_rules = "warning"` lets JSON without compression through the plan, with a warning."""
    terraform.environment["AEP_DISPUTED_RULES"] = "warning"
    terraform.write(PROVIDER + INVALID_CONFIGURATIONS["JSON without compression"].configuration)

    diagnostics = terraform.plan().diagnostics

    assert [(each.severity, each.attribute) for each in diagnostics] == [("warning", "compression")]


def test_a_flow_for_another_destination_than_its_target_is_not_created(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A literal destination that differs from the target's is reported on it, and the flow is not created.

    The apply reports it where the target connection is as new as the flow, the plan where it exists already.
    """
    terraform.write(EXPORT.replace("aep_target_connection.this.destination", '"sftp"'))

    for (diagnostic,) in (terraform.failing_apply(), terraform.failing_plan()):
        assert (diagnostic.address, diagnostic.attribute) == (FLOW_ADDRESS, "destination")
        assert 'is for "data_landing_zone"' in diagnostic.text
    assert flow_service.entities("flows") == []
