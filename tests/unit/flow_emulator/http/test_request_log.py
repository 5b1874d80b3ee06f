"""The request log shows what Adobe's bodies have, and masks what is in a wrong place or unknown."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.unit.flow_emulator.session import MISSING, Session, base_body, flow_body

SECRET: Final = "Canary0123456789/secret"
PARAMS: Final = {"s3AccessKey": "AKIA" + "A" * 16, "s3SecretKey": SECRET}


def logged(session: Session) -> Any:
    """The body of the last request, as the log shows it."""
    return session.raw("GET", "/_emulator/requests").json()["items"][-1]["body"]


@pytest.mark.parametrize(
    "body",
    [
        base_body(Auth={"params": PARAMS}),
        base_body(auth=[{"params": PARAMS}]),
        base_body(auth={"specName": {"s3SecretKey": SECRET}, "params": PARAMS}),
        base_body(auth={"Params": PARAMS}),
        base_body(params=PARAMS),
        base_body(name=PARAMS),
        base_body(description=[SECRET]),
        base_body(data=PARAMS),
        {"s3SecretKey": SECRET},
        [{"auth": {"params": PARAMS}}],
        [PARAMS],
        [SECRET],
        [[PARAMS]],
        SECRET,
        {"body": base_body(auth={"params": PARAMS})},
    ],
)
def test_a_secret_in_a_wrong_place_is_masked(session: Session, body: Any) -> None:
    """A misspelled field, another nesting or a body of another kind shows no credentials."""
    session.post("/connections", body)
    assert SECRET not in session.raw("GET", "/_emulator/requests").text
    assert SECRET not in session.raw("GET", "/").text
    assert logged(session) is not None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/params", PARAMS),
        ("/params/s3SecretKey", SECRET),
        ("/Auth/params", PARAMS),
        ("auth/params/s3SecretKey", SECRET),
        ("/s3SecretKey", SECRET),
        ("/name", {"s3SecretKey": SECRET}),
        ("/auth/params/s3SecretKey/x", SECRET),
        ("", SECRET),
        (7, SECRET),
    ],
)
def test_a_secret_in_a_wrong_patch_is_masked(session: Session, path: Any, value: Any) -> None:
    """An operation shows its value only if its path leads to a field that holds no secrets."""
    made = session.make("connections", base_body())
    for body in (
        [{"op": "replace", "path": path, "value": value}],
        {"op": "add", "path": path, "value": value},
    ):
        session.ask("PATCH", f"/connections/{made}", json=body, headers={"if-match": '"x"'})
        assert SECRET not in session.raw("GET", "/_emulator/requests").text
    operation = {"op": "add", "path": "/name", "value": "x", "comment": SECRET}
    session.ask("PATCH", f"/connections/{made}", json=[operation], headers={"if-match": '"x"'})
    assert logged(session) == [{"op": "add", "path": "/name", "value": "x", "comment": "****"}]


def test_a_secret_in_a_filter_is_masked(session: Session) -> None:
    """A filter on credentials, which no list has, shows no value in query and search."""
    session.get(f"/connections?property=auth.params.s3SecretKey=={SECRET}")
    session.get(f"/connections?property=Auth.Params.s3SecretKey=={SECRET}")
    session.post("/connections/search", {"queryString": f"property=auth.params.s3SecretKey=={SECRET}"})
    assert SECRET not in session.raw("GET", "/_emulator/requests").text


def test_what_adobe_s_bodies_have_is_shown(session: Session) -> None:
    """Fields without secrets are in the log as they were sent."""
    flow = flow_body(MISSING, MISSING)
    session.post("/flows", flow)
    assert logged(session) == flow
    session.post("/connections/search", {"queryString": "property=name==a", "limit": 1})
    assert logged(session) == {"queryString": "property=name==a", "limit": 1}
    patch = [{"op": "replace", "path": "/scheduleParams/interval", "value": 6}]
    session.ask("PATCH", f"/flows/{MISSING}", json=patch)
    assert logged(session) == patch


@pytest.mark.parametrize("header", ["x-request-id", "x-api-key", "user-agent", "x-sandbox-name"])
def test_a_token_in_a_wrong_header_is_masked(session: Session, header: str) -> None:
    """A header whose value is shown otherwise is masked when it has the access token."""
    token = session.headers["authorization"]
    session.get("/flows", headers={header: token})
    assert token.split()[1] not in session.raw("GET", "/_emulator/requests").text
    session.get("/flows", headers={"x-request-id": "mine"})
    assert session.raw("GET", "/_emulator/requests").json()["items"][-1]["headers"]["x-request-id"] == "mine"
