"""Several processes on one file, each with many requests at once: nothing is lost, doubled or refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flow_emulator.identity import ORGANIZATION_ID
from flow_emulator.store import Store

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROCESSES = 4
CLIENTS = 10
WRITES = 10_000  # of all processes together, as creates and patches

# Each client creates a connection and renames it, again and again, through the application as the provider
# has it; it prints the ids and how often each status was returned.
_WORKER = """
import asyncio, collections, json, sys
import httpx
from flow_emulator import create_app
from flow_emulator.identity import CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID
from tests.unit.flow_emulator.session import BASE, base_body

file, number, clients, writes = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])

async def work(http, name, made, statuses):
    for count in range(writes // 2):
        answer = await http.post(f"{BASE}/connections", json=base_body(name=f"{name}-{count}"))
        statuses[answer.status_code] += 1
        entity = answer.json()
        change = [{"op": "add", "path": "/description", "value": name}]
        path = f"{BASE}/connections/{entity['id']}"
        changed = await http.patch(path, json=change, headers={"if-match": entity["etag"]})
        statuses[changed.status_code] += 1
        made.append([entity["id"], entity["etag"], changed.json()["etag"]])

async def main():
    app = create_app(file)
    made, statuses = [], collections.Counter()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://emulator", trust_env=False
    ) as http:
        form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
                "scope": "openid"}
        token = (await http.post("/ims/token/v3", data=form)).json()["access_token"]
        http.headers.update({"authorization": f"Bearer {token}", "x-api-key": CLIENT_ID,
                             "x-gw-ims-org-id": ORGANIZATION_ID, "x-sandbox-name": "prod"})
        await asyncio.gather(*(work(http, f"{number}-{client}", made, statuses) for client in range(clients)))
    app.state.store.close()
    print(json.dumps({"made": made, "statuses": statuses}))

asyncio.run(main())
"""


def test_many_clients_of_several_processes_share_a_file(tmp_path: Path) -> None:
    """Four processes of ten clients each write one new file: all is there once, under its own etag."""
    file = tmp_path / "emulator.sqlite"
    each = WRITES // PROCESSES // CLIENTS
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(file), str(number), str(CLIENTS), str(each)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    ended = [worker.communicate(timeout=300) for worker in workers]
    assert [errors for _, errors in ended] == [""] * PROCESSES
    responses = [json.loads(out) for out, _ in ended]

    creates = WRITES // 2
    assert sum(response["statuses"]["201"] for response in responses) == creates
    assert sum(response["statuses"]["200"] for response in responses) == creates
    made = [entry for response in responses for entry in response["made"]]
    assert len({entity_id for entity_id, _, _ in made}) == creates
    assert len({etag for _, *etags in made for etag in etags}) == WRITES
    with Store(file) as store, store.transaction() as tx:
        kept = {entity.id: entity for entity in tx.entities.scan("connections", ORGANIZATION_ID, "prod")}
        assert {entity_id: kept[entity_id].etag for entity_id, _, _ in made} == {
            entity_id: etag for entity_id, _, etag in made
        }
        assert len(kept) == creates
        assert len({entity.doc["name"] for entity in kept.values()}) == creates
