"""What a whole export synthesises to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

import pytest
from cdktf import TerraformOutput, TerraformStack

import constructs_lib
from constructs_lib import (
    AdlsGen2Credentials,
    AepProvider,
    AzureBlobCredentials,
    BaseConnection,
    BaseConnectionDataLandingZone,
    Dataset,
    DatasetExport,
    Destination,
    FileFormat,
    GoogleCloudStorageCredentials,
    S3Credentials,
    Schedule,
    SecretVariable,
    SftpCredentials,
    Timeouts,
)
from constructs_lib.testing import resources, synthesize
from tools.example_values import EXAMPLE_EXPORTS, ExampleExport

pytestmark = pytest.mark.slow

ORDERS = Dataset(id="5ef3e3259ad2a1191ab7dd7d", name="Orders")
START = datetime(2031, 12, 1, tzinfo=UTC)
BASE_ID = "eb54b3b3-3949-4f12-89c8-64eafaba858f"


def export(stack: TerraformStack, **arguments: Any) -> DatasetExport:
    """An export to the landing zone, with some arguments changed."""
    usual: dict[str, Any] = {
        "datasets": [ORDERS],
        "destination": Destination.data_landing_zone(path="exports"),
        "file_format": FileFormat.json(),
        "schedule": Schedule.once(START),
    }
    return DatasetExport(stack, arguments.pop("id", "orders"), **(usual | arguments))


def test_an_export_is_four_resources_joined_by_references() -> None:
    """With every argument given, the four resources are exactly these, and the outputs refer to them."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep")
        made = DatasetExport(
            stack,
            "orders",
            name="Orders to S3",
            description="for the lake",
            datasets=[ORDERS],
            destination=Destination.amazon_s3(
                bucket_name="acme-aep",
                path="exports/orders",
                credentials=S3Credentials.access_key(
                    SecretVariable(stack, "key").value, SecretVariable(stack, "secret").value
                ),
            ),
            file_format=FileFormat.parquet(compression="NONE"),
            schedule=Schedule.every_hours(3, start=START, end=START + timedelta(days=365)),
            enabled=False,
            include_file_manifest=True,
            credentials_version=7,
            deletion_protection=True,
            timeouts=Timeouts(delete="20m"),
        )
        TerraformOutput(stack, "flow_id", value=made.flow_id)
        TerraformOutput(stack, "source_id", value=made.source_connection_id)
        TerraformOutput(stack, "base_id", value=made.base_connection_id)
        TerraformOutput(stack, "target_id", value=made.target_connection_id)
        TerraformOutput(stack, "sandbox", value=made.sandbox_name)

    document = synthesize(build)
    source, base, target, flow = (
        next(iter(document["resource"][f"aep_{kind}"]))
        for kind in ("source_connection", "base_connection", "target_connection", "flow")
    )
    shared = {"name": "Orders to S3", "description": "for the lake", "timeouts": {"delete": "20m"}}

    assert document["resource"] == {
        "aep_source_connection": {
            source: {
                **shared,
                "datasets": [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}],
                "lifecycle": {"create_before_destroy": True},
            }
        },
        "aep_base_connection": {
            base: {
                **shared,
                "amazon_s3": {"s3_access_key": "${var.key}", "s3_secret_key": "${var.secret}"},
                "credentials_version": 7,
                "deletion_protection": True,
            }
        },
        "aep_target_connection": {
            target: {
                **shared,
                "base_connection_id": f"${{aep_base_connection.{base}.id}}",
                "amazon_s3": {"bucket_name": "acme-aep", "path": "exports/orders"},
                "file_type": "PARQUET",
                "compression": "NONE",
                "include_file_manifest": True,
                "deletion_protection": True,
            }
        },
        "aep_flow": {
            flow: {
                **shared,
                "destination": f"${{aep_target_connection.{target}.destination}}",
                "source_connection_id": f"${{aep_source_connection.{source}.id}}",
                "target_connection_id": f"${{aep_target_connection.{target}.id}}",
                "schedule": {
                    "export_mode": "FIRST_FULL_THEN_INCREMENTAL",
                    "time_unit": "hour",
                    "interval": 3,
                    "start_time": "2031-12-01T00:00:00Z",
                    "end_time": "2032-11-30T00:00:00Z",
                },
                "enabled": False,
                "deletion_protection": True,
            }
        },
    }
    assert document["output"] == {
        "flow_id": {"value": f"${{aep_flow.{flow}.id}}"},
        "source_id": {"value": f"${{aep_source_connection.{source}.id}}"},
        "base_id": {"value": f"${{aep_base_connection.{base}.id}}"},
        "target_id": {"value": f"${{aep_target_connection.{target}.id}}"},
        "sandbox": {"value": f"${{aep_flow.{flow}.sandbox_name}}"},
    }


