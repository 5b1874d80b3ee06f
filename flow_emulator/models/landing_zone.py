"""The Data Landing Zone: one container for each sandbox, with credentials that expire.

Shapes: the destination's page 'Data Landing Zone' and the sources' tutorial of the same name, both with an
Azure and an AWS form. The credentials are derived from a key of the store, so the store has none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Final
from urllib.parse import quote

from flow_emulator.clock import to_text
from flow_emulator.models.context import Context

CONTAINER: Final = "dlz-destination"
# The beginning of the names of its settings in the store.
SETTING: Final = "landing zone of "
_STORAGE_DAYS: Final = 7
_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BASE64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+"


def container(context: Context) -> dict[str, Any]:
    """Return the container, and how many days its files stay."""
    if context.behaviour.landing_zone == "azure":
        return {"containerName": CONTAINER, "containerTTL": str(_STORAGE_DAYS)}
    return {
        "dlzPath": _storage(context),
        "dataTTL": {"timeUnit": "days", "timeQuantity": _STORAGE_DAYS},
        "dlzProvider": "Amazon S3",
    }


def bucket(sandbox: str) -> str:
    """Return the bucket of a sandbox's landing zone."""
    return f"dlz-emulated-{sandbox}"


def credentials(context: Context, *, refresh: bool = False) -> dict[str, Any]:
    """Return the valid credentials, which are new after a refresh or when the old ones have expired."""
    revision, ends_at = _revision(context, refresh=refresh)
    if context.behaviour.landing_zone == "azure":
        return _azure(context, revision, ends_at)
    return {
        "credentials": {
            "awsAccessKeyId": "ASIA" + _derived_text(context, f"id/{revision}", _BASE32, 16),
            "awsSecretAccessKey": _derived_text(context, f"secret/{revision}", _BASE64, 40),
            "awsSessionToken": _derived_text(context, f"session/{revision}", _BASE64, 200),
        },
        "dlzPath": _storage(context),
        "dlzProvider": "Amazon S3",
        "expiryTime": ends_at // 1000,
    }


def _azure(context: Context, revision: int, ends_at: int) -> dict[str, Any]:
    account = "emulated" + _derived_text(context, "account", "0123456789abcdef", 12)
    signature = quote(_derived_text(context, f"sas/{revision}", _BASE64, 43) + "=", safe="")
    ends = quote(to_text(ends_at // 1000 * 1000), safe="")
    token = f"sv=2020-10-02&si={CONTAINER}&sr=c&sp=racwdlm&se={ends}&sig={signature}"
    return {
        "containerName": CONTAINER,
        "SASToken": token,
        "storageAccountName": account,
        "SASUri": f"https://{account}.blob.core.windows.net/{CONTAINER}?{token}",
    }


def _storage(context: Context) -> dict[str, str]:
    return {"bucketName": bucket(context.sandbox), "dlzFolder": CONTAINER}


def _revision(context: Context, *, refresh: bool) -> tuple[int, int]:
    """Return the number of the valid credentials, and their expiry in epoch milliseconds."""
    name = f"{SETTING}{context.org} {context.sandbox}"
    stored = context.tx.setting(name)
    kept: dict[str, int] = json.loads(stored) if stored else {"revision": 0, "endsAt": 0}
    if refresh or kept["endsAt"] <= context.now:
        kept = {
            "revision": kept["revision"] + 1,
            "endsAt": context.now + context.behaviour.landing_zone_seconds * 1000,
        }
        context.tx.set_setting(name, json.dumps(kept))
    return kept["revision"], kept["endsAt"]


def _derived_text(context: Context, what: str, alphabet: str, length: int) -> str:
    """Return pseudo-random text that depends on the store, the sandbox and ``what``."""
    key, name = context.salt.encode(), f"{context.org}/{context.sandbox}/{what}"
    made = b""
    while len(made) < length:
        made += hmac.new(key, f"{name}/{len(made)}".encode(), hashlib.sha256).digest()
    return "".join(alphabet[byte % len(alphabet)] for byte in made[:length])
