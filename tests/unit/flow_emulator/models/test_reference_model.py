"""Random sequences of creates, patches, actions and deletes, from several clients, keep to a small model.

hypothesis chooses them at random, and always the same where the variable CI is set.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flow_emulator.behaviour.switches import Behaviour
from tests.unit.flow_emulator.models.reference_model import (
    CLIENTS,
    IDENTITIES,
    TRANSITIONS,
    Model,
    ModelEntity,
)
from tests.unit.flow_emulator.session import (
    BASE,
    MISSING,
    NOW,
    Session,
    base_body,
    code,
    flow_body,
    source_body,
    target_body,
)

pytestmark = pytest.mark.thorough

ETAG: Final = re.compile(r'"[0-9a-f]{8}-0000-0200-0000-[0-9a-f]{8}0000"')
DESTINATIONS: Final = ("amazon_s3", "azure_blob", "sftp_password")
A_SHIFT: Final = 20 * 3600 * 1000  # less than a token's life, in milliseconds
# A write during a transition.
BUSY: Final = {"1416-400", "1420-400", "1421-400", "1422-400"}

clients = st.integers(0, len(CLIENTS) - 1)
askers = st.integers(0, 3 * len(CLIENTS))
places = st.integers(0, 999)
destinations = st.sampled_from(DESTINATIONS)


class Emulator(RuleBasedStateMachine):
    """The emulator beside its model; a rule asks both and compares."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.model = Model()
        self.etags: set[str] = set()

    @initialize(deletes=st.integers(0, 2), updates=st.integers(0, 1), creates=st.integers(0, 1))
    def start(self, deletes: int, updates: int, creates: int) -> None:
        """An emulator whose transitions end after some reads, and one login for each client."""
        behaviour = Behaviour(delete_reads=deletes, update_reads=updates, create_reads=creates)
        self.passes = updates + creates > 0
        self.session = Session(behaviour, identities=IDENTITIES, runner=self.runner)
        self.headers = [self.session.login(IDENTITIES[who], sandbox) for who, sandbox in CLIENTS]
        for client in range(1, len(CLIENTS)):
            self.create_base(client, DESTINATIONS[0])
            self.create_target(client, 0)
            self.create_export(0)

    # What clients do.

    @rule(client=clients)
    def create_source(self, client: int) -> None:
        """A source connection is always taken."""
        self._created(client, "sourceConnections", source_body(), [], "")

    @rule(client=clients, destination=destinations)
    def create_base(self, client: int, destination: str) -> None:
        """A base connection is always taken."""
        self._created(client, "connections", base_body(destination), [], destination)

    @precondition(lambda self: self.model.of("connections"))
    @rule(client=askers, place=places)
    def create_target(self, client: int, place: int) -> None:
        """A target connection is taken when its base connection is there for this client."""
        base = self._pick("connections", place)
        client = self._client_of(client, base)
        body = target_body(base.id, base.destination)
        self._created(client, "targetConnections", body, [base], base.destination)

    @precondition(lambda self: self.model.of("sourceConnections") and self.model.of("targetConnections"))
    @rule(client=clients, one=places, other=places)
    def create_flow(self, client: int, one: int, other: int) -> None:
        """A flow is taken when both its connections are there for this client."""
        source, target = self._pick("sourceConnections", one), self._pick("targetConnections", other)
        body = flow_body(source.id, target.id, target.destination)
        self._created(client, "flows", body, [source, target], target.destination)

    @precondition(lambda self: self.model.of("targetConnections"))
    @rule(place=places)
    def create_export(self, place: int) -> None:
        """A flow for a target connection that lives, by its own client, so that many flows are made."""
        target = self._pick("targetConnections", place)
        if target.exists:
            client = self._owner(target)
            source = self._created(client, "sourceConnections", source_body(), [], "")
            assert source is not None
            body = flow_body(source.id, target.id, target.destination)
            self._created(client, "flows", body, [source, target], target.destination)

    @precondition(lambda self: self.model.entities)
    @rule(client=askers, place=places, name=st.sampled_from(["one", "two"]), version=st.integers(0, 4))
    def rename(self, client: int, place: int, name: str, version: int) -> None:
        """A change is taken with the current version only, and gives a new one."""
        entity = self._pick(None, place)
        client = self._client_of(client, entity)
        current = self._settled(entity)
        stale = {0: None, 1: '"00000000-0000-0200-0000-000000000000"'}.get(version, current or '"-"')
        change = [{"op": "replace", "path": "/name", "value": name}]
        response = self._patch(client, entity, change, stale)
        if not self._visible(client, entity, response):
            return
        if not entity.exists:
            assert code(response) in {"1457-400", "1439-404"}
        elif version == 0:
            assert code(response) == "1403-400"
        elif version == 1:
            assert code(response) == "1404-412"
        else:
            self._written(entity, response)

    @precondition(lambda self: self.model.entities)
    @rule(client=askers, place=places)
    def change_spec(self, client: int, place: int) -> None:
        """The spec of an entity is refused, and nothing changes."""
        entity = self._pick(None, place)
        client = self._client_of(client, entity)
        current = self._settled(entity)
        change = [
            {"op": "replace", "path": "/name", "value": "half a change"},
            {"op": "replace", "path": "/connectionSpec/id", "value": MISSING},
        ]
        response = self._patch(client, entity, change, current or '"-"')
        if self._visible(client, entity, response) and entity.exists:
            assert code(response) == ("1455-400" if entity.collection == "flows" else "1414-400")

    @precondition(lambda self: self.model.of("flows") and self.model.of("sourceConnections"))
    @rule(client=askers, place=places, other=places)
    def change_source(self, client: int, place: int, other: int) -> None:
        """A flow takes another source connection when it is there in the same sandbox."""
        flow, source = self._pick("flows", place), self._pick("sourceConnections", other)
        client = self._client_of(client, flow)
        current = self._settled(flow)
        change = [{"op": "replace", "path": "/sourceConnectionIds", "value": [source.id]}]
        response = self._patch(client, flow, change, current or '"-"')
        if not self._visible(client, flow, response) or not flow.exists:
            return
        if source.exists and source.scope == flow.scope:
            self._written(flow, response)
            flow.uses[0] = source
        else:
            assert code(response) == "1439-400"

    @precondition(lambda self: self.model.of("flows"))
    @rule(client=askers, place=places, op=st.sampled_from(["enable", "disable"]), patient=st.booleans())
    def act(self, client: int, place: int, op: str, patient: bool) -> None:
        """An action is taken in the other state only; an impatient client may meet a transition."""
        flow = self._pick("flows", place)
        client = self._client_of(client, flow)
        if patient:
            self._settled(flow)
        response = self._ask(client, "POST", f"{flow.path}/action?op={op}")
        if not self._visible(client, flow, response) or not flow.exists:
            return
        ends = f"{op}d"
        if flow.busy and response.status_code != 200:
            assert code(response) in BUSY
        elif flow.state == ends and not flow.busy:
            assert code(response) == "1422-400"
        else:
            self._written(flow, response)
            flow.state = ends

    @precondition(lambda self: self.model.entities)
    @rule(client=askers, place=places)
    def delete(self, client: int, place: int) -> None:
        """What is in use stays; everything else goes."""
        entity = self._pick(None, place)
        client = self._client_of(client, entity)
        users = list(self.model.users(entity))
        self._settled(entity)
        response = self._ask(client, "DELETE", entity.path)
        if not self._visible(client, entity, response):
            return
        refused = "1418-400" if entity.collection == "connections" else "1447-400"
        if not entity.exists:
            assert code(response) in {"1458-400", "1439-404"}
        elif any(user.exists for user in users):
            assert code(response) == refused
        elif response.status_code == 202:
            entity.deleting = True
        else:
            assert users
            assert code(response) == refused

    @precondition(lambda self: self.model.entities)
    @rule(client=askers, place=places)
    def read(self, client: int, place: int) -> None:
        """Reading shows what the model has, to the sandbox's own clients only."""
        entity = self._pick(None, place)
        client = self._client_of(client, entity)
        response = self._ask(client, "GET", entity.path)
        if self._visible(client, entity, response) and response.status_code == 200:
            self._shown(entity, response.json()["items"][0])

    @rule(
        client=clients,
        collection=st.sampled_from(["connections", "sourceConnections", "targetConnections", "flows"]),
    )
    def look_around(self, client: int, collection: str) -> None:
        """A list has what lives in the client's sandbox, perhaps what is going, and nothing else."""
        items = self._ask(client, "GET", f"/{collection}").json()["items"]
        mine = {each.id: each for each in self.model.of(collection) if each.scope == self._scope(client)}
        found = {item["id"] for item in items}
        assert len(found) == len(items)
        assert {key for key, each in mine.items() if each.exists} <= found
        assert found <= {key for key, each in mine.items() if not each.deleted}
        for item in items:
            self._shown(mine[item["id"]], item)

    @precondition(lambda self: self.model.entities)
    @rule(place=places, count=st.integers(2, 5))
    def race(self, place: int, count: int) -> None:
        """Of several clients that write at once with the same version, exactly one is heard."""
        entity = self._pick(None, place)
        current = self._settled(entity)
        if current is None or self.passes:
            return
        client = self._owner(entity)
        headers = self.headers[client] | {"if-match": current}

        async def all_at_once(http: httpx.AsyncClient) -> list[httpx.Response]:
            bodies = [[{"op": "replace", "path": "/name", "value": f"racer {each}"}] for each in range(count)]
            calls = [http.patch(BASE + entity.path, headers=headers, json=body) for body in bodies]
            return list(await asyncio.gather(*calls))

        responses = self.session.run(all_at_once)
        won = [response for response in responses if response.status_code == 200]
        assert len(won) == 1
        assert {code(response) for response in responses if response is not won[0]} == {"1404-412"}
        self._written(entity, won[0])

    @rule(hours=st.integers(1, 4))
    def let_time_pass(self, hours: int) -> None:
        """Flows run as time passes."""
        self.session.millis = min(self.session.millis + hours * 3_600_000, NOW + A_SHIFT)

    # What must always hold.

    @invariant()
    def nothing_dangles(self) -> None:
        """Whatever is stored refers to what is stored in the same sandbox and is not being deleted."""
        with self.session.store.reading() as tx:
            everything = {entity.id: entity for entity in tx.entities.everything()}
        for entity in everything.values():
            uses = [*entity.doc.get("sourceConnectionIds", []), *entity.doc.get("targetConnectionIds", [])]
            if entity.collection in ("targetConnections", "runs"):
                uses.append(entity.parent)
            for used in uses:
                if entity.state != "delete-finalizing":
                    assert everything[used].collection == "flows" or everything[used].state == "enabled"
                    assert (everything[used].org, everything[used].sandbox) == (entity.org, entity.sandbox)
        tags = [entity.etag for entity in everything.values()]
        assert len(tags) == len(set(tags))

    @invariant()
    def what_lives_is_stored(self) -> None:
        """The store has what the model has: all that lives, and nothing that is gone."""
        with self.session.store.reading() as tx:
            stored = {
                (each.collection, each.id, (each.org, each.sandbox)) for each in tx.entities.everything()
            }
        exists = {(each.collection, each.id, each.scope) for each in self.model.entities if each.exists}
        known = {(each.collection, each.id, each.scope) for each in self.model.entities if not each.deleted}
        assert exists <= stored
        assert {each for each in stored if each[0] != "runs"} <= known

    def teardown(self) -> None:
        """Every client sees everything of its own at the end; then all is closed."""
        if hasattr(self, "session"):
            for client in range(len(CLIENTS)):
                for entity in self.model.entities:
                    self._visible(client, entity, self._ask(client, "GET", entity.path))
            self.session.store.close()
        self.runner.close()

    # How the rules ask and compare.

    def _pick(self, collection: str | None, place: int) -> ModelEntity:
        """A thing of a collection, or of any: each collection as often as the others, the living first."""
        names = [collection] if collection else sorted({each.collection for each in self.model.entities})
        entities = self.model.of(names[place % len(names)])
        entities = [each for each in entities if each.exists] * 3 + entities
        return entities[place // len(names) % len(entities)]

    def _client_of(self, client: int, entity: ModelEntity) -> int:
        """Who asks for a thing: mostly one who may see it, for strangers learn the same every time."""
        return client % len(CLIENTS) if client < len(CLIENTS) else self._owner(entity)

    def _owner(self, entity: ModelEntity) -> int:
        return next(each for each in range(len(CLIENTS)) if self._scope(each) == entity.scope)

    def _scope(self, client: int) -> tuple[str, str]:
        who, sandbox = CLIENTS[client]
        return IDENTITIES[who].organization_id, sandbox

    def _ask(self, client: int, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self.headers[client] | more.pop("headers", {})
        response = self.session.raw(method, BASE + path, headers=headers, **more)
        assert response.status_code < 500, response.text
        return response

    def _patch(
        self, client: int, entity: ModelEntity, change: list[dict[str, Any]], version: str | None
    ) -> httpx.Response:
        headers = {} if version is None else {"if-match": version}
        return self._ask(client, "PATCH", entity.path, headers=headers, json=change)

    def _created(
        self, client: int, collection: str, body: dict[str, Any], uses: list[ModelEntity], destination: str
    ) -> ModelEntity | None:
        response = self._ask(client, "POST", f"/{collection}", json=body)
        if not all(used.exists and used.scope == self._scope(client) for used in uses):
            assert code(response) == "1439-400"
            return None
        assert response.status_code == 201, response.text
        made = ModelEntity(collection, self._scope(client), response.json()["id"], destination, uses)
        assert made.id not in {entity.id for entity in self.model.entities}
        self.model.entities.append(made)
        self._written(made, response)
        return made

    def _written(self, entity: ModelEntity, response: httpx.Response) -> None:
        """An accepted write gives a version that there never was."""
        assert response.status_code in (200, 201), response.text
        assert response.json()["id"] == entity.id
        entity.etag = response.json()["etag"]
        assert ETAG.fullmatch(entity.etag or "")
        assert entity.etag not in self.etags
        self.etags.add(entity.etag or "")
        entity.busy = entity.collection == "flows" and self.passes

    def _visible(self, client: int, entity: ModelEntity, response: httpx.Response) -> bool:
        """Whether this client may see an entity, which is a 404 for all others."""
        if entity.scope != self._scope(client) or entity.deleted:
            assert code(response) == "1439-404"
            return False
        if response.status_code == 404:
            assert entity.deleting
            assert code(response) == "1439-404"
            entity.deleted = True
            return False
        return True

    def _shown(self, entity: ModelEntity, document: dict[str, Any]) -> None:
        """The version shown is the known one, and the same version always shows the same."""
        shown = {key: value for key, value in document.items() if key != "lastRunDetails"}
        if entity.shown is not None and entity.shown["etag"] == shown["etag"]:
            assert shown == entity.shown
        entity.shown = shown
        if entity.deleting:
            assert shown["state"] == "delete-finalizing"
            return
        if shown["etag"] != entity.etag:
            assert entity.busy
            assert shown["etag"] not in self.etags
            self.etags.add(shown["etag"])
            entity.etag = shown["etag"]
        if shown["state"] in TRANSITIONS:
            assert entity.busy
            assert TRANSITIONS[shown["state"]] in (None, entity.state)
        else:
            assert shown["state"] == entity.state
            entity.busy = False

    def _settled(self, entity: ModelEntity) -> str | None:
        """The current version of an entity, after its transition; None when it is deleted."""
        if not entity.exists:
            return None
        client = self._owner(entity)
        for _ in range(4):
            response = self._ask(client, "GET", entity.path)
            assert response.status_code == 200, response.text
            self._shown(entity, response.json()["items"][0])
            if not entity.busy:
                return entity.etag
        raise AssertionError(f"{entity.path} stays {response.json()['items'][0]['state']}")


Emulator.TestCase.settings = settings(
    max_examples=50,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestEmulator = Emulator.TestCase
TestEmulator.__doc__ = "No sequence of requests from several clients breaks a rule of the model."
