"""RPCs for ephemeral resources."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from flow_emulator import identity
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.resources import CATALOGUE
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import UNKNOWN, packed, unpacked
from tests.contract.provider_client import errors, serve_provider, with_emulated_provider
from tests.unit.lifecycle.fake_terraform import error_response, run_with_responses

TOKEN = "aep_access_token"
ZONE = "aep_data_landing_zone_credentials"


def empty(type_name: str) -> pb.DynamicValue:
    """A configuration without any values."""
    return packed(dict.fromkeys(CATALOGUE.ephemeral_resources[type_name].type.attributes))


def open_rpc(type_name: str) -> Callable[[ProviderStub], Awaitable[Any]]:
    """The RPC that opens an ephemeral resource."""
    request = pb.OpenEphemeralResource.Request(type_name=type_name, config=empty(type_name))
    return lambda stub: stub.OpenEphemeralResource(request)


def open_with_response(response: httpx.Response, type_name: str = ZONE) -> tuple[Any, list[httpx.Request]]:
    """Open a resource with a service that returns this response. Returns the result and the requests."""
    responses = []

    async def open_resource(provider: Any) -> None:
        async with serve_provider(provider) as stub:
            responses.append(await open_rpc(type_name)(stub))

    requests = run_with_responses(lambda _: response, open_resource, max_retries=0)
    return responses[0], requests


def test_schemas(tmp_path: Path) -> None:
    """Both resources are in the schema, and all their secrets are sensitive."""
    response = with_emulated_provider(
        tmp_path, lambda stub: stub.GetProviderSchema(pb.GetProviderSchema.Request())
    )

    found = response.ephemeral_resource_schemas
    assert {*found} == {TOKEN, ZONE}
    secrets = {
        inner.name
        for schema in found.values()
        for each in schema.block.attributes
        for inner in [*each.nested_type.attributes, each]
        if inner.sensitive
    }
    assert secrets == {
        "access_token",
        "sas_token",
        "sas_uri",
        "access_key_id",
        "secret_access_key",
        "session_token",
    }


@pytest.mark.parametrize("type_name", [TOKEN, ZONE])
def test_its_whole_life(tmp_path: Path, type_name: str) -> None:
    """Validate, open, renew and close succeed; the open requests no renewal."""

    async def rpcs(stub: ProviderStub) -> Any:
        request = pb.ValidateEphemeralResourceConfig.Request(type_name=type_name, config=empty(type_name))
        return [
            await stub.ValidateEphemeralResourceConfig(request),
            await open_rpc(type_name)(stub),
            await stub.RenewEphemeralResource(pb.RenewEphemeralResource.Request(type_name=type_name)),
            await stub.CloseEphemeralResource(pb.CloseEphemeralResource.Request(type_name=type_name)),
        ]

    responses = with_emulated_provider(tmp_path, rpcs)

    assert [errors(each) for each in responses] == [[], [], [], []]
    assert not responses[1].HasField("renew_at")
    assert not responses[1].HasField("deferred")


def test_a_token_of_the_configured_client(tmp_path: Path) -> None:
    """The token is the one of the server, with its expiry."""
    result = unpacked(with_emulated_provider(tmp_path, open_rpc(TOKEN)).result)

    assert len(result["access_token"]) > 20
    assert result["expires_at"].endswith("Z")


def test_a_given_token_is_handed_on(tmp_path: Path) -> None:
    """A configured token is returned as it is, without an expiry."""
    response = with_emulated_provider(tmp_path, open_rpc(TOKEN), access_token="given-token")

    assert unpacked(response.result) == {"access_token": "given-token", "expires_at": None}


def test_wrong_credentials(tmp_path: Path) -> None:
    """Wrong credentials are reported without the secret."""
    response = with_emulated_provider(
        tmp_path, open_rpc(TOKEN), client_id=identity.CLIENT_ID, client_secret="wrong-secret"
    )

    (text,) = errors(response)
    assert "Adobe rejects the credentials" in text
    assert "wrong-secret" not in text
    assert unpacked(response.result) is None


AZURE = {
    "containerName": "dlz-destination",
    "SASToken": "sv=2020-10-02&sig=abc",
    "storageAccountName": "acme",
    "SASUri": "https://acme.blob.core.windows.net/dlz-destination?sv=2020-10-02&sig=abc",
}
AMAZON = {
    "credentials": {
        "awsAccessKeyId": "ASIAEXAMPLE",
        "awsSecretAccessKey": "secret-key",
        "awsSessionToken": "session",
    },
    "dlzPath": {"bucketName": "dlz-bucket", "dlzFolder": "dlz-destination"},
    "dlzProvider": "Amazon S3",
    "expiryTime": 1954540800,
}


def test_a_zone_in_azure() -> None:
    """The Azure form sets `azure_blob`; the request is the documented one."""
    response, requests = open_with_response(httpx.Response(200, json=AZURE))

    assert unpacked(response.result) == {
        "azure_blob": {
            "container_name": "dlz-destination",
            "storage_account_name": "acme",
            "sas_token": AZURE["SASToken"],
            "sas_uri": AZURE["SASUri"],
        },
        "amazon_s3": None,
    }
    (request,) = requests
    assert str(request.url) == (
        "https://platform.adobe.io/data/foundation/connectors/landingzone/credentials?type=dlz_destination"
    )
    assert request.headers["x-sandbox-name"] == "prod"


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [(1954540800, "2031-12-09T00:00:00Z"), ("soon", "soon"), (None, None), (10**18, "1" + "0" * 18)],
)
def test_a_zone_in_aws(expiry: Any, expected: str | None) -> None:
    """The AWS form sets `amazon_s3`; an expiry in an unknown form is returned unchanged."""
    response, _ = open_with_response(httpx.Response(200, json=AMAZON | {"expiryTime": expiry}))

    assert unpacked(response.result) == {
        "azure_blob": None,
        "amazon_s3": {
            "bucket_name": "dlz-bucket",
            "folder": "dlz-destination",
            "access_key_id": "ASIAEXAMPLE",
            "secret_access_key": "secret-key",
            "session_token": "session",
            "expires_at": expected,
        },
    }


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (httpx.Response(200, json={"other": "shape"}), "neither the fields of an Azure zone"),
        (httpx.Response(200, json=[]), "isn't a JSON object"),
        (httpx.Response(200, text="<html>"), "isn't JSON"),
        (error_response(403, "FLOW-2118-403"), "Missing permission"),
        (httpx.Response(503), "Flow Service failed"),
    ],
)
def test_no_zone(response: httpx.Response, expected: str) -> None:
    """The error is reported, and there is no result."""
    opened, _ = open_with_response(response)

    (text,) = errors(opened)
    assert expected in text
    assert "the credentials of the Data Landing Zone" in text
    assert unpacked(opened.result) is None


def test_the_zone_of_the_emulator(tmp_path: Path) -> None:
    """The credentials of the emulator, which shares no code with the provider, are read."""
    result = unpacked(with_emulated_provider(tmp_path, open_rpc(ZONE)).result)

    assert result["amazon_s3"] is None
    assert result["azure_blob"]["sas_uri"].endswith(result["azure_blob"]["sas_token"])


def test_an_unknown_provider_configuration(tmp_path: Path) -> None:
    """If the provider's configuration is unknown until an apply, the error states this."""

    async def rpcs(stub: ProviderStub) -> Any:
        config = dict.fromkeys(CATALOGUE.provider.type.attributes) | {"client_secret": UNKNOWN}
        await stub.ConfigureProvider(pb.ConfigureProvider.Request(config=packed(config)))
        return await open_rpc(TOKEN)(stub)

    (text,) = errors(with_emulated_provider(tmp_path, rpcs))
    assert "client_secret" in text
