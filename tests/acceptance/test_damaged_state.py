"""A state that is damaged or was edited by hand."""

from __future__ import annotations

import base64
import functools

import pytest

from tests.acceptance.configurations import EXPORT
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow


def test_damaged_private_data_are_completed_and_damaged_attributes_are_named(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Damaged private data changes no plan and fails no update.

    A null id or a value of a wrong type is one error that names the attribute, without a request.
    """
    terraform.write(EXPORT)
    terraform.apply()
    damaged = {
        "aep_source_connection.this": b"not json",
        "aep_base_connection.this": b'["a list"]',
        "aep_target_connection.this": b'{"etag": 5, "imported": "yes", "sandbox_name": []}',
        "aep_flow.this": b'{"etag": "\\u20ac"}',
    }
    for address, private in damaged.items():
        terraform.edit_state(
            address, functools.partial(dict.update, private=base64.b64encode(private).decode())
        )
    terraform.assert_empty_plan()
    terraform.write(EXPORT.replace("= 3\n", "= 6\n"))
    terraform.apply("-refresh=false")

    terraform.edit_state("aep_base_connection.this", lambda instance: instance["attributes"].update(id=None))
    terraform.edit_state("aep_source_connection.this", lambda instance: instance["attributes"].update(name=5))
    with flow_service.recording() as sent:
        errors = {each.text for each in terraform.failing_plan()}

    assert len(errors) == 2
    for words in ("id must be the id of the object, and is null", "name must be a text, and is 5"):
        assert any(words in each for each in errors)
    assert not any("Internal error" in each for each in errors)
    assert sent == []
