"""Base connections: credentials judged by Adobe's schemas, hidden afterwards, in use or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.specs.catalogue import Catalogue
from flow_emulator.store import Store
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import LAKE, MISSING, NOW, Session, base_body, code, target_body

NewSession = Callable[..., Session]


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_every_destination_has_its_account(session: Session, destination: str) -> None:
    """A documented body is taken, and the answer is id, quoted etag and location."""
    response = session.post("/connections", base_body(destination))

    assert response.status_code == 201
    assert set(response.json()) == {"id", "etag"}
    assert response.headers["location"] == f"/data/foundation/flowservice/connections/{response.json()['id']}"
    item = session.item(f"/connections/{response.json()['id']}")
    assert item["etag"] == item["version"] == response.json()["etag"]


def test_what_a_read_shows(session: Session) -> None:
    """A read shows the audit fields, sandbox, organisation and state, with the secrets masked."""
    connection_id = session.make("connections", base_body("sftp_password", description="d"))
    item = session.item(f"/connections/{connection_id}")

    assert item["etag"].startswith('"')
    assert item["etag"].endswith(f'-0000-0200-0000-{NOW // 1000:08x}0000"')
    del item["etag"], item["version"], item["sandboxId"]
    assert item == {
        "id": connection_id,
        "createdAt": NOW,
        "updatedAt": NOW,
        "createdBy": "flowbridge-emulator",
        "updatedBy": "flowbridge-emulator",
        "createdClient": "flowbridge-emulator",
        "updatedClient": "flowbridge-emulator",
        "sandboxName": "prod",
        "imsOrgId": "EMULATOR0000000000000000@AdobeOrg",
        "name": "account",
        "description": "d",
        "connectionSpec": {"id": DESTINATIONS["sftp_password"][0], "version": "1.0"},
        "auth": {
            "specName": "SFTP with Password",
            "params": {"domain": "sftp.example.org", "username": "aep", "password": "****", "port": 22},
        },
        "state": "enabled",
    }


def test_secrets_may_be_echoed_or_left_out(new_session: NewSession) -> None:
    """The two switches show secrets as sent, or only what is no secret."""
    echo = new_session(Behaviour(secrets="echo"))
    made = echo.make("connections", base_body())
    assert echo.item(f"/connections/{made}")["auth"] == DESTINATIONS["amazon_s3"][2]
    masked = new_session(store=echo.store)
    shown = masked.item(f"/connections/{made}")["auth"]["params"]
    assert shown == {"s3AccessKey": "****", "s3SecretKey": "****"}

    omit = new_session(Behaviour(secrets="omit"))
    made = omit.make("connections", base_body("adls_gen2"))
    shown = omit.item(f"/connections/{made}")["auth"]["params"]
    assert set(shown) == {"url", "tenant", "servicePrincipalId"}


def test_a_read_may_be_bare(new_session: NewSession) -> None:
    """By the switch a single entity comes without items."""
    session = new_session(Behaviour(body="bare"))
    made = session.make("connections", base_body())
    assert session.get(f"/connections/{made}").json()["id"] == made


@pytest.mark.parametrize("auth", [None, {}])
def test_the_landing_zone_needs_no_auth(session: Session, auth: Any) -> None:
    """For the Data Landing Zone an absent, null or empty auth is fine, and any method is unknown."""
    session.make("connections", base_body("data_landing_zone", auth=auth))
    wrong = base_body("data_landing_zone", auth=DESTINATIONS["amazon_s3"][2])
    assert code(session.post("/connections", wrong)) == "1415-400"


@pytest.mark.rule("unknown-fields")
@pytest.mark.parametrize(
    ("changes", "status", "part"),
    [
        ({"name": ""}, 422, "name must be text"),
        ({"name": 5}, 422, "name must be text"),
        ({"description": None}, 422, "description must be text"),
        ({"colour": "blue"}, 422, "unknown fields: colour"),
        ({"connectionSpec": {"id": DESTINATIONS["amazon_s3"][0]}}, 422, "version is missing"),
        ({"connectionSpec": {"id": DESTINATIONS["amazon_s3"][0], "version": "2.0"}}, 422, "must be 1.0"),
        ({"auth": {"specName": "Access Key"}}, 422, "must be of type object"),
        ({"auth": {"specName": "Access Key", "params": {}}}, 422, "lacks s3SecretKey, s3AccessKey"),
        ({"auth": None}, 422, "auth with specName and params is required"),
        ({"encryptionSpecs": {"specName": "none"}}, 422, "encryptionSpecs.specName must be one of"),
    ],
)
def test_a_body_that_breaks_the_schema(
    session: Session, changes: dict[str, Any], status: int, part: str
) -> None:
    """A body outside the schema is refused with the field and the rule, and nothing is made."""
    response = session.post("/connections", base_body(**changes))

    assert response.status_code == status
    assert part in response.json()["errorDetails"]
    assert session.get("/connections").json()["items"] == []


@pytest.mark.parametrize(
    "spec", [None, "text", {}, {"id": MISSING, "version": "1.0"}, {"id": LAKE, "version": "1.0"}]
)
def test_an_unknown_spec(session: Session, spec: Any) -> None:
    """Only the connection specs of destinations are valid for a base connection."""
    assert code(session.post("/connections", base_body(connectionSpec=spec))) == "1413-400"


def test_an_unknown_method(session: Session) -> None:
    """A method of another destination is unknown here, and the known ones are named."""
    response = session.post("/connections", base_body(auth=DESTINATIONS["azure_blob"][2]))
    assert code(response) == "1415-400"
    assert "Access Key, Assumed Role" in response.json()["errorMessage"]


@pytest.mark.rule("secrets-hidden")
@pytest.mark.parametrize(
    ("destination", "params"),
    [
        ("amazon_s3", {"s3AccessKey": "canary-secret", "s3SecretKey": "canary-secret"}),
        ("amazon_s3", {"s3Role": "canary-secret"}),
        ("sftp_password", {"domain": "d", "username": "u", "password": ["canary-secret"]}),
        ("azure_blob", {"connectionString": "c", "canary": "canary-secret"}),
        ("azure_blob", "canary-secret"),
    ],
)
def test_a_rejected_secret_is_not_repeated(session: Session, destination: str, params: Any) -> None:
    """A malformed credential is refused by name and rule, never by value, in the answer and in the log."""
    body = base_body(destination)
    body["auth"]["params"] = params
    response = session.post("/connections", body)

    assert response.status_code == 422
    assert "canary-secret" not in response.text
    assert "canary-secret" not in session.raw("GET", "/_emulator/requests").text


def test_encryption_is_optional(session: Session) -> None:
    """Encryption is taken in the shapes that Adobe's pages show; the landing zone has none."""
    params = {"encryptionAlgo": "PGPGPG", "publicKey": "a2V5"}
    encryption = {"specName": "Encryption spec", "params": params}
    made = session.make("connections", base_body(encryptionSpecs=encryption))
    assert session.item(f"/connections/{made}")["encryptionSpecs"] == encryption

    older = {"specName": "File Encryption", "params": params | {"encryptionAlgo": "PGP/GPG"}}
    session.make("connections", base_body(encryption=older))
    wrong = {"specName": "Encryption spec", "params": {"publicKey": "a2V5"}}
    assert session.post("/connections", base_body(encryptionSpecs=wrong)).status_code == 422
    refused = session.post("/connections", base_body("data_landing_zone", encryptionSpecs=encryption))
    assert refused.status_code == 422


