"""Refreshing and importing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.schema.diagnostics import Severity
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import Terraform, errors, failed, found, not_found, scripted

STATE = samples.source_config(id=samples.SOURCE_ID, deletion_protection=False)
BODY: dict[str, Any] = {
    "id": samples.SOURCE_ID,
    "name": "orders",
    "params": {"datasets": [{"dataSetId": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]},
}
Answer = Callable[[httpx.Request], httpx.Response]


def refreshed(answer: Answer) -> Terraform:
    """The source connection after a refresh."""
    kept: list[Terraform] = []

    async def steps(provider: AepProvider) -> None:
        source = Terraform(provider, "aep_source_connection", state=STATE, private=b'{"etag": "e"}')
        kept.append(source)
        await source.refresh()

    scripted(answer, steps, max_retries=0)
    return kept[0]


@pytest.mark.parametrize("wrapped", [True, False])
def test_unchanged(wrapped: bool) -> None:
    """An unchanged object is read as it is known, whether its answer is wrapped or bare."""
    bare = httpx.Response(200, json=BODY | {"etag": '"7"'})
    source = refreshed(lambda _: found(BODY | {"etag": '"7"'}) if wrapped else bare)

    assert source.state == STATE
    assert source.private == b'{"etag": "\\"7\\""}'
    assert source.told == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: not_found(),
        lambda _: failed(400, "FLOW-1439-400"),
        lambda _: httpx.Response(200, json={"items": []}),
        lambda _: found(BODY | {"state": "delete-finalizing"}),
    ],
)
def test_gone(answer: Answer) -> None:
    """A gone object leaves the state with a warning that a label could be the reason."""
    source = refreshed(answer)

    assert source.state is None
    assert [each.severity for each in source.told] == [Severity.WARNING]
    assert "access label" in source.told[0].detail


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: failed(404, "FLOW-2100-404"),
        lambda _: failed(404, "FLOW-2101-404"),
        lambda _: failed(404, "FLOW-2103-404"),
        lambda _: failed(404, "FLOW-2106-404"),
        lambda _: failed(401, "FLOW-2000-401"),
        lambda _: failed(403, "FLOW-2118-403"),
        lambda _: failed(500, "FLOW-1102-500"),
        lambda _: httpx.Response(404, text="<html>proxy</html>"),
        lambda _: httpx.Response(200, text="<html>portal</html>"),
        lambda _: httpx.Response(200, json=[]),
        lambda _: found(BODY | {"params": {"datasets": "many"}}),
        lambda _: found(BODY | {"name": 5}),
        lambda _: found(BODY | {"params": {"datasets": ["x"]}}),
    ],
)
def test_nothing_else_empties_a_state(answer: Answer) -> None:
    """A missing sandbox, permission or service, and any strange answer, is an error and loses nothing."""
    source = refreshed(answer)

    assert source.state == STATE
    assert source.private == b'{"etag": "e"}'
    assert len(errors(source.told)) == 1


@pytest.mark.parametrize(
    ("identifier", "answer", "words"),
    [
        ("orders", lambda _: found(BODY), "is not the id"),
        (samples.SOURCE_ID + "\n", lambda _: found(BODY), "is not the id"),
        (samples.SOURCE_ID, lambda _: not_found(), "Check the id"),
        (samples.SOURCE_ID, lambda _: failed(404, "FLOW-2100-404"), "sandbox"),
    ],
)
def test_import_fails(identifier: str, answer: Answer, words: str) -> None:
    """An import of what is not there is an error with what to check."""
    told: list[Any] = []

    async def steps(provider: AepProvider) -> None:
        response = await provider.import_resource_state("aep_source_connection", identifier)
        assert response.imported_resources == []
        told.extend(response.diagnostics)

    scripted(answer, steps)

    assert words in told[0].detail


@pytest.mark.parametrize(
    ("spec_name", "params", "method"),
    [
        ("SFTP with SSH Key", {"domain": "d", "username": "u", "sshKey": "*"}, "SFTP with SSH Key"),
        ("SFTP with Password", {"domain": "d", "username": "u", "sshKey": "*"}, "SFTP with SSH Key"),
        ("SFTP with Password", {"domain": "d", "username": "u"}, "SFTP with Password"),
    ],
)
def test_imported_method(spec_name: str, params: dict[str, str], method: str) -> None:
    """Which parameters an imported account has says more about its method than the name."""
    body = {
        "id": samples.BASE_ID,
        "name": "account",
        "connectionSpec": {"id": "36965a81-b1c6-401b-99f8-22508f1e6a26", "version": "1.0"},
        "auth": {"specName": spec_name, "params": params},
    }

    async def steps(provider: AepProvider) -> None:
        account = Terraform(provider, "aep_base_connection")
        await account.imported(samples.BASE_ID)
        assert f'"method": "{method}"'.encode() in account.private
        assert account.state["sftp"] == {
            "domain": "d",
            "username": "u",
            "port": None,
            "password": None,
            "ssh_key": None,
        }

    scripted(lambda _: found(body), steps)
