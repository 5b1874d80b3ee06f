"""The token endpoint and what the gateway checks in front of every operation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.identity import CLIENT_ID, CLIENT_SECRET, EMULATOR, Identity
from tests.unit.flow_emulator.session import BASE, Session, base_body, code

NewSession = Callable[..., Session]


def test_the_documented_client_gets_a_token(session: Session) -> None:
    """The answer has Adobe's three fields, the lifetime in seconds."""
    response = session.token(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)

    assert response.status_code == 200
    assert response.json() == {
        "access_token": response.json()["access_token"],
        "token_type": "bearer",
        "expires_in": 86399,
    }
    assert len(response.json()["access_token"]) > 40


def test_parameters_may_stand_in_the_query(session: Session) -> None:
    """Older samples send the fields in the address."""
    response = session.raw(
        "POST",
        "/ims/token/v3",
        params={
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scope": "openid",
        },
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "someone"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_a_wrong_token_request_is_rejected(session: Session, fields: dict[str, str], error: str) -> None:
    """OAuth's error names what is wrong and repeats no secret."""
    response = session.token(**({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET} | fields))

    assert response.status_code == 400
    assert response.json()["error"] == error
    assert fields.get("client_secret", "-no-") not in response.text


@pytest.mark.parametrize(
    ("header", "value", "status", "error"),
    [
        ("authorization", None, 403, "403010"),
        ("authorization", "Bearer example", 401, "401013"),
        ("authorization", "Basic example", 401, "401013"),
        ("x-api-key", None, 403, "403000"),
        ("x-api-key", "someone", 403, "403003"),
        ("x-gw-ims-org-id", None, 400, "400003"),
        ("x-gw-ims-org-id", "not an organisation", 403, "403027"),
        ("x-gw-ims-org-id", "OTHER@AdobeOrg", 403, "403025"),
    ],
)
def test_the_gateway_rejects(
    session: Session, header: str, value: str | None, status: int, error: str
) -> None:
    """Each header that is missing or wrong has the gateway's status and code."""
    headers = {name: text for name, text in session.headers.items() if name != header}
    if value is not None:
        headers[header] = value
    response = session.raw("GET", f"{BASE}/flows", headers=headers)

    assert (response.status_code, response.json()["error_code"]) == (status, error)
    assert set(response.json()) == {"error_code", "message"}


def test_a_missing_token_may_be_401(new_session: NewSession) -> None:
    """One of Adobe's pages says 401; a switch follows it."""
    response = new_session(Behaviour(missing_token_status=401)).raw("GET", f"{BASE}/flows")
    assert (response.status_code, response.json()["error_code"]) == (401, "403010")


def test_a_token_ends_after_a_day(session: Session) -> None:
    """A token is good up to its lifetime by the emulator's clock and no longer."""
    session.millis += 86_398_000
    assert session.get("/flows").status_code == 200
    session.millis += 1_000
    assert session.get("/flows").json()["error_code"] == "401013"


def test_sandboxes(session: Session, new_session: NewSession) -> None:
    """No name means prod, an unknown name is a 404 of its own, and an id is refused."""
    session.make("connections", base_body())
    nameless = {name: text for name, text in session.headers.items() if name != "x-sandbox-name"}

    assert len(session.raw("GET", f"{BASE}/connections", headers=nameless).json()["items"]) == 1
    assert code(session.get("/connections", headers={"x-sandbox-name": "nowhere"})) == "2101-404"
    assert code(session.get("/connections", headers={"x-sandbox-id": "x"})) == "2110-400"

    strict = new_session(Behaviour(missing_sandbox="refuse"))
    nameless = {name: text for name, text in strict.headers.items() if name != "x-sandbox-name"}
    assert code(strict.raw("GET", f"{BASE}/connections", headers=nameless)) == "2105-400"


@pytest.mark.rule("sandboxes-apart")
def test_organisations_and_sandboxes_do_not_see_each_other(new_session: NewSession) -> None:
    """What one organisation or sandbox has can neither be listed, read, changed nor deleted from another."""
    other = Identity("other-client", "other-secret", "OTHER@AdobeOrg")
    session = new_session(identities=(EMULATOR, other))
    made = session.make_export()

    for stranger in (session.login(other), session.headers | {"x-sandbox-name": "dev"}):
        for collection, entity_id in made.items():
            path = f"{BASE}/{collection}/{entity_id}"
            assert session.raw("GET", f"{BASE}/{collection}", headers=stranger).json()["items"] == []
            assert session.raw("GET", path, headers=stranger).status_code == 404
            assert session.raw("DELETE", path, headers=stranger).status_code == 404
            patch = session.raw(
                "PATCH", path, headers=stranger, json=[{"op": "replace", "path": "/name", "value": "x"}]
            )
            assert patch.status_code == 404


def test_the_request_id_comes_back(session: Session) -> None:
    """A client's request id is echoed in header and report; without one there is a new one."""
    response = session.get("/flows/none", headers={"x-request-id": "my-id"})
    assert response.headers["x-request-id"] == "my-id"
    assert response.json()["report"]["request-id"] == "my-id"
    assert len(session.get("/flows").headers["x-request-id"]) == 36


@pytest.mark.parametrize("kind", [None, "text/plain"])
def test_a_body_needs_its_content_type(session: Session, kind: str | None) -> None:
    """A body that is not called JSON is refused in the platform's shape."""
    headers = {} if kind is None else {"content-type": kind}
    response = session.ask("POST", "/connections", headers=headers, content=b'{"name": "x"}')
    assert response.status_code == 400
    assert response.json() == {
        "type": "/placeholder/type/uri",
        "status": 400,
        "title": "BadRequestError",
        "detail": "A valid content-type must be specified",
    }
