"""Numbers of requests of imports."""

from __future__ import annotations

from tests.acceptance.configurations import BASE, FLOW, PROVIDER, SOURCE, TARGET
from tests.acceptance.fake_flow_service import COLLECTIONS, FakeFlowService
from tests.acceptance.terraform import Terraform

COUNT = 16
TYPES = ("source_connection", "base_connection", "target_connection", "flow")


def counted(configuration: str) -> str:
    """Return the configuration with `COUNT` objects of each resource, which refer to each other."""
    for resource in TYPES:
        configuration = configuration.replace(f"aep_{resource}.this.", f"aep_{resource}.this[count.index].")
        configuration = configuration.replace(
            f'"aep_{resource}" "this" {{', f'"aep_{resource}" "this" {{\n  count = {COUNT}'
        )
    return configuration.replace("orders to the", "orders ${count.index} to the")


def test_an_import_costs_two_requests_for_each_collection(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Sixteen exports, 64 objects, are imported and planned with a token, and one read by id and one page
    for each collection: whatever their number, an import costs pages and not objects.
    """
    terraform.write(PROVIDER + counted(SOURCE + BASE + TARGET + FLOW))
    terraform.apply()
    ids = {address: each["id"] for address, each in terraform.state().items()}
    assert len(ids) == 4 * COUNT
    (terraform.folder / "terraform.tfstate").unlink()
    blocks = (
        f'import {{\n  to = {address}\n  id = "{identifier}"\n}}\n' for address, identifier in ids.items()
    )
    terraform.write("".join(blocks), "import.tf")

    with flow_service.recording() as requests:
        outcome = terraform.plan()

    assert outcome.changes == dict.fromkeys(ids, "import")
    assert len([each for each in requests if each.method == "GET"]) == 2 * len(COLLECTIONS)
    assert len(requests) <= 12
