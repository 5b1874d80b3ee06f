"""Every code that Adobe publishes for Flow Service can be produced, so that a user's own tests can meet it.

What the emulator answers by its own rules is in COVERAGE.md; the rest, which has its cause inside Adobe,
comes from a fault.
"""

from __future__ import annotations

import pytest

from tests.unit.flow_emulator.session import Session, code

PUBLISHED = {
    400: [
        1100,
        *(n for n in range(1401, 1459) if n != 1404),
        *(2105, 2110, 2112, 2113, 2114, 2115, 2119),
    ],
    401: [2000, 2001, 2002],
    403: [2111, 2118, 2120, 2121],
    404: [1101, 2100, 2101, 2103, 2106],
    412: [1404],
    500: [1102, 1400, 2102, 2104, 2107, 2108, 2116, 2117, 2200, 2250],
    503: [1103],
    504: [1104],
}
"""Code numbers by HTTP status: Adobe's page of Flow Service errors (flow-service-errors.md, 110f095e)."""

CODES = [(number, status) for status, numbers in PUBLISHED.items() for number in numbers]


@pytest.mark.parametrize(("number", "status"), CODES)
def test_every_published_code_can_be_produced(session: Session, number: int, status: int) -> None:
    """A fault answers with the code, in Flow Service's own shape, and nothing is made."""
    fault = f"createFlow status status={status} code=FLOW-{number} shape=problem times=1"
    added = session.raw("POST", "/_emulator/faults", json=fault)
    assert added.status_code == 201, added.text

    response = session.post("/flows", {})

    assert (response.status_code, code(response)) == (status, f"FLOW-{number}-{status}")
    assert response.json()["report"]["request-id"]
    assert session.get("/flows?count=true").json() == {"count": 0}
