"""Lists: filters, order, pages, counts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import BASE, NOW, Session, base_body, code, source_body, target_body


def names(response: httpx.Response) -> list[str]:
    """The names on a page."""
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


@pytest.fixture
def five(session: Session) -> Session:
    """A session with the connections c0 to c4, made one second after the other; two are of SFTP."""
    for number in range(5):
        session.millis = NOW + number * 1000
        kind = "sftp_key" if number % 2 else "amazon_s3"
        session.make("connections", base_body(kind, name=f"c{number}", description=f"d {number}"))
    return session


def test_the_newest_come_first(five: Session) -> None:
    """Without an order the newest is the first, and a list without a next page says nothing of one."""
    response = five.get("/connections")
    assert names(response) == ["c4", "c3", "c2", "c1", "c0"]
    assert response.json()["_links"] == {}


@pytest.mark.rule("paging")
@pytest.mark.parametrize("order", ["", "&orderby=name", "&orderby=-name", "&orderby=connectionSpec.id,-name"])
def test_pages_cover_everything_once(five: Session, order: str) -> None:
    """Following the links shows each entity once, in order, keeping filter and order on the way."""
    whole = names(five.get(f"/connections?property=state==enabled{order}"))
    observed: list[str] = []
    link = f"/connections?property=state==enabled&limit=2{order}"
    for _ in range(3):
        response = five.get(link)
        observed += names(response)
        link = response.json()["_links"].get("next", {}).get("href", "")
        if link:
            assert link.startswith("/connections?")
            assert "continuationToken=" in link
    assert link == ""
    assert observed == whole
    assert sorted(observed) == ["c0", "c1", "c2", "c3", "c4"]


def test_pages_survive_deletes(five: Session) -> None:
    """A page goes on behind its predecessor although an entity between them is gone."""
    response = five.get("/connections?limit=2&orderby=name")
    five.delete_completely(f"/connections/{response.json()['items'][1]['id']}")
    assert names(five.get(response.json()["_links"]["next"]["href"])) == ["c2", "c3"]


@pytest.mark.rule("filters")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("property=name==c1", ["c1"]),
        ("property=name==c1,c3", ["c3", "c1"]),
        ("property=description==d%204", ["c4"]),
        ("property=auth.specName==Access Key", ["c4", "c2", "c0"]),
        (f"property=connectionSpec.id=={DESTINATIONS['sftp_key'][0]}", ["c3", "c1"]),
        (f"property=createdAt>{NOW + 2000}", ["c4", "c3"]),
        (f"property=createdAt>={NOW + 3000}&property=createdAt<{NOW + 4000}", ["c3"]),
        (f"property=updatedAt<={NOW}", ["c0"]),
        ("property=state==disabled", []),
        ("property=name==c1&property=name==c2", []),
        ("orderby=createdAt", ["c0", "c1", "c2", "c3", "c4"]),
        ("orderby=%2BcreatedAt&limit=1", ["c0"]),
        ("orderby=+createdAt&limit=1", ["c0"]),
        ("count=false&limit=1", ["c4"]),
    ],
)
def test_filters_and_orders(five: Session, query: str, expected: list[str]) -> None:
    """Equality takes several values, times are compared, filters are joined by AND."""
    assert names(five.get(f"/connections?{query}")) == expected


def test_an_encoded_filter_is_the_same(five: Session) -> None:
    """A filter may be percent-encoded as a whole or not at all."""
    encoded = quote("name==c1,c2", safe="")
    assert names(five.get(f"/connections?property={encoded}")) == ["c2", "c1"]


def test_a_name_with_a_comma_is_found(session: Session) -> None:
    """The whole text after == is one of the values, so that such a name can be found."""
    session.make("connections", base_body(name="a, b"))
    assert names(session.get("/connections", params={"property": "name==a, b"})) == ["a, b"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("count=true", 5), ("count=true&property=name==c1,c3", 2), ("count=True&property=name==none", 0)],
)
def test_counts(five: Session, query: str, expected: int) -> None:
    """A count answers with the number and no items."""
    assert five.get(f"/connections?{query}").json() == {"count": expected}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=5&count=true", "1401-400"),
        ("orderby=*name", "1432-400"),
        ("orderby=", "1432-400"),
        ("orderby=colour", "1433-400"),
        ("property=name>5", "1448-400"),
        ("property=colour==blue", "1449-400"),
        ("property=auth.params.s3SecretKey==x", "1449-400"),
        ("property=name!=c1", "1450-400"),
        ("property=name", "1450-400"),
        ("property=name=c1", "1450-400"),
        ("colour=blue", "1451-400"),
        ("property=createdAt>soon", "1452-400"),
        ("property=name==", "1452-400"),
        ("property=createdAt>1,2", "1443-400"),
        ("limit=0", "1453-400"),
        ("limit=101", "1453-400"),
        ("limit=ten", "1453-400"),
        ("count=maybe", "1453-400"),
        ("continuationToken=example", "1453-400"),
        ("continuationToken=WzEsMl0", "1453-400"),
    ],
)
def test_wrong_queries(five: Session, query: str, expected: str) -> None:
    """Each kind of mistake in a query has its published code."""
    assert code(five.get(f"/connections?{query}")) == expected


@pytest.mark.rule("filters")
def test_filters_through_arrays(session: Session) -> None:
    """Flows are found by what their arrays hold, as the documented queries do."""
    s3, sftp = session.make_export("amazon_s3"), session.make_export("sftp_key", name="other")

    def found(expression: str) -> list[str]:
        items = session.get("/flows", params={"property": expression}).json()["items"]
        return [item["id"] for item in items]

    target = "inheritedAttributes.targetConnections[]"
    assert found(f"{target}.data.outputType==DATASET_EXPORT") == [sftp["flows"], s3["flows"]]
    assert found("inheritedAttributes.properties.isDestinationFlow==true") == [sftp["flows"], s3["flows"]]
    assert found(f"{target}.connectionSpec.id=={DESTINATIONS['sftp_key'][0]}") == [sftp["flows"]]
    assert found(f"{target}.baseConnection.id=={s3['connections']}") == [s3["flows"]]
    assert found(f"sourceConnectionIds[]=={s3['sourceConnections']}") == [s3["flows"]]
    assert found(f"flowSpec.id=={DESTINATIONS['amazon_s3'][1]}") == [s3["flows"]]


def test_targets_by_account(session: Session) -> None:
    """Target connections are found by their base connection."""
    one, two = (session.make("connections", base_body()) for _ in range(2))
    for base in (one, one, two):
        session.make("targetConnections", target_body(base))
    response = session.get("/targetConnections", params={"property": f"baseConnectionId=={one}"})
    assert len(response.json()["items"]) == 2


@pytest.mark.rule("asynchronous-delete")
def test_a_list_ends_a_deletion(session: Session) -> None:
    """A list observes its entities: what is being deleted is on one more list and then on none."""
    made = session.make("sourceConnections", source_body())
    session.delete(f"/sourceConnections/{made}")
    states: list[Any] = [item["state"] for item in session.get("/sourceConnections").json()["items"]]
    assert states == ["delete-finalizing"]
    assert session.get("/sourceConnections").json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{BASE}/nothing", 404),
        ("GET", "/nothing", 404),
        ("PUT", f"{BASE}/connections", 405),
        ("DELETE", f"{BASE}/flows", 405),
        ("GET", "/data/foundation/catalog/dataSets", 501),
        ("GET", f"{BASE}/connections/x/explore", 501),
    ],
)
def test_other_paths(session: Session, method: str, path: str, status: int) -> None:
    """Unknown paths, unknown methods and unsupported operations have the platform's shape of errors."""
    response = session.raw(method, path, headers=session.headers)
    assert response.status_code == status
    assert response.json()["status"] == status


