"""Requests that are as large as a body may be are answered in time: with a bound, or in linear time."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.exports import batches, run_export
from flow_emulator.store import Store, StoreError
from tests.unit.flow_emulator.session import DATASET, Session, base_body, flow_body, source_body, target_body

# In seconds of this process, so that other programs don't count.
LONGEST: Final = 5.0
ADHOC: Final = "/data/core/activation/disflowprovider/adhocrun"
ACCEPT: Final = {"accept": "application/vnd.adobe.adhoc.dataset.activation+json; version=1"}


@contextmanager
def in_time() -> Iterator[None]:
    """Require that the block takes no longer than a request may."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < LONGEST


def test_a_large_seed_is_bounded(session: Session) -> None:
    """More objects than a seed may have are a 400 at once; as many as it may have are made in time."""
    many = {f"c{number}": base_body() for number in range(2001)}
    response = session.raw("POST", "/_emulator/seed", json={"connections": many})
    assert (response.status_code, "at most 2000 objects" in response.json()["detail"]) == (400, True)
    many.popitem()
    with in_time():
        assert session.raw("POST", "/_emulator/seed", json={"connections": many}).status_code == 201


@pytest.mark.parametrize(
    "query",
    [
        "&".join(["property=name==a"] * 101),
        "property=id==" + ",".join(map(str, range(40_000))),
        "property=name==" + ",".join(map(str, range(400_000))),
    ],
    ids=["filters", "ids", "names"],
)
def test_filters_of_a_search_are_bounded(session: Session, query: str) -> None:
    """Too many filters, or values of them, are an error of the filter and not of the store."""
    session.make("connections", base_body())
    with in_time():
        response = session.post("/connections/search", {"queryString": query})
    assert response.status_code == 400
    assert response.json()["type"].endswith("FLOW-1452-400")


def test_the_order_of_a_list_is_bounded(session: Session) -> None:
    """Twenty fields are sorted by, and a hundred thousand are an error."""
    session.make("connections", base_body())
    assert session.get(f"/connections?orderby={','.join(['name'] * 20)}").status_code == 200
    with in_time():
        response = session.post("/connections/search", {"orderby": ",".join(["name"] * 100_000)})
    assert response.status_code == 400
    assert response.json()["type"].endswith("FLOW-1432-400")


def test_many_datasets_run_in_time(new_session: Callable[..., Session]) -> None:
    """A flow of 10,000 datasets runs ad hoc for each of them, in time that grows with their number."""
    session = new_session(Behaviour(adhoc_ready_seconds=0))
    names = [f"{number:024x}" for number in range(10_000)]
    datasets = [{"dataSetId": name, "name": name} for name in names]
    source = session.make("sourceConnections", source_body(params={"datasets": datasets}))
    target = session.make("targetConnections", target_body(session.make("connections", base_body())))
    flow = session.make("flows", flow_body(source, target))
    order = {"flowId": flow, "datasets": [{"id": name} for name in names]}
    body = {"activationInfo": {"destinations": [order]}}
    with in_time():
        response = session.raw("POST", ADHOC, json=body, headers=session.headers | ACCEPT)
    assert response.status_code == 200
    assert len(response.json()["destinations"][0]["datasets"]) == 10_000


def test_many_faults_cost_little(session: Session) -> None:
    """Hundreds of faults of a thousand numbers each leave every request fast."""
    fault = {"operation": "list*", "kind": "status", "nth": list(range(10**6, 10**6 + 1000))}
    assert session.raw("POST", "/_emulator/faults", json={"items": [fault] * 300}).status_code == 201
    session.get("/flows")
    with in_time():
        for _ in range(30):
            assert session.get("/flows").status_code == 200


@pytest.fixture
def deep_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for more levels than Python, and pytest with it, can remove: one call for each level."""
    folder = tmp_path / "deep"
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


def test_a_path_of_many_folders_is_no_internal_error(session: Session, deep_folder: Path) -> None:
    """A target two thousand folders deep is written, or its run fails with the reason."""
    with session.store.transaction() as tx:
        run_export.set_folder(tx, deep_folder)
        batches.add_rows(tx, DATASET, [{"n": 1}], 1)
    made: dict[str, Any] = {}
    for depth in (1500, 10_000):
        base = session.make("connections", base_body())
        params = {**target_body(base)["params"], "path": "a/" * depth}
        target = session.make("targetConnections", target_body(base, params=params))
        source = session.make("sourceConnections", source_body())
        made[session.make("flows", flow_body(source, target))] = depth
    assert session.raw("PUT", "/_emulator/clock", json={"now": "2030-03-17T18:00:00Z"}).json()["runs"] == 2
    states = {made[run["flowId"]]: run["state"] for run in session.get("/runs").json()["items"]}
    assert states == {1500: "success", 10_000: "failed"}


@pytest.mark.parametrize("how", ["deleted", "replaced by another file"])
def test_a_file_that_is_taken_away_is_an_error(tmp_path: Path, how: str) -> None:
    """What is written to a file that has no name any more would be lost, so nothing is written."""
    file = tmp_path / "emulator.sqlite"
    with Store(file) as store, Store(tmp_path / "other.sqlite") as other:
        with store.transaction() as tx:
            assert tx.next_number() == 1
        if how == "deleted":
            file.unlink()
        else:
            os.replace(other.path or "", file)
        reason = f"emulator.sqlite was {how} while the emulator used it"
        with pytest.raises(StoreError, match=reason), store.transaction():
            pass