def test_test_is_always_true(session: Session) -> None:
    """The emulator reaches no destination, so the test of a connection that exists succeeds."""
    made = session.make("connections", base_body())
    assert session.get(f"/connections/{made}/test").json() == {"result": True}
    assert code(session.get(f"/connections/{MISSING}/test")) == "1439-404"


@pytest.mark.rule("asynchronous-delete")
def test_a_delete_is_asynchronous(session: Session, new_session: NewSession) -> None:
    """After the delete one read still shows the connection, being deleted; then it is gone."""
    path = f"/connections/{session.make('connections', base_body())}"

    response = session.delete(path)
    assert (response.status_code, response.content) == (202, b"")
    assert session.item(path)["state"] == "delete-finalizing"
    gone = session.get(path)
    assert code(gone) == "1439-404"
    assert gone.json()["report"]["type"] == "connections"
    assert code(session.delete(path)) == "1439-404"

    patient = new_session(Behaviour(delete_reads=3, delete_status=204))
    path = f"/connections/{patient.make('connections', base_body())}"
    assert patient.delete(path).status_code == 204
    assert [patient.get(path).status_code for _ in range(4)] == [200, 200, 200, 404]


def test_writes_while_being_deleted(session: Session) -> None:
    """What is being deleted can be neither changed nor deleted again, and each attempt observes it."""
    path = f"/connections/{session.make('connections', base_body())}"
    etag = session.item(path)["etag"]
    session.delete(path)

    patch = session.ask("PATCH", path, headers={"if-match": etag}, json=[{"op": "remove", "path": "/name"}])
    assert code(patch) == "1457-400"
    assert session.get(path).status_code == 404

    path = f"/connections/{session.make('connections', base_body())}"
    session.delete(path)
    assert code(session.delete(path)) == "1458-400"
    assert code(session.delete(path)) == "1439-404"


@pytest.mark.rule("delete-order")
def test_a_used_account_stays(session: Session, new_session: NewSession) -> None:
    """An account goes neither while a flow uses it nor, unless switched, while a target connection does."""
    made = session.make_export()
    path = f"/connections/{made['connections']}"

    refused = session.delete(path)
    assert code(refused) == "1418-400"
    assert made["flows"] in refused.json()["errorMessage"]
    session.delete_completely(f"/flows/{made['flows']}")
    assert code(session.delete(path)) == "1418-400"
    session.delete_completely(f"/targetConnections/{made['targetConnections']}")
    session.delete_completely(path)

    lenient = new_session(Behaviour(base_delete_with_targets="allow"))
    base = lenient.make("connections", base_body())
    lenient.make("targetConnections", target_body(base))
    assert lenient.delete(f"/connections/{base}").status_code == 202


@pytest.mark.rule("secrets-hidden")
def test_no_secret_is_on_disk(new_session: NewSession, tmp_path: Path) -> None:
    """Neither a credential nor a token nor the client's secret is anywhere in the emulator's file."""
    file = tmp_path / "emulator.sqlite"
    session = new_session(store=Store(file))
    made = [session.make("connections", base_body(name)) for name in DESTINATIONS]
    changed = [{"op": "add", "path": "/auth/params/password", "value": "patched-canary"}]
    path = f"/connections/{made[list(DESTINATIONS).index('sftp_password')]}"
    assert session.patch(path, *changed).status_code == 200
    token = session.headers["authorization"].removeprefix("Bearer ")
    session.store.close()

    disk = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    secrets = [
        value
        for spec, _, auth, _ in DESTINATIONS.values()
        for public_params in [Catalogue().public_params(spec)]
        for name, value in (auth or {"params": {}})["params"].items()
        if value != "example" and name not in public_params
    ]
    assert len(secrets) >= 5
    for secret in (*secrets, token, session.identities[0].client_secret, "patched-canary"):
        assert secret.encode() not in disk
    assert b"sftp.example.org" in disk
