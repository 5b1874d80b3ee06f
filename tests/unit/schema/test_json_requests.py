"""The JSON that a create sends for a state. The expected JSON is written by hand from Adobe's samples."""

from __future__ import annotations

from typing import Any

import pytest

from provider_shim.resources import CATALOGUE
from provider_shim.schema import json_mapping
from provider_shim.schema.values import UNKNOWN
from tests.unit import samples

SPECS = {
    "amazon_s3": "4fce964d-3f37-408f-9778-e597338a21ee",
    "azure_blob": "6d6b59bf-fb58-4107-9064-4d246c0e5bb2",
    "adls_gen2": "be2c3209-53bc-47e7-ab25-145db8b873e1",
    "data_landing_zone": "10440537-2a7b-4583-ac39-ed38d4b848e8",
    "google_cloud_storage": "c5d93acb-ea8b-4b14-8f53-02138444ae99",
    "sftp": "36965a81-b1c6-401b-99f8-22508f1e6a26",
}

AUTH: dict[str, dict[str, Any] | None] = {
    "amazon_s3": {
        "specName": "Access Key",
        "params": {"s3AccessKey": samples.ACCESS_KEY, "s3SecretKey": samples.SECRET_KEY},
    },
    "azure_blob": {
        "specName": "ConnectionString",
        "params": {"connectionString": samples.ACCOUNTS["azure_blob"]["connection_string"]},
    },
    "adls_gen2": {
        "specName": "Azure Service Principal Auth",
        "params": {
            "url": "abfss://exports@acme.dfs.core.windows.net",
            "tenant": "acme.onmicrosoft.com",
            "servicePrincipalId": "0a1b2c3d-1111-2222-3333-444455556666",
            "servicePrincipalKey": "principal-secret",
        },
    },
    "data_landing_zone": None,
    "google_cloud_storage": {
        "specName": "Google Cloud Storage authentication credentials",
        "params": {"accessKeyId": "GOOG1EXAMPLE", "secretAccessKey": "gcs-secret"},
    },
    "sftp": {
        "specName": "SFTP with Password",
        "params": {"domain": "sftp.example.org", "username": "aep", "password": "sftp-secret"},
    },
}

PLACES = {
    "amazon_s3": {"bucketName": "acme-aep", "path": "exports/orders"},
    "azure_blob": {"container": "aep-exports", "path": "exports/orders"},
    "adls_gen2": {"path": "exports/orders"},
    "data_landing_zone": {"path": "exports/orders"},
    "google_cloud_storage": {"bucketName": "acme-aep", "path": "exports/orders"},
    "sftp": {"remotePath": "exports/orders"},
}

FLOW_SPECS = {
    "amazon_s3": "269ba276-16fc-47db-92b0-c1049a3c131f",
    "azure_blob": "95bd8965-fc8a-4119-b9c3-944c2c2df6d2",
    "adls_gen2": "17be2013-2549-41ce-96e7-a70363bec293",
    "data_landing_zone": "cd2fc47e-e838-4f38-a581-8fff2f99b63a",
    "google_cloud_storage": "585c15c4-6cbf-4126-8f87-e26bff78b657",
    "sftp": "354d6aad-4754-46e4-a576-1b384561c440",
}


def entity(type_name: str, state: dict[str, Any]) -> json_mapping.JsonObject:
    """Return the JSON that a create of this state sends."""
    return json_mapping.to_json(CATALOGUE.resources[type_name], state)


@pytest.mark.parametrize("destination", SPECS)
def test_base_connections(destination: str) -> None:
    """Each destination's account is sent with its connection spec and its authentication method."""
    expected: dict[str, Any] = {
        "name": "account",
        "connectionSpec": {"id": SPECS[destination], "version": "1.0"},
    }
    if AUTH[destination] is not None:
        expected["auth"] = AUTH[destination]

    assert entity("aep_base_connection", samples.base_config(destination)) == expected


