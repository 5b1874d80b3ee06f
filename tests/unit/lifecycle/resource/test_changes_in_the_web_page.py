"""What the web page can do to an account, which since January 2026 everyone can edit there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from provider_shim.client.entities import Collection
from provider_shim.destinations import BY_NAME
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.schema.paths import path
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    entity_response,
    other_client,
    run_on_emulator,
    run_with_responses,
)


async def edit_credentials(folder: Path, identifier: str, params: dict[str, str]) -> None:
    """Set other parameters of an account, as the web page does."""
    client = other_client(folder)
    entity = await client.read(Collection.CONNECTIONS, identifier)
    assert entity.etag is not None
    change = [{"op": "replace", "path": "/auth/params", "value": params}]
    await client.patch(Collection.CONNECTIONS, identifier, change, etag=entity.etag)
    await client.aclose()


def test_secrets_that_the_web_page_changed_do_not_show(tmp_path: Path) -> None:
    """Flow Service returns no secrets, so no plan shows that others were set; a new version sends ours."""

    async def steps(provider: AepProvider) -> None:
        config = samples.base_config(credentials_version=1)
        base = Terraform(provider, "aep_base_connection")
        await base.apply(config)
        params = {"s3AccessKey": "AKIAIOSFODNN7EXAMPLA", "s3SecretKey": "x" * 40}
        await edit_credentials(tmp_path, base.state["id"], params)

        await base.assert_empty_plan(config)
        await base.apply(config | {"credentials_version": 2})

        assert base.state["credentials_revision"] == 2

    run_on_emulator(tmp_path, steps)


def test_a_user_name_that_the_web_page_changed_shows(tmp_path: Path) -> None:
    """What Flow Service returns of the credentials is compared: another user name is a change in the plan."""

    async def steps(provider: AepProvider) -> None:
        config = samples.base_config("sftp")
        base = Terraform(provider, "aep_base_connection")
        await base.apply(config)
        params = {"domain": config["sftp"]["domain"], "username": "other", "password": "new password"}
        await edit_credentials(tmp_path, base.state["id"], params)

        await base.refresh()

        assert base.state["sftp"]["username"] == "other"
        assert (await base.plan(config)).planned_state["sftp"]["username"] == config["sftp"]["username"]

    run_on_emulator(tmp_path, steps)


def test_an_authentication_method_without_published_names_is_left_as_it_is() -> None:
    """A Blob connection with an unknown auth spec is imported and planned empty, and its rename keeps it.

    A connection string is another method: the plan replaces the connection, as the guide states.
    """
    auth = {
        "specName": "Entra Example Auth",
        "params": {"tenantExample": "t", "authorizedDate": "2026-10-01"},
    }
    body: dict[str, Any] = {
        "id": samples.BASE_ID,
        "name": "exports",
        "connectionSpec": {"id": BY_NAME["azure_blob"].connection_spec, "version": "1.0"},
        "auth": auth,
    }

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            body.update({each["path"][1:]: each["value"] for each in json.loads(request.content)})
            return httpx.Response(200, json={"id": samples.BASE_ID, "etag": '"1"'})
        return entity_response(body)

    def config(name: str, **secrets: str) -> Any:
        return samples.resource_config("aep_base_connection", name=name, azure_blob=secrets)

    async def steps(provider: AepProvider) -> None:
        await provider.configure_provider("1.11.4", None)
        base = Terraform(provider, "aep_base_connection")
        await base.import_object(samples.BASE_ID)
        await base.assert_empty_plan(config("exports"))
        await base.apply(config("renamed"))
        assert base.state["name"] == "renamed"
        replaced = await base.plan(config("renamed", connection_string="DefaultEndpointsProtocol=https;A=1"))
        assert (replaced.requires_replace, replaced.diagnostics) == ([path("credentials_revision")], [])

    requests = run_with_responses(respond, steps, lists=lambda _: httpx.Response(200, json={"items": [body]}))

    patches = [json.loads(each.content) for each in requests if each.method == "PATCH"]
    assert patches == [[{"op": "replace", "path": "/name", "value": "renamed"}]]
    assert (body["name"], body["auth"]) == ("renamed", auth)
