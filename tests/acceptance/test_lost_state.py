"""Applies after the state was lost, or was never saved: no export is created a second time."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.configurations import BASE, EXPORT, FLOW, PROVIDER, SOURCE, TARGET
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Diagnostic, Terraform

pytestmark = pytest.mark.slow

OTHER_DATASETS = SOURCE.replace("5ef3e3259ad2a1191ab7dd7d", "6416dcaa923f16b449fb2089")
CREATE_FIRST = "  lifecycle {\n    create_before_destroy = true\n  }\n}\n"


def lose_state(terraform: Terraform) -> None:
    """Delete the state, as a runner that is lost before a remote backend has saved it."""
    (terraform.folder / "terraform.tfstate").unlink()
    (terraform.folder / "terraform.tfstate.backup").unlink(missing_ok=True)


def import_blocks(errors: list[Diagnostic]) -> str:
    """Return the import blocks of the errors, with the addresses of the tests' configuration."""
    blocks = re.findall(r"import \{.*?\n\s*\}", "\n".join(each.detail for each in errors), re.DOTALL)
    return "\n".join(block.replace("<name>", "this") for block in blocks)


def ids(terraform: Terraform) -> set[str]:
    """Return the ids of all objects in the state."""
    return {str(each["id"]) for each in terraform.state().values()}


def with_create_first(resource: str) -> str:
    """Return a resource with create_before_destroy."""
    return resource.rstrip().removesuffix("}") + CREATE_FIRST


def test_an_export_whose_state_was_lost_is_imported_and_not_created_again(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The next apply creates nothing and names every object of the export at once. After its import blocks
    are pasted, one apply has everything back.
    """
    terraform.write(EXPORT)
    terraform.apply()
    lost = ids(terraform)
    lose_state(terraform)

    errors = terraform.failing_apply()

    assert flow_service.object_names() == {
        name: names[:1] for name, names in flow_service.object_names().items()
    }
    assert terraform.state() == {}
    for identifier in lost:
        assert sum(f'id = "{identifier}"' in each.detail for each in errors) == 1, identifier

    terraform.write(import_blocks(errors), "imports.tf")
    terraform.apply()
    assert ids(terraform) == lost
    terraform.assert_empty_plan()


def test_a_flow_of_the_same_name_stops_the_create_whatever_its_connections_are(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A flow that the state does not have is named although its connections are other ones; so is one of
    another name between the same connections.
    """
    terraform.write(EXPORT)
    terraform.apply()
    [first] = flow_service.entities("flows")
    lose_state(terraform)
    renamed = EXPORT.replace('"orders"', '"other orders"').replace('"landing zone"', '"other zone"')
    renamed = renamed.replace('"orders in the landing zone"', '"orders in the other zone"')
    terraform.write(renamed)

    [error] = terraform.failing_apply()
    assert (error.address, error.attribute) == ("aep_flow.this", "name")
    assert first["id"] in error.detail
    assert len(terraform.state()) == 3

    terraform.write(renamed.replace("orders to the landing zone", "orders to the other zone"))
    terraform.apply()
    second = terraform.state()["aep_flow.this"]["id"]
    terraform.remove_from_state("aep_flow.this")
    terraform.write(renamed.replace("orders to the landing zone", "orders to a third zone"))
    [error] = terraform.failing_apply()
    assert error.summary == "A flow with these connections exists already"
    assert second in error.detail
    assert len(flow_service.entities("flows")) == 2


def test_a_replacement_is_no_duplicate(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """-replace, a taint, and create_before_destroy work although the old object has the planned name. Only a
    forced replacement that creates first needs the setting that the error names.
    """
    created_first = PROVIDER + with_create_first(SOURCE) + BASE + TARGET + FLOW
    terraform.write(created_first)
    terraform.apply()

    terraform.apply("-replace=aep_flow.this")
    terraform.run("taint", "aep_flow.this", expected=(0,))
    terraform.apply()
    old = terraform.state()["aep_source_connection.this"]["id"]
    terraform.write(created_first.replace("5ef3e3259ad2a1191ab7dd7d", "6416dcaa923f16b449fb2089"))
    outcome = terraform.apply()
    assert [each.severity for each in outcome.diagnostics if old in each.detail] == ["warning"]

    [error] = terraform.failing_apply("-replace=aep_source_connection.this")
    assert "AEP_EXISTING_NAMES=ignore" in error.detail
    terraform.environment["AEP_EXISTING_NAMES"] = "ignore"
    terraform.apply("-replace=aep_source_connection.this")

    assert {len(names) for names in flow_service.object_names().values()} == {1}
    terraform.assert_empty_plan()


def test_no_apply_stops_after_it_has_deleted_what_it_replaces(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """If another resource has the planned name, a replacement that deletes the old object first goes on."""
    terraform.write(PROVIDER + SOURCE + SOURCE.replace('"this"', '"other"'))
    terraform.apply()

    outcome = terraform.apply("-replace=aep_source_connection.other")

    assert {each.severity for each in outcome.diagnostics} == {"warning"}
    assert len(flow_service.entities("sourceConnections")) == 2
    terraform.assert_empty_plan()