@pytest.mark.parametrize(
    ("destination", "secrets", "spec_name", "params"),
    [
        ("amazon_s3", {"s3_role": samples.ROLE}, "Assumed Role", {"s3Role": samples.ROLE}),
        (
            "sftp",
            {"domain": "d", "username": "u", "port": 2222, "ssh_key": "YWJj"},
            "SFTP with SSH Key",
            {"domain": "d", "username": "u", "port": 2222, "sshKey": "YWJj"},
        ),
    ],
)
def test_second_methods(
    destination: str, secrets: dict[str, Any], spec_name: str, params: dict[str, Any]
) -> None:
    """The secrets that are set select the authentication method."""
    config = samples.base_config(destination, **{destination: secrets})

    assert entity("aep_base_connection", config)["auth"] == {"specName": spec_name, "params": params}


def test_encryption() -> None:
    """A public key is sent in the shape of Adobe's guide for file-based destinations."""
    config = samples.base_config(encryption={"public_key": "YWJj"})

    assert entity("aep_base_connection", config)["encryptionSpecs"] == {
        "specName": "Encryption spec",
        "params": {"encryptionAlgo": "PGPGPG", "publicKey": "YWJj"},
    }


@pytest.mark.parametrize("destination", SPECS)
def test_target_connections(destination: str) -> None:
    """Each destination's location is sent under `params`, with the `mode` of Adobe's samples."""
    assert entity("aep_target_connection", samples.target_config(destination)) == {
        "name": "place",
        "baseConnectionId": samples.BASE_ID,
        "connectionSpec": {"id": SPECS[destination], "version": "1.0"},
        "params": {
            "mode": "Server-to-server",
            "datasetFileType": "PARQUET",
            "compression": "GZIP",
            **PLACES[destination],
        },
    }


def test_source_connection() -> None:
    """Datasets are sent to the data lake's connection spec, without a base connection."""
    assert entity("aep_source_connection", samples.source_config(description="what")) == {
        "name": "orders",
        "description": "what",
        "connectionSpec": {"id": "23598e46-f560-407b-88d5-ea6207e49db0", "version": "1.0"},
        "params": {"datasets": [{"dataSetId": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]},
    }


@pytest.mark.parametrize("destination", FLOW_SPECS)
def test_flows(destination: str) -> None:
    """A flow is sent with the destination's flow spec for datasets and its times in epoch seconds."""
    schedule = samples.SCHEDULE | {"export_mode": "first_full_then_incremental", "time_unit": "HOUR"}
    config = samples.flow_config(
        destination=destination, schedule=schedule | {"folder_name_template": "%DATASET_ID%"}
    )

    assert entity("aep_flow", config) == {
        "name": "flow",
        "flowSpec": {"id": FLOW_SPECS[destination], "version": "1.0"},
        "sourceConnectionIds": [samples.SOURCE_ID],
        "targetConnectionIds": [samples.TARGET_ID],
        "transformations": [],
        "scheduleParams": {
            "exportMode": "FIRST_FULL_THEN_INCREMENTAL",
            "timeUnit": "hour",
            "interval": 3,
            "startTime": 1953849600,
            "endTime": 1985472000,
            "foldernameTemplate": "%DATASET_ID%",
        },
    }


def test_flow_spec_by_id() -> None:
    """The flow spec's id gives the same request as the destination's name."""
    by_id = samples.flow_config(destination=None, flow_spec_id=FLOW_SPECS["sftp"])

    assert entity("aep_flow", by_id) == entity("aep_flow", samples.flow_config(destination="sftp"))


def test_unknown_values_are_left_out() -> None:
    """Unknown values are not sent, and neither is null."""
    config = samples.flow_config(schedule=samples.SCHEDULE | {"end_time": UNKNOWN}, description=UNKNOWN)
    body = entity("aep_flow", config)

    assert "endTime" not in body["scheduleParams"]
    assert "description" not in body


def test_constants_are_copied() -> None:
    """Changing the JSON of one request does not change the description's constants."""
    first = entity("aep_source_connection", samples.source_config())
    first["connectionSpec"]["id"] = "changed"

    assert entity("aep_source_connection", samples.source_config())["connectionSpec"]["id"] != "changed"
