"""Each operation sends the documented request, and reads each form of the response body."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from provider_shim.client.entities import Collection, WriteResult
from provider_shim.client.errors import Invalid, InvalidResponse, NotFlowService, NotFound

ID = "4a2c8f0e-1111-4222-8333-123456789abc"
ETAG = '"0500ebe1-0000-0200-0000-63e28d060000"'
BASE = "https://platform.adobe.io/data/foundation/flowservice"

SOURCE = {
    "name": "orders datasets",
    "connectionSpec": {"version": "1.0", "id": "23598e46-f560-407b-88d5-ea6207e49db0"},
    "params": {"datasets": [{"dataSetId": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]},
}
BASE_CONNECTION = {
    "name": "s3 account",
    "description": "",
    "connectionSpec": {"id": "4fce964d-3f37-408f-9778-e597338a21ee", "version": "1.0"},
    "auth": {
        "specName": "Access Key",
        "params": {"s3AccessKey": "AKIAABCDEFGHIJKLMNOP", "s3SecretKey": "example"},
    },
}
LANDING_ZONE = {
    "name": "dlz account",
    "connectionSpec": {"id": "10440537-2a7b-4583-ac39-ed38d4b848e8", "version": "1.0"},
}
TARGET = {
    "name": "s3 orders folder",
    "baseConnectionId": ID,
    "connectionSpec": {"id": "4fce964d-3f37-408f-9778-e597338a21ee", "version": "1.0"},
    "params": {
        "mode": "Server-to-server",
        "bucketName": "acme-aep",
        "path": "exports/orders",
        "compression": "GZIP",
        "datasetFileType": "PARQUET",
    },
}
FLOW = {
    "name": "orders to s3",
    "flowSpec": {"id": "269ba276-16fc-47db-92b0-c1049a3c131f", "version": "1.0"},
    "sourceConnectionIds": [ID],
    "targetConnectionIds": [ID],
    "transformations": [],
    "scheduleParams": {
        "exportMode": "FIRST_FULL_THEN_INCREMENTAL",
        "timeUnit": "hour",
        "interval": 3,
        "startTime": 1790000000,
        "endTime": 1800000000,
        "foldernameTemplate": "%DESTINATION%_%DATASET_ID%",
    },
}
BODIES = [
    (Collection.SOURCE_CONNECTIONS, SOURCE),
    (Collection.CONNECTIONS, BASE_CONNECTION),
    (Collection.CONNECTIONS, LANDING_ZONE),
    (Collection.TARGET_CONNECTIONS, TARGET),
    (Collection.FLOWS, FLOW),
]


def ok(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> httpx.Response:
    """A successful response."""
    return httpx.Response(status, json=body, headers=headers)


@pytest.mark.parametrize(("collection", "body"), BODIES)
def test_create_sends_the_given_keys_in_their_order(server: Any, collection: Collection, body: Any) -> None:
    """A create sends exactly the given JSON, in the same order, and returns id and etag."""
    server.responses = [ok({"id": ID, "etag": ETAG}, 201)]
    assert asyncio.run(server.client().create(collection, body)) == WriteResult(ID, ETAG)
    request = server.requests[0]
    assert (request.method, str(request.url)) == ("POST", f"{BASE}/{collection}")
    assert request.content == json.dumps(body, separators=(",", ":")).encode()


def test_headers_of_a_request_with_a_body_are_exactly_these(server: Any) -> None:
    """A POST carries the five Adobe headers, content type, request id and user agent, and no cookie."""
    server.token_responses = [
        ok({"access_token": "token-1", "expires_in": 86399}, headers={"set-cookie": "relay=1; Path=/"})
    ]
    server.responses = [ok({"id": ID}, 201, {"set-cookie": "gate=1; Path=/"}), ok({"id": ID}, 201)]
    client = server.client(sandbox_name="dev")

    async def twice() -> None:
        await client.create(Collection.CONNECTIONS, LANDING_ZONE)
        await client.create(Collection.CONNECTIONS, LANDING_ZONE)

    asyncio.run(twice())
    ids = set()
    for request in server.requests:
        headers = dict(request.headers)
        for transport_header in ("host", "connection", "accept-encoding", "content-length"):
            headers.pop(transport_header)
        ids.add(str(uuid.UUID(headers.pop("x-request-id"))))
        assert headers.pop("user-agent").startswith("aep-flowbridge/")
        assert headers == {
            "authorization": "Bearer token-1",
            "x-api-key": "client-1",
            "x-gw-ims-org-id": "ACME@AdobeOrg",
            "x-sandbox-name": "dev",
            "accept": "application/json",
            "content-type": "application/json",
        }
    assert len(ids) == 2


@pytest.mark.parametrize("operation", ["read", "delete", "act"])
def test_no_content_type_without_a_body(server: Any, operation: str) -> None:
    """Requests without a body have no content type."""
    server.responses = [ok({"id": ID, "etag": ETAG})]
    client = server.client()
    operations = {
        "read": lambda: client.read(Collection.FLOWS, ID),
        "delete": lambda: client.delete(Collection.FLOWS, ID),
        "act": lambda: client.act(ID, "enable"),
    }
    asyncio.run(operations[operation]())
    assert "content-type" not in server.requests[0].headers
    assert server.requests[0].content == b""


@pytest.mark.parametrize(
    ("body", "etag"),
    [
        ({"items": [{"id": ID, "etag": ETAG, "name": "x"}]}, ETAG),
        ({"id": ID, "etag": ETAG, "name": "x"}, ETAG),
        ({"items": [{"id": ID, "eTag": ETAG, "name": "x"}]}, ETAG),
        ({"id": ID, "version": ETAG, "name": "x"}, ETAG),
        ({"id": ID, "version": "1.0", "name": "x"}, None),
        ({"id": ID, "items": [], "name": "x"}, None),
    ],
)
def test_read_takes_wrapped_and_bare_bodies(server: Any, body: Any, etag: str | None) -> None:
    """A read unwraps `items`, accepts a bare object, and finds the etag under each of its names."""
    server.responses = [ok(body)]
    entity = asyncio.run(server.client().read(Collection.FLOWS, ID))
    assert (entity.id, entity.body["name"], entity.etag) == (ID, "x", etag)
    assert str(server.requests[0].url) == f"{BASE}/flows/{ID}"


def test_read_finds_the_etag_in_the_header_as_a_last_resort(server: Any) -> None:
    """If the body has no etag, that of the header is used."""
    server.responses = [ok({"id": ID}, headers={"etag": ETAG})]
    assert asyncio.run(server.client().read(Collection.FLOWS, ID)).etag == ETAG


def test_read_of_an_empty_wrapper_is_not_found(server: Any) -> None:
    """A 200 with an empty list means that the object doesn't exist."""
    server.responses = [ok({"items": []})]
    with pytest.raises(NotFound):
        asyncio.run(server.client().read(Collection.FLOWS, ID))


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, content=b"<html>welcome</html>"),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b'{"items": [{"id": "a'),
        ok([]),
        ok({}),
        ok({"items": ["text"]}),
        ok({"items": [{"id": "a"}, {"id": "b"}]}),
        ok({"items": [{"id": 7}]}),
        ok({"items": [{"id": ""}]}),
    ],
)
def test_an_unreadable_success_is_an_invalid_response(server: Any, response: httpx.Response) -> None:
    """A 200 that isn't one object with an id is InvalidResponse, never NotFound."""
    server.responses = [response]
    with pytest.raises(InvalidResponse):
        asyncio.run(server.client().read(Collection.FLOWS, ID))


