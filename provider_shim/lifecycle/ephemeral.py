"""Opening ephemeral resources. Each is asked for anew and written down nowhere; none has to be closed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from provider_shim.lifecycle.provider_api import OpenEphemeralResourceResponse
from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, Operation, to_diagnostic
from provider_shim.lifecycle.session.session import Session
from provider_shim.schema import json_mapping, times
from provider_shim.schema.paths import ROOT
from provider_shim.schema.values import Value


async def open_ephemeral_resource(
    session: Session, type_name: str, config: Value
) -> OpenEphemeralResourceResponse:
    """Open the ephemeral resource of this type."""
    title, read = _READERS[type_name]
    try:
        return OpenEphemeralResourceResponse(result=config | await read(session))
    except EXPECTED_ERRORS as problem:
        return OpenEphemeralResourceResponse(
            result=None, diagnostics=[to_diagnostic(problem, Operation("get", title))]
        )


async def access_token(session: Session) -> dict[str, Value]:
    """The token that this process works with."""
    token, expires_at = await session.service.access_token()
    ends = None if expires_at is None else times.from_epoch(int(expires_at))
    return {"access_token": token, "expires_at": ends}


async def landing_zone(session: Session) -> dict[str, Value]:
    """The credentials in the shape of the cloud that the zone is in; raises `UnexpectedResponse` for a third one.

    Both shapes are as Adobe's Python SDK `aepp` (0.6.0) reads them.
    """
    body = await session.service.landing_zone_credentials()
    azure = {name: _text(json_mapping.get(body, place)) for name, place in _AZURE.items()}
    amazon = {name: _text(json_mapping.get(body, place)) for name, place in _AMAZON.items()}
    amazon["expires_at"] = _end(body.get("expiryTime"))
    if azure["sas_token"] or azure["sas_uri"]:
        return {"azure_blob": azure, "amazon_s3": None}
    if amazon["access_key_id"]:
        return {"azure_blob": None, "amazon_s3": amazon}
    raise json_mapping.UnexpectedResponse(
        ROOT, f"neither the fields of an Azure zone nor those of an AWS zone came, but: {', '.join(body)}"
    )


_AZURE = {
    "container_name": "containerName",
    "storage_account_name": "storageAccountName",
    "sas_token": "SASToken",
    "sas_uri": "SASUri",
}
_AMAZON = {
    "bucket_name": "dlzPath.bucketName",
    "folder": "dlzPath.dlzFolder",
    "access_key_id": "credentials.awsAccessKeyId",
    "secret_access_key": "credentials.awsSecretAccessKey",
    "session_token": "credentials.awsSessionToken",
}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _end(value: Any) -> str | None:
    """Seconds since 1970 as a time; what comes in another form is handed on as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return times.from_epoch(value)
        except ValueError:
            pass
    return _text(value)


_READERS: Mapping[str, tuple[str, Callable[[Session], Awaitable[dict[str, Value]]]]] = {
    "aep_access_token": ("an access token", access_token),
    "aep_data_landing_zone_credentials": ("the credentials of the Data Landing Zone", landing_zone),
}
