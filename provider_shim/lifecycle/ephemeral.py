"""Opening of ephemeral resources. Each is fetched anew; none has to be renewed or closed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from provider_shim.lifecycle.provider_api import OpenEphemeralResourceResponse
from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, reading, to_diagnostic
from provider_shim.lifecycle.session.read_deadline import within_deadline
from provider_shim.lifecycle.session.session import Session
from provider_shim.schema import json_mapping
from provider_shim.schema.paths import ROOT
from provider_shim.schema.scalars import times
from provider_shim.schema.values import Value


async def open_ephemeral_resource(
    session: Session, type_name: str, config: Value
) -> OpenEphemeralResourceResponse:
    """Open the ephemeral resource of this type."""
    title, read = _READERS[type_name]
    try:
        return OpenEphemeralResourceResponse(
            result=config | await within_deadline(session.cancelled, read(session))
        )
    except EXPECTED_ERRORS as problem:
        return OpenEphemeralResourceResponse(
            result=None, diagnostics=[to_diagnostic(problem, reading("get", title))]
        )


async def access_token(session: Session) -> dict[str, Value]:
    """Return the access token of this process, and when it expires."""
    token, expires_at = await session.service.access_token()
    expiry = None if expires_at is None else times.from_epoch(int(expires_at))
    return {"access_token": token, "expires_at": expiry}


async def landing_zone(session: Session) -> dict[str, Value]:
    """Return the credentials of the Data Landing Zone, under the cloud that it is in.

    The fields are those that Adobe's Python SDK `aepp` (0.6.0) reads. Raises `UnexpectedResponse` if they are
    not those of Azure or AWS.
    """
    body = await session.service.landing_zone_credentials()
    azure = {name: _text(json_mapping.get(body, field)) for name, field in _AZURE.items()}
    amazon = {name: _text(json_mapping.get(body, field)) for name, field in _AMAZON.items()}
    amazon["expires_at"] = _expiry(body.get("expiryTime"))
    if azure["sas_token"] or azure["sas_uri"]:
        return {"azure_blob": azure, "amazon_s3": None}
    if amazon["access_key_id"]:
        return {"azure_blob": None, "amazon_s3": amazon}
    raise json_mapping.UnexpectedResponse(
        ROOT, f"it has neither the fields of an Azure zone nor those of an AWS zone, but: {', '.join(body)}"
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


def _expiry(value: Any) -> str | None:
    """Return the RFC 3339 text of seconds since 1970. Any other value is returned as text."""
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