@pytest.mark.parametrize("body", [{}, {"items": []}, {"etag": ETAG}, "text"])
def test_the_outcome_of_a_create_without_an_id_is_unknown(server: Any, body: Any) -> None:
    """After a success without an id the object may exist: it isn't NotFound, and there is no retry."""
    server.responses = [ok(body, 201)]
    with pytest.raises(InvalidResponse):
        asyncio.run(server.client().create(Collection.CONNECTIONS, LANDING_ZONE))
    assert server.sleeps == []


def test_create_without_an_etag_is_a_success(server: Any) -> None:
    """In some of Adobe's samples the response to a create has an id only."""
    server.responses = [ok({"id": ID}, 201)]
    written = asyncio.run(server.client().create(Collection.CONNECTIONS, LANDING_ZONE))
    assert written == WriteResult(ID, None)


@pytest.mark.parametrize(
    "response",
    [
        ok({"id": ID, "etag": ETAG}),
        ok({"items": [{"id": ID, "etag": ETAG}]}),
        httpx.Response(200, headers={"etag": ETAG}),
    ],
)
def test_patch_sends_the_etag_verbatim_and_reads_each_response(server: Any, response: httpx.Response) -> None:
    """A patch sends If-Match with its quotes, and reads an object, a wrapper, or an empty body."""
    server.responses = [response]
    operations = [{"op": "replace", "path": "/name", "value": "new"}]
    written = asyncio.run(server.client().patch(Collection.TARGET_CONNECTIONS, ID, operations, ETAG))
    assert written == WriteResult(ID, ETAG)
    request = server.requests[0]
    assert (request.method, str(request.url)) == ("PATCH", f"{BASE}/targetConnections/{ID}")
    assert request.headers["if-match"] == ETAG
    assert request.headers["content-type"] == "application/json"
    assert server.body() == operations


