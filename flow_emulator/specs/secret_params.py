"""How the emulator hides credentials: starred where they are stored, shown or logged.

Beside the star it keeps a keyed fingerprint, so that a test can see that a credential changed without
anybody seeing the credential.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

MASK: Final = "****"

# Values of authentication that are no secrets: they name a place or a person. All others are starred,
# also those of unknown fields.
OPEN_PARAMS: Final = frozenset(
    {"url", "tenant", "servicePrincipalId", "accessKeyId", "domain", "username", "port", "authorizedDate"}
)


class MaskedSecret(str):
    """The star of a stored secret: judged as a value that was fine when it came."""

    __slots__ = ()


def is_secret(name: str) -> bool:
    """Whether the authentication parameter with this name is treated as a secret."""
    return name not in OPEN_PARAMS


def mask(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an authentication with each secret as a star."""
    return {name: MASK if is_secret(name) else value for name, value in params.items()}


def with_marked_masks(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters from the store, with each star marked as one of ours."""
    return {
        name: MaskedSecret(MASK) if is_secret(name) and value == MASK else value
        for name, value in params.items()
    }


def without_secrets(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that are no secrets."""
    return {name: value for name, value in params.items() if not is_secret(name)}


def fingerprint(salt: str, value: object) -> str:
    """A short keyed digest of a secret, good for comparing two in one store."""
    return hmac.new(salt.encode(), repr(value).encode(), hashlib.sha256).hexdigest()[:16]
