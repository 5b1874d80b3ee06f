"""How the emulator hides credentials: masked where they are stored, shown or logged.

Which parameters are secret follows from Adobe's auth specs, which mark each secret with
``"format": "password"``. A parameter is shown in clear only when an auth spec of the connection's own
connection spec lists it without that format; every other one, an unknown one too, is masked.

Beside the mask the emulator keeps a keyed fingerprint, so that a test can see that a credential changed
without seeing the credential.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Set
from typing import Any, Final

MASK: Final = "****"
NO_PUBLIC_PARAMS: Final[frozenset[str]] = frozenset()


class MaskedSecret(str):
    """The mask of a stored secret; it passes validation, as the secret did when it was sent."""

    __slots__ = ()


def public_params(auth_schemas: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the names that the auth specs of one connection spec list, and none of them as a password.

    Args:
        auth_schemas: The JSON Schema of each auth spec.
    """
    properties = [item for schema in auth_schemas for item in schema.get("properties", {}).items()]
    secret = {name for name, schema in properties if schema.get("format") == "password"}
    return frozenset(name for name, _ in properties) - secret


def mask(params: Mapping[str, Any], shown: Set[str]) -> dict[str, Any]:
    """Return the parameters with a mask in place of each value whose name is not in ``shown``."""
    return {name: value if name in shown else MASK for name, value in params.items()}


def with_marked_masks(params: Mapping[str, Any], shown: Set[str]) -> dict[str, Any]:
    """Return parameters from the store with each mask as a MaskedSecret."""
    return {
        name: MaskedSecret(MASK) if name not in shown and value == MASK else value
        for name, value in params.items()
    }


def without_secrets(params: Mapping[str, Any], shown: Set[str]) -> dict[str, Any]:
    """Return only the parameters whose name is in ``shown``."""
    return {name: value for name, value in params.items() if name in shown}


def mask_auth(auth: Mapping[str, Any], shown: Set[str]) -> dict[str, Any]:
    """Return the ``auth`` of a stored connection with its parameters masked."""
    return {**auth, "params": mask(auth.get("params") or {}, shown)}


def fingerprint(salt: str, value: object) -> str:
    """Return a short keyed digest of a secret, for comparing two secrets in one store."""
    return hmac.new(salt.encode(), repr(value).encode(), hashlib.sha256).hexdigest()[:16]
