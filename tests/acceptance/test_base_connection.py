"""`aep_base_connection` with the real Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.configurations import BASE, PROVIDER, S3_BASE, S3_SECRETS, S3_VARIABLES
from tests.acceptance.fake_flow_service import SERVICE, FakeFlowService, Request
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

ADDRESS = "aep_base_connection.this"
COLLECTION = "connections"
S3 = PROVIDER + S3_VARIABLES + S3_BASE

FULL = """
resource "aep_base_connection" "this" {
  name        = "bucket"
  description = "the bucket of the shops"
  amazon_s3 = {
    s3_access_key = var.s3_access_key
    s3_secret_key = var.s3_secret_key
  }
  encryption          = { public_key = "cHVibGljIGtleQ==" }
  credentials_version = 1
  deletion_protection = false
  timeouts            = { create = "2m", update = "3m", delete = "90s" }
}
"""

SFTP_VARIABLE = """
variable "password" {
  type      = string
  ephemeral = true
}
"""

SFTP = """
resource "aep_base_connection" "this" {
  name = "server"
  sftp = { domain = "sftp.example.org", username = "aep", port = 22, password = var.password }
}
"""


def _patches(sent: list[Request]) -> list[Request]:
    return [each for each in sent if each.method in ("PATCH", "PUT", "DELETE")]


def _revision(terraform: Terraform) -> Any:
    return terraform.state()[ADDRESS]["credentials_revision"]


@pytest.mark.parametrize("resource", [BASE, FULL], ids=["smallest", "full"])
def test_create_empty_plan_and_destroy(
    resource: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Create, plan empty and destroy everything, with the optional attributes unset and set."""
    terraform.write(PROVIDER + S3_VARIABLES + resource)
    terraform.variables(**S3_SECRETS)

    terraform.apply()
    terraform.assert_empty_plan()
    assert list(flow_service.object_names()) == [COLLECTION]
    terraform.destroy()

    assert flow_service.object_names() == {}


