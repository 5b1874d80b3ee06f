"""Sample configurations, and their complete objects as Terraform passes them."""

from __future__ import annotations

from typing import Any

from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.values import UNKNOWN, Value, make_set
from tools.example_values import EXAMPLE_EXPORTS

SOURCE_ID = "11111111-1111-4111-8111-111111111111"
BASE_ID = "22222222-2222-4222-8222-222222222222"
TARGET_ID = "33333333-3333-4333-8333-333333333333"
FLOW_ID = "44444444-4444-4444-8444-444444444444"

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ROLE = "arn:aws:iam::111122223333:role/aep-export"

ACCOUNTS: dict[str, dict[str, Any]] = {
    each.destination.name: each.credentials for each in reversed(EXAMPLE_EXPORTS)
} | {
    "amazon_s3": {"s3_access_key": ACCESS_KEY, "s3_secret_key": SECRET_KEY},
    "azure_blob": {"connection_string": "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=abc"},
    "adls_gen2": {
        "url": "abfss://exports@acme.dfs.core.windows.net",
        "tenant": "acme.onmicrosoft.com",
        "service_principal_id": "0a1b2c3d-1111-2222-3333-444455556666",
        "service_principal_key": "principal-secret",
    },
    "data_landing_zone": {},
    "google_cloud_storage": {"access_key_id": "GOOG1EXAMPLE", "secret_access_key": "gcs-secret"},
    "sftp": {"domain": "sftp.example.org", "username": "aep", "password": "sftp-secret"},
}
"""One account for each destination, with its secrets: by hand, or else the catalogue's examples."""

PLACES: dict[str, dict[str, Any]] = {each.destination.name: each.location for each in EXAMPLE_EXPORTS} | {
    "amazon_s3": {"bucket_name": "acme-aep", "path": "exports/orders"},
    "azure_blob": {"container": "aep-exports", "path": "exports/orders"},
    "adls_gen2": {"path": "exports/orders"},
    "data_landing_zone": {"path": "exports/orders"},
    "google_cloud_storage": {"bucket_name": "acme-aep", "path": "exports/orders"},
    "sftp": {"remote_path": "exports/orders"},
}
"""One place for each destination: by hand, or else the catalogue's examples."""

SCHEDULE = {
    "export_mode": "FIRST_FULL_THEN_INCREMENTAL",
    "time_unit": "hour",
    "interval": 3,
    "start_time": "2031-12-01T00:00:00Z",
    "end_time": "2032-12-01T00:00:00Z",
}


def filled(attributes: tuple[Attribute, ...], given: dict[str, Any]) -> dict[str, Value]:
    """Return an object with the given values, and null for all other attributes. Unknown names are errors."""
    assert {*given} <= {each.name for each in attributes}, given
    return {each.name: _filled(each, given.get(each.name)) for each in attributes}


def _filled(attribute: Attribute, value: Any) -> Value:
    if value is None or value is UNKNOWN or attribute.nested is None:
        return value
    inner = attribute.nested.attributes
    if attribute.nested.nesting is Nesting.SINGLE:
        return filled(inner, value)
    items = [item if item is UNKNOWN else filled(inner, item) for item in value]
    return make_set(items) if attribute.nested.nesting is Nesting.SET else items


def resource_config(type_name: str, **given: Any) -> dict[str, Value]:
    """Return the configuration of a managed resource."""
    return filled(CATALOGUE.resources[type_name].attributes, given)


def source_config(**given: Any) -> dict[str, Value]:
    """Return the configuration of a source connection."""
    datasets = [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]
    return resource_config("aep_source_connection", **({"name": "orders", "datasets": datasets} | given))


def base_config(destination: str = "amazon_s3", **given: Any) -> dict[str, Value]:
    """Return the configuration of a base connection. Pass the destination's name to replace its block."""
    start: dict[str, Any] = {"name": "account", destination: ACCOUNTS[destination]}
    return resource_config("aep_base_connection", **(start | given))


def target_config(destination: str = "amazon_s3", **given: Any) -> dict[str, Value]:
    """Return the configuration of a target connection."""
    start: dict[str, Any] = {
        "name": "place",
        "base_connection_id": BASE_ID,
        destination: PLACES[destination],
        "file_type": "PARQUET",
        "compression": "GZIP",
    }
    return resource_config("aep_target_connection", **(start | given))


def flow_config(**given: Any) -> dict[str, Value]:
    """Return the configuration of a flow that runs every three hours."""
    start: dict[str, Any] = {
        "name": "flow",
        "destination": "amazon_s3",
        "source_connection_id": SOURCE_ID,
        "target_connection_id": TARGET_ID,
        "schedule": SCHEDULE,
    }
    return resource_config("aep_flow", **(start | given))
