"""Whatever JSON a server returns, what only reads ends in a state of the schema or in a diagnostic."""

from __future__ import annotations

import copy
import random
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest

from provider_shim.client.paging import DATA_LAKE_SPEC_ID
from provider_shim.destinations import BY_NAME
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import ListRequest
from provider_shim.protocol.encoding import msgpack_codec
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.types import Type
from provider_shim.schema.values import Value
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import run_with_responses
from tests.unit.samples import filled

Found = tuple[list[tuple[Value, Type]], list[Diagnostic]]

S3 = BY_NAME["amazon_s3"]
ENTITY = {
    "id": samples.FLOW_ID,
    "name": "orders",
    "state": "enabled",
    "etag": '"1"',
    "createdAt": 1796083200123,
}
SPEC = {
    "id": S3.connection_spec,
    "name": "Amazon S3",
    "version": "1.0",
    "authSpec": [{"name": "Access Key"}],
    "sourceConnectionSpecIds": [DATA_LAKE_SPEC_ID],
    "targetConnectionSpecIds": [S3.connection_spec],
}
RESPONSES: dict[str, Any] = {
    "/configs": {"items": [{"id": "a", "name": "Orders", "state": "ENABLED"}, {"id": "b", "name": "Others"}]},
    "/connectionSpecs/": {"items": [SPEC]},
    "/flowSpecs/": {"items": [SPEC | {"id": S3.flow_spec}]},
    "/sandboxes": {"name": "prod", "state": "active", "isDefault": True, "sandboxes": [{"name": "dev"}]},
    "/landingzone": {
        "containerName": "c",
        "SASToken": "t",
        "expiryTime": 5,
        "credentials": {"awsAccessKeyId": "a", "awsSecretAccessKey": "b"},
        "dlzPath": {"bucketName": "b"},
    },
    "/runs": {
        "items": [
            {
                "id": "run-1",
                "metrics": {
                    "durationSummary": {"startedAtUTC": 1, "completedAtUTC": 2},
                    "statusSummary": {"status": "Success", "errors": [{"code": 7, "message": "m"}]},
                    "recordSummary": {"inputRecordCount": 3},
                },
            }
        ]
    },
    "/sourceConnections": {
        "items": [
            ENTITY
            | {
                "connectionSpec": {"id": DATA_LAKE_SPEC_ID, "version": "1.0"},
                "params": {"datasets": [{"dataSetId": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]},
            }
        ]
    },
    "onnections": {
        "items": [
            ENTITY
            | {
                "connectionSpec": {"id": S3.connection_spec, "version": "1.0"},
                "baseConnectionId": samples.BASE_ID,
                "auth": {"specName": "Access Key", "params": {"s3AccessKey": "x"}},
                "params": {"bucketName": "b", "path": "p", "datasetFileType": "json", "compression": "GZIP"},
            }
        ]
    },
    "/flows": {
        "items": [
            ENTITY
            | {
                "flowSpec": {"id": S3.flow_spec, "version": "1.0"},
                "sourceConnectionIds": [samples.SOURCE_ID],
                "targetConnectionIds": [samples.TARGET_ID],
                "scheduleParams": {"interval": 3, "timeUnit": "hour", "startTime": 1796083200},
                "lastRunDetails": {"id": "r", "state": "success", "startedAtUTC": 1, "completedAtUTC": 2},
            }
        ],
        "_links": {"next": {}},
    },
}
"""Responses by a part of the path; the first that fits is sent."""

ERROR = {
    "type": "https://ns.adobe.com/aep/errors/FLOW-1439-404",
    "status": 404,
    "report": {"detailed-message": "m", "request-id": "r"},
    "errorMessage": "e",
    "error_code": "403010",
    "message": "m",
}

ODD: list[Any] = [
    None, True, -1, 1.5, 10**90, 1e308, "", "x", "\x1b[31m\nx", "ä" * 2000, "\u202e", [], {}, [None], [[]],
    [{}], {"a": {"b": [1]}}, ["x"], 1796083200123,
]  # fmt: skip


def mutated(generator: random.Random, value: Any) -> Any:
    """Return a copy with one to three odd or missing values."""
    changed = {"body": copy.deepcopy(value)}
    for _ in range(generator.choice([1, 1, 2, 3])):
        container, key = generator.choice(list(places(changed)))
        if isinstance(container, dict) and container is not changed and generator.random() < 0.2:
            del container[key]
        else:
            container[key] = copy.deepcopy(generator.choice(ODD))
    return changed["body"]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container with each of its keys or positions."""
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def data_source(type_name: str, **given: Any) -> Callable[[AepProvider], Awaitable[Found]]:
    """Return a read of a data source."""

    async def read(provider: AepProvider) -> Found:
        description = CATALOGUE.data_sources[type_name]
        response = await provider.read_data_source(type_name, filled(description.attributes, given))
        return [(response.state, description.type)], response.diagnostics

    return read


def listing(type_name: str) -> Callable[[AepProvider], Awaitable[Found]]:
    """Return a list of objects that can be imported, with their states."""

    async def read(provider: AepProvider) -> Found:
        config = filled(CATALOGUE.list_resources[type_name].attributes, {})
        request = ListRequest(type_name=type_name, config=config, include_resource_object=True, limit=0)
        listed = [each async for each in provider.list_resource(request)]
        found: list[tuple[Value, Type]] = [
            (each.state, CATALOGUE.resources[type_name].type) for each in listed
        ]
        return found, [problem for each in listed for problem in each.diagnostics]

    return read


def importing(type_name: str) -> Callable[[AepProvider], Awaitable[Found]]:
    """Return an import."""

    async def read(provider: AepProvider) -> Found:
        response = await provider.import_resource_state(type_name, samples.FLOW_ID)
        kind = CATALOGUE.resources[type_name].type
        return [(each.state, kind) for each in response.imported_resources], response.diagnostics

    return read


async def landing_zone(provider: AepProvider) -> Found:
    """Open the ephemeral resource with credentials."""
    description = CATALOGUE.ephemeral_resources["aep_data_landing_zone_credentials"]
    response = await provider.open_ephemeral_resource(
        description.type_name, filled(description.attributes, {})
    )
    return [(response.result, description.type)], response.diagnostics


RESOURCES = ("aep_flow", "aep_base_connection", "aep_source_connection", "aep_target_connection")
READS = {
    "aep_flows": data_source("aep_flows"),
    "aep_flow by name": data_source("aep_flow", name="orders"),
    "aep_flow by id": data_source("aep_flow", id=samples.FLOW_ID),
    "aep_base_connections": data_source("aep_base_connections"),
    "aep_flow_runs": data_source("aep_flow_runs", flow_id=samples.FLOW_ID),
    "aep_datasets": data_source("aep_datasets"),
    "aep_dataset": data_source("aep_dataset", name="Orders"),
    "aep_connection_spec": data_source("aep_connection_spec", destination="amazon_s3"),
    "aep_flow_spec": data_source("aep_flow_spec", destination="amazon_s3"),
    "aep_sandbox": data_source("aep_sandbox"),
    "ephemeral": landing_zone,
    **{f"list {name}": listing(name) for name in RESOURCES},
    **{f"import {name}": importing(name) for name in RESOURCES},
}


def check(found: Found) -> None:
    """Check that states can be sent to Terraform, and that diagnostics are short."""
    for state, kind in found[0]:
        if state is not None:
            msgpack_codec.encode(state, kind)
    for problem in found[1]:
        assert len(problem.detail) < 3000


@pytest.mark.parametrize("name", READS)
def test_odd_values_end_in_a_state_or_a_diagnostic(name: str) -> None:
    """No odd or missing value in a response is an internal error, of an error response neither."""
    generator = random.Random(name)

    def respond(request: httpx.Request) -> httpx.Response:
        if generator.random() < 0.1:
            return httpx.Response(generator.choice([400, 403, 404, 500, 302]), json=mutated(generator, ERROR))
        body = next(body for part, body in RESPONSES.items() if part in request.url.path)
        return httpx.Response(200, json=mutated(generator, body))

    async def steps(provider: AepProvider) -> None:
        for _ in range(60):
            check(await READS[name](provider))

    run_with_responses(respond, steps, lists=respond, max_retries=0)


@pytest.mark.parametrize("name", READS)
def test_the_unchanged_responses_are_read_without_an_error(name: str) -> None:
    """The responses that the other test changes are those of the service."""

    async def steps(provider: AepProvider) -> None:
        found = await READS[name](provider)
        assert found[0]
        assert found[1] == []
        check(found)

    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json=next(each for part, each in RESPONSES.items() if part in request.url.path)
        )

    run_with_responses(respond, steps, lists=respond)
