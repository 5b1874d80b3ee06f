"""Target connections: places and formats judged by Adobe's schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flow_emulator.behaviour.switches import Behaviour
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import LAKE, MISSING, Session, base_body, code, target_body

NewSession = Callable[..., Session]


def with_params(session: Session, destination: str, **params: Any) -> Any:
    """The answer to a target connection whose parameters are changed; None drops one."""
    base = session.make("connections", base_body(destination))
    body = target_body(base, destination)
    merged = body["params"] | params
    body["params"] = {name: value for name, value in merged.items() if value is not None}
    return session.post("/targetConnections", body)


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_every_destination_has_its_target(session: Session, destination: str) -> None:
    """A documented body is taken for each destination, and a read shows it with its account."""
    base = session.make("connections", base_body(destination))
    body = target_body(base, destination)
    item = session.item(f"/targetConnections/{session.make('targetConnections', body)}")

    assert {name: item[name] for name in body} == body
    assert item["inheritedAttributes"]["baseConnection"] == {
        "id": base,
        "connectionSpec": body["connectionSpec"],
    }


@pytest.mark.rule("unknown-fields")
@pytest.mark.parametrize(
    ("destination", "params", "part"),
    [
        ("amazon_s3", {"bucketName": None}, "lacks bucketName"),
        ("amazon_s3", {"bucketName": "Upper"}, "bucketName does not match"),
        ("amazon_s3", {"bucketName": "192.168.0.1"}, "bucketName does not match"),
        ("amazon_s3", {"path": "a b"}, "path does not match"),
        ("amazon_s3", {"path": "ok\n"}, "path does not match"),
        ("amazon_s3", {"path": "%DATASET_ID%"}, "path does not match"),
        ("amazon_s3", {"compression": "gzip"}, "compression must be one of NONE, GZIP"),
        ("amazon_s3", {"datasetFileType": "CSV"}, "datasetFileType must be one of JSON, PARQUET"),
        ("amazon_s3", {"fileType": "JSON"}, "unknown fields: fileType"),
        ("amazon_s3", {"csvOptions": {}}, "unknown fields: csvOptions"),
        ("amazon_s3", {"includeFileManifest": "yes"}, "includeFileManifest must be of type boolean"),
        ("azure_blob", {"container": "a--b"}, "container does not match"),
        ("azure_blob", {"path": ""}, "path does not match"),
        ("google_cloud_storage", {"bucketName": "my-google-files"}, "bucketName does not match"),
        ("sftp_key", {"remotePath": None, "path": "x"}, "lacks remotePath"),
        ("data_landing_zone", {"path": 5}, "path must be of type string"),
    ],
)
def test_wrong_parameters(session: Session, destination: str, params: dict[str, Any], part: str) -> None:
    """Parameters outside the published schema are refused with their field and rule."""
    response = with_params(session, destination, **params)
    assert response.status_code == 422
    assert part in response.json()["errorDetails"]


def test_optional_parameters(session: Session) -> None:
    """Neither mode nor the manifest flag is required, and both are taken."""
    assert with_params(session, "amazon_s3", mode=None).status_code == 201
    assert with_params(session, "amazon_s3", includeFileManifest=True).status_code == 201


@pytest.mark.rule("json-compressed")
def test_json_needs_compression(session: Session, new_session: NewSession) -> None:
    """JSON with NONE is refused unless the switch allows it; Parquet takes either."""
    refused = with_params(session, "amazon_s3", compression="NONE")
    assert refused.status_code == 400
    assert "GZIP" in refused.json()["errorDetails"]
    parquet = with_params(session, "amazon_s3", compression="NONE", datasetFileType="PARQUET")
    assert parquet.status_code == 201
    lenient = new_session(Behaviour(json_without_compression=True))
    assert with_params(lenient, "amazon_s3", compression="NONE").status_code == 201


def test_the_account_must_exist_and_fit(session: Session) -> None:
    """The base connection must be there, not be going, and be of the same destination."""
    base = session.make("connections", base_body("azure_blob"))
    assert code(session.post("/targetConnections", target_body(MISSING))) == "1439-400"
    assert code(session.post("/targetConnections", target_body(base))) == "1413-400"
    lake = target_body(base, connectionSpec={"id": LAKE, "version": "1.0"})
    assert code(session.post("/targetConnections", lake)) == "1413-400"
    session.delete(f"/connections/{base}")
    assert code(session.post("/targetConnections", target_body(base, "azure_blob"))) == "1439-400"


def test_parameters_change_in_place(session: Session) -> None:
    """A patch replaces all parameters or one of them, and the result is judged as a create is."""
    made = session.make_export()
    path = f"/targetConnections/{made['targetConnections']}"
    params = session.item(path)["params"]

    assert session.patch(path, {"op": "replace", "path": "/params", "value": params | {"path": "new"}})
    assert session.item(path)["params"]["path"] == "new"
    one = {"op": "replace", "path": "/params/datasetFileType", "value": "PARQUET"}
    assert session.patch(path, one).status_code == 200
    assert session.item(path)["params"]["datasetFileType"] == "PARQUET"

    before = session.item(path)
    partial = session.patch(path, {"op": "replace", "path": "/params", "value": {"path": "x"}})
    assert code(partial) == "1455-400"
    assert "lacks bucketName" in partial.json()["errorMessage"]
    moved = {"op": "replace", "path": "/baseConnectionId", "value": MISSING}
    assert code(session.patch(path, moved)) == "1455-400"
    spec = {"op": "replace", "path": "/connectionSpec", "value": {}}
    assert code(session.patch(path, spec)) == "1414-400"
    assert session.item(path) == before


@pytest.mark.rule("delete-order")
def test_a_used_target_stays(session: Session) -> None:
    """A target connection is deleted only when no flow uses it; the error observes the flow."""
    made = session.make_export()
    path = f"/targetConnections/{made['targetConnections']}"
    assert code(session.delete(path)) == "1447-400"
    session.delete(f"/flows/{made['flows']}")
    assert code(session.delete(path)) == "1447-400"
    assert session.delete(path).status_code == 202
