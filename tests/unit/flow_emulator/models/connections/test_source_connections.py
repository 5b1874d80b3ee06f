"""Source connections: a list of datasets that never changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flow_emulator.behaviour.switches import Behaviour
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import DATASET, LAKE, Session, code, flow_body, source_body

NewSession = Callable[..., Session]


@pytest.mark.rule("base-of-source")
def test_the_service_makes_the_base_connection(session: Session) -> None:
    """A read shows the datasets as sent, and a base connection that the request did not name."""
    item = session.item(f"/sourceConnections/{session.make('sourceConnections', source_body())}")

    assert item["params"] == {"datasets": [{"dataSetId": DATASET, "name": "Orders"}]}
    assert item["inheritedAttributes"] == {
        "baseConnection": {
            "id": item["baseConnectionId"],
            "connectionSpec": {"id": LAKE, "version": "1.0"},
        }
    }
    assert "data" not in item


@pytest.mark.parametrize(
    ("params", "part"),
    [
        (None, "must be of type object"),
        ({}, "lacks datasets"),
        ({"datasets": []}, "datasets breaks the rule minItems"),
        ({"datasets": [{"dataSetId": DATASET}]}, "datasets.0 lacks name"),
        ({"datasets": [{"datasetId": DATASET, "name": "x"}]}, "unknown fields: datasetId"),
        ({"datasets": [{"dataSetId": "5ef3", "name": "x"}]}, "24 hexadecimal digits"),
        ({"datasets": [{"dataSetId": DATASET, "name": "x"}], "more": 1}, "unknown fields: more"),
    ],
)
def test_a_wrong_list_of_datasets(session: Session, params: Any, part: str) -> None:
    """A list that is empty, incomplete or malformed is refused with its field and rule."""
    response = session.post("/sourceConnections", source_body(params=params))
    assert response.status_code in (400, 422)
    assert part in response.json()["errorDetails"]


def test_only_the_data_lake_is_a_source(session: Session) -> None:
    """A destination's connection spec is no source, and a base connection must not be sent."""
    spec = {"id": DESTINATIONS["amazon_s3"][0], "version": "1.0"}
    assert code(session.post("/sourceConnections", source_body(connectionSpec=spec))) == "1413-400"
    sent = session.post("/sourceConnections", source_body(baseConnectionId="x"))
    assert "unknown fields: baseConnectionId" in sent.json()["errorDetails"]


def test_the_datasets_are_looked_up_by_a_switch(new_session: NewSession) -> None:
    """Datasets need not exist, unless the switch wants it; ids of another form may be allowed too."""
    unknown = {"datasets": [{"dataSetId": "f" * 24, "name": "x"}]}
    new_session().make("sourceConnections", source_body(params=unknown))
    checked = new_session(Behaviour(datasets_must_exist=True))
    assert checked.post("/sourceConnections", source_body(params=unknown)).status_code == 400
    checked.make("sourceConnections", source_body())

    odd = {"datasets": [{"dataSetId": "odd", "name": "x"}]}
    loose = new_session(Behaviour(dataset_id_form=False))
    loose.make("sourceConnections", source_body(params=odd))


@pytest.mark.rule("datasets-immutable")
def test_name_and_description_change_the_datasets_do_not(session: Session) -> None:
    """A patch may rename; the datasets and the connection spec are immutable."""
    path = f"/sourceConnections/{session.make('sourceConnections', source_body())}"
    renamed = session.patch(
        path,
        {"op": "replace", "path": "/name", "value": "new"},
        {"op": "add", "path": "/description", "value": "text"},
    )
    assert renamed.status_code == 200
    assert (session.item(path)["name"], session.item(path)["description"]) == ("new", "text")

    datasets = {"op": "replace", "path": "/params/datasets", "value": []}
    assert code(session.patch(path, datasets)) == "1455-400"
    params = {"op": "replace", "path": "/params", "value": {"datasets": []}}
    assert code(session.patch(path, params)) == "1455-400"
    spec = {"op": "replace", "path": "/connectionSpec/id", "value": LAKE}
    assert code(session.patch(path, spec)) == "1414-400"


@pytest.mark.rule("delete-order")
def test_a_used_source_stays(session: Session) -> None:
    """A source goes when no flow uses it any more, also when the flow took another source instead."""
    made = session.make_export()
    path = f"/sourceConnections/{made['sourceConnections']}"
    assert code(session.delete(path)) == "1447-400"

    other = session.make("sourceConnections", source_body())
    swap = {"op": "replace", "path": "/sourceConnectionIds", "value": [other]}
    assert session.patch(f"/flows/{made['flows']}", swap).status_code == 200
    assert code(session.delete(f"/sourceConnections/{other}")) == "1447-400"
    session.delete_completely(path)
    again = flow_body(made["sourceConnections"], made["targetConnections"])
    assert code(session.post("/flows", again)) == "1439-400"
