"""The datasets that may be exported, paged by offset."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import LAKE, MISSING, Session, code

PATH = f"/connectionSpecs/{LAKE}/configs"
ASKED = {"outputType": "activationDatasets", "outputField": "datasets"}


def page(session: Session, **query: Any) -> Any:
    """One page."""
    response = session.get(PATH, params=ASKED | query)
    assert response.status_code == 200, response.text
    return response.json()


def test_the_first_page_is_the_tutorials(session: Session) -> None:
    """The tutorial's five datasets come first, in its shape; end is the index of the last one."""
    first = page(session, start=0, limit=5, properties="name,state")
    assert first["items"][1] == {
        "id": "5ef3e3259ad2a1191ab7dd7d",
        "name": "AAM Devices Data",
        "description": first["items"][1]["description"],
        "fileDescription": {"persisted": True, "containerFormat": "parquet", "format": "parquet"},
        "aspect": "production",
        "state": "DRAFT",
    }
    assert first["pageInfo"] == {"start": 0, "end": 4, "total": 31, "hasNext": True}


@pytest.mark.rule("paging")
@pytest.mark.parametrize("limit", [None, 1, 7, 31, 100])
def test_pages_cover_everything_once(session: Session, limit: int | None) -> None:
    """Going on by the limit while there is a next page shows each dataset once."""
    observed: list[str] = []
    size, start = limit or 20, 0
    while True:
        found = page(session, start=start, **({} if limit is None else {"limit": limit}))
        observed += [dataset["id"] for dataset in found["items"]]
        if not found["pageInfo"]["hasNext"]:
            break
        start += size
    assert len(observed) == len(set(observed)) == 31
    assert all(len(each) == 24 for each in observed)
    assert page(session, start=500)["items"] == []


def test_equality_narrows_the_list(session: Session) -> None:
    """Name and state may be given as Catalog's own parameters."""
    assert [each["name"] for each in page(session, name="Orders")["items"]] == ["Orders"]
    enabled = page(session, state="ENABLED")["pageInfo"]["total"]
    draft = page(session, state="DRAFT")["pageInfo"]["total"]
    assert (enabled + draft, enabled > 0, draft > 5) == (31, True, True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "2119-400"),
        ({"outputType": "activationDatasets"}, "2119-400"),
        (ASKED | {"outputField": "other"}, "1453-400"),
        (ASKED | {"start": "-1"}, "1453-400"),
        (ASKED | {"limit": "0"}, "1453-400"),
        (ASKED | {"limit": "101"}, "1453-400"),
        (ASKED | {"colour": "blue"}, "1451-400"),
    ],
)
def test_wrong_queries(session: Session, query: dict[str, str], expected: str) -> None:
    """Both output parameters are required, and numbers have bounds."""
    assert code(session.get(PATH, params=query)) == expected


def test_only_the_data_lake_has_datasets(session: Session) -> None:
    """Another connection spec is refused, an unknown one is not found."""
    s3 = f"/connectionSpecs/{DESTINATIONS['amazon_s3'][0]}/configs"
    assert code(session.get(s3, params=ASKED)) == "1413-400"
    assert code(session.get(f"/connectionSpecs/{MISSING}/configs", params=ASKED)) == "1439-404"
