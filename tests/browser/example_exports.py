"""The exports of examples/cdktf/all_destinations, created by the requests that the provider sends."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import httpx

from flow_emulator.identity import SCOPES
from flow_emulator.testing import RunningEmulator
from tests.unit.flow_emulator.session import BASE, base_body, flow_body, source_body, target_body

START: Final = 1_953_849_600  # 2031-12-01T00:00:00Z
END: Final = 1_985_472_000  # 2032-12-01T00:00:00Z


class Export(NamedTuple):
    """An export: its name, its destination in `base_body`, and the hours between runs; 0 is a single run."""

    name: str
    destination: str
    hours: int


EXPORTS: Final = (
    Export("s3", "amazon_s3", 3),
    Export("azure_blob", "azure_blob", 6),
    Export("adls_gen2", "adls_gen2", 9),
    Export("data_landing_zone", "data_landing_zone", 12),
    Export("google_cloud_storage", "google_cloud_storage", 24),
    Export("sftp_password", "sftp_password", 24),
    Export("sftp_ssh_key", "sftp_key", 0),
)


def create_exports(emulator: RunningEmulator, count: int = len(EXPORTS)) -> list[str]:
    """Create that many exports and return the ids of their flows.

    More than `EXPORTS` are repetitions, with a number at the end of the name.
    """
    with httpx.Client(base_url=emulator.url, trust_env=False, timeout=60) as client:
        identity = emulator.identity
        form = {"grant_type": "client_credentials", "client_id": identity.client_id, "scope": SCOPES}
        token = client.post("/ims/token/v3", data={**form, "client_secret": identity.client_secret}).json()
        client.headers.update(
            {
                "authorization": f"Bearer {token['access_token']}",
                "x-api-key": identity.client_id,
                "x-gw-ims-org-id": identity.organization_id,
                "x-sandbox-name": "prod",
            }
        )
        return [_create_export(client, number) for number in range(count)]


def _create_export(client: httpx.Client, number: int) -> str:
    export = EXPORTS[number % len(EXPORTS)]
    repetition = f" {number // len(EXPORTS) + 1}" if number >= len(EXPORTS) else ""
    name = f"orders_{export.name}{repetition}"
    source = _post(client, "sourceConnections", source_body(name=name))
    base = _post(client, "connections", base_body(export.destination, name=name))
    body = target_body(base, export.destination, name=name)
    if "path" in body["params"]:
        body["params"]["path"] = "exports/orders"
    target = _post(client, "targetConnections", body)
    schedule = _schedule(export.hours)
    flow = flow_body(source, target, export.destination, name=name, scheduleParams=schedule)
    return _post(client, "flows", flow)


def _schedule(hours: int) -> dict[str, Any]:
    if hours == 0:
        return {"exportMode": "DAILY_FULL_EXPORT", "timeUnit": "day", "interval": 0, "startTime": START}
    frequency = {"timeUnit": "day", "interval": 1} if hours == 24 else {"timeUnit": "hour", "interval": hours}
    return {"exportMode": "FIRST_FULL_THEN_INCREMENTAL", **frequency, "startTime": START, "endTime": END}


def _post(client: httpx.Client, collection: str, body: dict[str, Any]) -> str:
    response = client.post(f"{BASE}/{collection}", json=body)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])
