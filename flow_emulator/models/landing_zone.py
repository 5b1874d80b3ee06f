"""The Data Landing Zone: one container for each sandbox, and credentials for it that end.

Shapes: the destination's page 'Data Landing Zone' and the sources' tutorial of the same name, both with an
Azure and an AWS form. The credentials are made up from a key of the store, so the store holds none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Final
from urllib.parse import quote

from flow_emulator.clock import to_text
from flow_emulator.models.context import Scope

CONTAINER: Final = "dlz-destination"
_STORAGE_DAYS: Final = 7
_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BASE64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+"


def container(scope: Scope) -> dict[str, Any]:
    """Where the files go and how many days they stay."""
    if scope.behaviour.landing_zone == "azure":
        return {"containerName": CONTAINER, "containerTTL": str(_STORAGE_DAYS)}
    return {
        "dlzPath": _place(scope),
        "dataTTL": {"timeUnit": "days", "timeQuantity": _STORAGE_DAYS},
        "dlzProvider": "Amazon S3",
    }


def bucket(sandbox: str) -> str:
    """The bucket of a sandbox's landing zone."""
    return f"dlz-emulated-{sandbox}"


def credentials(scope: Scope, *, refresh: bool = False) -> dict[str, Any]:
    """The credentials that are good now; new ones when they are refreshed or have ended."""
    revision, ends_at = _revision(scope, refresh=refresh)
    if scope.behaviour.landing_zone == "azure":
        return _azure(scope, revision, ends_at)
    return {
        "credentials": {
            "awsAccessKeyId": "ASIA" + _made_up(scope, f"id/{revision}", _BASE32, 16),
            "awsSecretAccessKey": _made_up(scope, f"secret/{revision}", _BASE64, 40),
            "awsSessionToken": _made_up(scope, f"session/{revision}", _BASE64, 200),
        },
        "dlzPath": _place(scope),
        "dlzProvider": "Amazon S3",
        "expiryTime": ends_at // 1000,
    }


def _azure(scope: Scope, revision: int, ends_at: int) -> dict[str, Any]:
    account = "emulated" + _made_up(scope, "account", "0123456789abcdef", 12)
    signature = quote(_made_up(scope, f"sas/{revision}", _BASE64, 43) + "=", safe="")
    ends = quote(to_text(ends_at // 1000 * 1000), safe="")
    token = f"sv=2020-10-02&si={CONTAINER}&sr=c&sp=racwdlm&se={ends}&sig={signature}"
    return {
        "containerName": CONTAINER,
        "SASToken": token,
        "storageAccountName": account,
        "SASUri": f"https://{account}.blob.core.windows.net/{CONTAINER}?{token}",
    }


def _place(scope: Scope) -> dict[str, str]:
    return {"bucketName": bucket(scope.sandbox), "dlzFolder": CONTAINER}


def _revision(scope: Scope, *, refresh: bool) -> tuple[int, int]:
    """The number of the present credentials and their end in milliseconds."""
    name = f"landing zone of {scope.org} {scope.sandbox}"
    stored = scope.data.setting(name)
    kept: dict[str, int] = json.loads(stored) if stored else {"revision": 0, "endsAt": 0}
    if refresh or kept["endsAt"] <= scope.now:
        kept = {
            "revision": kept["revision"] + 1,
            "endsAt": scope.now + scope.behaviour.landing_zone_seconds * 1000,
        }
        scope.data.set_setting(name, json.dumps(kept))
    return kept["revision"], kept["endsAt"]


def _made_up(scope: Scope, what: str, alphabet: str, length: int) -> str:
    """Text that looks random, always the same for one store, sandbox and purpose."""
    key, name = scope.salt.encode(), f"{scope.org}/{scope.sandbox}/{what}"
    made = b""
    while len(made) < length:
        made += hmac.new(key, f"{name}/{len(made)}".encode(), hashlib.sha256).digest()
    return "".join(alphabet[byte % len(alphabet)] for byte in made[:length])
