"""Each error response of the service becomes the exception that fits."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.http import error_body
from provider_shim.client.http.error_body import ErrorBody

LANDING_ZONE = {
    "name": "dlz account",
    "connectionSpec": {"id": "10440537-2a7b-4583-ac39-ed38d4b848e8", "version": "1.0"},
}


SPRING_404 = {
    "timestamp": "2026-11-24T10:00:00.000+00:00",
    "status": 404,
    "error": "Not Found",
    "path": "/data/foundation/flowservice/flows/x",
}
"""The body that a Spring Boot server sends for a path that it does not have."""


def flow_error(number: int, status: int, printed: int | None = None) -> tuple[int, dict[str, Any]]:
    """A current Flow Service error body; `printed` is the status inside the code, where it differs."""
    return status, {
        "type": f"https://ns.adobe.com/aep/errors/FLOW-{number}-{printed or status}",
        "title": "a title",
        "status": status,
        "report": {"detailed-message": "what happened", "request-id": "req-1", "id": "x", "type": "flows"},
        "errorMessage": "old message",
        "errorDetails": "old details",
    }


def gateway_error(code: Any, status: int) -> tuple[int, dict[str, Any]]:
    """An error of the gateway in front of Flow Service."""
    return status, {"error_code": code, "message": "gateway message"}


ERROR_RESPONSES = [
    (flow_error(2100, 404), errors.SandboxNotFound, "2100"),
    (flow_error(2101, 404), errors.SandboxNotFound, "2101"),
    (flow_error(2103, 404), errors.SandboxNotFound, "2103"),
    (flow_error(2106, 404), errors.SandboxNotFound, "2106"),
    (flow_error(2000, 401), errors.OrganizationRefused, "2000"),
    (flow_error(2001, 401), errors.OrganizationRefused, "2001"),
    (flow_error(2002, 401), errors.OrganizationRefused, "2002"),
    (gateway_error("400003", 400), errors.OrganizationRefused, "400003"),
    (gateway_error("403025", 403), errors.OrganizationRefused, "403025"),
    (gateway_error(403027, 403), errors.OrganizationRefused, "403027"),
    (gateway_error("403000", 403), errors.AuthenticationFailed, "403000"),
    (gateway_error("403003", 403), errors.AuthenticationFailed, "403003"),
    (flow_error(2114, 400), errors.AuthenticationFailed, "2114"),
    (flow_error(2115, 400), errors.AuthenticationFailed, "2115"),
    ((403, {"message": "no"}), errors.PermissionDenied, None),
    (flow_error(2118, 403), errors.PermissionDenied, "2118"),
    (flow_error(2120, 403), errors.PermissionDenied, "2120"),
    (flow_error(2121, 403), errors.PermissionDenied, "2121"),
    (flow_error(2111, 403), errors.PermissionDenied, "2111"),
    (flow_error(1100, 400), errors.PermissionDenied, "1100"),
    (flow_error(1427, 400), errors.PermissionDenied, "1427"),
    (flow_error(1439, 404), errors.NotFound, "1439"),
    (flow_error(1439, 404, printed=400), errors.NotFound, "1439"),
    (flow_error(1439, 400), errors.NotFound, "1439"),
    (flow_error(1101, 404), errors.NotFound, "1101"),
    (flow_error(1101, 400), errors.NotFound, "1101"),
    (flow_error(1430, 400), errors.NotFound, "1430"),
    ((404, {"errorMessage": "flows not found with id = [x]"}), errors.NotFound, None),
    ((404, None), errors.NotFlowService, None),
    ((404, ""), errors.NotFlowService, None),
    (gateway_error("404000", 404), errors.NotFlowService, "404000"),
    ((404, {"message": "no Route matched with those values"}), errors.NotFlowService, None),
    ((404, SPRING_404), errors.NotFlowService, None),
    ((404, "<html>Not here</html>"), errors.NotFlowService, None),
    ((404, "default backend"), errors.NotFlowService, None),
    (flow_error(1418, 400), errors.InUse, "1418"),
    (flow_error(1447, 400), errors.InUse, "1447"),
    (flow_error(1416, 400), errors.Busy, "1416"),
    (flow_error(1417, 400), errors.Busy, "1417"),
    (flow_error(1420, 400), errors.Busy, "1420"),
    (flow_error(1421, 400), errors.Busy, "1421"),
    (flow_error(1444, 400), errors.Busy, "1444"),
    (flow_error(1456, 400), errors.Busy, "1456"),
    (flow_error(1457, 400), errors.Busy, "1457"),
    (flow_error(1458, 400), errors.Busy, "1458"),
    (flow_error(1404, 412), errors.VersionConflict, "1404"),
    ((412, {"errorMessage": "Supplied version=[a] does not match"}), errors.VersionConflict, None),
    (flow_error(1413, 400), errors.Invalid, "1413"),
    (flow_error(1422, 400), errors.Invalid, "1422"),
    (flow_error(1445, 400), errors.NotChangeable, "1445"),
    (flow_error(2105, 400), errors.Invalid, "2105"),
    ((400, {"message": "Please provide a valid spec id"}), errors.Invalid, None),
    ((409, None), errors.Invalid, None),
    ((422, {"message": "version missing"}), errors.Invalid, None),
    ((302, None), errors.Invalid, None),
    (gateway_error("429050", 429), errors.Throttled, "429050"),
    ((429, None), errors.Throttled, None),
    ((500, None), errors.ServiceFailed, None),
    (flow_error(2102, 500), errors.ServiceFailed, "2102"),
    (flow_error(1103, 503), errors.ServiceFailed, "1103"),
    ((502, "<html>Bad gateway</html>"), errors.ServiceFailed, None),
    (flow_error(1104, 504), errors.ServiceFailed, "1104"),
    ((501, {"message": "not played"}), errors.ServiceFailed, None),
]


def http_response(status: int, body: Any) -> httpx.Response:
    """A response with a JSON body, text, or no body."""
    if isinstance(body, dict):
        return httpx.Response(status, json=body)
    return httpx.Response(status, content=(body or "").encode())


@pytest.mark.parametrize(("error_response", "error_class", "code"), ERROR_RESPONSES)
def test_each_error_response_has_its_class(
    server: Any, error_response: tuple[int, Any], error_class: type[errors.FlowServiceError], code: str | None
) -> None:
    """The code takes precedence over the status; the exception has the class in the table."""
    server.responses = [http_response(*error_response)]
    with pytest.raises(errors.FlowServiceError) as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert type(caught.value) is error_class
    assert caught.value.code == code
    assert caught.value.status == error_response[0]
    assert (caught.value.method, caught.value.path) == ("GET", "/flows/x")


@pytest.mark.parametrize(
    "error_response", [gateway_error("401013", 401), (401, None), gateway_error("403010", 403)]
)
def test_a_renewed_token_that_is_rejected_is_an_authentication_error(
    server: Any, error_response: tuple[int, Any]
) -> None:
    """If a renewed token is rejected too, the error is AuthenticationFailed."""
    server.responses = [http_response(*error_response), http_response(*error_response)]
    with pytest.raises(errors.AuthenticationFailed):
        asyncio.run(server.client().read(Collection.FLOWS, "x"))


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_gives_up_on_a_create_leaves_it_open(server: Any, status: int) -> None:
    """After 502 and 504 the outcome of a create is unknown, and it isn't retried."""
    server.responses = [httpx.Response(status)]
    with pytest.raises(errors.ResponseLost) as caught:
        asyncio.run(server.client().create(Collection.CONNECTIONS, LANDING_ZONE))
    assert caught.value.status == status


