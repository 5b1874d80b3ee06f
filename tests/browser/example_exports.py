"""The seven exports of examples/cdktf/all_destinations, made by requests as the provider makes them."""

from __future__ import annotations

from typing import Any, Final

import httpx

from flow_emulator.identity import SCOPES
from flow_emulator.testing import RunningEmulator
from tests.unit.flow_emulator.session import BASE, base_body, flow_body, source_body, target_body

START: Final = 1_953_849_600  # 2031-12-01T00:00:00Z
END: Final = 1_985_472_000  # 2032-12-01T00:00:00Z
# name of the export, destination, hours from run to run: 24 is once a day, 0 once
EXPORTS: Final = (
    ("s3", "amazon_s3", 3),
    ("azure_blob", "azure_blob", 6),
    ("adls_gen2", "adls_gen2", 9),
    ("data_landing_zone", "data_landing_zone", 12),
    ("google_cloud_storage", "google_cloud_storage", 24),
    ("sftp_password", "sftp_password", 24),
    ("sftp_ssh_key", "sftp_key", 0),
)


def create_exports(emulator: RunningEmulator, number: int = len(EXPORTS)) -> list[str]:
    """Make the first of the seven, or more by going round and numbering them; the ids of their flows."""
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
        return [_create_export(client, place) for place in range(number)]


def _create_export(client: httpx.Client, place: int) -> str:
    short, destination, hours = EXPORTS[place % len(EXPORTS)]
    name = f"orders_{short}" if place < len(EXPORTS) else f"orders_{short} {place // len(EXPORTS) + 1}"
    source = _post(client, "sourceConnections", source_body(name=name))
    base = _post(client, "connections", base_body(destination, name=name))
    folder = target_body(base, destination, name=name)
    if "path" in folder["params"]:
        folder["params"]["path"] = "exports/orders"
    target = _post(client, "targetConnections", folder)
    flow = flow_body(source, target, destination, name=name, scheduleParams=_schedule(hours))
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