def test_name_and_description_change_in_place(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """One PATCH with If-Match changes both, and sends no secrets."""
    terraform.write(S3)
    terraform.variables(**S3_SECRETS)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    etag = flow_service.entity(COLLECTION, identifier)["etag"]
    terraform.write(S3.replace('"bucket"', '"store"\n  description = "of the shops"'))

    with flow_service.recording() as sent:
        changes = terraform.apply().changes

    patches = _patches(sent)
    assert changes == {ADDRESS: "update"}
    assert [(each.method, each.path) for each in patches] == [
        ("PATCH", f"{SERVICE}/{COLLECTION}/{identifier}")
    ]
    assert patches[0].headers["if-match"] == etag
    assert {each["path"]: each["value"] for each in patches[0].json} == {
        "/name": "store",
        "/description": "of the shops",
    }
    terraform.assert_empty_plan()


def test_a_changed_secret_is_sent_once(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A changed secret plans only a new `credentials_revision`; one PATCH sends all secrets."""
    terraform.write(S3)
    terraform.variables(**S3_SECRETS)
    terraform.apply()
    assert _revision(terraform) == 1
    secrets = S3_SECRETS | {"s3_secret_key": "next/secret+next/secret+next/secret+next"}
    terraform.variables(**secrets)

    changes = terraform.planned_values()
    with flow_service.recording() as sent:
        terraform.apply()

    assert [each["change"]["actions"] for each in changes] == [["update"]]
    assert _differences(changes[0]["change"]) == {"credentials_revision"}
    assert [each.json for each in _patches(sent)] == [
        [
            {
                "op": "add",
                "path": "/auth/params",
                "value": {"s3AccessKey": secrets["s3_access_key"], "s3SecretKey": secrets["s3_secret_key"]},
            }
        ]
    ]
    assert _revision(terraform) == 2
    terraform.assert_empty_plan()


def test_with_credentials_version_only_a_new_version_sends_secrets(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """With `credentials_version`, a changed secret plans nothing until the version changes too."""
    versioned = S3.replace('"bucket"', '"bucket"\n  credentials_version = 1')
    terraform.write(versioned)
    terraform.variables(**S3_SECRETS)
    terraform.apply()
    terraform.variables(s3_secret_key="next/secret+next/secret+next/secret+next")

    terraform.assert_empty_plan()
    terraform.write(versioned.replace("version = 1\n", "version = 2\n"))
    with flow_service.recording() as sent:
        assert terraform.apply().changes == {ADDRESS: "update"}

    assert [each["path"] for patch in _patches(sent) for each in patch.json] == ["/auth/params"]
    terraform.assert_empty_plan()


def test_null_secrets_keep_the_existing_ones(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Null secrets of an existing connection plan no change."""
    terraform.write(S3)
    terraform.variables(**S3_SECRETS)
    terraform.apply()

    terraform.write(
        PROVIDER + 'resource "aep_base_connection" "this" {\n  name = "bucket"\n  amazon_s3 = {}\n}\n'
    )

    terraform.assert_empty_plan()


def test_public_parameters_change_in_place(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Port and user of an SFTP server change in place; the PATCH also sends the secret, which it requires."""
    terraform.write(PROVIDER + SFTP_VARIABLE + SFTP)
    terraform.variables(password="example-password")
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    terraform.write(PROVIDER + SFTP_VARIABLE + SFTP.replace('"aep"', '"exports"').replace("22", "2222"))

    with flow_service.recording() as sent:
        assert terraform.apply().changes == {ADDRESS: "update"}

    patches = _patches(sent)
    assert [each.path for each in patches] == [f"{SERVICE}/{COLLECTION}/{identifier}"]
    assert patches[0].json == [
        {
            "op": "add",
            "path": "/auth/params",
            "value": {
                "domain": "sftp.example.org",
                "username": "exports",
                "port": 2222,
                "password": "example-password",
            },
        }
    ]
    terraform.assert_empty_plan()


def test_drift_is_shown_and_reverted(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A user name changed outside Terraform is planned as an update, and an apply restores it."""
    terraform.write(PROVIDER + SFTP_VARIABLE + SFTP)
    terraform.variables(password="example-password")
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    params = {"domain": "sftp.example.org", "username": "other", "port": 22, "password": "example-password"}
    flow_service.change(COLLECTION, identifier, **{"auth/params": params})

    changes = terraform.planned_values()

    assert [each["change"]["actions"] for each in changes] == [["update"]]
    assert changes[0]["change"]["before"]["sftp"]["username"] == "other"
    terraform.apply()
    assert flow_service.entity(COLLECTION, identifier)["auth"]["params"]["username"] == "aep"
    terraform.assert_empty_plan()


ROLE = 'amazon_s3 = { s3_role = "arn:aws:iam::111122223333:role/one" }'
BY_PASSWORD = 'sftp = { domain = "d", username = "u", password = var.password }'
BY_KEY = 'sftp = { domain = "d", username = "u", ssh_key = "c2VjcmV0" }'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("data_landing_zone = {}", BY_PASSWORD),
        (
            ROLE + '\n  encryption = { public_key = "b25l" }',
            ROLE + '\n  encryption = { public_key = "dHdv" }',
        ),
        (BY_PASSWORD, BY_KEY),
    ],
    ids=["another destination", "another encryption key", "another authentication method"],
)
def test_changes_that_replace_the_connection(
    before: str, after: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Another destination, encryption key or authentication method replaces the connection."""
    resource = PROVIDER + SFTP_VARIABLE + 'resource "aep_base_connection" "this" {\n  name = "x"\n  %s\n}\n'
    terraform.write(resource % before)
    terraform.variables(password="example-password")
    terraform.apply()
    first = terraform.state()[ADDRESS]["id"]

    terraform.write(resource % after)
    changes = terraform.apply().changes

    assert changes == {ADDRESS: "replace"}
    assert terraform.state()[ADDRESS]["id"] != first
    assert len(flow_service.entities(COLLECTION)) == 1
    terraform.assert_empty_plan()


def test_imports_without_secrets_plan_empty(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Importing with null secrets plans no change: by id, by block and with generated configuration."""
    terraform.write(S3)
    terraform.variables(**S3_SECRETS)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    terraform.write(
        PROVIDER + 'resource "aep_base_connection" "this" {\n  name = "bucket"\n  amazon_s3 = {}\n}\n'
    )

    terraform.remove_from_state(ADDRESS)
    terraform.import_by_id(ADDRESS, identifier)
    terraform.assert_empty_plan()

    terraform.remove_from_state(ADDRESS)
    terraform.write(f'import {{\n  to = {ADDRESS}\n  id = "{identifier}"\n}}\n', "import.tf")
    assert terraform.apply().changes == {ADDRESS: "import"}
    terraform.assert_empty_plan()

    terraform.remove_from_state(ADDRESS)
    terraform.write(PROVIDER)
    assert terraform.plan("-generate-config-out=generated.tf").changes == {ADDRESS: "import"}
    assert terraform.apply().changes == {ADDRESS: "import"}
    terraform.assert_empty_plan()
    assert _revision(terraform) == 0


@pytest.mark.parametrize(
    ("configuration", "secrets"),
    [(S3, S3_SECRETS), (PROVIDER + SFTP_VARIABLE + SFTP, {"password": "example-password"})],
    ids=["amazon_s3", "sftp"],
)
def test_after_an_import_only_the_secrets_are_sent(
    configuration: str, secrets: dict[str, str], terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """After an import, the first plan with secrets updates only `credentials_revision`; the next is empty."""
    terraform.write(configuration)
    terraform.variables(**secrets)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    terraform.remove_from_state(ADDRESS)
    terraform.import_by_id(ADDRESS, identifier)

    changes = terraform.planned_values()
    terraform.apply()

    assert [each["change"]["actions"] for each in changes] == [["update"]]
    assert _differences(changes[0]["change"]) == {"credentials_revision"}
    assert _revision(terraform) == 1
    terraform.assert_empty_plan()


def test_an_object_deleted_outside_is_created_again(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A deleted object is removed from the state with a warning, and the same apply creates it again."""
    terraform.write(PROVIDER + BASE)
    terraform.apply()
    flow_service.delete(COLLECTION, terraform.state()[ADDRESS]["id"])

    outcome = terraform.apply()

    assert outcome.changes == {ADDRESS: "create"}
    assert [each.severity for each in outcome.diagnostics if "is gone" in each.summary] == ["warning"]
    terraform.assert_empty_plan()


def test_a_failed_create_leaves_nothing_and_the_next_apply_succeeds(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A rejected POST is reported with its message, nothing enters the state, and the next apply succeeds."""
    terraform.write(PROVIDER + BASE)
    flow_service.inject_error("POST", f"/{COLLECTION}$", 400)

    errors = terraform.failing_apply()
    assert errors[0].address == ADDRESS
    assert "rejected by the test" in errors[0].text
    assert terraform.state() == {}
    terraform.apply()

    assert len(flow_service.entities(COLLECTION)) == 1
    terraform.assert_empty_plan()


def _differences(change: dict[str, Any]) -> set[str]:
    before, after = change["before"], change["after"]
    unknown = {name for name, value in change["after_unknown"].items() if value is True}
    return unknown | {name for name, value in after.items() if value != before.get(name)}
