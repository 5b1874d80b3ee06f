"""A client of a served emulator, with a token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from flow_emulator.identity import CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID, SCOPES
from flow_emulator.testing import RunningEmulator


@contextmanager
def client_of(emulator: RunningEmulator) -> Iterator[httpx.Client]:
    """A client with a token of a served emulator."""
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": SCOPES,
    }
    with httpx.Client(base_url=emulator.url, trust_env=False, timeout=60) as client:
        token = client.post("/ims/token/v3", data=form).json()["access_token"]
        client.headers.update(
            {
                "authorization": f"Bearer {token}",
                "x-api-key": CLIENT_ID,
                "x-gw-ims-org-id": ORGANIZATION_ID,
                "x-sandbox-name": "prod",
            }
        )
        yield client
