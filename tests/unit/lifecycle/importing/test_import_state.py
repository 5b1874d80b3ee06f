"""Imports after the collection was listed, which report what imports by id report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from provider_shim.client.entities import Collection
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.state.states import null_state
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    entity_response,
    error_response,
    not_found_response,
    other_client,
    run_on_emulator,
    run_with_responses,
)

SOURCE = "aep_source_connection"
BODY: dict[str, Any] = {
    "id": samples.SOURCE_ID,
    "name": "orders",
    "etag": '"1"',
    "params": {"datasets": [{"dataSetId": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]},
}
FIRST = "00000000-0000-4000-8000-000000000001"
SECOND = "00000000-0000-4000-8000-000000000002"


def imported(
    response: httpx.Response, items: list[dict[str, Any]], *, after_listing: bool
) -> tuple[Any, list[Diagnostic], int]:
    """Import the source connection, and refresh it if that succeeds.

    Args:
        response: Response to a read of the object by id.
        items: The list of the collection.
        after_listing: Import two other objects first, so that the collection is listed.

    Returns:
        The state after both steps, their diagnostics, and the number of reads of the object by id.
    """
    results: list[tuple[Any, list[Diagnostic]]] = []
    others = [BODY | {"id": each} for each in (FIRST, SECOND)]

    def respond(request: httpx.Request) -> httpx.Response:
        identifier = request.url.path.rpartition("/")[2]
        return response if identifier == samples.SOURCE_ID else entity_response(BODY | {"id": identifier})

    async def steps(provider: AepProvider) -> None:
        if after_listing:
            for other in (FIRST, SECOND):
                assert (await provider.import_resource_state(SOURCE, other)).diagnostics == []
        found = await provider.import_resource_state(SOURCE, samples.SOURCE_ID)
        source = Terraform(provider, SOURCE)
        for each in found.imported_resources:
            source.state, source.private = each.state, each.private
            await source.refresh()
        results.append((source.state, found.diagnostics + source.diagnostics))

    requests = run_with_responses(
        respond, steps, lists=lambda _: httpx.Response(200, json={"items": [*others, *items]}), max_retries=0
    )
    reads = [each for each in requests if each.url.path.endswith(samples.SOURCE_ID)]
    return *results[0], len(reads)


@pytest.mark.parametrize(
    "response",
    [
        not_found_response(),
        httpx.Response(404, text="<html>proxy</html>", headers={"x-request-id": "r-1"}),
        error_response(404, "FLOW-2100-404", "The sandbox is unknown"),
        error_response(403, "FLOW-2118-403"),
        error_response(500, "FLOW-1102-500"),
        entity_response(BODY | {"params": {"datasets": "many"}}),
        entity_response(BODY | {"state": "delete-finalizing"}),
    ],
    ids=["unknown", "proxy", "sandbox", "permission", "failure", "another kind", "being deleted"],
)
def test_an_import_fails_in_the_same_words_after_a_listing(response: httpx.Response) -> None:
    """An object that the list does not have is read by id, so that the error is about the object itself."""
    state, diagnostics, _ = imported(response, [], after_listing=True)

    assert state is None
    assert diagnostics != []
    assert (state, diagnostics) == imported(response, [], after_listing=False)[:2]


def test_an_object_being_deleted_is_not_imported_from_a_list() -> None:
    """A list that still has an object which is being deleted gives what its read by id gives."""
    body = BODY | {"state": "delete-finalizing"}
    listed = imported(not_found_response(), [body], after_listing=True)

    assert listed[0] is None
    assert [each.summary for each in listed[1]] == ["The source connection is gone"]
    assert listed[:2] == imported(entity_response(body), [], after_listing=False)[:2]


def test_a_listed_object_is_imported_without_a_request_of_its_own() -> None:
    """The list has everything that an import needs: the state is that of an import by id."""
    state, diagnostics, reads = imported(not_found_response(), [BODY], after_listing=True)

    assert diagnostics == []
    assert reads == 0
    assert state == imported(entity_response(BODY), [], after_listing=False)[0]


def test_an_import_finds_what_was_created_after_the_listing(tmp_path: Path) -> None:
    """An object that another client creates while this process runs is imported, as it is."""

    async def steps(provider: AepProvider) -> None:
        client = other_client(tmp_path)
        source = {
            "connectionSpec": {"id": "23598e46-f560-407b-88d5-ea6207e49db0", "version": "1.0"},
            "params": BODY["params"],
        }
        try:
            for number in range(3):
                body = source | {"name": f"orders {number}"}
                identifier = (await client.create(Collection.SOURCE_CONNECTIONS, body)).id
                connection = Terraform(provider, SOURCE)
                await connection.import_object(identifier)
                assert connection.state["name"] == f"orders {number}"
        finally:
            await client.aclose()

    run_on_emulator(tmp_path, steps)


def test_an_import_after_a_change_by_this_process_is_read_afresh(tmp_path: Path) -> None:
    """A process that lists, then changes an object and imports it, gets the change and the new etag."""

    async def steps(provider: AepProvider) -> None:
        config = samples.source_config(name="orders", deletion_protection=False)
        objects = [Terraform(provider, SOURCE) for _ in range(3)]
        for number, each in enumerate(objects):
            await each.apply(config | {"name": f"orders {number}"})
        await provider.configure_provider("1.11.4", null_state(CATALOGUE.provider))
        for each in objects:
            await each.refresh()

        await objects[2].apply(config | {"name": "orders 2", "description": "new"})
        again = Terraform(provider, SOURCE)
        await again.import_object(objects[2].state["id"])

        assert again.state["description"] == "new"
        assert json.loads(again.private)["etag"] == json.loads(objects[2].private)["etag"]

    run_on_emulator(tmp_path, steps)