def destinations(secret: str) -> list[tuple[Destination, dict[str, Any], dict[str, Any]]]:
    """Destinations with the blocks of their base and target connection, both by hand."""
    server: dict[str, Any] = {"domain": "sftp.example.org", "username": "aep"}
    principal = {"url": "abfss://a@b.dfs.core.windows.net", "tenant": "acme", "service_principal_id": "id"}
    folder = {"path": "exports"}
    return [
        (
            Destination.amazon_s3(
                bucket_name="acme-aep", path="exports", credentials=S3Credentials.role(secret)
            ),
            {"amazon_s3": {"s3_role": "${var.secret}"}},
            {"amazon_s3": {"bucket_name": "acme-aep", **folder}},
        ),
        (
            Destination.azure_blob(
                container="acme",
                path="exports",
                credentials=AzureBlobCredentials.connection_string(f"AccountKey={secret}"),
            ),
            {"azure_blob": {"connection_string": "AccountKey=${var.secret}"}},
            {"azure_blob": {"container": "acme", **folder}},
        ),
        (
            Destination.adls_gen2(
                path="exports",
                credentials=AdlsGen2Credentials.service_principal(**principal, service_principal_key=secret),
            ),
            {"adls_gen2": {**principal, "service_principal_key": "${var.secret}"}},
            {"adls_gen2": folder},
        ),
        (
            Destination.google_cloud_storage(
                bucket_name="acme-aep",
                path="exports",
                credentials=GoogleCloudStorageCredentials.hmac_key(
                    access_key_id="GOOG1E", secret_access_key=secret
                ),
            ),
            {"google_cloud_storage": {"access_key_id": "GOOG1E", "secret_access_key": "${var.secret}"}},
            {"google_cloud_storage": {"bucket_name": "acme-aep", **folder}},
        ),
        (
            Destination.sftp(
                remote_path="/exports", credentials=SftpCredentials.password(**server, password=secret)
            ),
            {"sftp": {**server, "password": "${var.secret}"}},
            {"sftp": {"remote_path": "/exports"}},
        ),
        (
            Destination.sftp(
                remote_path="/exports",
                credentials=SftpCredentials.ssh_key(**server, port=2222, ssh_key=secret),
            ),
            {"sftp": {**server, "port": 2222, "ssh_key": "${var.secret}"}},
            {"sftp": {"remote_path": "/exports"}},
        ),
        (
            Destination.data_landing_zone(path="exports"),
            {"data_landing_zone": {}},
            {"data_landing_zone": folder},
        ),
    ]


@pytest.mark.parametrize("index", range(len(destinations(""))))
def test_a_destination_becomes_two_blocks(index: int) -> None:
    """A destination becomes its block in the base connection and its block in the target connection."""
    base, target = synthesized_blocks(lambda secret: destinations(secret)[index][0])
    _, expected_base, expected_target = destinations("${var.secret}")[index]

    assert base == expected_base
    assert target == expected_target


@pytest.mark.parametrize("example", EXAMPLE_EXPORTS, ids=lambda each: each.name)
def test_every_destination_has_its_constructor(example: ExampleExport) -> None:
    """Each destination of the catalogue, by each method, takes the example values of its fields."""
    secrets = {each.name for each in example.destination.credentials if each.secret}
    account = {name: value for name, value in example.credentials.items() if name not in secrets}

    base, target = synthesized_blocks(lambda secret: constructed(example, secret))

    assert base == {
        example.destination.name: account
        | dict.fromkeys(example.credentials.keys() & secrets, "${var.secret}")
    }
    assert target == {example.destination.name: example.location}


