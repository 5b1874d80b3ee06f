"""A world: one emulated Flow Service behind the fault proxy, and the workspaces that use it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

from flow_emulator import clock, create_app, identity
from flow_emulator.behaviour.switches import behaviour_from_text
from flow_emulator.identity import EMULATOR, Identity
from flow_emulator.models.context import Engine
from flow_emulator.models.entities import DELETING
from flow_emulator.specs.catalogue import Catalogue
from flow_emulator.specs.validation import SchemaValidator
from flow_emulator.store import Store
from tests.campaign.configuration import Configuration
from tests.campaign.fault_proxy import STATE_PORT, Caller, FaultProxy
from tests.campaign.ledger import Made
from tests.campaign.loopback import Loopback, serve
from tests.campaign.oracle import Finished, Live, Oracle
from tests.campaign.state_backend import StateBackend
from tests.campaign.workspace import Workspace
from tools.workbench import Workbench

OUTSIDE = "outside"
"""The port of a person, who is not a workspace."""
OTHER_CLIENT = Identity("another-client", "secret-of-another-client", identity.ORGANIZATION_ID)

_SERVICE = "/data/foundation/flowservice"
_CATALOGUE = Catalogue()
_VALIDATOR = SchemaValidator()

TEST_SETTINGS = {
    "FLOWBRIDGE_POLL_INTERVAL": "0.05",
    "FLOWBRIDGE_SELF_CHECK": "1",
    "AEP_REQUEST_TIMEOUT": "3s",
    "AEP_SANDBOX_NAME": identity.DEFAULT_SANDBOX,
    "AEP_CLIENT_ID": identity.CLIENT_ID,
    "AEP_CLIENT_SECRET": identity.CLIENT_SECRET,
    "AEP_ORGANIZATION_ID": identity.ORGANIZATION_ID,
}


@dataclass(frozen=True, slots=True)
class Installation:
    """The installed provider, and a folder with `terraform init` for each kind of state."""

    bench: Workbench
    local: Path
    remote: Path


@dataclass(slots=True)
class World:
    """One emulated Flow Service and the workspaces that use it. Commands are numbered through all of them."""

    store: Store
    proxy: FaultProxy
    server: Loopback
    workspaces: dict[str, Workspace]
    oracle: Oracle = field(init=False)
    commands: int = 0

    def __post_init__(self) -> None:
        self.oracle = Oracle(self.proxy.ledger, self.addresses_of)

    def next_number(self) -> int:
        """Return the number of the next command."""
        self.commands += 1
        return self.commands

    def live(self) -> dict[str, Live]:
        """Return all objects that exist and are not being deleted."""
        with self.store.reading() as data:
            return {
                each.id: Live(each.id, each.collection, each.doc, each.state)
                for each in data.entities.everything()
                if each.state != DELETING and each.collection != "runs"
            }

    def holdings(self) -> list[Any]:
        """Return the objects in all states."""
        return [each for workspace in self.workspaces.values() for each in workspace.holdings()]

    def addresses_of(self, made: Made) -> set[str]:
        """Return the addresses for which an object can have been made, by its name and its secrets."""
        configuration = self.workspaces[made.workspace].configuration
        kinds = {"flows": "flow", "connections": "base"}
        part = kinds.get(made.collection, made.collection.removesuffix("Connections"))
        found = set()
        for export in configuration.exports:
            sent = configuration.sent_secrets(export)
            params = (made.body.get("auth") or {}).get("params") or {}
            same_secrets = part != "base" or all(params.get(key) == value for key, value in sent.items())
            if part in export.parts and configuration.name(export, part) == made.name and same_secrets:
                found |= {
                    address
                    for address in configuration.part_names()
                    if configuration.find(address) == (export, part)
                }
        return found

    def person(self, identity_of_client: Identity = EMULATOR) -> httpx.Client:
        """Return a client with a token, as a person uses the API."""
        address = self.server.addresses[OUTSIDE]
        fields = {
            "grant_type": "client_credentials",
            "client_id": identity_of_client.client_id,
            "client_secret": identity_of_client.client_secret,
            "scope": identity.SCOPES,
        }
        answer = httpx.post(f"{address}/ims/token/v3", data=fields, trust_env=False, timeout=30)
        headers = {
            "authorization": f"Bearer {answer.json()['access_token']}",
            "x-api-key": identity_of_client.client_id,
            "x-gw-ims-org-id": identity_of_client.organization_id,
            "x-sandbox-name": identity.DEFAULT_SANDBOX,
        }
        return httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=30)

    def create_outside(self, collection: str, body: dict[str, Any], client: Identity = EMULATOR) -> str:
        """Create an object as a person, and return its id."""
        with self.person(client) as person:
            response = person.post(f"{_SERVICE}/{collection}", json=body)
        response.raise_for_status()
        return str(response.json()["id"])

    def delete_outside(self, collection: str, identifier: str) -> bool:
        """Delete an object as a person, and return whether Flow Service has accepted that."""
        with self.person() as person:
            accepted = person.delete(f"{_SERVICE}/{collection}/{identifier}").is_success
            for _ in range(3):
                person.get(f"{_SERVICE}/{collection}/{identifier}")  # a deletion ends when it is observed
        return accepted

    def judge(self, finished: Sequence[Finished], before: Sequence[Any]) -> None:
        """Let the oracle judge commands that have ended."""
        self.oracle.judge(finished, before, self.holdings(), self.live())


@contextmanager
def make_world(
    installation: Installation,
    folder: Path,
    configurations: dict[str, Configuration],
    *,
    settings: Mapping[str, str] | None = None,
    switches: Mapping[str, str] | None = None,
    clock_skew: float = 0.0,
    seed: str = "",
) -> Iterator[World]:
    """Make a world with a workspace for each configuration, for the duration of the block.

    `settings` are environment variables for all commands; `clock_skew` is by how many seconds Adobe's clock
    is ahead of this machine's.
    """
    generator = random.Random(seed)
    engine = Engine(
        behaviour_from_text(switches or {}),
        (EMULATOR, OTHER_CLIENT),
        identity.SANDBOXES,
        _CATALOGUE,
        _VALIDATOR,
        new_id=lambda: str(uuid.UUID(int=generator.getrandbits(128), version=4)),
        real_millis=lambda: clock.system_millis() + round(clock_skew * 1000),
    )
    store = Store()
    backend = StateBackend()
    proxy = FaultProxy(create_app(store, engine=engine), backend, clock_skew)
    ports = [OUTSIDE, *configurations, *(STATE_PORT + name for name in configurations)]
    try:
        with serve(ports, proxy.handle) as server:
            workspaces = {}
            for name, configuration in configurations.items():
                proxy.callers[name] = Caller()
                remote = configuration.backend != ""
                workspaces[name] = Workspace(
                    name=name,
                    folder=folder / name,
                    environment={
                        **installation.bench.environment,
                        **TEST_SETTINGS,
                        "AEP_ENDPOINT": server.addresses[name],
                        "AEP_AUTH_ENDPOINT": server.addresses[name],
                        **(settings or {}),
                    },
                    proxy=proxy,
                    server=server,
                    backend=backend if remote else None,
                    configuration=configuration,
                )
                workspaces[name].prepare(installation.remote if remote else installation.local)
                workspaces[name].write(configuration)
            yield World(store, proxy, server, workspaces)
    finally:
        store.close()


def install(folder: Path, repo: Path, variables: Mapping[str, str]) -> Installation:
    """Install the provider into a folder, and run `terraform init` once for each kind of state.

    `variables` are added to the environment of all commands.
    """
    bench = Workbench(folder / "bench", repo, variables)
    bench.install_provider()
    installation = Installation(bench, folder / "local", folder / "remote")
    backend = StateBackend()

    async def handler(_port: str, scope: Scope, receive: Receive, send: Send) -> None:
        await backend(scope, receive, send)

    with serve(["state"], handler) as server:
        bench.environment.update(backend.environment(server.addresses["state"], "empty"))
        for initialized, kind in ((installation.local, ""), (installation.remote, "http")):
            initialized.mkdir(parents=True)
            (initialized / "main.tf").write_text(Configuration("", (), "", kind).hcl(), encoding="utf-8")
            bench.terraform(["init", "-input=false"], initialized)
    return installation
