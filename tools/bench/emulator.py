"""Response times of the emulator with few and with many stored objects.

The requests go to the application in this process, over a file as the provider has it; no socket is measured.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx

from flow_emulator import create_app
from flow_emulator.etags import etag
from flow_emulator.identity import EMULATOR, SCOPES
from flow_emulator.models.context import random_id
from flow_emulator.store import Entity, Store, Transaction

_BASE: Final = "/data/foundation/flowservice"
_SIZES: Final = (100, 10_000, 100_000)
_BATCH: Final = 10_000
_ROUNDS: Final = 200
_S3: Final = {"id": "4fce964d-3f37-408f-9778-e597338a21ee", "version": "1.0"}
_LAKE: Final = {"id": "23598e46-f560-407b-88d5-ea6207e49db0", "version": "1.0"}
_ACCOUNT: Final = {
    "name": "account",
    "connectionSpec": _S3,
    "auth": {"specName": "Assumed Role", "params": {"s3Role": "arn:aws:iam::111122223333:role/bench"}},
}


def measure(folder: Path) -> Iterator[tuple[int, Mapping[str, list[float]]]]:
    """For each size: how many objects are stored, and the seconds that requests of each kind took."""
    path = folder / "bench-emulator.sqlite"
    for leftover in folder.glob(f"{path.name}*"):
        leftover.unlink()
    with asyncio.Runner() as runner, Store(path) as store:
        client = _Client(runner, store)
        client.make_export()
        for size in _SIZES:
            _fill(store, size)
            yield size, client.take()
            # What was created while measuring counts towards the next size.


def show(folder: Path) -> None:
    """Print a table for each size: medians, the slowest of a hundred, and requests in a second."""
    for size, taken in measure(folder):
        print(f"\nemulator with {size:,} stored objects")
        for name, times in taken.items():
            slowest = sorted(times)[int(len(times) * 0.99)]
            print(
                f"  {name:<22} median {median(times) * 1000:7.2f} ms   99th of 100 {slowest * 1000:7.2f} ms"
                f"   {len(times) / sum(times):7.0f} requests/s",
                flush=True,
            )


class _Client:
    """A client of the application in this process."""

    def __init__(self, runner: asyncio.Runner, store: Store) -> None:
        self._runner, self._store = runner, store
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(store)), base_url="http://emulator", trust_env=False
        )
        response = self._ask(
            "POST",
            "/ims/token/v3",
            data={
                "grant_type": "client_credentials",
                "client_id": EMULATOR.client_id,
                "client_secret": EMULATOR.client_secret,
                "scope": SCOPES,
            },
        )
        self._http.headers.update(
            {
                "authorization": f"Bearer {response['access_token']}",
                "x-api-key": EMULATOR.client_id,
                "x-gw-ims-org-id": EMULATOR.organization_id,
                "x-sandbox-name": "prod",
            }
        )

    def make_export(self) -> None:
        """The one export that all others are copies of."""
        source = self._create(
            "sourceConnections",
            {
                "name": "source",
                "connectionSpec": _LAKE,
                "params": {"datasets": [{"dataSetId": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]},
            },
        )
        base = self._create("connections", _ACCOUNT)
        place = {"bucketName": "bench", "path": "p", "datasetFileType": "JSON", "compression": "GZIP"}
        target = self._create(
            "targetConnections",
            {"name": "target", "baseConnectionId": base, "connectionSpec": _S3, "params": place},
        )
        self._create(
            "flows",
            {
                "name": "flow",
                "flowSpec": {"id": "269ba276-16fc-47db-92b0-c1049a3c131f", "version": "1.0"},
                "sourceConnectionIds": [source],
                "targetConnectionIds": [target],
                "scheduleParams": {
                    "exportMode": "DAILY_FULL_EXPORT",
                    "timeUnit": "day",
                    "interval": 0,
                    "startTime": 4_000_000_000,
                },
            },
        )

    def take(self) -> dict[str, list[float]]:
        """The seconds of each kind of request, the kinds in turn, after one round that is not counted."""
        with self._store.reading() as tx:
            flows = [
                (each.id, each.doc["name"]) for each in tx.entities.everything() if each.collection == "flows"
            ]
        chance = random.Random(1)  # noqa: S311 # nosec B311 # the same choices every time
        taken: dict[str, list[float]] = {}
        for counted in [False] + [True] * _ROUNDS:
            flow, name = chance.choice(flows)
            for kind, path in {
                "create": "",
                "read by id": f"/flows/{flow}",
                "first page of 25": "/flows?limit=25",
                "filtered by name": f"/flows?property=name=={name}",
                "newest by createdAt": "/flows?orderby=-createdAt&limit=1",
                "first by name": "/flows?orderby=name&limit=1",
                "count": "/flows?count=true",
            }.items():
                begun = time.perf_counter()
                if path:
                    self._ask("GET", _BASE + path)
                else:
                    self._create("connections", _ACCOUNT)
                if counted:
                    taken.setdefault(kind, []).append(time.perf_counter() - begun)
        return taken

    def _create(self, collection: str, body: dict[str, Any]) -> str:
        return str(self._ask("POST", f"{_BASE}/{collection}", json=body)["id"])

    def _ask(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        response = self._runner.run(self._http.request(method, path, **arguments))
        response.raise_for_status()
        document: dict[str, Any] = response.json()
        return document


def _fill(store: Store, size: int) -> None:
    """Copy the first export until so many objects are stored, many in one transaction."""
    with store.reading() as tx:
        templates = {each.collection: each for each in reversed(tx.entities.everything())}
        stored = sum(tx.entities.count(name, each.org, each.sandbox) for name, each in templates.items())
    while stored < size:
        with store.transaction() as tx:
            for _ in range(0, min(_BATCH, size - stored), len(templates)):
                _copy(tx, templates)
                stored += len(templates)


def _copy(tx: Transaction, templates: Mapping[str, Entity]) -> None:
    ids = {each.id: random_id() for each in templates.values()}
    for each in templates.values():
        number = tx.next_number()
        made = replace(each, id=ids[each.id], doc=deepcopy(each.doc), etag=etag(number, 0), seq=0)
        made.doc["name"] = f"{each.doc['name']} {number}"
        for key in ("sourceConnectionIds", "targetConnectionIds"):
            if key in made.doc:
                made.doc[key] = [ids[used] for used in made.doc[key]]
        if made.parent:
            made.parent = made.doc["baseConnectionId"] = ids[made.parent]
        tx.entities.insert(made)
        if made.collection == "flows":
            tx.entities.set_references(made.id, [used for key, used in ids.items() if key != each.id])
