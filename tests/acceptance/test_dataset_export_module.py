"""The module `dataset_export` with the real Terraform, for every destination."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from provider_shim.destinations import DESTINATIONS
from tests.acceptance.configurations import PROVIDER
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform
from tools.example_values import EXAMPLE_EXPORTS, example_value

pytestmark = pytest.mark.slow

EXPORTS = {each.name: each for each in EXAMPLE_EXPORTS}
SECRETS = {
    field.name: str(example_value(field))
    for destination in DESTINATIONS
    for field in destination.credentials
    if field.secret
}
VARIABLES = "".join(
    f'variable "{name}" {{\n  type      = string\n  ephemeral = true\n}}\n' for name in SECRETS
)
SPECS = Counter(each.destination.flow_spec for each in EXAMPLE_EXPORTS)
"""The number of exports of each flow spec."""


@pytest.fixture
def module(terraform: Terraform, checkout: Path) -> Terraform:
    """Terraform with a copy of the module and all secrets."""
    (terraform.folder / "module").symlink_to(checkout / "modules" / "dataset_export")
    terraform.variables(**SECRETS)
    return terraform


def _export(name: str, *lines: str, dataset: str = "5ef3e3259ad2a1191ab7dd7d", destination: str = "") -> str:
    export = EXPORTS[name]
    given = {**export.credentials, **export.location}
    secrets = [each.name for each in export.destination.credentials if each.secret and each.name in given]
    block = json.dumps({key: value for key, value in given.items() if key not in secrets})
    credentials = "".join(f"    {each} = var.{each}\n" for each in secrets)
    more = "".join(f"  {line}\n" for line in lines)
    return f"""
module "{name}" {{
  source      = "./module"
  name        = "{name}"
  datasets    = [{{ id = "{dataset}", name = "Orders" }}]
  destination = {{ {destination or f"{export.destination.name} = {block}"} }}
  credentials = {{
{credentials}  }}
  schedule = {{
    time_unit  = "day"
    interval   = 1
    start_time = "2040-01-01T00:00:00Z"
    end_time   = "2041-01-01T00:00:00Z"
  }}
{more}}}

output "{name}" {{
  value = module.{name}
}}
"""


def test_every_destination_is_exported_to(module: Terraform, flow_service: FakeFlowService) -> None:
    """An export by each authentication method is created, plans empty, outputs its ids and is destroyed."""
    module.write(PROVIDER + VARIABLES + "".join(_export(name) for name in EXPORTS))
    module.init()

    module.apply()
    module.assert_empty_plan()
    flows = {each["id"]: each for each in flow_service.entities("flows")}
    outputs = module.outputs()
    assert Counter(each["flowSpec"]["id"] for each in flows.values()) == SPECS
    for name in EXPORTS:
        flow = flows[outputs[name]["flow_id"]]
        assert flow["name"] == name
        assert flow["sourceConnectionIds"] == [outputs[name]["source_connection_id"]]
        assert flow["targetConnectionIds"] == [outputs[name]["target_connection_id"]]
        assert outputs[name]["sandbox_name"] == "prod"
    module.destroy()

    assert flow_service.object_names() == {}


def test_every_variable_reaches_flow_service(module: Terraform, flow_service: FakeFlowService) -> None:
    """The optional variables are sent to Flow Service, and changed datasets keep the flow."""
    more = (
        'description = "sold"',
        'file_type = "JSON"',
        'compression = "GZIP"',
        "include_file_manifest = true",
        "enabled = false",
        "credentials_version = 3",
    )
    module.write(PROVIDER + VARIABLES + _export("amazon_s3_access_key", *more))
    module.init()
    module.apply()
    flow = flow_service.entities("flows")[0]
    target = flow_service.entities("targetConnections")[0]

    assert (flow["description"], flow["state"]) == ("sold", "disabled")
    assert target["params"] == {
        "mode": "Server-to-server",
        "bucketName": "acme-aep",
        "path": "exports/orders",
        "datasetFileType": "JSON",
        "compression": "GZIP",
        "includeFileManifest": True,
    }
    changed = _export("amazon_s3_access_key", *more, dataset="5ef3e324052581191aa6a466")
    module.write(PROVIDER + VARIABLES + changed)
    changes = module.apply().changes
    assert changes == {
        "module.amazon_s3_access_key.aep_source_connection.this": "replace",
        "module.amazon_s3_access_key.aep_flow.this": "update",
    }
    module.assert_empty_plan()


@pytest.mark.parametrize(
    "destination",
    [" ", 'data_landing_zone = { path = "x" }, sftp = { domain = "d", username = "u", remote_path = "x" }'],
    ids=["none", "two"],
)
def test_exactly_one_destination_is_required(
    destination: str, module: Terraform, flow_service: FakeFlowService
) -> None:
    """The module's validation reports it on `destination`, before any request."""
    module.write(PROVIDER + VARIABLES + _export("data_landing_zone", destination=destination))
    module.init()

    errors = module.failing_apply()

    assert [each.attribute for each in errors] == ["destination"]
    assert "exactly one" in errors[0].text
    assert flow_service.requests == []
