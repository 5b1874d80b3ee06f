"""The module `dataset_export` with real Terraform, for every destination."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.configurations import PROVIDER
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

SECRETS = {
    "s3_access_key": "AKIATESTTESTTESTTEST",
    "s3_secret_key": "test/secret+test/secret+test/secret+1234",
    "s3_role": "arn:aws:iam::111122223333:role/aep",
    "connection_string": "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=dGVzdA==",
    "service_principal_key": "test-principal-key",
    "secret_access_key": "test-hmac-secret",
    "password": "test-password",
    "ssh_key": "dGVzdCBrZXk=",
}
VARIABLES = "".join(
    f'variable "{name}" {{\n  type      = string\n  ephemeral = true\n}}\n' for name in SECRETS
)

DESTINATIONS = {
    "key": ('amazon_s3 = { bucket_name = "acme", path = "x" }', ("s3_access_key", "s3_secret_key")),
    "role": ('amazon_s3 = { bucket_name = "acme", path = "x" }', ("s3_role",)),
    "blob": ('azure_blob = { container = "acme", path = "x" }', ("connection_string",)),
    "lake": (
        'adls_gen2 = { url = "abfss://e@a.dfs.core.windows.net", tenant = "t",'
        ' service_principal_id = "i", path = "x" }',
        ("service_principal_key",),
    ),
    "zone": ('data_landing_zone = { path = "x" }', ()),
    "gcs": (
        'google_cloud_storage = { access_key_id = "GOOG1", bucket_name = "acme", path = "x" }',
        ("secret_access_key",),
    ),
    "password": (
        'sftp = { domain = "d", username = "u", port = 22, remote_path = "x" }',
        ("password",),
    ),
    "ssh": ('sftp = { domain = "d", username = "u", remote_path = "x" }', ("ssh_key",)),
}

SPECS = {
    "269ba276-16fc-47db-92b0-c1049a3c131f": 2,
    "95bd8965-fc8a-4119-b9c3-944c2c2df6d2": 1,
    "17be2013-2549-41ce-96e7-a70363bec293": 1,
    "cd2fc47e-e838-4f38-a581-8fff2f99b63a": 1,
    "585c15c4-6cbf-4126-8f87-e26bff78b657": 1,
    "354d6aad-4754-46e4-a576-1b384561c440": 2,
}
"""How many flows of each flow spec the eight exports are."""


@pytest.fixture
def module(terraform: Terraform, checkout: Path) -> Terraform:
    """Terraform beside a copy of the module, with all secrets given."""
    (terraform.folder / "module").symlink_to(checkout / "modules" / "dataset_export")
    terraform.variables(**SECRETS)
    return terraform


def _export(name: str, *lines: str, dataset: str = "5ef3e3259ad2a1191ab7dd7d") -> str:
    destination, secrets = DESTINATIONS[name]
    credentials = "".join(f"    {each} = var.{each}\n" for each in secrets)
    more = "".join(f"  {line}\n" for line in lines)
    return f"""
module "{name}" {{
  source      = "./module"
  name        = "{name}"
  datasets    = [{{ id = "{dataset}", name = "Orders" }}]
  destination = {{ {destination} }}
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
    """Eight exports: created, planned empty, their ids among the outputs, destroyed."""
    module.write(PROVIDER + VARIABLES + "".join(_export(name) for name in DESTINATIONS))
    module.init()

    module.apply()
    module.assert_empty_plan()
    flows = {each["id"]: each for each in flow_service.entities("flows")}
    outputs = module.outputs()
    specs = [each["flowSpec"]["id"] for each in flows.values()]
    assert {spec: specs.count(spec) for spec in specs} == SPECS
    for name in DESTINATIONS:
        flow = flows[outputs[name]["flow_id"]]
        assert flow["name"] == name
        assert flow["sourceConnectionIds"] == [outputs[name]["source_connection_id"]]
        assert flow["targetConnectionIds"] == [outputs[name]["target_connection_id"]]
    module.destroy()

    assert flow_service.remaining() == {}


def test_every_variable_has_its_effect(module: Terraform, flow_service: FakeFlowService) -> None:
    """What is optional arrives at Flow Service, and other datasets leave the flow alive."""
    more = (
        'description = "sold"',
        'file_type = "JSON"',
        'compression = "GZIP"',
        "include_file_manifest = true",
        "enabled = false",
        "credentials_version = 3",
    )
    module.write(PROVIDER + VARIABLES + _export("key", *more))
    module.init()
    module.apply()
    flow = flow_service.entities("flows")[0]
    target = flow_service.entities("targetConnections")[0]

    assert (flow["description"], flow["state"]) == ("sold", "disabled")
    assert target["params"] == {
        "mode": "Server-to-server",
        "bucketName": "acme",
        "path": "x",
        "datasetFileType": "JSON",
        "compression": "GZIP",
        "includeFileManifest": True,
    }
    module.write(PROVIDER + VARIABLES + _export("key", *more, dataset="5ef3e324052581191aa6a466"))
    changes = module.apply().changes
    assert changes == {
        "module.key.aep_source_connection.this": "replace",
        "module.key.aep_flow.this": "update",
    }
    module.assert_empty_plan()


@pytest.mark.parametrize(
    "destination",
    ["", 'data_landing_zone = { path = "x" }, sftp = { domain = "d", username = "u", remote_path = "x" }'],
    ids=["none", "two"],
)
def test_exactly_one_destination_is_asked_for(
    destination: str, module: Terraform, flow_service: FakeFlowService
) -> None:
    """The module's own check tells it on the argument, before the provider is asked."""
    configuration = _export("zone").replace('data_landing_zone = { path = "x" }', destination)
    module.write(PROVIDER + VARIABLES + configuration)
    module.init()

    errors = module.failing_apply()

    assert [each.attribute for each in errors] == ["destination"]
    assert "exactly one" in errors[0].text
    assert flow_service.requests == []