BODIES = [
    (
        flow_error(1439, 404)[1],
        ErrorBody("what happened (old details)", "1439", "req-1", True, True),
    ),
    (
        {"errorMessage": "connections not found", "errorDetails": "for the id"},
        ErrorBody("connections not found (for the id)", None, None, True, True),
    ),
    ({"errorMessage": "flows not found"}, ErrorBody("flows not found", None, None, True, True)),
    ({"error_code": "403010", "message": "m"}, ErrorBody("m", "403010", None, True)),
    ({"error_code": 403010, "message": "m"}, ErrorBody("m", "403010", None, True)),
    (
        {"type": "/placeholder/type/uri", "status": 400, "title": "BadRequestError", "detail": "d"},
        ErrorBody("d", None, None, True),
    ),
    ({"title": "only a title"}, ErrorBody("only a title", None, None, True)),
    (
        {"type": "https://x/errors/CONNECTOR-1001-500/"},
        ErrorBody("The response is an object with the key type.", "CONNECTOR-1001-500", None, True),
    ),
    ({"error": "invalid_client", "error_description": "d"}, ErrorBody("invalid_client: d", None, None, True)),
    (
        {"report": "text", "message": {"a": 1}, "error_code": True, "title": "t"},
        ErrorBody("t", None, None, True),
    ),
]


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_each_shape_of_error_body_is_read(body: dict[str, Any], expected: ErrorBody) -> None:
    """Message, code and request id are found in every form that Adobe documents."""
    parsed = error_body.parse(json.dumps(body).encode())
    assert (parsed.message, parsed.code, parsed.request_id) == (
        expected.message,
        expected.code,
        expected.request_id,
    )
    assert parsed.structured


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ""),
        (b"upstream  timed out\n", "The response isn't JSON, but text of 20 characters."),
        (b"  <html><body>x</body></html>", "The response is an HTML page."),
        (b'["a", "list"]', "The response is a list of 2 values."),
        (b'"text"', "The response is text of 4 characters."),
        (b"\xff\xfe", "The response isn't JSON, but 2 bytes that are not text."),
        (b"[" * 100_000, "The response has more than 64 objects and lists inside each other."),
        (b"no  healthy upstream", 'The response is text that contains "no healthy upstream".'),
        (b"Error: BAD GATEWAY canary", 'The response is text that contains "BAD GATEWAY".'),
        (b"  gone.\n", 'The response is text that contains "gone".'),
        (b"Locked", 'The response is text that contains "Locked".'),
        (b"canary is gone", "The response isn't JSON, but text of 14 characters."),
        (b"Gone canary", "The response isn't JSON, but text of 11 characters."),
        (b"a conflict of canaries", "The response isn't JSON, but text of 22 characters."),
        (b"Gone canary: Bad Gateway", 'The response is text that contains "Bad Gateway".'),
    ],
)
def test_other_bodies_are_described_by_their_shape(content: bytes, message: str) -> None:
    """Of a body that isn't understood no value is shown, only its type and length; nothing raises."""
    assert error_body.parse(content) == ErrorBody(message=message)


