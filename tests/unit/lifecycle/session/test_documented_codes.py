"""Every error code that Adobe documents gives a diagnostic with advice.

The codes are those of Adobe's page "Flow Service error messages" and of the gateway's in the Experience
Platform troubleshooting guide, with the statuses that are printed there.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest

from provider_shim.client.entities import Collection
from provider_shim.client.errors import FlowServiceError
from provider_shim.client.flow_service import FlowService
from provider_shim.client.settings import ClientSettings
from provider_shim.lifecycle.session.operation_errors import Operation, to_diagnostic
from provider_shim.schema.diagnostics import Severity

BY_STATUS = {
    400: "1100 1401 1402 1403 1405 1406 1407 1408 1409 1410 1411 1412 1413 1414 1415 1416 1417 1418 "
    "1419 1420 1421 1422 1423 1424 1425 1426 1427 1428 1429 1430 1431 1432 1433 1434 1435 1436 "
    "1437 1438 1439 1440 1441 1442 1443 1444 1445 1446 1447 1448 1449 1450 1451 1452 1453 1454 "
    "1455 1456 1457 1458 2105 2110 2112 2113 2114 2115 2119",
    401: "2000 2001 2002",
    403: "2111 2118 2120 2121",
    404: "1101 1439 2100 2101 2103 2106",
    412: "1404",
    500: "1102 1400 2102 2104 2107 2108 2116 2117 2200 2250",
    503: "1103",
    504: "1104",
}
GATEWAY = {400: "400003", 401: "401013", 403: "403000 403003 403010 403025 403027", 429: "429050"}

CODES = [
    (code, status, in_gateway)
    for table, in_gateway in ((BY_STATUS, False), (GATEWAY, True))
    for status, codes in table.items()
    for code in codes.split()
]

ADVICE = {
    "1418": "Delete the flows that use it first",
    "1445": "Replace the object",
    "1439": "Check the id",
    "2100": "Check sandbox_name",
    "2000": "Check the organisation id",
    "403027": "product profile",
    "2118": "Manage Destinations",
    "1100": "Give the credential's role the permissions",
    "401013": "Check client id",
    "429050": "lower max_concurrent_requests",
    "1102": "Try again later",
}
"""Words of the advice for the most frequent codes."""

ACTIONS = re.compile(r"\b(Check|Correct|Delete|Give|Look|Read|Replace|Set|Try|Wait)\b")
"""The verbs that an advice begins a sentence with."""


def _diagnostic(code: str, status: int, *, in_gateway: bool) -> Any:
    """Return the diagnostic for this response to a read."""
    body: dict[str, Any] = {
        "type": f"https://ns.adobe.com/aep/errors/FLOW-{code}-{status}",
        "title": "a title",
        "status": status,
        "report": {"detailed-message": "what happened", "request-id": "req-1"},
    }
    if in_gateway:
        body = {"error_code": code, "message": "what happened"}
    transport = httpx.MockTransport(
        lambda _: httpx.Response(status, json=body, headers={"x-request-id": "req-1"})
    )
    settings = ClientSettings(organization_id="O@AdobeOrg", client_id="c", access_token="t", max_retries=0)

    async def read() -> FlowServiceError:
        service = FlowService(settings, transport=transport)
        try:
            with pytest.raises(FlowServiceError) as caught:
                await service.read(Collection.FLOWS, "x")
        finally:
            await service.aclose()
        return caught.value

    return to_diagnostic(asyncio.run(read()), Operation("read", "the flow"))


@pytest.mark.parametrize(
    ("code", "status", "in_gateway"), [("2118", 403, False), ("403", 403, True), ("1439", 404, False)]
)
def test_access_labels_are_a_reason(code: str, status: int, in_gateway: bool) -> None:
    """An access label can cause a 403 and a 404, and the advice for both names it."""
    assert "access label" in _diagnostic(code, status, in_gateway=in_gateway).detail


@pytest.mark.parametrize(("code", "status", "in_gateway"), CODES)
def test_every_documented_code_has_advice(code: str, status: int, in_gateway: bool) -> None:
    """The diagnostic has the operation, the service's message, the code, the request id, and advice."""
    diagnostics = _diagnostic(code, status, in_gateway=in_gateway)

    assert diagnostics.severity is Severity.ERROR
    assert "Could not read the flow" in diagnostics.summary + diagnostics.detail
    assert "what happened" in diagnostics.detail
    assert f"code {code}" in diagnostics.detail
    assert "req-1" in diagnostics.detail
    advice = diagnostics.detail.partition("\n\n")[2]
    assert ACTIONS.match(advice), advice
    assert ADVICE.get(code, "") in advice