@pytest.mark.parametrize("status", [200, 202, 204])
def test_delete_accepts_each_documented_status(server: Any, status: int) -> None:
    """Adobe's documents disagree on the status of a delete; all of them are a success."""
    server.responses = [httpx.Response(status)]
    asyncio.run(server.client().delete(Collection.SOURCE_CONNECTIONS, ID))
    assert server.requests[0].method == "DELETE"
    assert str(server.requests[0].url) == f"{BASE}/sourceConnections/{ID}"


@pytest.mark.parametrize("action", ["enable", "disable"])
def test_an_action_is_a_query_and_nothing_else(server: Any, action: Any) -> None:
    """Enabling and disabling have the operation in lower case in the query, without sub-operation."""
    server.responses = [ok({"id": ID, "etag": ETAG})]
    assert asyncio.run(server.client().act(ID, action)) == WriteResult(ID, ETAG)
    assert str(server.requests[0].url) == f"{BASE}/flows/{ID}/action?op={action}"
    assert server.requests[0].method == "POST"


def test_specs_are_unwrapped(server: Any) -> None:
    """Connection specs and flow specs come as plain objects, each from its own path."""
    server.responses = [ok({"items": [{"id": ID, "name": "Amazon S3"}]}), ok({"id": ID, "name": "flow"})]
    client = server.client()

    async def both() -> list[Any]:
        return [await client.connection_spec(ID), await client.flow_spec(ID)]

    assert asyncio.run(both()) == [{"id": ID, "name": "Amazon S3"}, {"id": ID, "name": "flow"}]
    assert [request.url.path.rpartition("/")[0][-15:] for request in server.requests] == [
        "connectionSpecs",
        "rvice/flowSpecs",
    ]


@pytest.mark.parametrize("id_", ["", "  ", ".", ".."])
def test_an_invalid_id_is_never_sent(server: Any, id_: str) -> None:
    """An empty id would list or even address the collection, and dots its parent."""
    with pytest.raises(Invalid):
        asyncio.run(server.client().delete(Collection.FLOWS, id_))
    assert server.requests == []


def test_an_id_stays_one_segment(server: Any) -> None:
    """Slashes and question marks in an id (of an import, say) can't reach another path."""
    server.responses = [httpx.Response(404)]
    with pytest.raises(NotFlowService):
        asyncio.run(server.client().read(Collection.FLOWS, "a/../b?c#d"))
    assert server.requests[0].url.raw_path.endswith(b"/flows/a%2F..%2Fb%3Fc%23d")


@pytest.mark.parametrize(
    ("collection", "body", "place"),
    [
        (Collection.FLOWS, {**FLOW, "state": "enabled"}, "state"),
        (Collection.FLOWS, {**FLOW, "sourceConnectionIds": []}, "sourceConnectionIds"),
        (Collection.FLOWS, {**FLOW, "sourceConnectionIds": [ID, ID]}, "sourceConnectionIds"),
        (
            Collection.FLOWS,
            {**FLOW, "scheduleParams": {**FLOW["scheduleParams"], "interval": "3"}},  # type: ignore[dict-item]
            "interval",
        ),
        (Collection.CONNECTIONS, {**LANDING_ZONE, "connectionSpec": {"id": "x"}}, "version"),
        (Collection.CONNECTIONS, {**LANDING_ZONE, "base_connection_id": "x"}, "base_connection_id"),
        (Collection.SOURCE_CONNECTIONS, {**SOURCE, "params": {"datasets": []}}, "datasets"),
        (Collection.SOURCE_CONNECTIONS, {**SOURCE, "baseConnectionId": ID}, "baseConnectionId"),
        (Collection.TARGET_CONNECTIONS, {**TARGET, "params": {"path": "x"}}, "datasetFileType"),
    ],
)
def test_a_body_against_the_model_is_not_sent(
    server: Any, collection: Collection, body: Any, place: str
) -> None:
    """A body that Flow Service would reject isn't sent; the error has the path and no status."""
    with pytest.raises(Invalid, match=place) as caught:
        asyncio.run(server.client().create(collection, body))
    assert caught.value.status is None
    assert server.requests == server.token_requests == []


def test_runs_can_not_be_created(server: Any) -> None:
    """Runs are created by the service only."""
    with pytest.raises(ValueError, match="runs"):
        asyncio.run(server.client().create(Collection.RUNS, {}))


