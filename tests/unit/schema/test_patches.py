"""JSON Patch operations for updates."""

from __future__ import annotations

from typing import Any

import pytest

from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, JsonField, Presence
from provider_shim.schema.block import Resource
from provider_shim.schema.codecs import INTEGER
from provider_shim.schema.patches import credentials_operation, operations, pointer
from provider_shim.schema.types import NUMBER, STRING, List
from tests.unit import samples

SOURCE = CATALOGUE.resources["aep_source_connection"]
BASE = CATALOGUE.resources["aep_base_connection"]
TARGET = CATALOGUE.resources["aep_target_connection"]
FLOW = CATALOGUE.resources["aep_flow"]


def test_pointer() -> None:
    """A dotted path is converted to a JSON Pointer."""
    assert pointer("auth.params") == "/auth/params"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, "new", [{"op": "add", "path": "/description", "value": "new"}]),
        ("old", "new", [{"op": "replace", "path": "/description", "value": "new"}]),
        ("old", None, [{"op": "replace", "path": "/description", "value": ""}]),
        ("old", "", [{"op": "replace", "path": "/description", "value": ""}]),
        ("old", "old", []),
        (None, "", []),
        ("", None, []),
        ("", "new", [{"op": "add", "path": "/description", "value": "new"}]),
    ],
)
def test_description(before: str | None, after: str | None, expected: list[dict[str, Any]]) -> None:
    """A description is added, replaced or set to an empty text; null and an empty text are equal.

    Flow Service may have none where the state has an empty text, so this is added as well.
    """
    prior, planned = samples.source_config(description=before), samples.source_config(description=after)

    assert operations(SOURCE, prior, planned) == expected


COUNT = Attribute(
    name="count",
    description="A count.",
    presence=Presence.OPTIONAL,
    type=NUMBER,
    json=JsonField("count", INTEGER),
)
LABELS = Attribute(
    name="labels",
    description="Labels.",
    presence=Presence.OPTIONAL,
    type=List(STRING),
    json=JsonField("labels"),
)
OTHER = Resource(
    type_name="aep_other",
    title="other",
    description="An object with a number and a list.",
    collection="others",
    patch_paths=("count", "labels"),
    attributes=(COUNT, LABELS),
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"count": 3}, {}, [{"op": "remove", "path": "/count"}]),
        ({"count": 0}, {}, [{"op": "remove", "path": "/count"}]),
        ({}, {"count": 0}, [{"op": "add", "path": "/count", "value": 0}]),
        ({"labels": ["a"]}, {}, [{"op": "remove", "path": "/labels"}]),
        ({"labels": ["a"]}, {"labels": []}, [{"op": "replace", "path": "/labels", "value": []}]),
        ({}, {}, []),
    ],
)
def test_null_clears_as_the_codec_states(
    before: dict[str, Any], after: dict[str, Any], expected: list[dict[str, Any]]
) -> None:
    """A number or a list that becomes null is removed; only a text is cleared with an empty text."""
    nothing = {"count": None, "labels": None}

    assert operations(OTHER, nothing | before, nothing | after) == expected


def test_complete_params() -> None:
    """One changed key of a target sends all keys, because a patch replaces the previous value."""
    planned = samples.target_config(compression="NONE", include_file_manifest=True)

    assert operations(TARGET, samples.target_config(), planned) == [
        {
            "op": "replace",
            "path": "/params",
            "value": {
                "mode": "Server-to-server",
                "bucketName": "acme-aep",
                "path": "exports/orders",
                "datasetFileType": "PARQUET",
                "compression": "NONE",
                "includeFileManifest": True,
            },
        }
    ]


def test_complete_schedule() -> None:
    """One changed time sends the whole schedule."""
    planned = samples.flow_config(name="other", schedule=samples.SCHEDULE | {"interval": 6})
    value = {
        "exportMode": "FIRST_FULL_THEN_INCREMENTAL",
        "timeUnit": "hour",
        "interval": 6,
        "startTime": 1953849600,
        "endTime": 1985472000,
    }

    assert operations(FLOW, samples.flow_config(), planned) == [
        {"op": "replace", "path": "/name", "value": "other"},
        {"op": "replace", "path": "/scheduleParams", "value": value},
    ]


def test_other_source() -> None:
    """Another source connection is sent as a whole list."""
    planned = samples.flow_config(source_connection_id=samples.FLOW_ID)

    assert operations(FLOW, samples.flow_config(), planned) == [
        {"op": "replace", "path": "/sourceConnectionIds", "value": [samples.FLOW_ID]}
    ]


def test_equal_meaning_sends_nothing() -> None:
    """Another spelling of a schedule is not sent, and neither are attributes without JSON."""
    schedule = samples.SCHEDULE | {"start_time": "2031-12-01T01:00:00+01:00", "time_unit": "HOUR"}
    planned = samples.flow_config(
        schedule=schedule, deletion_protection=True, timeouts={"create": "1m"}, enabled=False
    )

    assert operations(FLOW, samples.flow_config(), planned) == []


def test_credentials_are_apart() -> None:
    """Credentials are sent as a whole, by an operation of their own."""
    prior = samples.base_config("adls_gen2")
    block = samples.ACCOUNTS["adls_gen2"] | {"tenant": "other", "service_principal_key": "new"}
    planned = samples.base_config("adls_gen2", adls_gen2=block)

    assert operations(BASE, prior, planned) == []
    assert credentials_operation(BASE, planned) == {
        "op": "add",
        "path": "/auth/params",
        "value": {
            "url": block["url"],
            "tenant": "other",
            "servicePrincipalId": block["service_principal_id"],
            "servicePrincipalKey": "new",
        },
    }