@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"name": "\\ud800"}', b'{"secret": "0123", "name": }'])
def test_a_body_that_is_no_json(session: Session, content: bytes) -> None:
    """What cannot be read as JSON is a 400 without a trace of the content."""
    response = session.ask(
        "POST", "/connections", content=content, headers={"content-type": "application/json"}
    )
    assert response.status_code == 400
    assert response.json()["detail"] == "The body is not valid JSON."


def test_a_huge_body(session: Session) -> None:
    """A body beyond the limit is refused and not kept."""
    response = session.ask("POST", "/connections", content=b" " * (4 * 1024 * 1024 + 1))
    assert response.status_code == 413


@pytest.mark.parametrize("field", ["name", "createdAt", "updatedAt"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_orders_that_the_store_has(session: Session, field: str, sign: str) -> None:
    """By name or time, page by page: in order, equal ones with the newest first, each exactly once."""
    made = []
    for number, name in enumerate(["b", "a", "b", "Ä", "a", "c", "b"]):
        session.millis += 1000 * (number % 3 == 0)
        made.append(session.make("sourceConnections", source_body(name=name)))
    session.millis += 1000
    for each in (made[2], made[4]):
        session.patch(f"/sourceConnections/{each}", {"op": "add", "path": "/description", "value": "new"})

    found: list[dict[str, Any]] = []
    path = f"/sourceConnections?orderby={sign}{field}&limit=2"
    while path:
        page = session.get(path).json()
        found += page["items"]
        path = page["_links"].get("next", {}).get("href", "")
    newest_first = sorted(found, key=lambda item: made.index(item["id"]), reverse=True)
    ordered = sorted(newest_first, key=lambda item: item[field])
    if sign:
        ordered = sorted(newest_first, key=lambda item: item[field], reverse=True)
    assert [item["id"] for item in found] == [item["id"] for item in ordered]
    assert {item["id"] for item in found} == set(made)
