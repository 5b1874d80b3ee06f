"""Refresh and import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.state.private_state import PrivateState, decode
from provider_shim.schema.diagnostics import Severity
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
BODY: dict[str, Any] = {
    "id": samples.SOURCE_ID,
    "name": "orders",
    "params": {"datasets": [{"dataSetId": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]},
}
Respond = Callable[[httpx.Request], httpx.Response]


EMPTY: Respond = lambda _: httpx.Response(200, json={"items": []})  # noqa: E731 - one of several tables


def refreshed(respond: Respond, lists: Respond = EMPTY) -> Terraform:
    """Return the source connection after a refresh."""
    results: list[Terraform] = []

    async def steps(provider: AepProvider) -> None:
        source = Terraform(provider, "aep_source_connection", state=STATE, private=b'{"etag": "e"}')
        results.append(source)
        await source.refresh()

    run_with_responses(respond, steps, lists=lists, max_retries=0)
    return results[0]


@pytest.mark.parametrize("wrapped", [True, False])
def test_unchanged(wrapped: bool) -> None:
    """An unchanged object gives the prior state and its sandbox, also if the response wraps it in a list."""
    bare = httpx.Response(200, json=BODY | {"etag": '"7"'})
    source = refreshed(lambda _: entity_response(BODY | {"etag": '"7"'}) if wrapped else bare)

    assert source.state == STATE | {"sandbox_name": "prod"}
    assert decode(source.private) == PrivateState(
        etag='"7"', sandbox_name="prod", organization_id="ACME@AdobeOrg"
    )
    assert source.diagnostics == []


@pytest.mark.parametrize(
    "respond",
    [
        lambda _: not_found_response(),
        lambda _: error_response(400, "FLOW-1439-400"),
        lambda _: httpx.Response(200, json={"items": []}),
        lambda _: entity_response(BODY | {"state": "delete-finalizing"}),
    ],
)
def test_gone(respond: Respond) -> None:
    """An object that does not exist is removed from the state, with a warning about access labels."""
    source = refreshed(respond)

    assert source.state is None
    assert [each.severity for each in source.diagnostics] == [Severity.WARNING]
    assert "access label" in source.diagnostics[0].detail


@pytest.mark.parametrize(
    "respond",
    [
        lambda _: error_response(404, "FLOW-2100-404"),
        lambda _: error_response(404, "FLOW-2101-404"),
        lambda _: error_response(404, "FLOW-2103-404"),
        lambda _: error_response(404, "FLOW-2106-404"),
        lambda _: error_response(401, "FLOW-2000-401"),
        lambda _: error_response(403, "FLOW-2118-403"),
        lambda _: error_response(500, "FLOW-1102-500"),
        lambda _: httpx.Response(200, text="<html>portal</html>"),
        lambda _: httpx.Response(200, json=[]),
        lambda _: entity_response(BODY | {"params": {"datasets": "many"}}),
        lambda _: entity_response(BODY | {"name": 5}),
        lambda _: entity_response(BODY | {"params": {"datasets": ["x"]}}),
    ],
)
def test_nothing_else_empties_a_state(respond: Respond) -> None:
    """A missing sandbox, a missing permission, and an unexpected response are errors that keep the state."""
    source = refreshed(respond)

    assert source.state == STATE
    assert source.private == b'{"etag": "e"}'
    assert len(error_paths(source.diagnostics)) == 1


FOREIGN_404: dict[str, httpx.Response] = {
    "empty": httpx.Response(404),
    "html": httpx.Response(404, text="<html>proxy</html>"),
    "kong": httpx.Response(404, json={"message": "no Route matched with those values"}),
    "spring": httpx.Response(404, json={"status": 404, "error": "Not Found", "path": "/x"}),
}
LISTS: dict[str, tuple[httpx.Response, bool]] = {
    "fails too": (httpx.Response(404), False),
    "fails": (httpx.Response(500), False),
    "has the object": (httpx.Response(200, json={"items": [BODY]}), False),
    "lacks the object": (httpx.Response(200, json={"items": []}), True),
}


@pytest.mark.parametrize("listing", LISTS)
@pytest.mark.parametrize("answer", FOREIGN_404)
def test_a_404_of_something_in_front_never_empties_a_state(answer: str, listing: str) -> None:
    """A 404 that is not Flow Service's own removes an object only if a complete listing lacks it."""
    response, is_gone = LISTS[listing]
    source = refreshed(lambda _: FOREIGN_404[answer], lambda _: response)

    assert source.state == (None if is_gone else STATE)
    assert len(error_paths(source.diagnostics)) == (0 if is_gone else 1)


def test_an_object_is_not_gone_without_a_listing() -> None:
    """Even Flow Service's own 404 is confirmed by a listing: a wrong route may answer like it."""
    source = refreshed(lambda _: not_found_response(), lambda _: httpx.Response(503))

    assert source.state == STATE


@pytest.mark.parametrize(
    ("identifier", "respond", "words"),
    [
        ("orders", lambda _: entity_response(BODY), "is not the id"),
        (samples.SOURCE_ID + "\n", lambda _: entity_response(BODY), "is not the id"),
        (samples.SOURCE_ID, lambda _: not_found_response(), "Check the id"),
        (samples.SOURCE_ID, lambda _: error_response(404, "FLOW-2100-404"), "sandbox"),
    ],
)
def test_import_fails(identifier: str, respond: Respond, words: str) -> None:
    """An import of an unknown id is an error with advice."""
    diagnostics: list[Any] = []

    async def steps(provider: AepProvider) -> None:
        response = await provider.import_resource_state("aep_source_connection", identifier)
        assert response.imported_resources == []
        diagnostics.extend(response.diagnostics)

    run_with_responses(respond, steps)

    assert words in diagnostics[0].detail


@pytest.mark.parametrize(
    ("spec_name", "params", "method"),
    [
        ("SFTP with SSH Key", {"domain": "d", "username": "u", "sshKey": "*"}, "SFTP with SSH Key"),
        ("SFTP with Password", {"domain": "d", "username": "u", "sshKey": "*"}, "SFTP with SSH Key"),
        ("SFTP with Password", {"domain": "d", "username": "u"}, "SFTP with Password"),
    ],
)
def test_imported_method(spec_name: str, params: dict[str, str], method: str) -> None:
    """The method of an imported connection is derived from its parameters, before the method's name."""
    body = {
        "id": samples.BASE_ID,
        "name": "account",
        "connectionSpec": {"id": "36965a81-b1c6-401b-99f8-22508f1e6a26", "version": "1.0"},
        "auth": {"specName": spec_name, "params": params},
    }

    async def steps(provider: AepProvider) -> None:
        account = Terraform(provider, "aep_base_connection")
        await account.import_object(samples.BASE_ID)
        assert f'"method": "{method}"'.encode() in account.private
        assert account.state["sftp"] == {
            "domain": "d",
            "username": "u",
            "port": None,
            "password": None,
            "ssh_key": None,
        }

    run_with_responses(lambda _: entity_response(body), steps)
