"""Invalid configurations and the diagnostic that each one gets, for `test_invalid_configuration.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.acceptance.configurations import BASE, SCHEDULE, SOURCE, TARGET, flow


@dataclass(frozen=True)
class InvalidConfiguration:
    """An invalid configuration, and the diagnostic that it gets.

    `attribute` is "" for a diagnostic on the resource as a whole. The text contains each of `words`.
    """

    configuration: str
    address: str
    attribute: str
    words: tuple[str, ...]


def _base(*lines: str) -> str:
    return (
        'resource "aep_base_connection" "this" {\n  name = "x"\n'
        + "".join(f"  {each}\n" for each in lines)
        + "}\n"
    )


def _target(place: str, file_type: str = "PARQUET", compression: str = "GZIP") -> str:
    return f"""
resource "aep_target_connection" "this" {{
  name               = "x"
  base_connection_id = "12401496-2573-4ca7-8137-fef1aeb9dd4c"
  {place}
  file_type          = "{file_type}"
  compression        = "{compression}"
}}
"""


def _schedule(mode: str, unit: str, interval: str) -> str:
    return f"""{{
    export_mode = "{mode}"
    time_unit   = "{unit}"
    interval    = {interval}
    start_time  = "2031-12-01T00:00:00Z"
  }}"""


def _times(start: str, end: str) -> str:
    times = {"2031-12-01T00:00:00Z": start, "2032-12-01T00:00:00Z": end}
    return re.sub("|".join(times), lambda found: times[found[0]], SCHEDULE)


BASE_ADDRESS, TARGET_ADDRESS = "aep_base_connection.this", "aep_target_connection.this"
SOURCE_ADDRESS, FLOW_ADDRESS = "aep_source_connection.this", "aep_flow.this"
DLZ = 'data_landing_zone = { path = "x" }'
TAKEN = "  destination          = aep_target_connection.this.destination\n"
FULL, INCREMENTAL = "DAILY_FULL_EXPORT", "FIRST_FULL_THEN_INCREMENTAL"


def _flow(schedule: str) -> str:
    return SOURCE + BASE + TARGET + flow(schedule=schedule)


INVALID_CONFIGURATIONS = {
    "base connection without destination": InvalidConfiguration(
        _base(), BASE_ADDRESS, "", ("No destination", "amazon_s3", "sftp")
    ),
    "target connection without destination": InvalidConfiguration(
        _target(""), TARGET_ADDRESS, "", ("No destination",)
    ),
    "base connection with two destinations": InvalidConfiguration(
        _base("data_landing_zone = {}", 'sftp = { domain = "d", username = "u", password = "p" }'),
        BASE_ADDRESS,
        "sftp",
        ("More than one destination", "data_landing_zone"),
    ),
    "target connection with two destinations": InvalidConfiguration(
        _target(DLZ + '\n  sftp = { remote_path = "x" }'),
        TARGET_ADDRESS,
        "sftp",
        ("More than one destination",),
    ),
    "bad S3 bucket name": InvalidConfiguration(
        _target('amazon_s3 = { bucket_name = "Acme_AEP", path = "x" }'),
        TARGET_ADDRESS,
        "amazon_s3",
        ("bucket_name", "Acme_AEP", "lower-case"),
    ),
    "bad GCS bucket name": InvalidConfiguration(
        _target('google_cloud_storage = { bucket_name = "my-google-bucket", path = "x" }'),
        TARGET_ADDRESS,
        "google_cloud_storage",
        ("bucket_name", "my-google-bucket"),
    ),
    "bad container name": InvalidConfiguration(
        _target('azure_blob = { container = "a--b", path = "x" }'),
        TARGET_ADDRESS,
        "azure_blob",
        ("container", "a--b"),
    ),
    "bad path": InvalidConfiguration(
        _target('amazon_s3 = { bucket_name = "acme", path = "exports/%DATASET_ID%" }'),
        TARGET_ADDRESS,
        "amazon_s3",
        ("path", "exports/%DATASET_ID%"),
    ),
    "unknown file type": InvalidConfiguration(
        _target(DLZ, "CSV"), TARGET_ADDRESS, "file_type", ("CSV", "JSON", "PARQUET")
    ),
    "unknown compression": InvalidConfiguration(
        _target(DLZ, "PARQUET", "ZIP"), TARGET_ADDRESS, "compression", ("ZIP", "GZIP")
    ),
    "JSON without compression": InvalidConfiguration(
        _target(DLZ, "JSON", "NONE"), TARGET_ADDRESS, "compression", ("JSON", "GZIP", "disputed_rules")
    ),
    "full export every day": InvalidConfiguration(
        _flow(_schedule(FULL, "day", "1")), FLOW_ADDRESS, "schedule", ("interval", "0")
    ),
    "full export every hour": InvalidConfiguration(
        _flow(_schedule(FULL, "hour", "3")), FLOW_ADDRESS, "schedule", ("time_unit", "day")
    ),
    "increments once": InvalidConfiguration(
        _flow(_schedule(INCREMENTAL, "day", "0")), FLOW_ADDRESS, "schedule", ("interval", "1")
    ),
    "increments every two hours": InvalidConfiguration(
        _flow(_schedule(INCREMENTAL, "hour", "2")), FLOW_ADDRESS, "schedule", ("interval", "3", "12")
    ),
    "increments every 24 hours": InvalidConfiguration(
        _flow(_schedule(INCREMENTAL, "hour", "24")), FLOW_ADDRESS, "schedule", ("interval", "24")
    ),
    "half an interval": InvalidConfiguration(
        _flow(_schedule(INCREMENTAL, "hour", "3.5")), FLOW_ADDRESS, "schedule", ("interval",)
    ),
    "unknown export mode": InvalidConfiguration(
        _flow(_schedule("FULL", "day", "1")), FLOW_ADDRESS, "schedule", ("export_mode", "FULL")
    ),
    "unknown time unit": InvalidConfiguration(
        _flow(_schedule(INCREMENTAL, "week", "1")), FLOW_ADDRESS, "schedule", ("time_unit", "week")
    ),
    "end before start": InvalidConfiguration(
        _flow(_times("2032-12-01T00:00:00Z", "2031-12-01T00:00:00Z")),
        FLOW_ADDRESS,
        "schedule",
        ("end_time", "start_time"),
    ),
    "end at the start": InvalidConfiguration(
        _flow(_times("2032-12-01T00:00:00Z", "2032-12-01T01:00:00+01:00")),
        FLOW_ADDRESS,
        "schedule",
        ("end_time",),
    ),
    "malformed start": InvalidConfiguration(
        _flow(_times("2031-12-01", "2032-12-01T00:00:00Z")),
        FLOW_ADDRESS,
        "schedule",
        ("start_time", "2031-12-01", "RFC 3339"),
    ),
    "malformed end": InvalidConfiguration(
        _flow(_times("2031-12-01T00:00:00Z", "next year")),
        FLOW_ADDRESS,
        "schedule",
        ("end_time", "next year", "RFC 3339"),
    ),
    "no dataset": InvalidConfiguration(
        'resource "aep_source_connection" "this" {\n  name     = "x"\n  datasets = []\n}\n',
        SOURCE_ADDRESS,
        "datasets",
        ("at least one dataset",),
    ),
    "malformed dataset id": InvalidConfiguration(
        SOURCE.replace("5ef3e3259ad2a1191ab7dd7d", "5EF3"),
        SOURCE_ADDRESS,
        "datasets",
        ("id", "5EF3", "24 hexadecimal"),
    ),
    "the same dataset twice": InvalidConfiguration(
        SOURCE.replace(
            'name = "Orders" }', 'name = "Orders" }, { id = "5ef3e3259ad2a1191ab7dd7d", name = "Devices" }'
        ),
        SOURCE_ADDRESS,
        "datasets",
        ("The same dataset twice", "5ef3e3259ad2a1191ab7dd7d", '"Orders"', '"Devices"'),
    ),
    "path with a leading slash": InvalidConfiguration(
        _target('data_landing_zone = { path = "/exports/orders" }'),
        TARGET_ADDRESS,
        "data_landing_zone",
        ("not begin with a slash", '"/exports/orders"', "exports/orders", "disputed_rules"),
    ),
    "dataset without a name": InvalidConfiguration(
        SOURCE.replace('"Orders"', '""'), SOURCE_ADDRESS, "datasets", ("name",)
    ),
    "half of a credential": InvalidConfiguration(
        _base('amazon_s3 = { s3_access_key = "AKIATESTTESTTESTTEST" }'),
        BASE_ADDRESS,
        "amazon_s3",
        ("s3_secret_key", "missing"),
    ),
    "no credential": InvalidConfiguration(
        _base("amazon_s3 = {}"), BASE_ADDRESS, "amazon_s3", ("s3_role", "ephemeral")
    ),
    "credentials of two methods": InvalidConfiguration(
        _base('sftp = { domain = "d", username = "u", password = "p", ssh_key = "c2VjcmV0" }'),
        BASE_ADDRESS,
        "sftp",
        ("ssh_key", "password", "one method"),
    ),
    "encryption for the landing zone": InvalidConfiguration(
        _base("data_landing_zone = {}", 'encryption = { public_key = "b25l" }'),
        BASE_ADDRESS,
        "encryption",
        ("no file encryption",),
    ),
    "flow for no destination": InvalidConfiguration(
        SOURCE + BASE + TARGET + flow().replace(TAKEN, ""),
        FLOW_ADDRESS,
        "",
        ("destination", "flow_spec_id"),
    ),
    "flow for an unknown destination": InvalidConfiguration(
        SOURCE + BASE + TARGET + flow().replace(TAKEN, '  destination = "ftp"\n'),
        FLOW_ADDRESS,
        "destination",
        ("ftp", "amazon_s3"),
    ),
    "flow whose destination and flow spec disagree": InvalidConfiguration(
        SOURCE
        + BASE
        + TARGET
        + flow("flow_spec_id = aep_target_connection.this.flow_spec_id").replace(
            TAKEN, '  destination = "sftp"\n'
        ),
        FLOW_ADDRESS,
        "flow_spec_id",
        ("destination", "sftp"),
    ),
    "malformed connection id": InvalidConfiguration(
        BASE + TARGET.replace("aep_base_connection.this.id", '"my-base"'),
        TARGET_ADDRESS,
        "base_connection_id",
        ("my-base", "UUID"),
    ),
    "malformed timeout": InvalidConfiguration(
        SOURCE.replace("  name ", '  timeouts = { create = "soon" }\n  name '),
        SOURCE_ADDRESS,
        "timeouts",
        ("create", "soon"),
    ),
}
