"""PATCH as such: versions, bodies, operations; and what it does to credentials."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flow_emulator.behaviour.switches import Behaviour
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import MISSING, Session, base_body, code

NewSession = Callable[..., Session]
RENAME = {"op": "replace", "path": "/name", "value": "new"}


@pytest.fixture
def path(session: Session) -> str:
    """A base connection to patch."""
    return f"/connections/{session.make('connections', base_body())}"


@pytest.mark.rule("etag")
def test_every_write_has_an_etag_of_its_own(session: Session, path: str) -> None:
    """The answer has id and new etag, which the next read shows, and no etag ever comes back."""
    observed = {session.item(path)["etag"]}
    for count in range(2, 12):
        response = session.patch(path, RENAME)
        assert set(response.json()) == {"id", "etag"}
        assert session.item(path)["etag"] == session.item(path)["version"] == response.json()["etag"]
        observed.add(response.json()["etag"])
        assert len(observed) == count


def test_the_version_is_required(session: Session, path: str) -> None:
    """A missing, stale or unquoted version is refused, and nothing changes."""
    before = session.item(path)
    assert code(session.ask("PATCH", path, json=[RENAME])) == "1403-400"
    assert code(session.patch(path, RENAME, etag=before["etag"].strip('"'))) == "1404-412"
    session.patch(path, RENAME)
    stale = session.patch(path, RENAME, etag=before["etag"])
    assert code(stale) == "1404-412"
    assert before["id"] in stale.json()["errorMessage"]
    missing = session.patch(f"/connections/{MISSING}", RENAME, etag=before["etag"])
    assert code(missing) == "1439-404"


@pytest.mark.rule("paths-to-patch")
@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([], "1405-400"),
        (None, "1405-400"),
        ({"op": "replace"}, "1455-400"),
        (["text"], "1455-400"),
        ([{"path": "/name", "value": "x"}], "1455-400"),
        ([{"op": "move", "from": "/name", "path": "/description"}], "1434-400"),
        ([{"op": "copy", "from": "/name", "path": "/description"}], "1434-400"),
        ([{"op": "test", "path": "/name", "value": "account"}], "1434-400"),
        ([{"op": "replace", "path": "/name"}], "1455-400"),
        ([{"op": "replace", "path": "name", "value": "x"}], "1455-400"),
        ([{"op": "replace", "path": "/description", "value": "x"}], "1455-400"),
        ([{"op": "remove", "path": "/description"}], "1455-400"),
        ([{"op": "remove", "path": "/name"}], "1455-400"),
        ([{"op": "replace", "path": "/name", "value": 5}], "1455-400"),
        ([{"op": "replace", "path": "/id", "value": "x"}], "1455-400"),
        ([{"op": "replace", "path": "/auth/specName", "value": "Assumed Role"}], "1455-400"),
        ([{"op": "replace", "path": "/auth/params/none", "value": "x"}], "1455-400"),
        ([{"op": "add", "path": "/auth/params/none", "value": "x"}], "1455-400"),
        ([{"op": "remove", "path": "/auth/params/s3SecretKey"}], "1455-400"),
        ([{"op": "remove", "path": "/auth/params"}], "1455-400"),
        ([{"op": "replace", "path": "/connectionSpec/version", "value": "2"}], "1414-400"),
        ([RENAME, {"op": "replace", "path": "/id", "value": "x"}], "1455-400"),
    ],
)
def test_invalid_operations(session: Session, path: str, operations: Any, expected: str) -> None:
    """A patch that breaks a rule in any of its operations is refused as a whole."""
    before = session.item(path)
    response = session.ask("PATCH", path, headers={"if-match": before["etag"]}, json=operations)
    assert code(response) == expected
    assert session.item(path) == before


def test_an_empty_body(session: Session, path: str) -> None:
    """A PATCH or POST without a body is refused as empty."""
    etag = session.item(path)["etag"]
    assert code(session.ask("PATCH", path, headers={"if-match": etag})) == "1405-400"
    assert code(session.ask("POST", "/connections")) == "1405-400"
    assert code(session.post("/flows", {})) == "1405-400"


@pytest.mark.parametrize("operation", ["replace", "REPLACE", "Replace", "add"])
def test_the_case_of_op_does_not_matter(session: Session, path: str, operation: str) -> None:
    """Adobe's two OpenAPI files write operations in different cases; both are taken."""
    assert session.patch(path, RENAME | {"op": operation}).status_code == 200
    assert session.item(path)["name"] == "new"


def test_a_slash_at_the_end_does_not_matter(session: Session, path: str) -> None:
    """One of Adobe's OpenAPI files patches and deletes with a slash at the end."""
    assert session.patch(f"{path}/", RENAME).status_code == 200
    assert session.delete(f"{path}/").status_code == 202


def fingerprints(session: Session) -> dict[str, str]:
    """The fingerprints of the only connection's secrets."""
    state = session.raw("GET", "/_emulator/state").json()
    (connection,) = state["connections"]
    found: dict[str, str] = connection["fingerprints"]
    return found


def test_credentials_are_replaced_unseen(session: Session, path: str) -> None:
    """New credentials show only in the fingerprint; one alone leaves the other as it was."""
    old = fingerprints(session)
    one = {"op": "replace", "path": "/auth/params/s3SecretKey", "value": "A" * 40}
    assert session.patch(path, one).status_code == 200
    middle = fingerprints(session)
    assert middle["s3AccessKey"] == old["s3AccessKey"]
    assert middle["s3SecretKey"] != old["s3SecretKey"]

    both = {"s3AccessKey": "B" * 20, "s3SecretKey": "A" * 40}
    assert session.patch(path, {"op": "add", "path": "/auth/params", "value": both}).status_code == 200
    new = fingerprints(session)
    assert new["s3AccessKey"] != old["s3AccessKey"]
    assert new["s3SecretKey"] == middle["s3SecretKey"]
    assert session.item(path)["auth"]["params"] == {"s3AccessKey": "****", "s3SecretKey": "****"}


@pytest.mark.parametrize("pointer", ["/auth/params", "/auth/params/s3SecretKey", "/auth", "/auth/specName"])
def test_a_rejected_patch_keeps_its_secret(session: Session, path: str, pointer: str) -> None:
    """What was sent below auth is in no answer and in no log, refused or not."""
    value: Any = "canary-secret"
    if pointer == "/auth/params":
        value = {"s3SecretKey": "canary-secret", "s3AccessKey": "canary-secret"}
    if pointer == "/auth":
        value = {"specName": "Access Key", "params": {"s3SecretKey": "canary-secret"}}
    response = session.patch(path, {"op": "replace", "path": pointer, "value": value})
    assert code(response) == "1455-400"
    assert "canary-secret" not in response.text
    assert "canary-secret" not in session.raw("GET", "/_emulator/requests").text


def test_the_method_changes_by_a_switch(new_session: NewSession) -> None:
    """With the switch auth as a whole may be replaced, and then the new method's schema judges it."""
    session = new_session(Behaviour(undocumented_patch_paths=True))
    path = f"/connections/{session.make('connections', base_body())}"
    role = DESTINATIONS["amazon_s3_role"][2]
    assert session.patch(path, {"op": "replace", "path": "/auth", "value": role}).status_code == 200
    assert session.item(path)["auth"] == {"specName": "Assumed Role", "params": {"s3Role": "****"}}
    name = {"op": "replace", "path": "/auth/specName", "value": "Access Key"}
    assert code(session.patch(path, name)) == "1455-400"