def test_messages_are_one_line_of_bounded_length() -> None:
    """A long text of many lines is joined and cut."""
    short = ErrorBody("word\n" * 1000).shortened(str)
    assert short.startswith("word word")
    assert len(short) == 600


def test_the_request_id_is_from_report_header_or_request(server: Any) -> None:
    """The request id is the one of the report, of the header, or of the request."""
    server.responses = [
        httpx.Response(400, json=flow_error(1413, 400)[1], headers={"X-Request-Id": "head"}),
        httpx.Response(400, json={"message": "m"}, headers={"X-Request-Id": "head"}),
        httpx.Response(400, json={"message": "m"}),
    ]
    client = server.client()
    ids = []
    for _ in range(3):
        with pytest.raises(errors.Invalid) as caught:
            asyncio.run(client.read(Collection.FLOWS, "x"))
        ids.append(caught.value.request_id)
    assert ids == ["req-1", "head", server.requests[2].headers["x-request-id"]]


def test_an_error_as_text_is_one_line() -> None:
    """`str` of an error has request, message, status, code and request id."""
    error = errors.Invalid(
        "wrong spec", status=400, code="1413", request_id="r", method="POST", path="/connections"
    )
    assert str(error) == "POST /connections: wrong spec (status 400, code 1413, request id r)"
    assert str(errors.Invalid("alone")) == "alone"


def test_every_error_has_advice_and_is_in_the_docstring() -> None:
    """Each class has advice, and the tree in the docstring contains each class at its depth."""
    drawn = {
        line.replace("│", " ").split("── ")[1].split()[0]: line.index("── ")
        for line in (errors.__doc__ or "").splitlines()
        if "── " in line
    }

    def tree(parent: type[errors.FlowServiceError], indent: int) -> dict[str, int]:
        found: dict[str, int] = {}
        for child in parent.__subclasses__():
            assert child.advice
            found |= {child.__name__: indent} | tree(child, indent + 4)
        return found

    assert drawn == tree(errors.FlowServiceError, 5)
