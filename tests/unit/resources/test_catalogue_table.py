"""The names and classes of all attributes, written by hand.

R required, O optional, E optional or empty, D optional with default, S service-chosen, C computed; W
write-only and X replaces are written behind them.
"""

from __future__ import annotations

import pytest

from provider_shim.destinations import BY_NAME
from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, Presence

LETTERS = {
    Presence.REQUIRED: "R",
    Presence.OPTIONAL: "O",
    Presence.OPTIONAL_OR_EMPTY: "E",
    Presence.DEFAULT: "D",
    Presence.OPTIONAL_COMPUTED: "S",
    Presence.COMPUTED: "C",
}

COMMON = {
    "id": "C",
    "name": "R",
    "description": "E",
    "timeouts": "O",
    "timeouts.create": "O",
    "timeouts.update": "O",
    "timeouts.delete": "O",
    "deletion_protection": "D",
    "sandbox_name": "C",
}

TABLE = {
    "aep_source_connection": COMMON | {"datasets": "RX", "datasets.id": "R", "datasets.name": "R"},
    "aep_base_connection": COMMON
    | {
        "amazon_s3": "O",
        "amazon_s3.s3_access_key": "OW",
        "amazon_s3.s3_secret_key": "OW",
        "amazon_s3.s3_role": "OW",
        "azure_blob": "O",
        "azure_blob.connection_string": "OW",
        "adls_gen2": "O",
        "adls_gen2.url": "R",
        "adls_gen2.tenant": "R",
        "adls_gen2.service_principal_id": "R",
        "adls_gen2.service_principal_key": "OW",
        "data_landing_zone": "O",
        "google_cloud_storage": "O",
        "google_cloud_storage.access_key_id": "R",
        "google_cloud_storage.secret_access_key": "OW",
        "sftp": "O",
        "sftp.domain": "R",
        "sftp.username": "R",
        "sftp.port": "O",
        "sftp.password": "OW",
        "sftp.ssh_key": "OW",
        "encryption": "OX",
        "encryption.public_key": "R",
        "credentials_version": "O",
        "credentials_revision": "C",
    },
    "aep_target_connection": COMMON
    | {
        "base_connection_id": "RX",
        "amazon_s3": "O",
        "amazon_s3.bucket_name": "R",
        "amazon_s3.path": "R",
        "azure_blob": "O",
        "azure_blob.container": "R",
        "azure_blob.path": "R",
        "adls_gen2": "O",
        "adls_gen2.path": "R",
        "data_landing_zone": "O",
        "data_landing_zone.path": "R",
        "google_cloud_storage": "O",
        "google_cloud_storage.bucket_name": "R",
        "google_cloud_storage.path": "R",
        "sftp": "O",
        "sftp.remote_path": "R",
        "file_type": "R",
        "compression": "R",
        "include_file_manifest": "E",
        "on_change": "D",
        "destination": "C",
        "flow_spec_id": "C",
    },
    "aep_flow": COMMON
    | {
        "destination": "SX",
        "flow_spec_id": "SX",
        "source_connection_id": "R",
        "target_connection_id": "RX",
        "schedule": "R",
        "schedule.export_mode": "R",
        "schedule.time_unit": "R",
        "schedule.interval": "R",
        "schedule.start_time": "R",
        "schedule.end_time": "S",
        "schedule.folder_name_template": "O",
        "enabled": "D",
    },
    "aep_flow_run_trigger": {
        "id": "C",
        "flow_id": "RX",
        "dataset_ids": "OX",
        "triggers": "OX",
        "wait_for_completion": "D",
        "run_ids": "C",
        "sandbox_name": "C",
        "timeouts": "O",
        "timeouts.create": "O",
    },
}

DEFAULTS = {
    "deletion_protection": False,
    "on_change": "patch",
    "enabled": True,
    "wait_for_completion": False,
}

SETTINGS = {
    "endpoint",
    "auth_endpoint",
    "adhoc_endpoint",
    "organization_id",
    "client_id",
    "client_secret",
    "scopes",
    "access_token",
    "sandbox_name",
    "max_retries",
    "request_timeout",
    "max_concurrent_requests",
    "disputed_rules",
    "existing_names",
    "expiry_warning_days",
}


def classes(attributes: tuple[Attribute, ...], prefix: str = "") -> dict[str, str]:
    """Return each attribute's class by its dotted name."""
    found = {}
    for each in attributes:
        name = prefix + each.name
        found[name] = LETTERS[each.presence] + "W" * each.write_only + "X" * each.requires_replace
        if each.nested is not None:
            found |= classes(each.nested.attributes, f"{name}.")
    return found


@pytest.mark.parametrize("type_name", TABLE)
def test_resources(type_name: str) -> None:
    """Every resource has the promised attributes, of the promised classes, beside new destinations."""
    found = classes(CATALOGUE.resources[type_name].attributes)
    surplus = {name.partition(".")[0] for name in found.keys() - TABLE[type_name].keys()}

    assert surplus <= BY_NAME.keys()
    assert {name: each for name, each in found.items() if name.partition(".")[0] not in surplus} == (
        TABLE[type_name]
    )


def test_names() -> None:
    """The catalogue has at least the resources of an export and their data sources."""
    assert {*CATALOGUE.resources} >= {*TABLE}
    assert {*CATALOGUE.data_sources} >= {
        "aep_datasets",
        "aep_connection_spec",
        "aep_flow_spec",
        "aep_flow_runs",
    }


def test_defaults() -> None:
    """Defaults are those of the table."""
    found = {
        each.name: each.default
        for type_name in TABLE
        for each in CATALOGUE.resources[type_name].attributes
        if each.presence is Presence.DEFAULT
    }

    assert found == DEFAULTS


def test_provider_settings() -> None:
    """Every setting is optional, and its variable is `AEP_` and its name."""
    assert {each.name for each in CATALOGUE.provider.attributes} == SETTINGS
    for each in CATALOGUE.provider.attributes:
        assert each.presence is Presence.OPTIONAL
        assert each.environment == f"AEP_{each.name.upper()}"
        assert each.sensitive == (each.name in {"client_secret", "access_token"})


def test_secrets_are_sensitive() -> None:
    """Write-only attributes are sensitive, and are not in sets, which Terraform forbids."""
    for resource in CATALOGUE.resources.values():
        for attribute in resource.attributes:
            for each in attribute.nested.attributes if attribute.nested else ():
                assert each.write_only == each.sensitive
                assert not (each.write_only and attribute.nested and attribute.nested.nesting.value == "set")


def test_nothing_that_adobe_changes() -> None:
    """No managed resource has attributes that Flow Service changes by itself."""
    forbidden = {"etag", "state", "created_at", "updated_at", "updated_by", "version", "last_run"}
    for resource in CATALOGUE.resources.values():
        assert not forbidden & {each.name for each in resource.attributes}