def test_the_landing_zone(server: Any) -> None:
    """The response is returned unchanged; its secrets are removed from later messages, its names are not."""
    body = {
        "credentials": {"awsSecretAccessKey": "zone-secret-key", "awsSessionToken": "zone-session"},
        "dlzPath": {"bucketName": "dlz-bucket"},
        "dlzProvider": "Amazon S3",
    }
    server.responses.append(httpx.Response(200, json=body))
    client = server.client()

    assert asyncio.run(client.landing_zone_credentials()) == body
    (request,) = server.requests
    assert request.method == "GET"
    assert request.url.path == "/data/foundation/connectors/landingzone/credentials"
    assert dict(request.url.params) == {"type": "dlz_destination"}
    scrubbed = client.scrub("zone-secret-key zone-session dlz-bucket Amazon S3")
    assert scrubbed == "*** *** dlz-bucket Amazon S3"


def test_a_list_of_other_things_than_objects_is_one_short_error(server: Any) -> None:
    """The error has the first wrong item, however many there are, and no value."""
    server.responses = [httpx.Response(200, json={"items": ["canary"] * 100_000})]

    async def listed() -> None:
        async for _ in server.client().list(Collection.FLOWS):
            pass

    with pytest.raises(InvalidResponse, match=r"items\.0") as caught:
        asyncio.run(listed())
    assert "canary" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("body", [["canary"], "canary", 7, None, {"items": ["canary"]}, {"id": ["canary"]}])
def test_an_object_of_another_form_is_described_by_its_shape(server: Any, body: Any) -> None:
    """The error of a read has types, keys and lengths only."""
    server.responses = [httpx.Response(200, json=body)]
    with pytest.raises(InvalidResponse) as caught:
        asyncio.run(server.client().read(Collection.FLOWS, "x"))
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("identifier", ["a\nb", "\x1b[31m", "x" * 1_001, "", 5])
def test_an_id_that_can_not_be_shown_or_sent_is_an_invalid_response(server: Any, identifier: Any) -> None:
    """An id becomes a part of URLs and messages, so it has no controls and a limited length."""
    server.responses = [
        httpx.Response(200, json={"id": identifier}),
        httpx.Response(201, json={"id": identifier}),
    ]
    client = server.client()
    with pytest.raises(InvalidResponse, match="id: "):
        asyncio.run(client.read(Collection.FLOWS, "x"))
    with pytest.raises(InvalidResponse, match="id: "):
        asyncio.run(client.create(Collection.SOURCE_CONNECTIONS, SOURCE))


@pytest.mark.parametrize(
    "identifier", ["a/b", "../runs", "a\r\nb", "a?b#c", "a%2Fb", "\u00e4\x1b", ".hidden"]
)
def test_an_id_never_changes_the_path(server: Any, identifier: str) -> None:
    """Whatever an id of the configuration contains, it is one encoded segment of the path."""
    server.responses = [httpx.Response(200, json={"id": "x"})]
    asyncio.run(server.client().read(Collection.FLOWS, identifier))
    raw = server.requests[0].url.raw_path.decode()
    assert raw == f"/data/foundation/flowservice/flows/{quote(identifier, safe='')}"


def test_an_id_without_measure_is_not_sent(server: Any) -> None:
    """An id of a megabyte is an error that names its length."""
    with pytest.raises(Invalid, match="It has 1,000,000"):
        asyncio.run(server.client().read(Collection.FLOWS, "x" * 1_000_000))
    assert server.requests == []


@pytest.mark.parametrize("etag", ["a\r\nHost: evil.example", "\u00e4", "x" * 100_000, "", 7])
@pytest.mark.parametrize("name", ["etag", "eTag", "version"])
def test_an_etag_that_can_not_be_sent_is_none(server: Any, name: str, etag: Any) -> None:
    """A body's etag would be sent back in a header, so one that no header can carry is absent."""
    value = f'"{etag}"' if name == "version" and isinstance(etag, str) else etag
    server.responses = [httpx.Response(200, json={"id": "x", name: value})]
    assert asyncio.run(server.client().read(Collection.FLOWS, "x")).etag is None


def test_a_message_of_the_service_has_no_controls(server: Any) -> None:
    """A message is printed on a terminal, so escape sequences are removed."""
    server.responses = [httpx.Response(400, json={"message": "no \x1b[2J\x07such\u202e\n flow"})]
    with pytest.raises(Invalid, match=r"^GET /flows/x: no \[2Jsuch flow \("):
        asyncio.run(server.client().read(Collection.FLOWS, "x"))
