"""The OAuth credentials, organisations and sandboxes that the emulator accepts.

The default credential is documented and public. Its values have the form of real ones, and work with the
emulator only.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

CLIENT_ID: Final = "flowbridge-emulator"
CLIENT_SECRET: Final = "emulator-secret-for-everyone"  # noqa: S105 - documented, and for the emulator only
ORGANIZATION_ID: Final = "EMULATOR0000000000000000@AdobeOrg"
SCOPES: Final = "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext"
SANDBOXES: Final = ("prod", "dev")
DEFAULT_SANDBOX: Final = "prod"

_SANDBOX_NAMESPACE: Final = uuid.UUID("6f0e9a52-58b1-4a2e-9d0e-6c1f1b7a9d11")


@dataclass(frozen=True, slots=True)
class Identity:
    """One OAuth server-to-server credential: a client, its secret and its organisation."""

    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    organization_id: str = ORGANIZATION_ID

    def __repr__(self) -> str:
        return f"Identity(client_id={self.client_id!r}, organization_id={self.organization_id!r})"


EMULATOR: Final = Identity()


def sandbox_id(organization_id: str, sandbox_name: str) -> str:
    """Return the id of a sandbox, which depends on the organisation and the name only."""
    return str(uuid.uuid5(_SANDBOX_NAMESPACE, f"{organization_id}/{sandbox_name}"))


def data_lake_connection_id(organization_id: str, sandbox_name: str) -> str:
    """Return the ``baseConnectionId`` of every source connection in a sandbox.

    Adobe's OpenAPI 'Flow Service - Destinations' (2024-11-13) shows such an id in a response although the
    request has none. Whether it is one for each sandbox is assumed.
    """
    return str(uuid.uuid5(_SANDBOX_NAMESPACE, f"{organization_id}/{sandbox_name}/data-lake"))