def constructed(example: ExampleExport, secret: str) -> Destination:
    """The destination of an example, made by its generated constructors."""
    destination, method = example.destination, example.method
    make = getattr(Destination, destination.name)
    if method is None:
        return cast(Destination, make(**example.location))
    credentials = getattr(getattr(constructs_lib, destination.credentials_class), method.name)(
        **{
            method.argument(field.name): secret if field.secret else example.credentials[field.name]
            for field in destination.fields_of(method)
        }
    )
    return cast(Destination, make(**example.location, credentials=credentials))


def synthesized_blocks(
    destination: Callable[[str], Destination],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parts of the base and the target connection that depend on the destination."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep")
        export(stack, destination=destination(SecretVariable(stack, "secret").value))

    document = synthesize(build)
    [base], [target] = (resources(document, f"aep_{kind}_connection") for kind in ("base", "target"))
    identifier = next(iter(document["resource"]["aep_base_connection"]))
    shared = {
        "base_connection_id": f"${{aep_base_connection.{identifier}.id}}",
        "file_type": "JSON",
        "compression": "GZIP",
    }
    assert base.pop("name") == target.pop("name") == "orders"
    assert {name: target.pop(name) for name in shared} == shared
    return base, target


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (
            Schedule.every_hours(12, "2031-12-01T00:00:00+01:00", folder_name_template="%DATASET_ID%"),
            {
                "export_mode": "FIRST_FULL_THEN_INCREMENTAL",
                "time_unit": "hour",
                "interval": 12,
                "start_time": "2031-12-01T00:00:00+01:00",
                "folder_name_template": "%DATASET_ID%",
            },
        ),
        (
            Schedule.daily(datetime(2031, 12, 1, 1, tzinfo=timezone(timedelta(hours=1))), end="${var.end}"),
            {
                "export_mode": "FIRST_FULL_THEN_INCREMENTAL",
                "time_unit": "day",
                "interval": 1,
                "start_time": "2031-12-01T00:00:00Z",
                "end_time": "${var.end}",
            },
        ),
        (
            Schedule.once(START),
            {
                "export_mode": "DAILY_FULL_EXPORT",
                "time_unit": "day",
                "interval": 0,
                "start_time": "2031-12-01T00:00:00Z",
            },
        ),
    ],
)
def test_schedules(schedule: Schedule, expected: dict[str, Any]) -> None:
    """Each kind of schedule is one of those that Adobe documents; times are RFC 3339, `datetime`s in UTC."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep")
        export(stack, schedule=schedule)

    [flow] = resources(synthesize(build), "aep_flow")

    assert flow["schedule"] == expected


def test_exports_share_an_account() -> None:
    """An export with an `account` makes no base connection: by construct, by reference and by id."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep")
        zone = BaseConnection(stack, "zone", name="zone", data_landing_zone=BaseConnectionDataLandingZone())
        first = export(stack, id="first", account=zone)
        export(stack, id="second", account=first.base_connection_id)
        export(
            stack,
            id="third",
            account=BASE_ID,
            destination=Destination.amazon_s3(bucket_name="acme-aep", path="exports"),
        )

    document = synthesize(build)

    assert list(document["resource"]["aep_base_connection"]) == ["zone"]
    assert [each["base_connection_id"] for each in resources(document, "aep_target_connection")] == [
        "${aep_base_connection.zone.id}",
        "${aep_base_connection.zone.id}",
        BASE_ID,
    ]


def test_an_export_passes_its_provider_on() -> None:
    """All four resources use the provider that the export was given."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep")
        export(stack, provider=AepProvider(stack, "other", alias="other"))

    made = synthesize(build)["resource"]

    assert {each["provider"] for kind in made.values() for each in kind.values()} == {"aep.other"}
    assert len(made) == 4
