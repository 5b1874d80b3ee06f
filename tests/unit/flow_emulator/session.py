"""A client of the emulator in this process, with the bodies that most tests begin from."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Final

import httpx
from starlette.applications import Starlette

from flow_emulator import create_app
from flow_emulator.behaviour.switches import STRICT, Behaviour
from flow_emulator.faults import fault_store
from flow_emulator.identity import EMULATOR, SCOPES, Identity
from flow_emulator.models.context import Engine
from flow_emulator.specs.catalogue import Catalogue
from flow_emulator.store import Store
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.observed_coverage import of_response, of_switches

BASE: Final = "/data/foundation/flowservice"
LAKE: Final = "23598e46-f560-407b-88d5-ea6207e49db0"
MISSING: Final = "00000000-0000-4000-8000-000000000000"
NOW: Final = 1_900_000_000_000  # 2030-03-17T17:46:40Z in milliseconds
START: Final = 1_900_000_800  # in seconds, a little later than NOW
DATASET: Final = "5ef3e3259ad2a1191ab7dd7d"

SCHEDULE: Final = {
    "exportMode": "FIRST_FULL_THEN_INCREMENTAL",
    "timeUnit": "hour",
    "interval": 3,
    "startTime": START,
    "endTime": START + 86_400,
}


def source_body(**changes: Any) -> dict[str, Any]:
    """A source connection of one dataset."""
    body = {
        "name": "orders datasets",
        "connectionSpec": {"id": LAKE, "version": "1.0"},
        "params": {"datasets": [{"dataSetId": DATASET, "name": "Orders"}]},
    }
    return body | changes


def base_body(destination: str = "amazon_s3", **changes: Any) -> dict[str, Any]:
    """A base connection at a destination."""
    spec, _, auth, _ = DESTINATIONS[destination]
    body: dict[str, Any] = {"name": "account", "connectionSpec": {"id": spec, "version": "1.0"}}
    if auth is not None:
        body["auth"] = copy.deepcopy(auth)
    return body | changes


def target_body(base_id: str, destination: str = "amazon_s3", **changes: Any) -> dict[str, Any]:
    """A target connection at a destination."""
    spec, _, _, place = DESTINATIONS[destination]
    params = {"mode": "Server-to-server", **place, "compression": "GZIP", "datasetFileType": "JSON"}
    body = {
        "name": "folder",
        "baseConnectionId": base_id,
        "connectionSpec": {"id": spec, "version": "1.0"},
        "params": params,
    }
    return body | changes


def flow_body(
    source_id: str, target_id: str, destination: str = "amazon_s3", **changes: Any
) -> dict[str, Any]:
    """A flow of a destination, every three hours."""
    body = {
        "name": "orders",
        "description": "hourly",
        "flowSpec": {"id": DESTINATIONS[destination][1], "version": "1.0"},
        "sourceConnectionIds": [source_id],
        "targetConnectionIds": [target_id],
        "transformations": [],
        "scheduleParams": dict(SCHEDULE),
    }
    return body | changes


class Session:
    """One client with a token; its real time is ``millis``, which a test moves.

    ``behaviour`` None: the emulator behaves as its store says.
    """

    def __init__(
        self,
        behaviour: Behaviour | None = STRICT,
        *,
        identities: Iterable[Identity] = (EMULATOR,),
        store: Store | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        catalogue: Catalogue | None = None,
        runner: asyncio.Runner,
    ) -> None:
        self.millis = NOW
        self.store = store or Store()
        self.identities = tuple(identities)
        engine = Engine(
            behaviour or STRICT,
            self.identities,
            catalogue=catalogue or Catalogue(),
            real_millis=lambda: self.millis,
            sleep=sleep,
            from_store=behaviour is None,
        )
        self.app: Starlette = create_app(self.store, engine=engine)
        self._runner = runner
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://emulator",
            trust_env=False,
            event_hooks={"response": [self._note]},
        )
        self.observed: set[str] = set()
        self.headers = self.login(self.identities[0])
        # Every session begins with a token, so that shows nothing.
        self.observed = of_switches(behaviour or STRICT)

    async def _note(self, response: httpx.Response) -> None:
        with self.store.reading() as tx:
            as_set = fault_store.any_set(tx)  # what a fault answers is not what the emulator decides
        if not as_set:
            await response.aread()
            self.observed |= of_response(response)

    def login(self, identity: Identity, sandbox: str = "prod") -> dict[str, str]:
        """The headers of a client that has asked for a token."""
        response = self.token(client_id=identity.client_id, client_secret=identity.client_secret)
        return {
            "authorization": f"Bearer {response.json()['access_token']}",
            "x-api-key": identity.client_id,
            "x-gw-ims-org-id": identity.organization_id,
            "x-sandbox-name": sandbox,
        }

    def token(self, **form: str) -> httpx.Response:
        """Ask for a token."""
        fields = {"grant_type": "client_credentials", "scope": SCOPES, **form}
        return self.raw("POST", "/ims/token/v3", data=fields)

    def raw(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Any request, without headers of ours."""
        return self._runner.run(self._client.request(method, path, **arguments))

    def run(self, work: Callable[[httpx.AsyncClient], Coroutine[Any, Any, Any]]) -> Any:
        """Let something run with the client as it is."""
        return self._runner.run(work(self._client))

    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **arguments: Any
    ) -> httpx.Response:
        """A request to Flow Service with token and organisation."""
        return self.raw(method, BASE + path, headers={**self.headers, **(headers or {})}, **arguments)

    def get(self, path: str, **arguments: Any) -> httpx.Response:
        """GET."""
        return self.ask("GET", path, **arguments)

    def post(self, path: str, body: Any = None, **arguments: Any) -> httpx.Response:
        """POST a JSON body."""
        return self.ask("POST", path, json=body, **arguments)

    def delete(self, path: str) -> httpx.Response:
        """DELETE."""
        return self.ask("DELETE", path)

    def patch(self, path: str, *operations: dict[str, Any], etag: str | None = None) -> httpx.Response:
        """PATCH with the given etag, or with the current one."""
        version = self.item(path)["etag"] if etag is None else etag
        return self.ask("PATCH", path, headers={"if-match": version}, json=list(operations))

    def item(self, path: str) -> dict[str, Any]:
        """The entity under a path; it must exist."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        items = response.json()["items"]
        assert len(items) == 1
        found: dict[str, Any] = items[0]
        return found

    def make(self, collection: str, body: dict[str, Any]) -> str:
        """Create an entity and give its id; it must be taken."""
        response = self.post(f"/{collection}", body)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    def make_export(self, destination: str = "amazon_s3", **flow: Any) -> dict[str, str]:
        """Create all four entities; their ids by collection."""
        source = self.make("sourceConnections", source_body())
        base = self.make("connections", base_body(destination))
        target = self.make("targetConnections", target_body(base, destination))
        made = self.make("flows", flow_body(source, target, destination, **flow))
        return {"sourceConnections": source, "connections": base, "targetConnections": target, "flows": made}

    def delete_completely(self, path: str) -> None:
        """Delete an entity and read it until it is gone."""
        assert self.delete(path).status_code == 202
        assert self.get(path).status_code == 200
        assert self.get(path).status_code == 404

    def set_clock(self, moment: str | None) -> httpx.Response:
        """Set the emulator's clock, and log in again where the old token has expired."""
        response = self.raw("PUT", "/_emulator/clock", json={"now": moment})
        self.headers = self.login(self.identities[0])
        return response


def code(response: httpx.Response) -> str:
    """Flow Service's code of an error, such as 1439-404."""
    kind: str = response.json()["type"]
    prefix = "https://ns.adobe.com/aep/errors/FLOW-"
    assert kind.startswith(prefix)
    assert kind.endswith(f"-{response.status_code}")
    return kind.removeprefix(prefix)
