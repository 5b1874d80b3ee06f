"""Conflicts of updates with changes by other clients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from provider_shim.client.entities import Collection
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.schema.diagnostics import has_errors
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    created_response,
    entity_response,
    error_paths,
    error_response,
    other_client,
    request_json,
    run_on_emulator,
    run_with_responses,
)

S3 = {"id": "4fce964d-3f37-408f-9778-e597338a21ee", "version": "1.0"}


async def change(folder: Path, collection: Collection, identifier: str, place: str, value: Any) -> None:
    """Change the value at a JSON path of an object, as another client."""
    client = other_client(folder)
    try:
        etag = (await client.read(collection, identifier)).etag or ""
        await client.patch(collection, identifier, [{"op": "replace", "path": place, "value": value}], etag)
    finally:
        await client.aclose()


async def target_of(provider: AepProvider) -> tuple[Terraform, str]:
    """Create a target connection on the emulator, and its base connection."""
    base = Terraform(provider, "aep_base_connection")
    await base.apply(samples.base_config())
    target = Terraform(provider, "aep_target_connection")
    await target.apply(samples.target_config(base_connection_id=base.state["id"]))
    return target, base.state["id"]


def test_other_field(tmp_path: Path) -> None:
    """A change of another attribute is kept, and the update is applied to it."""

    async def steps(provider: AepProvider) -> None:
        target, base = await target_of(provider)
        await change(tmp_path, Collection.TARGET_CONNECTIONS, target.state["id"], "/name", "theirs")
        await target.apply(samples.target_config(base_connection_id=base, compression="NONE"))
        assert not has_errors(target.diagnostics)
        await target.refresh()
        assert (target.state["name"], target.state["compression"]) == ("theirs", "NONE")

    run_on_emulator(tmp_path, steps)


@pytest.mark.parametrize(
    ("ours", "diagnostics"),
    [
        ({"amazon_s3": {"bucket_name": "acme-aep", "path": "ours"}}, "amazon_s3"),
        ({"compression": "NONE"}, "amazon_s3"),
        ({"include_file_manifest": True}, "amazon_s3"),
    ],
)
def test_same_place(ours: dict[str, Any], diagnostics: str, tmp_path: Path) -> None:
    """A patch sends `params` as a whole, so it must not revert changes of other clients in them."""

    async def steps(provider: AepProvider) -> None:
        target, base = await target_of(provider)
        theirs = {
            "mode": "Server-to-server",
            "bucketName": "acme-aep",
            "path": "theirs",
            "datasetFileType": "PARQUET",
            "compression": "GZIP",
        }
        await change(tmp_path, Collection.TARGET_CONNECTIONS, target.state["id"], "/params", theirs)
        before = target.state
        await target.apply(samples.target_config(base_connection_id=base, **ours))
        assert error_paths(target.diagnostics) == [diagnostics]
        assert "Plan again" in target.diagnostics[0].detail
        assert target.state == before
        await target.refresh()
        assert target.state["amazon_s3"]["path"] == "theirs"

    run_on_emulator(tmp_path, steps)


BODY: dict[str, Any] = {
    "id": samples.TARGET_ID,
    "name": "place",
    "description": "theirs",
    "baseConnectionId": samples.BASE_ID,
    "connectionSpec": S3,
    "params": {
        "bucketName": "acme-aep",
        "path": "exports/orders",
        "datasetFileType": "PARQUET",
        "compression": "GZIP",
    },
    "updatedBy": "anna@example.org",
    "updatedAt": 1796083200000,
    "etag": '"2"',
}


def test_who_and_when() -> None:
    """The error has the client and the time of the change."""

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return created_response(samples.TARGET_ID)
        return error_response(412, "FLOW-1404-412") if request.method == "PATCH" else entity_response(BODY)

    async def steps(provider: AepProvider) -> None:
        target = Terraform(provider, "aep_target_connection")
        await target.apply(samples.target_config())
        await target.apply(samples.target_config(description="ours"))
        assert error_paths(target.diagnostics) == ["description"]
        assert "anna@example.org at 2026-12-01T00:00:00Z" in target.diagnostics[0].detail
        assert 'description was null and is "theirs"' in target.diagnostics[0].detail
        assert target.state["description"] is None

    run_with_responses(respond, steps)


def test_old_and_new() -> None:
    """For a nested attribute, the error lists the changed values, before and after."""
    moved = BODY | {"description": "", "params": BODY["params"] | {"path": "theirs", "bucketName": "acme-2"}}

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return created_response(samples.TARGET_ID)
        return error_response(412, "FLOW-1404-412") if request.method == "PATCH" else entity_response(moved)

    async def steps(provider: AepProvider) -> None:
        target = Terraform(provider, "aep_target_connection")
        await target.apply(samples.target_config())
        await target.apply(samples.target_config(amazon_s3={"bucket_name": "acme-aep", "path": "ours"}))
        assert error_paths(target.diagnostics) == ["amazon_s3"]
        for change in (
            'amazon_s3.bucket_name was "acme-aep" and is "acme-2"',
            'amazon_s3.path was "exports/orders" and is "theirs"',
        ):
            assert change in target.diagnostics[0].detail

    run_with_responses(respond, steps)


def test_never_ending_conflict() -> None:
    """If the version changes at each attempt, the third conflict is reported."""

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return created_response(samples.TARGET_ID)
        return error_response(412, "FLOW-1404-412") if request.method == "PATCH" else entity_response(BODY)

    async def steps(provider: AepProvider) -> None:
        target = Terraform(provider, "aep_target_connection")
        await target.apply(samples.target_config())
        await target.apply(samples.target_config(name="ours"))
        assert error_paths(target.diagnostics) == [""]

    patches = [each for each in run_with_responses(respond, steps) if each.method == "PATCH"]

    assert [each.headers["If-Match"] for each in patches] == ['"1"', '"2"', '"2"']


def test_a_lost_response() -> None:
    """A patch that was applied although its response was lost is not sent again."""
    patches: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return created_response(samples.TARGET_ID)
        if request.method == "PATCH":
            patches.append(request_json(request))
            if len(patches) == 1:
                raise httpx.ReadError("broken")
            return error_response(412, "FLOW-1404-412")
        return entity_response(BODY | {"description": "ours"})

    async def steps(provider: AepProvider) -> None:
        target = Terraform(provider, "aep_target_connection")
        await target.apply(samples.target_config())
        await target.apply(samples.target_config(description="ours"))
        assert not has_errors(target.diagnostics)
        assert target.state["description"] == "ours"

    run_with_responses(respond, steps)

    assert len(patches) == 2


def test_a_lost_response_to_secrets() -> None:
    """After a lost response secrets are sent again for the new version, because they can't be read."""
    etags: list[str] = []
    base = {
        "id": samples.BASE_ID,
        "name": "account",
        "connectionSpec": S3,
        "auth": {"specName": "Access Key", "params": {}},
        "etag": '"2"',
    }

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return created_response(samples.BASE_ID)
        if request.method == "PATCH":
            etags.append(request.headers["If-Match"])
            if len(etags) == 1:
                raise httpx.ReadError("broken")
            if etags[-1] == '"1"':
                return error_response(412, "FLOW-1404-412")
            return httpx.Response(200, json={"id": samples.BASE_ID, "etag": '"3"'})
        return entity_response(base)

    async def steps(provider: AepProvider) -> None:
        account = Terraform(provider, "aep_base_connection")
        await account.apply(samples.base_config())
        rotated = {"s3_access_key": samples.ACCESS_KEY, "s3_secret_key": samples.SECRET_KEY[::-1]}
        await account.apply(samples.base_config(amazon_s3=rotated))
        assert not has_errors(account.diagnostics)
        assert account.state["credentials_revision"] == 2

    run_with_responses(respond, steps)

    assert etags == ['"1"', '"1"', '"2"']
