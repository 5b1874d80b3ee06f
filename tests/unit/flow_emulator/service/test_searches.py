"""Searches: lists whose filter is in the body."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import Session, base_body, code


def test_a_search_is_a_list(session: Session) -> None:
    """The same filters find the same as a list; an empty query finds everything."""
    made = [session.make("connections", base_body(name=name)) for name in ("one", "two")]
    session.make("connections", base_body("sftp_key", name="two"))
    spec = DESTINATIONS["amazon_s3"][0]
    query = f"property=name==two&property=connectionSpec.id=={spec}"
    found = session.post("/connections/search", {"queryString": query}).json()
    assert [each["id"] for each in found["items"]] == [made[1]]
    assert found["items"] == session.get(f"/connections?{query}").json()["items"]
    assert session.post("/connections/search", {"queryString": "", "count": True}).json() == {"count": 3}


def test_pages_of_a_search(session: Session) -> None:
    """The next page is asked for with the token in the address and the same body."""
    names = [f"flow {number}" for number in range(5)]
    for name in names:
        session.make_export(name=name)
    body = {"queryString": "property=state==enabled", "limit": 2, "orderby": "name"}
    observed: list[str] = []
    path = "/flows/search"
    while path:
        page = session.post(path, body).json()
        observed += [each["name"] for each in page["items"]]
        path = page["_links"].get("next", {}).get("href", "")
    assert observed == names


def test_flow_specs_are_searched(session: Session) -> None:
    """Flow specs are found by id, counted and limited."""
    spec = DESTINATIONS["sftp_key"][1]
    (found,) = session.post("/flowSpecs/search", {"queryString": f"property=id=={spec}"}).json()["items"]
    assert found == session.item(f"/flowSpecs/{spec}")
    count = len(session.get("/flowSpecs").json()["items"])
    assert session.post("/flowSpecs/search", {"queryString": "", "count": True}).json() == {"count": count}
    assert len(session.post("/flowSpecs/search", {"queryString": "", "limit": 4}).json()["items"]) == 4


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (None, "1405-400"),
        ({"queryString": "name==x"}, "1451-400"),
        ({"queryString": "property=other==x"}, "1449-400"),
        ({"queryString": "", "limit": 0}, "1453-400"),
        ({"queryString": "", "limit": 1001}, "1453-400"),
        ({"queryString": "", "limit": True}, "1453-400"),
        ({"queryString": "", "limit": 5, "count": True}, "1401-400"),
        ({"queryString": "", "orderby": "-other"}, "1433-400"),
    ],
)
def test_wrong_searches_are_rejected(session: Session, body: Any, error: str) -> None:
    """What a list refuses a search refuses with the same code."""
    assert code(session.post("/flows/search", body)) == error


def test_wrong_types_are_rejected(session: Session) -> None:
    """Wrong types and unknown fields violate the schema; unsupported ones respond with 501."""
    for body in ({"queryString": 5}, {"queryString": "", "orderby": []}, {"count": 1}, {"filter": ""}, [1]):
        assert session.post("/flows/search", body).status_code == 422
    assert session.post("/flows/search", {"projectionFields": ["id"]}).status_code == 501
    assert session.post("/flowSpecs/search", {"orderby": "name"}).status_code == 501


def test_actions_of_connections(session: Session) -> None:
    """Connections have no actions: providers finalize, drafts are not supported, others are unknown."""
    made = session.make_export()
    for collection in ("connections", "sourceConnections", "targetConnections"):
        path = f"/{collection}/{made[collection]}/action"
        assert code(session.post(f"{path}?op=FINALIZE")) == "1402-400"
        assert code(session.post(f"{path}?op=enable")) == "1435-400"
        assert code(session.post(path)) == "2119-400"
        assert session.post(f"{path}?op=PUBLISH").status_code == 501
