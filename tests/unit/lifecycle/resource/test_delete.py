"""Deletion of objects."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.schema.diagnostics import has_errors
from provider_shim.schema.values import Value
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    entity_response,
    error_paths,
    error_response,
    not_found_response,
    run_with_responses,
)

STATE = samples.source_config(id=samples.SOURCE_ID, deletion_protection=False)
GONE = not_found_response
THERE = {"id": samples.SOURCE_ID, "name": "orders", "params": {"datasets": []}}


class Server:
    """Flow Service with scripts of responses to DELETE and GET; the last response of a script is repeated."""

    def __init__(self, deletes: list[Any], reads: list[Any]) -> None:
        self.scripts = {"DELETE": deletes, "GET": reads}
        self.methods: list[str] = []

    def __call__(self, request: httpx.Request) -> Any:
        """Return the next response of the method's script."""
        self.methods.append(request.method)
        script = self.scripts[request.method]
        step = script.pop(0) if len(script) > 1 else script[0]
        return step() if callable(step) else step


def deleted(
    server: Server, state: Value = STATE, *, flows: Sequence[dict[str, str]] = (), stop: bool = False
) -> Terraform:
    """Return the source connection after its delete. `flows` use it."""
    results: list[Terraform] = []

    async def steps(provider: AepProvider) -> None:
        source = Terraform(provider, "aep_source_connection", state=state, private=b'{"etag": "e"}')
        results.append(source)
        if stop:
            asyncio.get_running_loop().call_later(0.02, lambda: asyncio.ensure_future(provider.stop()))
        await asyncio.wait_for(source.send(None, await source.plan(None)), 5)

    lists = httpx.Response(200, json={"items": list(flows)})
    run_with_responses(server, steps, lists=lambda _: lists, max_retries=0)
    return results[0]


@pytest.mark.parametrize("status", [200, 202, 204])
def test_asynchronous_end(status: int) -> None:
    """A delete waits until the object is gone, whatever the status of the response."""
    server = Server(
        [httpx.Response(status)], [lambda: entity_response(THERE), lambda: entity_response(THERE), GONE]
    )
    source = deleted(server)

    assert source.state is None
    assert source.diagnostics == []
    assert server.methods == ["DELETE", "GET", "GET", "GET"]


def test_gone_already() -> None:
    """An object that does not exist counts as deleted."""
    assert deleted(Server([GONE], [GONE])).state is None


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (Server([lambda: error_response(404, "FLOW-2100-404")], [GONE]), "sandbox"),
        (Server([lambda: error_response(403, "FLOW-2118-403")], [GONE]), "permission"),
        (Server([lambda: error_response(500, "FLOW-1102-500")], [GONE]), ""),
        (Server([httpx.Response(202)], [lambda: error_response(404, "FLOW-2103-404")]), "sandbox"),
        (Server([httpx.Response(202)], [lambda: error_response(500, "FLOW-1102-500")]), ""),
    ],
)
def test_failure_keeps_the_state(server: Server, words: str) -> None:
    """A failed delete keeps the state: a missing sandbox is not a missing object."""
    source = deleted(server)

    assert source.state == STATE
    assert source.private == b'{"etag": "e"}'
    assert has_errors(source.diagnostics)
    assert words in source.diagnostics[0].detail


@pytest.mark.parametrize("how", ["stop", "timeout"])
def test_waiting_ends(how: str) -> None:
    """Ctrl-C and `timeouts` end the wait and keep the state, so that the next destroy continues."""
    state = STATE | (
        {"timeouts": {"create": None, "update": None, "delete": "30ms"}} if how == "timeout" else {}
    )
    source = deleted(
        Server([httpx.Response(202)], [lambda: entity_response(THERE)]), state, stop=how == "stop"
    )

    assert source.state == state
    assert len(error_paths(source.diagnostics)) == 1


def test_busy_then_deleted() -> None:
    """An object that is changing is deleted after the change."""
    server = Server(
        [lambda: error_response(400, "FLOW-1416-400"), httpx.Response(202)],
        [lambda: entity_response(THERE), GONE],
    )

    assert deleted(server).state is None


def test_deleted_by_another_client() -> None:
    """If another client is deleting the object, the delete waits for the end."""
    server = Server(
        [lambda: error_response(400, "FLOW-1458-400")],
        [lambda: entity_response(THERE | {"state": "delete-finalizing"}), GONE],
    )
    source = deleted(server)

    assert source.state is None
    assert server.methods.count("DELETE") == 1


def test_in_use() -> None:
    """If flows use the object, the error explains how to resolve that."""
    source = deleted(Server([lambda: error_response(400, "FLOW-1447-400")], [GONE]))

    assert source.state == STATE
    assert "create_before_destroy = true" in source.diagnostics[0].detail


def test_in_use_by_an_unknown_flow() -> None:
    """A flow that the state is not known to have is named, with the command that deletes it."""
    using = {"id": samples.FLOW_ID, "state": "enabled"}
    source = deleted(Server([lambda: error_response(400, "FLOW-1447-400")], [GONE]), flows=[using])

    assert source.state == STATE
    assert f"flowbridge delete {samples.FLOW_ID}" in source.diagnostics[0].detail


def test_in_use_for_a_while() -> None:
    """An object that is in use by a flow just deleted is tried again."""
    server = Server([lambda: error_response(400, "FLOW-1447-400"), httpx.Response(202)], [GONE])

    assert deleted(server).state is None
